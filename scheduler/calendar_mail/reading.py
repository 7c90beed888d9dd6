"""Read answers, one message after the other, each in a transaction of its own."""

import logging
from collections import Counter

from flask import current_app

from scheduler import clock
from scheduler.calendar_mail import answers, replies
from scheduler.calendar_mail.answers import Noted
from scheduler.calendar_mail.mailboxes import Mailbox
from scheduler.database import transaction

NO_REPLY = "no answer to a request"

logger = logging.getLogger(__name__)


def read_message(content: bytes) -> str:
    """Note the answer that a message carries, if any; returns what became of it.

    One that is not noted is told to nobody, since it may come from anybody; the log says why.
    """
    reply = replies.read(content)
    if reply is None:
        return NO_REPLY
    with transaction():
        noted = answers.note_reply(reply, now=clock.now())
    if noted not in {Noted.NOTED, Noted.KNOWN}:
        logger.warning("an answer by mail was not noted: %s", noted.value)
    return noted.value


def read_mailbox() -> Counter[str]:
    """Read what is new in the mailbox of `MAIL_IN_URL`; return how many of which kind.

    Answers are marked as read once they are noted; what is none stays unread, for people, and is
    not looked at again. Raises `InvalidMailboxUrl` and `UnreachableMailbox`.
    """
    counts: Counter[str] = Counter()
    with Mailbox(current_app.config["MAIL_IN_URL"]) as mailbox:
        for uid, content in mailbox.unread():
            outcome = read_message(content)
            counts[outcome] += 1
            mailbox.mark(uid, is_done=outcome != NO_REPLY)
    return counts
