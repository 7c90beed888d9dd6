"""Mails about substitutions: to the coordinators when asked, to the school when decided.

They name the group, never a pupil.
"""

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l

from scheduler.access.permissions import Role
from scheduler.accounts.models import Account
from scheduler.accounts.notices import mail
from scheduler.accounts.roles import holders
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.guest_notices import tell_guest, tell_lead
from scheduler.applications.guests import part_of
from scheduler.applications.notices import common_facts, recipients
from scheduler.applications.substitution_models import Substitution, SubstitutionState
from scheduler.notifications import templates
from scheduler.notifications.templates import Readers

ASKED = "applications.substitution_asked"
DROPPED = "applications.substitution_dropped"
CODE_BY_STATE = {
    SubstitutionState.APPROVED: "applications.substitution_approved",
    SubstitutionState.REJECTED: "applications.substitution_rejected",
}

PAGE = "/substitutions"
"""Where the requests of a group, or of a guest's part, stand."""
GUESTS_REQUEST = "delegations.substitution"
GUEST_CODE_BY_STATE = {
    SubstitutionState.APPROVED: "delegations.substitution_approved",
    SubstitutionState.REJECTED: "delegations.substitution_rejected",
}
"""Codes of their own: what is written about a guest's pupil is not shown on the lead's pages."""

templates.add(
    ASKED,
    subject=_l("Substitution asked for: %(group)s, %(category)s"),
    body=_l(
        "%(school)s asks to substitute a member of %(group)s in %(category)s of %(programme)s. "
        "The group stays as it is until you decide. All requests that wait:\n\n"
        "%(link)s"
    ),
)
templates.add(
    DROPPED,
    subject=_l("No substitution any more: %(group)s, %(category)s"),
    body=_l(
        "%(school)s has withdrawn its request to substitute a member of %(group)s in %(category)s "
        "of %(programme)s. The group stays as it is.\n\n"
        "%(link)s"
    ),
)
templates.add(
    CODE_BY_STATE[SubstitutionState.APPROVED],
    readers=Readers.SCHOOL,
    label=_l("Member substituted"),
    essential=("reason",),
    more=("ref",),
    subject=_l("Member substituted: %(group)s, %(category)s"),
    body=_l(
        "The substitution in %(group)s (%(school)s), %(category)s of %(programme)s, has been "
        "approved. Consents of the pupil who left don't count for the one who came: please ask "
        "that pupil's guardians.\n\n"
        "%(link)s\n\n%(reason)s"
    ),
)
templates.add(
    CODE_BY_STATE[SubstitutionState.REJECTED],
    readers=Readers.SCHOOL,
    label=_l("Substitution of a member rejected"),
    essential=("reason",),
    more=("ref",),
    subject=_l("Substitution rejected: %(group)s, %(category)s"),
    body=_l(
        "The substitution in %(group)s (%(school)s), %(category)s of %(programme)s, has been "
        "rejected. The group stays as it is.\n\n"
        "%(link)s\n\n%(reason)s"
    ),
)


def tell_of_request(substitution: Substitution, code: str, *, now: dt.datetime) -> None:
    """Queue a mail to each of the programme's coordinators; of a guest's to the lead, too."""
    programme = substitution.application.programme
    for account in holders(Role.COORDINATOR, programme.id):
        facts = common_facts(substitution.application) | {"school": substitution.school.name}
        facts["link"] = f"/programmes/{programme.code}/substitutions"
        _mail(substitution, code, account, facts, now)
    if (part := _part(substitution)) is not None:
        tell_lead(part, GUESTS_REQUEST, now=now, page=PAGE)


def tell_school(substitution: Substitution, reason: str, *, now: dt.datetime) -> None:
    """Queue the decision for each officer of the school and each leader of the group.

    A guest school's is told to that school, and to the lead school only that there is one.
    """
    application, code = substitution.application, CODE_BY_STATE[substitution.state]
    if (part := _part(substitution)) is not None:
        guest_code = GUEST_CODE_BY_STATE[substitution.state]
        tell_guest(part, guest_code, now=now, page=PAGE, reason=reason)
        tell_lead(part, GUESTS_REQUEST, now=now, page=PAGE)
        return
    facts = common_facts(application) | {"reason": reason}
    for account in recipients(application):
        _mail(substitution, code, account, facts, now)


def _part(substitution: Substitution) -> GuestPart | None:
    if not substitution.is_of_guest:
        return None
    return part_of(substitution.application, substitution.school.id)


def _mail(
    substitution: Substitution, code: str, account: Account, facts: dict[str, Any], now: dt.datetime
) -> None:
    application = substitution.application
    mail(
        account,
        code,
        facts,
        now=now,
        about=application.ref,
        once_key=f"{code}:{substitution.ref}:{account.id}",
        programme_id=application.programme_id,
    )
