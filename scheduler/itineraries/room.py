"""What the application registers of this room."""

from flask import Flask

from scheduler.itineraries import publish_views, texts, views  # noqa: F401 - register themselves
from scheduler.itineraries.blueprint import blueprint
from scheduler.itineraries.services import is_tour


def init_app(app: Flask) -> None:
    """Register the pages, and the question whether a programme has an itinerary."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["is_tour"] = is_tour
