"""The command that reads reports of undeliverable mail, from a mailbox or from standard input."""

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from scheduler import clock
from scheduler.database import transaction
from scheduler.notifications import bouncing, dsn

NO_REPORT = "no report of a mail that came back"
LARGEST = 10 * 1024 * 1024

mail = AppGroup("mail", help="Mail that comes back, and answers.")


@mail.command("bounces")
@click.argument("path", default="-")
def bounces(path: str) -> None:
    """Read reports of undeliverable mail and mark the mails that came back.

    PATH is a Maildir, an mbox file, a single message, or - for a message on standard input, as
    mail servers hand it to programs. Of a Maildir, new messages are read and marked as seen.
    Reading a report again changes nothing.
    """
    counts: Counter[str] = Counter()
    for content in messages_at(path):
        report = dsn.read(content[:LARGEST])
        if report is None:
            counts[NO_REPORT] += 1
            continue
        with transaction():
            counts[bouncing.note_report(report, now=clock.now())] += 1
    for what, count in sorted(counts.items()):
        click.echo(f"{count} {what}")
    if not counts:
        click.echo("No messages.")


def messages_at(path: str) -> Iterator[bytes]:
    """Yield the messages at a path: a Maildir, an mbox, one message, or - for standard input."""
    if path == "-":
        yield sys.stdin.buffer.read(LARGEST)
        return
    place = Path(path)
    if not place.exists():
        raise click.BadParameter("There is nothing at this path.", param_hint="PATH")
    if place.is_dir():
        yield from _new_in(place)
        return
    with place.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    if not is_mbox:
        yield place.read_bytes()
        return
    with closing(mailbox.mbox(place, create=False)) as box:
        yield from (box.get_bytes(key) for key in box.keys())  # noqa: SIM118 - it iterates values


def _new_in(place: Path) -> Iterator[bytes]:
    """Read each new message of a Maildir; it counts as seen once its report has been noted."""
    if not (place / "new").is_dir():
        raise click.BadParameter("This folder is no Maildir.", param_hint="PATH")
    for file in sorted((place / "new").iterdir()):
        yield file.read_bytes()
        (place / "cur").mkdir(exist_ok=True)
        file.rename(place / "cur" / f"{file.name}:2,S")


def init_app(app: Flask) -> None:
    """Add the command to `flask --app wsgi`."""
    app.cli.add_command(mail)
