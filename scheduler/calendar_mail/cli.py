"""The command that reads answers to requests, from a mailbox, a file or standard input."""

from collections import Counter

import click
from flask import current_app

from scheduler.calendar_mail.mailboxes import InvalidMailboxUrl, UnreachableMailbox
from scheduler.calendar_mail.reading import read_mailbox, read_message
from scheduler.notifications.cli import LARGEST, mail, messages_at


@mail.command("replies")
@click.argument("path", required=False)
def replies(path: str | None) -> None:
    """Read answers to requests to attend, and note them.

    PATH is as for `bounces`: a Maildir, an mbox file, a single message, or - for a message on
    standard input. Without it, the mailbox of MAIL_IN_URL is read. Reading an answer again
    changes nothing.
    """
    counts = _from_mailbox() if path is None else _from_path(path)
    for what, count in sorted(counts.items()):
        click.echo(f"{count} {what}")
    if not counts:
        click.echo("No messages.")


def _from_path(path: str) -> Counter[str]:
    return Counter(read_message(content[:LARGEST]) for content in messages_at(path))


def _from_mailbox() -> Counter[str]:
    if not current_app.config["MAIL_IN_URL"]:
        raise click.UsageError("Give a PATH, or name a mailbox by MAIL_IN_URL.")
    try:
        return read_mailbox()
    except (InvalidMailboxUrl, UnreachableMailbox) as error:
        raise click.ClickException(str(error)) from error
