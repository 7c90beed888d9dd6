"""Who is told of an objection: the objector and the programme's coordinators, by mail.

The mail to the objector repeats nothing of what was typed into the form: whoever puts a stranger's
address there cannot make us write to the stranger in their words.
"""

import datetime as dt
from typing import Any

from scheduler.access.permissions import Role
from scheduler.accounts.notices import mail
from scheduler.accounts.roles import holders
from scheduler.notifications import services as notifications
from scheduler.publicity.models import Objection, ObjectionState

CONFIRMED = "publicity.objection_confirmed"
RECEIVED = "publicity.objection_received"
CODE_BY_STATE = {
    ObjectionState.ANSWERED: "publicity.objection_answered",
    ObjectionState.UPHELD: "publicity.objection_upheld",
    ObjectionState.DISMISSED: "publicity.objection_dismissed",
}


def confirm_objection(objection: Objection, *, now: dt.datetime) -> None:
    """Queue the receipt for whoever objected."""
    _to_objector(CONFIRMED, objection, now, received_at=objection.received_at.isoformat())


def tell_answer(objection: Objection, *, now: dt.datetime) -> None:
    """Queue the coordinator's answer for whoever objected."""
    _to_objector(CODE_BY_STATE[objection.state], objection, now, answer=objection.answer or "")


def tell_coordinators(objection: Objection, *, now: dt.datetime) -> int:
    """Queue a mail to each of the programme's coordinators; return how many."""
    accounts = holders(Role.COORDINATOR, objection.notice.programme_id)
    facts = _facts(objection) | {"link": f"/objections/{objection.ref}"}
    for account in accounts:
        mail(account, RECEIVED, facts, now=now, about=objection.ref)
    return len(accounts)


def _to_objector(code: str, objection: Objection, now: dt.datetime, **facts: Any) -> None:
    notifications.queue(
        code,
        to_address=objection.email or "",
        locale=objection.locale,
        about=objection.ref,
        now=now,
        facts=_facts(objection) | facts,
    )


def _facts(objection: Objection) -> dict[str, Any]:
    programme = objection.notice.programme
    return {
        "ref": objection.ref,
        "notice": objection.notice.titles,
        "programme": programme.names,
        "timezone": programme.timezone,
    }
