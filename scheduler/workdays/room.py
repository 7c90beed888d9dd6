"""What the application registers of this room."""

from flask import Flask

from scheduler.workdays import views
from scheduler.workdays.texts import doubts_text, exceptions_text


def init_app(app: Flask) -> None:
    """Register the page, and the words that other pages say beside an end that was counted."""
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals.update(exceptions_text=exceptions_text, doubts_text=doubts_text)
