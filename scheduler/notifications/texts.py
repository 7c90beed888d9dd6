"""Sentences about the outbox."""

from flask_babel import lazy_gettext as _l

from scheduler.notifications.models import MailState
from scheduler.notifications.refusals import MailRefusal
from scheduler.texts import add_sentences

add_sentences(
    {
        MailRefusal.NOTHING_TO_DECIDE: _l(
            "This mail needs no decision any more: it has been sent, or it is on its way."
        ),
    }
)

STATE_LABELS = {
    MailState.QUEUED: _l("waiting"),
    MailState.SENDING: _l("being sent"),
    MailState.SENT: _l("sent"),
    MailState.FAILED: _l("failed"),
}
