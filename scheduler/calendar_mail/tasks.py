"""What the worker does for mails of calendars without being asked."""

import logging

from flask import current_app

from scheduler import clock
from scheduler.calendar_mail import asking, reminding
from scheduler.calendar_mail.mailboxes import UnreachableMailbox
from scheduler.calendar_mail.reading import read_mailbox
from scheduler.database import transaction

logger = logging.getLogger(__name__)


def read_replies() -> None:
    """Read answers from the mailbox, where one is named; called every few minutes."""
    if not current_app.config["MAIL_IN_URL"]:
        return
    try:
        read_mailbox()
    except UnreachableMailbox as error:
        logger.warning("the mailbox for answers cannot be read: %s", error)


def send_reminders() -> None:
    """Remind everybody who is due, each in a transaction of their own; called each few minutes.

    Takes the write lock only when somebody is due.
    """
    now = clock.now()
    for owner, entries in reminding.due(now=now).items():
        with transaction():
            reminding.remind(owner, entries, now=now)


def forget_past_requests() -> None:
    """Forget who was asked to attend what is long past; called every few minutes.

    Takes the write lock only when there is something to forget.
    """
    now = clock.now()
    if asking.has_past(now=now):
        with transaction():
            asking.forget_past(now=now)
