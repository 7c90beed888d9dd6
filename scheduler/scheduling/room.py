"""Joins planning to the application: its pages, its work, its mails and its sentences."""

from flask import Flask

from scheduler.scheduling import entrance_views, mails, tasks, texts, timetable_views, views

REGISTERED_BY_IMPORT = (mails, tasks, texts)


def init_app(app: Flask) -> None:
    """Register the pages of planning and of the published timetable."""
    app.register_blueprint(entrance_views.blueprint)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(timetable_views.blueprint)
