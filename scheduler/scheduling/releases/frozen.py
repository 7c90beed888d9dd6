"""The frozen zone: what begins soon is moved or cancelled by two people, never by one.

A first person asks to publish one edition of a draft, a second with the same right confirms that
very edition. Where nobody else holds the right, the same person confirms once more, with a reason
and not before `ALONE_WAITS` have passed: in an emergency somebody must be able to act, but not in
one hasty step.
"""

import datetime as dt
from collections.abc import Sequence

from scheduler.access.permissions import Actor, Permission, can
from scheduler.accounts.models import Account
from scheduler.accounts.notices import mail
from scheduler.database import db, held
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.scheduling.models import Plan, PlanState
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases.differences import Line, against_release
from scheduler.scheduling.releases.frozen_models import PublishRequest, RequestState
from scheduler.scheduling.releases.frozen_queries import (
    ALONE_WAITS,
    alone_from,
    frozen_changes,
    last_number,
    others,
    request_of,
    requests_of,
)
from scheduler.scheduling.services import audit_plan, lock_programme, slots_of_plan
from scheduler.scheduling.verdict import broken_rules

ASKED = "release_second_asked"
CONFIRMED = "release_second_confirmed"
REFUSED = "release_second_refused"

LONGEST_REASON = 400


def demand_confirmed(
    plan: Plan, slots: Sequence[Line], *, now: dt.datetime
) -> PublishRequest | None:
    """Return the confirmed request under which this edition is published, None if it needs none.

    Raises `Refused` while a second person has not confirmed.
    """
    count = len(frozen_changes(plan.programme, against_release(plan.programme, slots), now=now))
    if not count:
        return None
    request = request_of(plan, RequestState.CONFIRMED)
    if request is None:
        raise Refused(Refusal.SECOND_CONFIRMATION, count=count, hours=plan.programme.frozen_hours)
    return request


def ask(plan: Plan, *, edition: int, notes: str, actor: Actor, now: dt.datetime) -> PublishRequest:
    """Confirm for the first time: ask for the second confirmation of this edition, and mail those.

    The same person asking twice changes nothing. Refuses a draft that breaks a rule or waits
    already; raises `Conflict` if it is not the edition previewed.
    """
    programme = lock_programme(plan.programme)
    if plan.state is not PlanState.DRAFT:
        raise Refused(Refusal.NOT_A_DRAFT)
    if plan.edition != edition:
        raise Conflict
    waiting = request_of(plan)
    if waiting is not None:
        if waiting.asked_by != actor.account_id:
            raise Refused(Refusal.SECOND_ASKED_ALREADY, name=waiting.asker.name)
        return waiting
    slots = slots_of_plan(plan)
    broken = broken_rules(plan, slots)
    if broken:
        raise Refused(Refusal.BROKEN_RULES, count=len(broken))
    near = frozen_changes(programme, against_release(programme, slots), now=now)
    _end_outdated(plan)
    request = PublishRequest(
        plan=plan,
        edition=edition,
        base_number=last_number(programme),
        notes=notes,
        frozen_count=len(near),
        state=RequestState.WAITING,
        asker=db.session.get_one(Account, actor.account_id),
        asked_at=now,
    )
    db.session.add(request)
    db.session.flush()
    audit_plan("release:ask", plan, actor, now, edition=edition, frozen=len(near))
    for account in others(programme, request.asked_by):
        _mail(ASKED, account, request, now=now, name=request.asker.name)
    return request


def confirm(
    plan: Plan, *, request_id: int, reason: str = "", actor: Actor, now: dt.datetime
) -> PublishRequest:
    """Confirm for the second time; the draft may then be published in this edition.

    Raises `Conflict` if the draft or the release that stands is another by now, or somebody has
    decided; `NotAllowed` for whoever asked, unless nobody else could confirm: then `Refused`
    without a reason or before its time.
    """
    request = _standing(plan, request_id)
    if not can(request.asker.actor, Permission.PLAN_PUBLISH, plan.subject):
        raise Conflict
    if request.asked_by == actor.account_id:
        _demand_alone(request, reason, now)
    _decide(request, RequestState.CONFIRMED, reason, actor, now)
    if request.asked_by != actor.account_id:
        _mail(CONFIRMED, request.asker, request, now=now, name=actor.name)
    return request


def take_back(plan: Plan, *, request_id: int, actor: Actor, now: dt.datetime) -> PublishRequest:
    """End a request: its asker withdraws it, anybody else refuses, and the asker is told."""
    request = _standing(plan, request_id)
    if request.asked_by == actor.account_id:
        return _decide(request, RequestState.WITHDRAWN, "", actor, now)
    _decide(request, RequestState.REFUSED, "", actor, now)
    _mail(REFUSED, request.asker, request, now=now, name=actor.name)
    return request


def _standing(plan: Plan, request_id: int) -> PublishRequest:
    lock_programme(plan.programme)
    try:
        request = held(PublishRequest, request_id)
    except NotFound:
        raise Conflict from None
    if request_of(plan) is not request:
        raise Conflict
    return request


def _demand_alone(request: PublishRequest, reason: str, now: dt.datetime) -> None:
    if others(request.plan.programme, request.asked_by):
        raise NotAllowed
    if now < alone_from(request):
        raise Refused(Refusal.SECOND_TOO_EARLY, minutes=ALONE_WAITS.seconds // 60)
    if not reason.strip():
        raise Refused(Refusal.SECOND_REASON, field="reason")


def _decide(
    request: PublishRequest, state: RequestState, reason: str, actor: Actor, now: dt.datetime
) -> PublishRequest:
    request.state = state
    request.reason = reason.strip()[:LONGEST_REASON]
    request.decided_by, request.decided_at = actor.account_id, now
    db.session.flush()
    audit_plan(
        f"release:{state}",
        request.plan,
        actor,
        now,
        edition=request.edition,
        asked_by=request.asker.ref,
        is_alone=request.asked_by == actor.account_id,
        reason=request.reason,
    )
    return request


def _end_outdated(plan: Plan) -> None:
    """Mark what waits for an edition that is gone: only one request of a draft may wait."""
    for request in requests_of(plan):
        if request.state is RequestState.WAITING:
            request.state = RequestState.VOID
    db.session.flush()


def _mail(
    code: str, account: Account, request: PublishRequest, *, now: dt.datetime, name: str
) -> None:
    plan = request.plan
    mail(
        account,
        code,
        {
            "programme": plan.programme.names,
            "name": name,
            "count": request.frozen_count,
            "hours": plan.programme.frozen_hours,
            "link": f"/plans/{plan.ref}/publish",
        },
        now=now,
        about=plan.programme.code,
        once_key=f"{code}:{request.id}:{account.ref}",
        programme_id=plan.programme_id,
    )
