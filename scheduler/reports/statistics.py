"""What a programme's entries come to, in numbers: counted within what the reader's queue holds.

Pupils are only ever counted, and small numbers of them are hidden (`reports.suppression`).
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import raiseload

from scheduler.applications.case_facts import ADULT_AGE, CHILD_AGE
from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole
from scheduler.applications.queues import joined_with_school
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.formats import local
from scheduler.organisations.models import District, Region, School
from scheduler.people.models import Person
from scheduler.programmes.models import Category, Programme
from scheduler.reports.suppression import Count, hide_small

OUTCOMES = (Action.ACCEPT, Action.WAITLIST, Action.REJECT)
OUT = (State.WITHDRAWN, State.REJECTED)
MOST_DAYS = 45
"""A longer time is drawn by weeks."""

BANDS = ("under_14", "14_to_17", "18_or_older", "unknown")


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far entries have come; every step is counted among those of the one before."""

    begun: int
    submitted: int
    decided: int
    by_state: dict[State, int]


@dataclass(frozen=True, slots=True)
class Places:
    """A category's places and how many are taken."""

    category: Category
    applications: int


@dataclass(frozen=True)
class Statistics:
    """Everything on the statistics page."""

    total: int
    funnel: Funnel
    by_day: list[tuple[dt.date, int]]
    by_week: bool
    by_district: list[tuple[str | None, int]]
    by_region: dict[Region, int]
    by_stage: list[tuple[tuple[str, ...], int]]
    places: list[Places]
    pupils: list[tuple[str, Count]]
    pupils_accepted: list[tuple[str, Count]]
    pupils_total: Count
    days_to_decision: float | None
    timezone: str = field(default="UTC")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which part of a programme the numbers are about; blank means all of it."""

    category: str = ""
    district: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on applications joined with school, district and category."""
        found: list[ColumnElement[bool]] = []
        if self.category:
            found.append(Category.code == self.category)
        if self.district:
            found.append(District.code == self.district)
        return found


@dataclass(frozen=True, slots=True)
class _Entry:
    state: State
    category_id: int
    stages: tuple[str, ...]
    region: Region
    district: str | None
    submitted_at: dt.datetime | None
    decided_at: dt.datetime | None


def statistics(programme: Programme, scope: ColumnElement[bool], chosen: Chosen) -> Statistics:
    """Count what the scope holds of the programme, in four queries however much it is."""
    conditions = [scope, *chosen.conditions()]
    entries = _entries(conditions)
    categories = _categories(programme)
    rows = _pupils(programme, conditions)
    states = Counter(entry.state for entry in entries)
    by_day, by_week = _over_time(entries, programme.timezone)
    per_category = Counter(entry.category_id for entry in entries)
    stages = Counter(entry.stages for entry in entries)
    bands = hide_small([(band, entered) for band, entered, _accepted in rows])
    accepted = hide_small([(band, accepted) for band, _entered, accepted in rows])
    return Statistics(
        total=len(entries),
        funnel=_funnel(entries, states),
        by_day=by_day,
        by_week=by_week,
        by_district=_most_first(Counter(entry.district for entry in entries)),
        by_region={region: sum(e.region is region for e in entries) for region in Region},
        by_stage=sorted(stages.items(), key=lambda pair: _stage_order(pair[0])),
        places=[
            Places(category, per_category[category.id])
            for category in categories
            if not chosen.category or category.code == chosen.category
        ],
        pupils=bands.cells,
        pupils_accepted=accepted.cells,
        pupils_total=bands.total,
        days_to_decision=_days_to_decision(entries),
        timezone=programme.timezone,
    )


