"""The application factory: settings, extensions, rooms."""

import gc
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask
from sqlalchemy import text
from werkzeug.middleware.proxy_fix import ProxyFix

from scheduler import front_end, logs, paths, preferences, readiness, web
from scheduler.access import guard
from scheduler.database import db
from scheduler.extensions import babel, csrf, limiter, login, migrate
from scheduler.task_queue import make_queue


def create_app(**settings: Any) -> Flask:
    """Return an application of the settings file, with `settings` on top of it (tests).

    Opens no database connection; the first request does.
    """
    rooms, worker = _everything()
    app = Flask("scheduler", template_folder=str(paths.templates()), static_folder="static")
    app.config.from_pyfile(str(paths.settings_file()))
    app.config.update(settings)
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["DATABASE_URL"]
    if app.config["TRUSTED_PROXIES"]:
        count = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    _bind_extensions(app)
    logs.init_app(app)
    web.init_app(app)
    front_end.init_app(app)
    rooms.init_app(app)
    guard.init_app(app)
    queue = make_queue(
        app.config["DATABASE_URL"],
        Path(app.config["INSTANCE_PATH"]),
        in_memory=app.config.get("QUEUE_IN_MEMORY", False),
    )
    worker.register(app, queue)
    readiness.init_app(app)
    app.extensions["readiness"]["database"] = _database_answers
    return app


def _everything() -> tuple[ModuleType, ModuleType]:
    # Loading makes a million objects that stay: to look for garbage among them, again and again,
    # takes a fifth of each process's start.
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        from scheduler import rooms, worker  # noqa: PLC0415
    finally:
        if was_collecting:
            gc.enable()
    return rooms, worker


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(paths.migrations()))
    login.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(paths.PACKAGE / "translations")
    babel.init_app(app, locale_selector=preferences.select_locale)


def _database_answers() -> bool:
    return bool(db.session.scalar(text("SELECT 1")))
