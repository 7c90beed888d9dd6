"""What the worker does for mails of calendars without being asked."""

import logging

from flask import current_app

from scheduler.calendar_mail.mailboxes import UnreachableMailbox
from scheduler.calendar_mail.reading import read_mailbox

logger = logging.getLogger(__name__)


def read_replies() -> None:
    """Read answers from the mailbox, where one is named; called every few minutes."""
    if not current_app.config["MAIL_IN_URL"]:
        return
    try:
        read_mailbox()
    except UnreachableMailbox as error:
        logger.warning("the mailbox for answers cannot be read: %s", error)
