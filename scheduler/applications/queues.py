"""The queue of a programme: what a reviewer reaches, its filters, counts and order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, raiseload, selectinload

from scheduler.access.permissions import Actor, Role
from scheduler.applications import levels
from scheduler.applications.models import Application, Nomination
from scheduler.applications.todo import CONDITION_BY_TODO, narrowed
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import District, Region, School
from scheduler.programmes.approval import ApprovalLevel, LevelKind
from scheduler.programmes.models import Category, Programme

Columns = TypeVarTuple("Columns")

QUEUE_STATES = (
    State.SUBMITTED,
    State.WAITLISTED,
    State.OFFERED,
    State.ACCEPTED,
    State.RETURNED,
    State.REJECTED,
    State.WITHDRAWN,
    State.DRAFT,
)
QUEUE_FILTERS = (
    "state",
    "q",
    "level",
    "todo",
    "category",
    "school",
    "district",
    "region",
    "sort",
    "direction",
)
"""What a queue's address may say; a list of it that is taken along says the same."""
SORTS: dict[str, Any] = {
    "submitted": (Application.submitted_at, Application.id),
    "group": (Application.group_name, Application.id),
    "school": (School.name, Application.id),
    "category": (Category.position, Application.id),
    "waiting": (Application.waitlist_position, Application.id),
    "changed": (Application.changed_at, Application.id),
}
DEFAULT_SORT = "submitted"
LONGEST_SEARCH = 80
MOST_SCHOOLS = 300
"""So many schools can be offered in a drop-down; beyond that, the search finds them."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the queue is limited to; blank means everything.

    A blind queue is searched by reference alone: a hit on a school's name would name the school.
    """

    state: State | None = None
    level: str = ""
    is_blind: bool = False
    search: str = ""
    category: str = ""
    school: str = ""
    district: str = ""
    region: str = ""
    todo: str = ""

    def conditions(self, *, with_state: bool = True) -> list[ColumnElement[bool]]:
        """Return the conditions on applications joined with school, district and category."""
        found: list[ColumnElement[bool]] = []
        if self.state is not None and with_state:
            found.append(Application.state == self.state)
        if self.search:
            found.append(self._found())
        if self.level:
            found.append(_at_level(self.level))
        if self.category:
            found.append(Category.code == self.category)
        if self.todo in CONDITION_BY_TODO:
            found.append(CONDITION_BY_TODO[self.todo]())
        return found if self.is_blind else [*found, *self._whose()]

    def _found(self) -> ColumnElement[bool]:
        whose = (Application.group_name, School.name, School.code)
        columns = (Application.ref,) if self.is_blind else (*whose, Application.ref)
        return or_(*(column.icontains(self.search, autoescape=True) for column in columns))

    def _whose(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.school:
            found.append(School.code == self.school)
        if self.district:
            found.append(District.code == self.district)
        if self.region:
            found.append(School.region == Region(self.region))
        return found


def _at_level(kind: str) -> ColumnElement[bool]:
    """Under review at a level; the organiser's holds what passes no levels, too."""
    own = select(ApprovalLevel.id).where(
        ApprovalLevel.programme_id == Application.programme_id, ApprovalLevel.kind == kind
    )
    here = Application.level_id.in_(own)
    without = (Application.state == State.SUBMITTED) & Application.level_id.is_(None)
    return here | without if kind == LevelKind.ORGANISER else here


def queue_filter(arguments: Mapping[str, str], *, is_blind: bool = False) -> QueueFilter:
    """Return the filter that an address asks for; nonsense in it is left out.

    Without a state the queue shows what waits for a decision; `all` shows everything.
    """
    state = arguments.get("state", State.SUBMITTED)
    region, level = arguments.get("region", ""), arguments.get("level", "")
    return QueueFilter(
        state=State(state) if state in set(State) else None,
        search=arguments.get("q", "").strip()[:LONGEST_SEARCH],
        category=arguments.get("category", ""),
        school=arguments.get("school", ""),
        district=arguments.get("district", ""),
        region=region if region in set(Region) else "",
        level=level if level in set(LevelKind) else "",
        todo=arguments.get("todo", ""),
        is_blind=is_blind,
    )


def reach(actor: Actor, programme: Programme) -> ColumnElement[bool]:
    """Return what of a programme the actor's queue holds.

    Coordinators see all of it, district reviewers their own districts', city reviewers what is or
    was at the city's level, and whoever judges blind on a panel, of what panels judge, only what
    they were given. Drafts are nobody's business before the school has submitted them.
    """
    of_programme = Application.programme_id == programme.id
    if programme.id in actor.scope_ids(Role.COORDINATOR):
        return of_programme
    reached: ColumnElement[bool] = School.district_id.in_(actor.scope_ids(Role.DISTRICT_REVIEWER))
    if programme.id in actor.scope_ids(Role.CITY_REVIEWER):
        reached |= reached_city()
    if levels.sees_blind(actor, programme.id):
        reached = and_(reached, *narrowed(actor, programme.id))
    return of_programme & reached & (Application.state != State.DRAFT)


def reached_city() -> ColumnElement[bool]:
    """Return the condition that an entry is at the city's level, or has passed it."""
    city = select(ApprovalLevel.id).where(ApprovalLevel.kind == LevelKind.CITY)
    passed = select(Nomination.application_id).where(Nomination.level_id.in_(city))
    return Application.level_id.in_(city) | Application.id.in_(passed)


def queue(scope: ColumnElement[bool], chosen: QueueFilter) -> Select[Application]:
    """Return the queue's query, with everything a row shows and nothing else."""
    return (
        joined_with_school(select(Application))
        .where(scope, *chosen.conditions())
        .options(
            contains_eager(Application.category),
            contains_eager(Application.school).contains_eager(School.district),
            selectinload(Application.level),
            raiseload("*"),
        )
    )


def counts_by_state(scope: ColumnElement[bool], chosen: QueueFilter) -> dict[State, int]:
    """Return how many there are in each state under the other filters."""
    rows = db.session.execute(
        joined_with_school(select(Application.state, func.count()))
        .where(scope, *chosen.conditions(with_state=False))
        .group_by(Application.state)
    )
    found = dict(rows.all())
    return {state: found.get(state, 0) for state in QUEUE_STATES}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A case in the queue, `place` of `total` under the filters in force."""

    ref: str
    group_name: str
    school_name: str
    state: State
    place: int
    total: int


def neighbours(
    scope: ColumnElement[bool],
    chosen: QueueFilter,
    ref: str,
    *,
    sort: str,
    is_down: bool,
    before: int = 3,
    after: int = 5,
) -> list[Neighbour]:
    """Return the cases around one in the filtered queue, and itself; empty if it is not in it."""
    order = SORTS.get(sort, SORTS[DEFAULT_SORT])
    window = [column.desc() if is_down else column.asc() for column in order]
    placed = (
        joined_with_school(
            select(
                Application.ref,
                Application.group_name,
                School.name.label("school_name"),
                Application.state,
                func.row_number().over(order_by=window).label("place"),
                func.count().over().label("total"),
            )
        )
        .where(scope, *chosen.conditions())
        .subquery()
    )
    own = select(placed.c.place).where(placed.c.ref == ref).scalar_subquery()
    rows = db.session.execute(
        select(placed)
        .where(placed.c.place.between(own - before, own + after))
        .order_by(placed.c.place)
    )
    return [Neighbour(**row) for row in rows.mappings()]


def is_in_queue(actor: Actor, application: Application) -> bool:
    """Tell whether the actor's queue of the programme holds the application."""
    own = joined_with_school(select(Application.id)).where(
        Application.id == application.id, reach(actor, application.programme)
    )
    return db.session.scalar(own) is not None


def schools_in(scope: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Return (code, name) of the schools in the queue; empty when too many to choose from."""
    query = (
        joined_with_school(select(School.code, School.name))
        .where(scope)
        .distinct()
        .order_by(School.name)
    )
    rows = db.session.execute(query.order_by(School.name).limit(MOST_SCHOOLS + 1)).all()
    return [(code, name) for code, name in rows] if len(rows) <= MOST_SCHOOLS else []


def districts_in(scope: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Return (code, name) of the districts whose schools are in the queue."""
    query = (
        joined_with_school(select(District.code, District.name))
        .where(scope, District.id.is_not(None))
        .distinct()
        .order_by(District.code)
    )
    return [(code, name) for code, name in db.session.execute(query)]


def programmes_reviewed_by(actor: Actor) -> list[tuple[str, dict[str, str]]]:
    """Return code and names of the programmes that the actor reviews, the newest first."""
    own: ColumnElement[bool] = Programme.id.in_(actor.scope_ids(Role.COORDINATOR))
    own |= Programme.id.in_(actor.scope_ids(Role.CITY_REVIEWER))
    entered = (
        select(Application.programme_id)
        .join(School, Application.school_id == School.id)
        .where(School.district_id.in_(actor.scope_ids(Role.DISTRICT_REVIEWER)))
    )
    query = (
        select(Programme.code, Programme.names)
        .where(or_(own, Programme.id.in_(entered)))
        .order_by(Programme.starts_on.desc(), Programme.id)
    )
    return [(code, names) for code, names in db.session.execute(query)]


def joined_with_school(query: Select[*Columns]) -> Select[*Columns]:
    """Return the query over applications, each with its category, its school and its district."""
    return (
        query.select_from(Application)
        .join(School, Application.school_id == School.id)
        .outerjoin(District, School.district_id == District.id)
        .join(Category, Application.category_id == Category.id)
    )
