"""The mails of planning."""

from flask_babel import lazy_gettext as _l

from scheduler.notifications import templates
from scheduler.notifications.templates import Readers
from scheduler.scheduling.notices import TO_FAMILY, TO_FAMILY_FIRST, TO_SCHOOL

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
