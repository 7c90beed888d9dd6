"""The mails of planning."""

from flask_babel import lazy_gettext as _l

from scheduler.notifications import templates
from scheduler.notifications.templates import Readers
from scheduler.scheduling.releases.frozen import ASKED, CONFIRMED, REFUSED
from scheduler.scheduling.releases.late_calendars import BEHIND
from scheduler.scheduling.releases.notices import TO_FAMILY, TO_FAMILY_FIRST, TO_SCHOOL

templates.add(
    TO_SCHOOL,
    readers=Readers.SCHOOL,
    label=_l("The timetable, to schools"),
    essential=("changes", "notes"),
    subject=_l("%(programme)s: timetable, release %(number)s"),
    body=_l(
        "release %(number)s of the timetable of %(programme)s has been published. This concerns "
        "your groups:\n\n%(changes)s\n\n%(notes)s\n\nSubscribed calendars update by themselves. "
        "The whole timetable:\n%(timetable_link)s"
    ),
)
templates.add(
    TO_FAMILY,
    readers=Readers.FAMILY,
    label=_l("The timetable has changed, to guardians"),
    essential=("changes", "notes"),
    subject=_l("%(programme)s: the timetable of %(children)s has changed"),
    body=_l(
        "release %(number)s of the timetable of %(programme)s has been published. This concerns "
        "%(children)s:\n\n%(changes)s\n\n%(notes)s\n\nCalendars subscribed from your child's "
        "personal page update by themselves; the school can give you that page's address again."
    ),
)
templates.add(
    TO_FAMILY_FIRST,
    readers=Readers.FAMILY,
    label=_l("The timetable, to guardians"),
    essential=("changes", "notes"),
    subject=_l("%(programme)s: the timetable of %(children)s"),
    body=_l(
        "the timetable of %(programme)s has been published (release %(number)s). These are the "
        "times of %(children)s:\n\n%(changes)s\n\n%(notes)s\n\nThey also stand on your child's "
        "personal page, from which calendars can be subscribed; the school can give you that "
        "page's address."
    ),
)
templates.add(
    ASKED,
    subject=_l("Please confirm: %(programme)s moves what begins soon"),
    body=_l(
        "%(name)s wants to publish a timetable of %(programme)s that moves or cancels %(count)s "
        "groups which begin within %(hours)s hours. This needs a second person. Please look at it "
        "and confirm or refuse it here:\n%(link)s"
    ),
)
templates.add(
    CONFIRMED,
    subject=_l("Confirmed: the timetable of %(programme)s is being published"),
    body=_l(
        "%(name)s has confirmed your draft of %(programme)s, which moves or cancels %(count)s "
        "groups that begin within %(hours)s hours. It is being published now:\n%(link)s"
    ),
)
templates.add(
    REFUSED,
    subject=_l("Refused: a timetable of %(programme)s"),
    body=_l(
        "%(name)s has refused your draft of %(programme)s, which would have moved or cancelled "
        "%(count)s groups that begin within %(hours)s hours. Nothing was published:\n%(link)s"
    ),
)
templates.add(
    BEHIND,
    subject=_l("Your calendar is late: %(programme)s has changed at short notice"),
    body=_l(
        "release %(number)s of the timetable of %(programme)s changes what begins soon, and a "
        "calendar of yours has not fetched it yet. Please go by this:\n\n%(changes)s\n\nMost "
        "calendar programs have a button or a gesture to look for changes at once."
    ),
)
