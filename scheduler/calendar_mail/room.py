"""What the application registers of this room: a page, a command, the texts of its mails."""

from flask import Flask

from scheduler.calendar_mail import cli, mails, views

__all__ = ["cli", "init_app", "mails"]


def init_app(app: Flask) -> None:
    """Register everything; called once per application."""
    app.register_blueprint(views.blueprint)
