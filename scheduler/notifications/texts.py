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
        MailRefusal.LINKS_GONE: _l(
            "This mail had a private link, which is not kept once it was sent. Send the link anew "
            "from the page it belongs to."
        ),
        MailRefusal.PLACEHOLDER_UNKNOWN: _l(
            "There is no placeholder %(shown)s here. Possible are: %(allowed)s."
        ),
        MailRefusal.PLACEHOLDER_MISSING: _l(
            "%(shown)s must stand in this text: without it the reader would miss what matters."
        ),
        MailRefusal.BRACE_ALONE: _l(
            "A brace stands alone here: %(shown)s. Braces are for placeholders only, which are: "
            "%(allowed)s."
        ),
        MailRefusal.TEXT_TOO_LONG: _l("Please write no more than %(most)s characters."),
    }
)

STATE_LABELS = {
    MailState.QUEUED: _l("waiting"),
    MailState.SENDING: _l("being sent"),
    MailState.SENT: _l("sent"),
    MailState.FAILED: _l("failed"),
    MailState.BOUNCED: _l("came back"),
}
