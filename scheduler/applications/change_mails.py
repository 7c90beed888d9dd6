"""What a school is told when a change of its accepted entry is undone.

The mail does not say which answers: a leader may read it, and is not asked every question. The
entry's history says it to each as far as they may know.
"""

import datetime as dt
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from scheduler.accounts.notices import mail
from scheduler.applications import guest_notices
from scheduler.applications.models import Application
from scheduler.applications.notices import common_facts, recipients
from scheduler.applications.viewers import can_see, viewer_of
from scheduler.notifications import templates
from scheduler.notifications.templates import Readers
from scheduler.programmes.form_fields import FieldSpec

UNDONE = "applications.changes_undone"

templates.add(
    UNDONE,
    readers=Readers.SCHOOL,
    label=_l("Changes of an accepted entry are undone"),
    essential=("link",),
    more=("ref",),
    subject=_l("Changes undone: %(group)s, %(category)s"),
    body=_l(
        "Answers of %(group)s (%(school)s) in %(category)s of %(programme)s had been changed after "
        "the group was accepted. The coordinators have undone that: what was approved before "
        "stands again. The place of the group is not touched. Which answers it is about stands in "
        "the history on this page:\n\n"
        "%(link)s"
    ),
)


def tell_undone(application: Application, specs: Iterable[FieldSpec], *, now: dt.datetime) -> None:
    """Queue one mail to each officer and leader who may know of one of the fields.

    Guest schools are told that something happened.
    """
    known = list(specs)
    for account in recipients(application):
        viewer = viewer_of(account.actor, application)
        if not any(can_see(viewer, spec) for spec in known):
            continue
        mail(
            account,
            UNDONE,
            common_facts(application),
            now=now,
            about=application.ref,
            once_key=f"{UNDONE}:{application.ref}:{application.version}:{account.id}",
            programme_id=application.programme_id,
        )
    guest_notices.tell_guests(application, now=now)
