"""`flask --app wsgi demo load` and `demo links`."""

import os

import click
from flask import current_app
from flask.cli import AppGroup

from scheduler import paths
from scheduler.demo import loading

group = AppGroup("demo", help="The demo festival.")


@group.command("load")
@click.option("--timetable/--no-timetable", default=True, help="Solve and publish release 1.")
def load(*, timetable: bool) -> None:
    """Load the demo festival; keeps everything if it is there already."""
    if loading.load(with_timetable=timetable):
        click.echo("The demo festival is loaded.")
    else:
        click.echo("The demo festival was loaded before; its data is kept.")
    _show()


@group.command("links")
def links() -> None:
    """Print the address, the sign-ins, a personal page and a feed of each kind."""
    if not loading.is_loaded():
        raise click.ClickException("The demo is not loaded: flask --app wsgi demo load")
    place = paths.last_address()
    is_named = "PORT" in os.environ or "PUBLIC_URL" in os.environ
    if place.exists() and not is_named:
        current_app.config["PUBLIC_URL"] = place.read_text(encoding="utf-8").strip()
    _show()


def _show() -> None:
    click.echo(f"\nAddress: {current_app.config['PUBLIC_URL']}\n")
    rows = loading.sign_ins()
    label_width = max(len(row[0]) for row in rows)
    email_width = max(len(row[1]) for row in rows)
    click.echo("Sign-ins (e-mail, password):")
    for label, email, password in rows:
        click.echo(f"  {label:<{label_width}}  {email:<{email_width}}  {password}")
    shown = loading.shown_links()
    click.echo("\nWithout an account:")
    width = max(len(each.label) for each in shown)
    for each in shown:
        click.echo(f"  {each.label:<{width}}  {each.address}")
    if not loading.is_published():
        click.echo("\nNothing is published yet, so there is no participant's page and no feed.")
