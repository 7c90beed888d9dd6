"""What a coordinator does with entries: accept, waitlist, return, reject; one or many."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.access.permissions import Actor, Permission, can
from scheduler.applications import notices
from scheduler.applications.models import Application
from scheduler.applications.steps import (
    LONGEST_TEXT,
    Step,
    lock_category,
    lock_with_category,
    take,
)
from scheduler.applications.workflow import DECISIONS, Action, Refusal, State
from scheduler.database import db
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused, SchedulerError


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on the version of an application that was seen.

    `reason` is shown to the school: why it was rejected, or what to change. `fields` are those
    that the school may change after a return.
    """

    action: Action
    version: int
    reason: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one of many decisions went: the application as it stands now, or why nothing was done."""

    ref: str
    application: Application | None
    error: SchedulerError | None = None


def decide(
    application: Application,
    decision: Decision,
    *,
    actor: Actor,
    now: dt.datetime,
    is_quiet: bool = False,
) -> Application:
    """Apply a decision and tell the school's officers and the leader by mail.

    Accepting takes a place of the category, leaving the accepted set frees one; the waiting list
    is appended to. Raises `NotAllowed` (own school, or no right here), `Conflict` (somebody
    changed the application since it was seen) or `Refused`; then nothing is applied.
    """
    application = lock_with_category(application)
    if not can(actor, Permission.APPLICATION_DECIDE, application.subject):
        raise NotAllowed
    if application.version != decision.version:
        raise Conflict
    _demand_grounds(application, decision)
    fields = tuple(str(field) for field in decision.fields)
    step = Step(decision.action, actor, now, decision.reason or None, fields)
    is_return = decision.action is Action.RETURN
    take(
        application,
        step,
        returned_fields=sorted(fields) if is_return else [],
        returned_message=decision.reason if is_return else None,
        decided_at=None if is_return else now,
    )
    if not is_quiet:
        notices.tell_decision(application, decision.action, now=now, reason=decision.reason)
    return application


def decide_many(
    decisions: Sequence[tuple[str, Decision]],
    *,
    actor: Actor,
    now: dt.datetime,
) -> list[Outcome]:
    """Apply each decision for itself, in the order given, and report each one's outcome.

    What is refused leaves no trace and does not hold up the others; a crash undoes them all.
    """
    refs = [ref for ref, _decision in decisions]
    found = db.session.scalars(select(Application).where(Application.ref.in_(refs))).all()
    application_by_ref = {application.ref: application for application in found}
    # Taken up front and in one order, so that two batches cannot wait for each other.
    for category_id in sorted({application.category_id for application in found}):
        lock_category(category_id)
    return [
        _outcome(ref, application_by_ref.get(ref), decision, actor, now)
        for ref, decision in decisions
    ]


def _outcome(
    ref: str,
    application: Application | None,
    decision: Decision,
    actor: Actor,
    now: dt.datetime,
) -> Outcome:
    if application is None:
        return Outcome(ref, None, NotFound())
    try:
        with db.session.begin_nested():
            decided = decide(application, decision, actor=actor, now=now)
    except SchedulerError as error:
        return Outcome(ref, application, error)
    return Outcome(ref, decided)


def _demand_grounds(application: Application, decision: Decision) -> None:
    """Raise `Refused` unless the school is told what it must be told."""
    if decision.action not in DECISIONS:
        raise Refused(Refusal.NOT_FROM_THIS_STATE, state=application.state, action=decision.action)
    text = decision.reason or ""
    if len(text) > LONGEST_TEXT:
        raise Refused(Refusal.TEXT_TOO_LONG, field="reason", most=LONGEST_TEXT)
    if decision.action is Action.RETURN:
        if not text:
            raise Refused(Refusal.MESSAGE_MISSING, field="reason")
        if not decision.fields:
            raise Refused(Refusal.FIELDS_MISSING, field="fields")
    takes_away = application.state is State.ACCEPTED
    if not text and (decision.action is Action.REJECT or takes_away):
        raise Refused(Refusal.REASON_MISSING, field="reason")
