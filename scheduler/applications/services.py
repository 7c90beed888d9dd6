"""What a school does with its entries: begin, change, submit, withdraw, reopen."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from scheduler.access.permissions import Actor, Permission, can
from scheduler.applications import changes, first_come, levels, notices, offers, sealed_forms
from scheduler.applications.coming import check_number
from scheduler.applications.completeness import Missing
from scheduler.applications.entry_facts import missing_of
from scheduler.applications.fields import ALL_FIELDS, editable_fields
from scheduler.applications.models import Application
from scheduler.applications.required_consents import missing_required_by_id
from scheduler.applications.steps import (
    Step,
    flush,
    id_of,
    lock_application,
    lock_with_category,
    note,
    places_needed,
    prepare,
    take,
)
from scheduler.applications.workflow import BEFORE_A_PLACE, Action, Refusal, State, transition
from scheduler.database import db
from scheduler.errors import Conflict, Refused
from scheduler.organisations.models import School
from scheduler.programmes.approval import ApprovalLevel, LevelKind
from scheduler.programmes.date_services import may_still_withdraw
from scheduler.programmes.models import Category, Programme
from scheduler.references import new_reference

__all__ = [
    "confirm",
    "create",
    "demand_editable",
    "demand_open",
    "demand_submittable",
    "hand_in",
    "lock",
    "note_edit",
    "reopen",
    "set_least_members",
    "submit",
    "withdraw",
]

OUT_OF_THE_RUNNING = (State.WITHDRAWN, State.REJECTED)


def create(
    actor: Actor,
    *,
    school: School,
    category: Category,
    group_name: str,
    now: dt.datetime,
    voicing: str | None = None,
    introduction: str | None = None,
    equipment: str | None = None,
) -> Application:
    """Begin a draft; nobody but the school and its staff is told.

    Raises `Refused` outside the entry window, or if the school has a live group of that name in
    the category.
    """
    demand_open(category.programme, now)
    _demand_free_name(school.id, category.id, group_name)
    application = Application(
        ref=new_reference("A"),
        programme=category.programme,
        category=category,
        school=school,
        group_name=group_name,
        state=State.DRAFT,
        voicing=voicing,
        introduction=introduction,
        equipment=equipment,
        created_at=now,
        changed_at=now,
    )
    db.session.add(application)
    note(application, Step(Action.CREATE, actor, now), None)
    return application


def lock(application: Application) -> Application:
    """Return the application as it is now; nobody else can change it until the commit."""
    return lock_application(application.id)


def demand_editable(
    application: Application,
    *,
    now: dt.datetime,
    fields: Iterable[str] = (),
    form_marks: frozenset[str] = frozenset(),
) -> None:
    """Raise `Refused` unless the school may change these fields now.

    A draft can be changed while the window is open, a returned entry whenever it was returned,
    but only in the fields that were marked. `form_marks` are coordinators' fields that are open
    now, for an accepted entry those that are asked only then.
    """
    fields = frozenset(fields)
    if application.state is State.ACCEPTED and fields and form_marks.issuperset(fields):
        return
    transition(application.state, Action.EDIT)
    if application.state is State.DRAFT:
        demand_open(application.programme, now)
    marked = editable_fields(application.state, application.returned_fields)
    if marked != ALL_FIELDS and not (marked | form_marks).issuperset(fields):
        raise Refused(Refusal.ONLY_MARKED_FIELDS)


def note_edit(
    application: Application, *, actor: Actor, now: dt.datetime, changes: dict[str, Any]
) -> None:
    """Write a change of content into the history; the version rises, so stale pages are refused.

    `changes` is `{field: [from, to]}` without personal values.
    """
    application.changed_at = now
    # Members are rows of their own, and two edits may fall into one second: the row is written all
    # the same, so that its version rises and a decision on what was seen before is refused.
    flag_modified(application, "changed_at")
    note(application, Step(Action.EDIT, actor, now), application.state, changes)


def submit(
    application: Application, *, actor: Actor, now: dt.datetime, is_quiet: bool = False
) -> Application:
    """Hand a complete entry in for review, and confirm it to the school by mail.

    A draft must come within the entry window; a returned entry may come later. It counts against
    the school's own quota, and goes to the first level of approval, or back to the one that
    returned it; in a first-come category it gets a receipt instead, and `first_come.serve` gives
    the place. Raises `Refused(INCOMPLETE)` with the number of things that are missing.
    """
    if application.category.is_first_come:
        first_come.hold_categories([id_of(application)])
    application = lock_application(id_of(application))
    demand_submittable(application, missing_of(application), now=now)
    hand_in(application, actor=actor, now=now, is_quiet=is_quiet)
    if application.category.is_first_come:
        changes.forget(application)
    flush()
    return application


def demand_submittable(
    application: Application, missing: Sequence[Missing], *, now: dt.datetime
) -> None:
    """Raise `Refused` unless a locked entry, which lacks what is given, can be handed in now."""
    if application.state is State.DRAFT:
        demand_open(application.programme, now)
    transition(application.state, Action.SUBMIT)
    if missing:
        raise Refused(Refusal.INCOMPLETE, count=len(missing))
    sealed_forms.demand_current(application)


def hand_in(
    application: Application, *, actor: Actor, now: dt.datetime, is_quiet: bool = False
) -> None:
    """Do what `submit` does once all is asked, up to the flush: many can be written together.

    A first-come category must be held by then, and nothing is refused in it any more.
    """
    is_first_come = application.category.is_first_come
    prepare(
        application,
        Step(Action.SUBMIT, actor, now),
        level=None if is_first_come else _first_level(application, now),
        submitted_at=now,
        decided_at=None,
        returned_fields=[],
        returned_message=None,
    )
    if is_first_come:
        first_come.give_receipt(application, now=now)
    elif not is_quiet:
        notices.confirm_submission(application, now=now)


def _first_level(application: Application, now: dt.datetime) -> ApprovalLevel | None:
    """Count the submission against the school's quota; return the level that decides next."""
    own = levels.level_of_kind(application, LevelKind.SCHOOL)
    if own is not None:
        levels.count_nomination(application, own, now)
    if application.state is State.RETURNED:
        return changes.turn_after_return(application)
    return levels.level_after_submission(application)


