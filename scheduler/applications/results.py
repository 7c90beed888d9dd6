"""What came out for accepted groups: recorded by coordinators, shown to schools once released."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from scheduler.access.permissions import Actor, Permission, can
from scheduler.applications.models import Application, Result
from scheduler.applications.workflow import Refusal, State
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.organisations.models import School
from scheduler.programmes import writing
from scheduler.programmes.kinds import OutcomeKind
from scheduler.programmes.levels import levels_of
from scheduler.programmes.models import Category, Programme

HIGHEST_RANK = 9999


@dataclass(frozen=True, slots=True)
class Entered:
    """What a page says about one group: what stood there (`was`) and what is there now.

    Both are a level's key or a rank as text, empty for no result.
    """

    ref: str
    was: str
    now: str


def accepted(programme: Programme, category: Category | None = None) -> Select[Application]:
    """Return the query of the accepted groups, by category, with their schools."""
    query = (
        select(Application)
        .join(Application.category)
        .join(Application.school)
        .where(Application.programme_id == programme.id, Application.state == State.ACCEPTED)
        .options(contains_eager(Application.category), contains_eager(Application.school))
    )
    return query if category is None else query.where(Application.category_id == category.id)


ORDER = {"category": (Category.position, School.name, Application.id)}


def results_by_id(application_ids: Collection[int]) -> dict[int, Result]:
    """Return the results of these applications with their levels, released or not."""
    query = (
        select(Result)
        .where(Result.application_id.in_(application_ids))
        .options(joinedload(Result.level))
    )
    return {result.application_id: result for result in db.session.scalars(query)}


def released_results(application_ids: Collection[int]) -> dict[int, Result]:
    """Return the results that schools may see: of accepted groups, once they are released."""
    query = (
        select(Result)
        .join(Result.application)
        .join(Programme, Application.programme_id == Programme.id)
        .where(
            Result.application_id.in_(application_ids),
            Application.state == State.ACCEPTED,
            Programme.results_released_at.is_not(None),
        )
        .options(joinedload(Result.level))
    )
    return {result.application_id: result for result in db.session.scalars(query)}


def result_value(result: Result | None) -> str:
    """Return a result as forms carry it."""
    if result is None:
        return ""
    return str(result.level_id if result.rank is None else result.rank)


def record(
    programme: Programme, entered: Sequence[Entered], *, actor: Actor, now: dt.datetime
) -> int:
    """Take over what was changed on a page; return how many results that are.

    Nothing is applied if somebody else has changed one of them since the page was made
    (`Conflict`), if a value is no level of the programme or no rank (`Refused` at the group's
    field), or if the actor may not decide on a group (`NotAllowed`, the own school's).
    """
    changed = {each.ref: each for each in entered if each.was != each.now}
    applications = _locked(programme, changed)
    stored = results_by_id([application.id for application in applications])
    levels = {str(level.id) for level in levels_of(programme)}
    for application in applications:
        each = changed[application.ref]
        if not can(actor, Permission.APPLICATION_DECIDE, application.subject):
            raise NotAllowed
        if result_value(stored.get(application.id)) != each.was:
            raise Conflict
        _take(application, stored.get(application.id), each, levels, actor, now)
    db.session.flush()
    return len(changed)


def release(programme: Programme, *, is_released: bool, actor: Actor, now: dt.datetime) -> None:
    """Show the results to the schools, or hide them again."""
    if (programme.results_released_at is not None) is is_released:
        return
    programme.results_released_at = now if is_released else None
    db.session.flush()
    writing.record("results:release" if is_released else "results:hide", programme, actor, now)


def _locked(programme: Programme, changed: dict[str, Entered]) -> list[Application]:
    query = (
        select(Application)
        .where(
            Application.programme_id == programme.id,
            Application.state == State.ACCEPTED,
            Application.ref.in_(changed),
        )
        .order_by(Application.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = list(db.session.scalars(query))
    if len(found) != len(changed):
        raise NotFound if not found else Conflict
    return found


def _take(
    application: Application,
    result: Result | None,
    entered: Entered,
    levels: Collection[str],
    actor: Actor,
    now: dt.datetime,
) -> None:
    is_rank = application.category.outcome_kind is OutcomeKind.RANKING
    if not entered.now and result is not None:
        db.session.delete(result)
    elif entered.now:
        known = _is_rank(entered.now) if is_rank else entered.now in levels
        if not known:
            field = f"result-{application.ref}"
            raise Refused(Refusal.RESULT_UNKNOWN, field=field, shown=entered.now)
        if result is None:
            result = Result(application_id=application.id)
            db.session.add(result)
        value = int(entered.now)
        result.rank, result.level_id = (value, None) if is_rank else (None, value)
        result.recorded_by, result.recorded_at = actor.account_id, now
    audit.record(
        "result:record",
        account_id=actor.account_id,
        subject_type="application",
        subject_ref=application.ref,
        now=now,
        was=entered.was,
        result=entered.now,
    )


def _is_rank(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) <= HIGHEST_RANK
