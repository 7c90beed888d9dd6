"""What staff's pages bring to the application."""

from flask import Flask

from scheduler.admin import (
    account_views,
    address_views,
    log_views,
    offer_views,
    officer_views,
    outbox_views,
    scopes,
)
from scheduler.admin.blueprint import blueprint

__all__ = [
    "account_views",
    "address_views",
    "init_app",
    "log_views",
    "offer_views",
    "officer_views",
    "outbox_views",
]


def init_app(app: Flask) -> None:
    """Register the pages; called once per application."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(grant_labels=scopes.labels)
