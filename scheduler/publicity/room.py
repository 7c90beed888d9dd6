"""Joins public notices to the application: pages, mails, sentences."""

from flask import Flask

from scheduler.publicity import mails, objection_views, public_views, texts, views

REGISTERED_BY_IMPORT = (mails, objection_views, texts)


def init_app(app: Flask) -> None:
    """Register the coordinators' pages and the public one."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(public_views.blueprint)