def _entries(conditions: Sequence[ColumnElement[bool]]) -> list[_Entry]:
    """Read every application with its first submission and the first decision after it."""
    submitted = func.min(case((HistoryEntry.action == Action.SUBMIT, HistoryEntry.at)))
    decided = func.min(case((HistoryEntry.action.in_(OUTCOMES), HistoryEntry.at)))
    steps = (
        select(
            HistoryEntry.application_id,
            submitted.label("submitted_at"),
            decided.label("decided_at"),
        )
        .group_by(HistoryEntry.application_id)
        .subquery()
    )
    query = joined_with_school(
        select(
            Application.state,
            Application.category_id,
            School.stages,
            School.region,
            District.name,
            steps.c.submitted_at,
            steps.c.decided_at,
        )
    ).outerjoin(steps, steps.c.application_id == Application.id)
    rows = db.session.execute(query.where(*conditions))
    return [
        _Entry(state, category_id, tuple(stages or ()), region, district, first, last)
        for state, category_id, stages, region, district, first, last in rows
    ]


def _categories(programme: Programme) -> list[Category]:
    query = select(Category).where(Category.programme_id == programme.id)
    ordered = query.order_by(Category.position, Category.id).options(raiseload("*"))
    return list(db.session.scalars(ordered))


def _pupils(
    programme: Programme, conditions: Sequence[ColumnElement[bool]]
) -> list[tuple[str, int, int]]:
    """Count pupils by age band on the programme's first day: who is entered, who is accepted.

    A pupil in two groups is counted once.
    """
    day = programme.starts_on
    band = case(
        (Person.birth_on.is_(None), "unknown"),
        (Person.birth_on > _years_before(day, CHILD_AGE), "under_14"),
        (Person.birth_on > _years_before(day, ADULT_AGE), "14_to_17"),
        else_="18_or_older",
    )
    accepted = case((Application.state == State.ACCEPTED, Person.id))
    query = (
        joined_with_school(
            select(
                band.label("band"),
                func.count(Person.id.distinct()),
                func.count(accepted.distinct()),
            )
        )
        .join(Member, Member.application_id == Application.id)
        .join(Person, Member.person_id == Person.id)
        .where(*conditions, Member.role == MemberRole.PUPIL, Application.state.not_in(OUT))
        .group_by(band)
    )
    found = {name: (entered, taken) for name, entered, taken in db.session.execute(query)}
    return [(name, *found.get(name, (0, 0))) for name in BANDS]


def _years_before(day: dt.date, years: int) -> dt.date:
    """Return the day so many years earlier: who was born after it is younger than that."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _funnel(entries: Sequence[_Entry], states: Counter[State]) -> Funnel:
    return Funnel(
        begun=len(entries),
        submitted=sum(entry.submitted_at is not None for entry in entries),
        decided=sum(entry.decided_at is not None for entry in entries),
        by_state={state: states[state] for state in State},
    )


def _over_time(entries: Sequence[_Entry], zone: str) -> tuple[list[tuple[dt.date, int]], bool]:
    """Return first submissions by local day, or by the week's Monday, without gaps."""
    days = Counter(local(e.submitted_at, zone).date() for e in entries if e.submitted_at)
    if not days:
        return [], False
    first, last = min(days), max(days)
    by_week = (last - first).days >= MOST_DAYS
    step = dt.timedelta(days=7 if by_week else 1)
    if by_week:
        weeks: Counter[dt.date] = Counter()
        for day, count in days.items():
            weeks[_monday(day)] += count
        days, first, last = weeks, _monday(first), _monday(last)
    found = []
    while first <= last:
        found.append((first, days[first]))
        first += step
    return found, by_week


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _most_first(counts: Counter[str | None]) -> list[tuple[str | None, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] or ""))


def _stage_order(stages: tuple[str, ...]) -> list[int]:
    """Younger pupils' schools come first, schools without a stage last."""
    known = School.STAGES
    return [known.index(stage) if stage in known else len(known) for stage in stages] or [9]


def _days_to_decision(entries: Sequence[_Entry]) -> float | None:
    """Return the median time from first submission to first decision, in days."""
    took = [
        (entry.decided_at - entry.submitted_at) / dt.timedelta(days=1)
        for entry in entries
        if entry.submitted_at and entry.decided_at and entry.decided_at >= entry.submitted_at
    ]
    return round(median(took), 1) if took else None
