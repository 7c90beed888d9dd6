"""Texts of the mails to guardians, and to the school when a guardian refuses."""

from flask_babel import lazy_gettext as _l

from scheduler.consents.asking import REMINDER, REQUEST
from scheduler.consents.effects import REFUSAL_MAIL
from scheduler.consents.paper_notices import PAPER_MAIL
from scheduler.notifications import templates
from scheduler.notifications.templates import Readers

templates.add(
    REQUEST,
    readers=Readers.FAMILY,
    label=_l("Consent is asked, to guardians"),
    essential=("pages",),
    subject=_l("%(programme)s: your consent is asked"),
    body=_l(
        "%(school)s takes part in %(programme)s with your child and asks for your consent. On "
        "your private page you say yes or no to each purpose for itself, and can change your mind "
        "later:\n\n"
        "%(pages)s\n\n"
        "The page needs no password. Please keep its address to yourself."
    ),
)
templates.add(
    REMINDER,
    readers=Readers.FAMILY,
    label=_l("Reminder of a missing answer, to guardians"),
    essential=("pages",),
    subject=_l("%(programme)s: your answer is still missing"),
    body=_l(
        "%(school)s still waits for your answer to some questions about %(programme)s. Yes and no "
        "are both answers:\n\n"
        "%(pages)s\n\n"
        "The page needs no password. Please keep its address to yourself."
    ),
)
templates.add(
    REFUSAL_MAIL,
    readers=Readers.SCHOOL,
    label=_l("A guardian refuses, to the school"),
    essential=("link",),
    subject=_l("A guardian refuses taking part: %(group)s"),
    body=_l(
        "A guardian has refused, or withdrawn the consent, that a child of %(group)s takes part in "
        "%(programme)s. The child is left out of timetables that are made from now on. Who it is "
        "stands on the group's page:\n\n"
        "%(link)s"
    ),
)
templates.add(
    PAPER_MAIL,
    readers=Readers.FAMILY,
    label=_l("A consent on paper was recorded, to guardians"),
    essential=("pages",),
    subject=_l("%(programme)s: a consent on paper was recorded"),
    body=_l(
        "%(school)s has recorded what was signed on paper about your child for %(programme)s. If "
        "it is not what you decided, change it on your private page; what you say there counts:"
        "\n\n"
        "%(pages)s\n\n"
        "The page needs no password. Please keep its address to yourself."
    ),
)
