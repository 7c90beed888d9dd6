"""What exports and statistics bring to the application."""

from flask import Flask

from scheduler.reports import (
    case_views,
    export_views,
    mails,
    sealed_pdf,
    statistics_views,
    tasks,
    texts,
    timetable_views,
)
from scheduler.reports.blueprint import blueprint

__all__ = [
    "case_views",
    "export_views",
    "init_app",
    "mails",
    "sealed_pdf",
    "statistics_views",
    "tasks",
    "texts",
    "timetable_views",
]


def init_app(app: Flask) -> None:
    """Register the pages; called once per application."""
    app.register_blueprint(blueprint)
