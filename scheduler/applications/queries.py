"""What lists and pages ask about applications: a case, its people, places, whose it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, raiseload

from scheduler.access.permissions import Actor, Role
from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.models import Category, Programme


@dataclass(frozen=True, slots=True)
class Tally:
    """A category's places while decisions are made: taken, free, and who waits."""

    category: Category
    submitted: int
    waitlisted: int

    @property
    def can_promote(self) -> bool:
        """Tell whether a place is free while somebody waits for one."""
        return self.category.places_free > 0 and self.waitlisted > 0


def tallies(programme_ids: Collection[int]) -> dict[int, list[Tally]]:
    """Return the tallies of each programme's categories, in two queries however many they are."""
    categories = db.session.scalars(
        select(Category)
        .where(Category.programme_id.in_(programme_ids))
        .order_by(Category.programme_id, Category.position, Category.id)
        .options(raiseload("*"))
    ).all()
    rows = db.session.execute(
        select(Application.category_id, Application.state, func.count())
        .where(Application.programme_id.in_(programme_ids))
        .group_by(Application.category_id, Application.state)
    )
    counts = {(category_id, state): count for category_id, state, count in rows}
    found: dict[int, list[Tally]] = {programme_id: [] for programme_id in programme_ids}
    for category in categories:
        found[category.programme_id].append(
            Tally(
                category,
                submitted=counts.get((category.id, State.SUBMITTED), 0),
                waitlisted=counts.get((category.id, State.WAITLISTED), 0),
            )
        )
    return found


def waitlist_rank_by_id(application_ids: list[int]) -> dict[int, int]:
    """Return each waiting application's place in its category's line, the first being 1."""
    category_ids = select(Application.category_id).where(Application.id.in_(application_ids))
    ranked = (
        select(
            Application.id,
            func.row_number()
            .over(partition_by=Application.category_id, order_by=Application.waitlist_position)
            .label("rank"),
        )
        .where(
            Application.category_id.in_(category_ids), Application.waitlist_position.is_not(None)
        )
        .subquery()
    )
    rows = db.session.execute(
        select(ranked.c.id, ranked.c.rank).where(ranked.c.id.in_(application_ids))
    )
    return dict(rows.all())


def categories_of(programme: Programme) -> list[Category]:
    """Return the programme's categories in their order."""
    query = (
        select(Category)
        .where(Category.programme_id == programme.id)
        .order_by(Category.position, Category.id)
    )
    return list(db.session.scalars(query.options(raiseload("*"))))


def led_by(actor: Actor) -> list[Application]:
    """Return the groups that the actor leads."""
    query = (
        select(Application)
        .where(Application.id.in_(actor.scope_ids(Role.TEAM_LEADER)))
        .order_by(Application.group_name, Application.id)
    )
    return list(db.session.scalars(query.options(raiseload("*"))))


def find_application(ref: str) -> Application:
    """Return an application with what its pages show around it; raises `NotFound`."""
    found = db.session.scalar(
        select(Application)
        .where(Application.ref == ref)
        .options(
            joinedload(Application.programme),
            joinedload(Application.category),
            joinedload(Application.school).joinedload(School.district),
            joinedload(Application.level),
        )
    )
    if found is None:
        raise NotFound
    return found


def members_of(application: Application) -> Select[Member]:
    """Return the query for the people of a group."""
    return (
        select(Member)
        .join(Person, Member.person_id == Person.id)
        .where(Member.application_id == application.id)
        .options(contains_eager(Member.person), raiseload("*"))
    )


def pupils_in(application: Application) -> int:
    """Return how many pupils the group has."""
    query = select(func.count(Member.id)).where(
        Member.application_id == application.id, Member.role == MemberRole.PUPIL
    )
    return db.session.scalar(query) or 0


def ended_by_id(applications: Iterable[Application]) -> dict[int, Action]:
    """Return by which step each withdrawn application left: its time may have run out."""
    ids = [each.id for each in applications if each.state is State.WITHDRAWN]
    if not ids:
        return {}
    query = select(HistoryEntry.application_id, HistoryEntry.action).where(
        HistoryEntry.application_id.in_(ids),
        HistoryEntry.to_state == State.WITHDRAWN,
        HistoryEntry.from_state != State.WITHDRAWN,
    )
    return dict(db.session.execute(query.order_by(HistoryEntry.id)).all())
