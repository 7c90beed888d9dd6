"""What the application registers of this room."""

from flask import Flask

from scheduler.programmes import approval_views as _approval_views  # noqa: F401 - same blueprint
from scheduler.programmes import venue_views as _venue_views  # noqa: F401 - same blueprint
from scheduler.programmes import views


def init_app(app: Flask) -> None:
    """Register the pages; those about venues stand on the same blueprint."""
    app.register_blueprint(views.blueprint)
