"""Brings the database to this release, and sees that somebody can sign in."""

import getpass
import sys
from pathlib import Path

from alembic import command
from alembic.util import CommandError
from flask import Flask, current_app

from scheduler import clock
from scheduler.accounts import first_administrator
from scheduler.database import db, transaction
from scheduler.demo import loading
from scheduler.errors import Refused
from scheduler.notifications.sending import mail_folder
from scheduler.serve.checks import CannotStart
from scheduler.texts import sentence


def migrate(app: Flask) -> None:
    """Upgrade the tables; raises CannotStart when a newer release has been here."""
    with app.app_context():
        config = app.extensions["migrate"].migrate.get_config()
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise CannotStart(
                f"The database does not fit this release ({error}); it was probably made by a "
                "newer one."
            ) from None


def welcome(app: Flask) -> list[str]:
    """Load the demo into an empty database, or make the first administrator; lines to print.

    Raises CannotStart for a database of the demo that is to be none any more.
    """
    with app.app_context():
        if loading.is_loaded() and not app.config["DEMO"]:
            raise CannotStart(
                "This database holds the demo, whose passwords everybody knows; start with DEMO=1, "
                "or name an empty database (DATABASE_URL) or folder (INSTANCE_PATH)."
            )
        if first_administrator.has_administrator():
            lines = _demo_lines() if loading.is_loaded() else []
        elif app.config["DEMO"]:
            print("Loading the demo …", flush=True)
            loading.load()
            lines = _demo_lines()
        elif sys.stdin.isatty():
            lines = [_ask_for_administrator()]
        else:
            lines = _link_lines()
        lines += _mail_lines()
        db.session.remove()
        db.engine.dispose()
    return lines


def _mail_lines() -> list[str]:
    folder = mail_folder(current_app.config["MAIL_URL"])
    if folder is None or current_app.config["DEMO"]:
        return []
    return [
        f"Mails are not sent, but written into {folder}: set MAIL_URL. Whoever reads that folder",
        "can use the links in them.",
    ]


def _demo_lines() -> list[str]:
    signs = loading.sign_ins()
    width = max(len(role) for role, _, _ in signs)
    mail_width = max(len(email) for _, email, _ in signs)
    lines = [f"  {role:<{width}}  {email:<{mail_width}}  {word}" for role, email, word in signs]
    return ["Demo sign-ins (role, e-mail, password):", *lines, f"More: {_command()} demo links"]


def _command() -> str:
    """Our flask command as it can be typed here: in a checkout it stands in .venv."""
    flask = Path(sys.executable).with_name("flask")
    is_below = flask.is_relative_to(Path.cwd())
    shown = flask.relative_to(Path.cwd()) if is_below else flask
    return f"{shown} --app {'wsgi' if Path('wsgi.py').exists() else 'scheduler.app'}"


def _ask_for_administrator() -> str:
    print("Nobody can sign in yet. Who is the first administrator?")
    while True:
        name = input("Name: ").strip()
        email = input("E-mail: ").strip()
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Password, again: "):
            print("The two passwords differ; please try again.")
            continue
        try:
            with transaction():
                first_administrator.create(
                    email=email, name=name, password=password, now=clock.now()
                )
        except Refused as error:
            print(f"{sentence(error.code, **error.facts)}\n")
        else:
            return f"The first administrator is {email}."


def _link_lines() -> list[str]:
    with transaction():
        path = first_administrator.one_time_path(now=clock.now())
    return [
        "Nobody can sign in yet. This link makes the first administrator, once:",
        f"  {current_app.config['PUBLIC_URL']}{path}",
    ]
