"""What panels bring to the application: pages, sentences, the comments on a school's page."""

from flask import Flask

from scheduler.panels import ranking_views, review_views, texts, views
from scheduler.panels.blueprint import blueprint
from scheduler.panels.queries import published_comments

__all__ = ["init_app", "ranking_views", "texts", "views"]


def init_app(app: Flask) -> None:
    """Register everything; called once per application."""
    app.register_blueprint(blueprint)
    app.register_blueprint(review_views.blueprint)
    app.jinja_env.globals.update(panel_comments=published_comments)
