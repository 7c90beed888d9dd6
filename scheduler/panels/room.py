"""What panels bring to the application: pages, sentences, the comments on a school's page."""

from flask import Flask

from scheduler.applications import ranking_sources, todo
from scheduler.panels import mails, ranking_views, review_views, texts, views
from scheduler.panels.blueprint import blueprint
from scheduler.panels.queries import given_to, published_comments
from scheduler.panels.ranking_views import ranking_address

__all__ = ["init_app", "mails", "ranking_views", "texts", "views"]


def init_app(app: Flask) -> None:
    """Register everything; called once per application."""
    app.register_blueprint(blueprint)
    app.register_blueprint(review_views.blueprint)
    ranking_sources.add(ranking_address)
    todo.narrow(given_to)
    app.jinja_env.globals.update(panel_comments=published_comments)
