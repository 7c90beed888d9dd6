"""What accounts bring to the application: pages, commands, the frame's account menu."""

from flask import Flask

from scheduler.accounts import calendar_views, cli, mails, own_views, sign_in, texts, views
from scheduler.notifications import texts as notification_texts

__all__ = ["calendar_views", "init_app", "mails", "notification_texts", "texts"]


def init_app(app: Flask) -> None:
    """Register everything; called once per application."""
    sign_in.init_app()
    cli.init_app(app)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(own_views.blueprint)
    app.extensions["remember_locale"].append(own_views.remember_locale)
    app.extensions.setdefault("frame", []).append(own_views.frame)
