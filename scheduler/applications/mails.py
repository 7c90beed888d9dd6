"""Texts of the mails about applications. They name the group, never a pupil."""

from flask_babel import lazy_gettext as _l

from scheduler.applications.notices import SEVERAL
from scheduler.applications.review_notices import WAITING
from scheduler.notifications import templates
from scheduler.notifications.templates import Readers

templates.add(
    "applications.submitted",
    readers=Readers.SCHOOL,
    label=_l("Receipt of an entry"),
    subject=_l("Received: %(group)s, %(category)s"),
    body=_l(
        "The entry of %(group)s (%(school)s) in %(category)s of %(programme)s has been "
        "received. Its reference is %(ref)s.\n\n"
        "The coordinators will review it. You will be told of their decision by mail. Until the "
        "entry window closes you can reopen the entry and change it.\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.withdrawn",
    readers=Readers.SCHOOL,
    label=_l("Receipt of a withdrawal"),
    more=("ref",),
    subject=_l("Withdrawn: %(group)s, %(category)s"),
    body=_l(
        "The entry of %(group)s (%(school)s) in %(category)s of %(programme)s has been withdrawn "
        "by the school. If it held a place, the place is free for another group.\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.place_given_up",
    subject=_l("Place given up: %(group)s, %(category)s"),
    body=_l(
        "%(school)s has withdrawn %(group)s, which had a place in %(category)s of %(programme)s. "
        "The place is free for another group. The reason stands on the entry's page:\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.offers_not_taken",
    subject=_l("%(programme)s: not taken in time"),
    body=_l(
        "The places in %(programme)s that were held for these groups were not taken in time:\n\n"
        "%(groups)s\n\n"
        "Their entries have left the waiting list, and the places are free: they are offered on "
        "where the programme says so.\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.places_not_confirmed",
    subject=_l("%(programme)s: not confirmed in time"),
    body=_l(
        "The schools of these groups have not confirmed in time that they come to "
        "%(programme)s:\n\n"
        "%(groups)s\n\n"
        "Their places are free: they are offered on where the programme says so.\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.accepted",
    readers=Readers.SCHOOL,
    label=_l("Accepted"),
    essential=("reason",),
    more=("ref",),
    subject=_l("Accepted: %(group)s, %(category)s"),
    body=_l(
        "%(group)s (%(school)s) has a place in %(category)s of %(programme)s.\n\n"
        "The timetable is made once all places are given. "
        "You will be told when it is published.\n\n"
        "%(link)s\n\n%(reason)s"
    ),
)
templates.add(
    "applications.waitlisted",
    readers=Readers.SCHOOL,
    label=_l("On the waiting list"),
    essential=("reason",),
    more=("ref",),
    subject=_l("On the waiting list: %(group)s, %(category)s"),
    body=_l(
        "All places in %(category)s of %(programme)s are given for now. %(group)s (%(school)s) is "
        "on the waiting list. You need not do anything: you will be told when a place becomes "
        "free. The present position is shown here:\n\n"
        "%(link)s\n\n%(reason)s"
    ),
)
templates.add(
    "applications.offered",
    readers=Readers.SCHOOL,
    label=_l("A place is offered"),
    essential=("deadline_at", "link", "reason"),
    more=("ref",),
    line=_l("Held until %(deadline_at)s. Places held: %(places)s."),
    subject=_l("A place is free: %(group)s, %(category)s"),
    body=_l(
        "A place in %(category)s of %(programme)s has become free and is held for %(group)s "
        "(%(school)s) until %(deadline_at)s. Places held: %(places)s.\n\n"
        "Please take the place, or withdraw, on this page. Without an answer it goes to the next "
        "in line:\n\n"
        "%(link)s\n\n%(reason)s"
    ),
)
templates.add(
    "applications.offer_lapsed",
    readers=Readers.SCHOOL,
    label=_l("An offer has ended"),
    more=("ref",),
    subject=_l("The offer has ended: %(group)s, %(category)s"),
    body=_l(
        "The place in %(category)s of %(programme)s that was held for %(group)s (%(school)s) was "
        "not taken in time and is free for another group. The entry has left the waiting list. If "
        "that was not meant, please write to the coordinators; they can put it back.\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.confirm_soon",
    readers=Readers.SCHOOL,
    label=_l("Reminder to confirm"),
    essential=("deadline_at", "link"),
    more=("ref",),
    line=_l("Please confirm by %(deadline_at)s."),
    subject=_l("Please confirm: %(group)s, %(category)s"),
    body=_l(
        "%(group)s (%(school)s) has a place in %(category)s of %(programme)s. Please confirm by "
        "%(deadline_at)s that the group comes:\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.confirm_or_lose",
    readers=Readers.SCHOOL,
    label=_l("Reminder to confirm, else the place passes on"),
    essential=("deadline_at", "link"),
    more=("ref",),
    line=_l("Please confirm by %(deadline_at)s."),
    subject=_l("Please confirm: %(group)s, %(category)s"),
    body=_l(
        "%(group)s (%(school)s) has a place in %(category)s of %(programme)s. Please confirm by "
        "%(deadline_at)s that the group comes. Otherwise the place passes on to the next in "
        "line:\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.not_confirmed",
    readers=Readers.SCHOOL,
    label=_l("A place was not confirmed"),
    more=("ref",),
    subject=_l("Not confirmed: %(group)s, %(category)s"),
    body=_l(
        "The place of %(group)s (%(school)s) in %(category)s of %(programme)s was not confirmed "
        "in time and is free for another group. If that was not meant, please write to the "
        "coordinators; they can put the entry on the waiting list.\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.returned",
    readers=Readers.SCHOOL,
    label=_l("Returned for changes"),
    essential=("reason", "link"),
    more=("ref",),
    subject=_l("Please change: %(group)s, %(category)s"),
    body=_l(
        "The entry of %(group)s (%(school)s) in %(category)s of %(programme)s needs changes before "
        "it can be decided. The coordinators write:\n\n"
        "%(reason)s\n\n"
        "Only the marked parts can be changed. Please submit the entry again afterwards:\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.recalled",
    readers=Readers.SCHOOL,
    label=_l("A return is taken back"),
    essential=("reason",),
    more=("ref",),
    subject=_l("No changes are needed: %(group)s, %(category)s"),
    body=_l(
        "The entry of %(group)s (%(school)s) in %(category)s of %(programme)s had been returned "
        "for changes. That was taken back: the review goes on with what was submitted, and you "
        "need not do anything.\n\n"
        "%(link)s\n\n%(reason)s"
    ),
)
templates.add(
    "applications.rejected",
    readers=Readers.SCHOOL,
    label=_l("Not accepted"),
    essential=("reason",),
    more=("ref",),
    subject=_l("Not accepted: %(group)s, %(category)s"),
    body=_l(
        "The entry of %(group)s (%(school)s) in %(category)s of %(programme)s has not been "
        "accepted. The coordinators write:\n\n"
        "%(reason)s\n\n"
        "%(link)s"
    ),
)
templates.add(
    "applications.personal_link",
    readers=Readers.FAMILY,
    label=_l("A child's timetable, to guardians"),
    essential=("link",),
    subject=_l("%(programme)s: your child's timetable"),
    body=_l(
        "%(pupil)s takes part in %(programme)s with %(group)s.\n\n"
        "On this page you always find the present times and places. There you can also add them "
        "to the calendar of your phone:\n\n"
        "%(link)s\n\n"
        "The page needs no password. Please keep its address to yourself."
    ),
)
templates.add(
    WAITING,
    subject=_l("%(programme)s: entries to review"),
    body=_l(
        "since yesterday %(new)s entries of %(programme)s have come to you for review. Waiting in "
        "all: %(count)s.\n\n"
        "%(link)s"
    ),
)
templates.add(
    SEVERAL,
    readers=Readers.SCHOOL,
    label=_l("News of several entries at once"),
    essential=("entries",),
    subject=_l("%(programme)s: news of %(count)s entries"),
    body=_l(
        "there is news of %(count)s entries in %(programme)s:\n\n"
        "%(entries)s\n\n"
        "All your entries are here:\n%(link)s"
    ),
)
