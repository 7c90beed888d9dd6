"""What happenings take away from a problem: closed venues, schools and people who are missing.

Works alike on what is stored and on what a coordinator is only asking about.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import select

from scheduler.applications.models import Application, Member
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.engine import Problem, TimeLimit, Window
from scheduler.scheduling.happenings.models import (
    Happening,
    HappeningKind,
    HappeningState,
    ReserveTime,
)
from scheduler.scheduling.items import Item
from scheduler.scheduling.timescale import Timescale

ABSENCE = "absence"
"""The code of the limits that follow from a happening; their ids begin with it."""

RESERVE = "reserve"
"""The code of the limit that sends groups into reserve times."""


class Missing(Protocol):
    """What falls out, and from when until when."""

    @property
    def kind(self) -> HappeningKind:
        """Whether it is a venue, a person or a school."""

    @property
    def venue(self) -> Venue | None:
        """The venue that is out."""

    @property
    def school(self) -> School | None:
        """The school that is away, or comes on one day only."""

    @property
    def person(self) -> Person | None:
        """The person who is away."""

    @property
    def starts_at(self) -> dt.datetime:
        """From when it is missing."""

    @property
    def ends_at(self) -> dt.datetime:
        """Until when it is missing."""


@dataclass(frozen=True)
class Report:
    """Something that happened as it was typed in, stored nowhere."""

    kind: HappeningKind
    starts_at: dt.datetime
    ends_at: dt.datetime
    venue: Venue | None = None
    school: School | None = None
    person: Person | None = None
    application: Application | None = None
    note: str = ""


def standing_absences(programme: Programme) -> list[Happening]:
    """Return what counts of schools and people; a venue's are among its own closures."""
    query = (
        select(Happening)
        .where(
            Happening.programme_id == programme.id,
            Happening.state != HappeningState.TAKEN_BACK,
            Happening.kind.not_in((HappeningKind.VENUE_OUT, HappeningKind.SUSPENDED)),
        )
        .order_by(Happening.id)
    )
    return list(db.session.scalars(query))


def opened_reserves(programme: Programme) -> list[ReserveTime]:
    """Return the reserve times that may be planned."""
    query = select(ReserveTime).where(
        ReserveTime.programme_id == programme.id, ReserveTime.opened_at.is_not(None)
    )
    return list(db.session.scalars(query.order_by(ReserveTime.id)))


def without(
    problem: Problem,
    missing: Iterable[Missing],
    timescale: Timescale,
    items: Mapping[str, Item],
) -> Problem:
    """Return the problem without what is missing. All people's groups cost one query."""
    missing = list(missing)
    if not missing:
        return problem
    closures: defaultdict[str, list[Window]] = defaultdict(list)
    for one in missing:
        stretch = _within(problem, timescale, one)
        if one.venue is not None and stretch is not None:
            closures[one.venue.code].append(stretch)
    venues = tuple(
        replace(venue, closures=(*venue.closures, *closures[venue.id])) for venue in problem.venues
    )
    limits = _limits(problem, missing, timescale, items)
    return replace(problem, venues=venues, time_limits=(*problem.time_limits, *limits))


def _limits(
    problem: Problem,
    missing: Iterable[Missing],
    timescale: Timescale,
    items: Mapping[str, Item],
) -> Iterator[TimeLimit]:
    """Yield when the groups of those who are missing can take place."""
    missing = [one for one in missing if one.venue is None]
    refs_by_person = _refs_by_person(missing, items)
    for number, one in enumerate(missing):
        person, stretch = one.person, _within(problem, timescale, one)
        refs = refs_by_person.get(person.id, ()) if person else _of_school(one, items)
        if refs:
            windows = _present(problem, one.kind, stretch)
            yield TimeLimit(f"{ABSENCE} {number}", ABSENCE, refs, windows)


def with_reserves(
    problem: Problem, reserves: Iterable[ReserveTime], timescale: Timescale
) -> Problem:
    """Return the problem in which the venues are open in these reserve times as well."""
    opened: dict[str, list[Window]] = {}
    for one in reserves:
        opened.setdefault(one.venue.code, []).append(timescale.window(one.starts_at, one.ends_at))
    if not opened:
        return problem
    venues = tuple(
        replace(v, windows=_united([*v.windows, *opened[v.id]])) if v.id in opened else v
        for v in problem.venues
    )
    return replace(problem, venues=venues)


def _united(windows: list[Window]) -> tuple[Window, ...]:
    """Return the windows with those that overlap made one."""
    found: list[Window] = []
    for one in sorted(windows):
        if found and one.start < found[-1].end:
            found[-1] = Window(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)


def _within(problem: Problem, timescale: Timescale, one: Missing) -> Window | None:
    """Return the stretch inside the programme's days, None when it lies outside of them."""
    first, last = problem.days[0].start, problem.days[-1].end
    whole = timescale.window(one.starts_at, one.ends_at)
    cut = Window(max(first, whole.start), min(last, whole.end))
    return cut if cut.minutes > 0 else None


def _present(problem: Problem, kind: HappeningKind, stretch: Window | None) -> tuple[Window, ...]:
    """Return when those concerned are there."""
    if kind is HappeningKind.SCHOOL_DAY:
        return () if stretch is None else (stretch,)
    if stretch is None:
        return (Window(problem.days[0].start, problem.days[-1].end),)
    around = (
        Window(problem.days[0].start, stretch.start),
        Window(stretch.end, problem.days[-1].end),
    )
    return tuple(window for window in around if window.minutes > 0)


def _of_school(one: Missing, items: Mapping[str, Item]) -> tuple[str, ...]:
    if one.school is None:
        return ()
    school_id = one.school.id
    return tuple(ref for ref, item in items.items() if school_id in item.school_ids)


def _refs_by_person(
    missing: Iterable[Missing], items: Mapping[str, Item]
) -> dict[int, tuple[str, ...]]:
    """Return the groups of the people who are missing, whatever they do there."""
    ids = {one.person.id for one in missing if one.person is not None}
    if not ids:
        return {}
    refs: defaultdict[int, list[str]] = defaultdict(list)
    for ref, item in items.items():
        for group in item.groups:
            refs[group.id].append(ref)
    found: dict[int, tuple[str, ...]] = {}
    rows = db.session.execute(
        select(Member.person_id, Member.application_id)
        .where(Member.person_id.in_(ids), Member.application_id.in_(refs))
        .distinct()
        .order_by(Member.person_id, Member.application_id)
    )
    for person_id, application_id in rows:
        found[person_id] = (*found.get(person_id, ()), *refs[application_id])
    return found