def withdraw(
    application: Application,
    *,
    actor: Actor,
    now: dt.datetime,
    reason: str | None = None,
    version: int | None = None,
    is_quiet: bool = False,
) -> Application:
    """Take an entry out. What it held is free, and offered on where that is set.

    The coordinators are told of a group that had a place.

    Raises `Refused` for an accepted one without a reason, and once the programme's date for it has
    passed; those who decide on it still can. Raises `Conflict` if it is not as it was seen, for it
    may be another place that is given up.
    """
    application = lock_with_category(application)
    if version is not None and application.version != version:
        raise Conflict
    gives_up_place = application.state is State.ACCEPTED
    if gives_up_place:
        _demand_withdrawable(application, actor, now)
        if not reason:
            raise Refused(Refusal.REASON_MISSING, field="reason")
    first_come.take_back(application, now=now)
    take(
        application,
        Step(Action.WITHDRAW, actor, now, reason or None),
        returned_fields=[],
        returned_message=None,
    )
    changes.forget(application)
    if not is_quiet:
        notices.confirm_withdrawal(application, now=now)
    if gives_up_place and not is_quiet:
        notices.tell_of_place_given_up(application, actor, now=now)
    offers.promote(application.category, now=now)
    return application


def set_least_members(
    application: Application, least: int | None, *, actor: Actor, now: dt.datetime
) -> None:
    """Say how many pupils of a delegation come if not all can; None means all or none.

    It can be said until a place is offered. Raises `Refused` for a number that makes no sense.
    """
    application = lock_application(application.id)
    if application.state not in BEFORE_A_PLACE:
        facts = {"state": application.state, "action": Action.EDIT}
        raise Refused(Refusal.NOT_FROM_THIS_STATE, **facts)
    pupils = places_needed(application)
    if least is not None:
        check_number(least, least=1, most=pupils)
    before, application.least_members = application.least_members, least
    step = Step(Action.EDIT, actor, now)
    note(application, step, application.state, {"least_members": [before, least]})


def confirm(application: Application, *, actor: Actor, now: dt.datetime) -> Application:
    """Confirm for the school that an accepted group comes.

    Raises `Refused` while a pupil lacks the guardian's consent, or if it is confirmed already.
    """
    application = lock_application(application.id)
    transition(application.state, Action.CONFIRM)
    if application.confirmed_at is not None:
        raise Refused(Refusal.CONFIRMED_ALREADY)
    without = missing_required_by_id([application.id])[application.id]
    if without:
        raise Refused(Refusal.CONSENTS_MISSING, pupils=without)
    return take(application, Step(Action.CONFIRM, actor, now), confirmed_at=now)


def reopen(application: Application, *, actor: Actor, now: dt.datetime) -> Application:
    """Make a submitted or withdrawn entry a draft again, before the deadline.

    Raises `Refused` after the deadline, or if a live group of the school took the name.
    """
    application = lock_application(application.id)
    transition(application.state, Action.REOPEN)
    demand_open(application.programme, now)
    if application.state in OUT_OF_THE_RUNNING:
        _demand_free_name(application.school_id, application.category_id, application.group_name)
    first_come.take_back(application, now=now)
    changes.keep_for_reopening(application, now=now)
    return take(application, Step(Action.REOPEN, actor, now), submitted_at=None)


def demand_open(programme: Programme, now: dt.datetime) -> None:
    """Raise `Refused` outside the programme's entry window."""
    if now < programme.entry_opens_at:
        raise Refused(Refusal.WINDOW_NOT_OPEN)
    if not programme.is_open_at(now):
        raise Refused(Refusal.WINDOW_CLOSED)


def _demand_withdrawable(application: Application, actor: Actor, now: dt.datetime) -> None:
    if can(actor, Permission.APPLICATION_DECIDE, application.subject):
        return
    if not may_still_withdraw(application.programme, now=now):
        raise Refused(Refusal.WITHDRAWAL_OVER)


def _demand_free_name(school_id: int, category_id: int, group_name: str) -> None:
    taken = db.session.scalar(
        select(Application.id).where(
            Application.school_id == school_id,
            Application.category_id == category_id,
            Application.group_name == group_name,
            Application.state.not_in(OUT_OF_THE_RUNNING),
        )
    )
    if taken is not None:
        raise Refused(Refusal.NAME_TAKEN, field="name")
