"""What a load balancer asks: is the process alive, and is everything there that it needs."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from scheduler.access.guard import public
from scheduler.database import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public("tells a load balancer that the process answers")
def alive() -> Response:
    """Alive: this process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public("tells a load balancer what is missing, without detail")
def ready() -> tuple[dict[str, Any], int]:
    """Ready: database, migrations and worker, each true or false."""
    checks: dict[str, Callable[[], bool]] = current_app.extensions["readiness"]
    results = {name: _passes(check) for name, check in checks.items()}
    return results, 200 if all(results.values()) else 503


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - whatever fails, we are not ready
        db.session.rollback()
        return False
