"""What messages bring to the application: pages, and the mails on a case's page."""

from flask import Flask

from scheduler.accounts.texts import ROLE_LABELS
from scheduler.messages import (
    edition_copies,  # noqa: F401 - registers itself
    mail_views,
    queries,
    text_views,
)
from scheduler.messages.blueprint import blueprint
from scheduler.notifications.bouncing import returned_among

__all__ = ["init_app", "mail_views", "text_views"]


def init_app(app: Flask) -> None:
    """Register everything; called once per application."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        case_mails=queries.latest,
        mail_trouble=queries.has_trouble,
        mail_roles=ROLE_LABELS,
        returned_among=returned_among,
    )
