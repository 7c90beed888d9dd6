"""Commands about accounts, for whoever has the terminal of the server."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from scheduler import clock
from scheduler.accounts import first_administrator, services
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.languages import LOCALES
from scheduler.texts import sentence

accounts = AppGroup("accounts", help="Administrators and their first way in.")


@accounts.command("create-administrator")
@click.option("--email", prompt="E-mail address")
@click.option("--name", prompt="Name")
@click.option("--language", "locale", type=click.Choice(list(LOCALES)), default="en")
@click.password_option("--password", prompt="Password (10 characters or more)")
def create_administrator(email: str, name: str, locale: str, password: str) -> None:
    """Add an administrator who can sign in at once; works also when there is one."""
    try:
        with transaction():
            services.create_administrator(
                email=email,
                name=name,
                password=password,
                locale=locale,
                now=clock.now(),
                may_be_second=True,
            )
    except Refused as error:
        with force_locale("en"):
            raise click.ClickException(sentence(error.code, **error.facts)) from None
    click.echo(f"{email.strip().lower()} can sign in now.")


@accounts.command("first-link")
def first_link() -> None:
    """Print the one-time link at which the first administrator signs up."""
    if first_administrator.has_administrator():
        raise click.ClickException("There is an administrator already, who can invite others.")
    with transaction():
        path = first_administrator.one_time_path(now=clock.now())
    click.echo(f"{current_app.config['PUBLIC_URL']}{path}")


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app wsgi`."""
    app.cli.add_command(accounts)
