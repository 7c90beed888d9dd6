"""Texts of the mails about lotteries. They name groups of the reader's own school alone."""

from flask_babel import lazy_gettext as _l

from scheduler.lotteries.notices import RECEIPTS
from scheduler.notifications import templates
from scheduler.notifications.templates import Readers

templates.add(
    RECEIPTS,
    readers=Readers.SCHOOL,
    label=_l("Receipts for a lottery"),
    essential=("receipts", "link"),
    subject=_l("Your receipts for the lottery: %(lottery)s"),
    body=_l(
        "places in %(programme)s will be drawn by lot. The list of entrants is closed. Your "
        "receipts:\n\n%(receipts)s\n\n"
        "The draw uses a number that nobody knows yet: %(source)s (%(seed_at)s). The list, its "
        "check sum and later the result are public. There stands how you can check the draw "
        "yourself:\n\n%(link)s\n\n"
        "The page shows receipts, never names. Only your school and the coordinators know which "
        "receipt belongs to which group."
    ),
)
