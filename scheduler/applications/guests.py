"""Guest schools of an entry: who they are, which pupils are theirs, what they have still to do."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select

from scheduler.applications.guest_models import TAKES_PART, GuestPart, PartState
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.viewers import Viewer
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.organisations.models import School
from scheduler.people.models import Person


class Refusal(StrEnum):
    """Why something about a guest school's part is refused; sentences in `delegations.texts`."""

    NOT_JOINT = "category_not_joint"
    OWN_SCHOOL = "part_of_own_school"
    INVITED_ALREADY = "part_invited_already"
    OTHER_STATE = "part_in_other_state"
    ANSWER_TOO_LATE = "part_answer_too_late"
    PART_NOT_OPEN = "part_not_open"
    PART_ENDED = "part_ended"
    MEMBERS_CLOSED = "part_members_closed"
    PART_EMPTY = "part_empty"
    PART_INCOMPLETE = "part_incomplete"
    DATE_PAST = "part_answer_date_past"
    REASON_MISSING = "part_reason_missing"
    SHARE_OUT_OF_RANGE = "part_share_out_of_range"
    SHARE_OF_ONE = "part_share_of_one"
    ORDER_SETTLED = "part_order_settled"


def is_entry_of(school_id: int) -> ColumnElement[bool]:
    """Return the condition that a school takes part in an entry: its own, or as a guest."""
    as_guest = select(GuestPart.application_id).where(
        GuestPart.school_id == school_id, GuestPart.state.in_(TAKES_PART)
    )
    return or_(Application.school_id == school_id, Application.id.in_(as_guest))


def part_of(application: Application, school_id: int) -> GuestPart | None:
    """Return the part of a guest school that is with the group, if it is one."""
    return db.session.scalar(
        select(GuestPart).where(
            GuestPart.application_id == application.id,
            GuestPart.school_id == school_id,
            GuestPart.state.in_(TAKES_PART),
        )
    )


def own_people(application: Application) -> ColumnElement[bool]:
    """Return the condition on people of a group that they are the entry's own, not a guest's."""
    return or_(Person.is_adult, Person.school_id == application.school_id)


def part_people(part: GuestPart) -> ColumnElement[bool]:
    """Return the condition on people of a group that they are the guest school's pupils."""
    return and_(Person.is_adult.is_(False), Person.school_id == part.school_id)


def shown_in_full(
    members: Iterable[Member], application: Application, viewer: Viewer | None
) -> list[Member]:
    """Return the members of whom the viewer may see more than name, part and role.

    Guests answer for their own pupils: only who decides on the entry sees all of all.
    """
    if viewer is Viewer.STAFF or not application.guest_school_ids:
        return list(members)
    return [each for each in members if not is_guest(each.person, application)]


def is_guest(person: Person, application: Application) -> bool:
    """Tell whether a person of the group is a guest school's pupil."""
    return not person.is_adult and person.school_id != application.school_id


def school_names(application: Application) -> dict[int, str]:
    """Return the names of the guest schools by their keys; no query where there is none."""
    if not application.guest_school_ids:
        return {}
    rows = db.session.execute(
        select(School.id, School.name).where(School.id.in_(application.guest_school_ids))
    )
    return dict(rows.all())


def school_codes(applications: Iterable[Application]) -> dict[int, str]:
    """Return the codes of all guest schools of these entries by their keys, in one query."""
    ids = {school_id for each in applications for school_id in each.guest_school_ids}
    if not ids:
        return {}
    return dict(db.session.execute(select(School.id, School.code).where(School.id.in_(ids))).all())


def unready_by_id(applications: Sequence[Application]) -> dict[int, list[str]]:
    """Return the names of the schools that take part and have not said that they are ready."""
    return _schools_in([each for each in applications if each.guest_school_ids], PartState.JOINED)


def unanswered_by_id(applications: Sequence[Application]) -> dict[int, list[str]]:
    """Return the names of the invited schools that have not answered.

    An entry can be submitted without their answer; they can then no longer take part.
    """
    return _schools_in([each for each in applications if each.category.is_joint], PartState.INVITED)


def _schools_in(applications: Sequence[Application], state: PartState) -> dict[int, list[str]]:
    ids = [each.id for each in applications]
    if not ids:
        return {}
    rows = db.session.execute(
        select(GuestPart.application_id, School.name)
        .join(School, GuestPart.school_id == School.id)
        .where(GuestPart.application_id.in_(ids), GuestPart.state == state)
        .order_by(School.name)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for application_id, name in rows:
        found[application_id].append(name)
    return found


def guest_pupils_by_id(applications: Iterable[Application]) -> dict[int, int]:
    """Return how many pupils of guest schools each entry has; no query where there are none."""
    ids = [each.id for each in applications if each.guest_school_ids]
    if not ids:
        return {}
    rows = db.session.execute(
        select(Member.application_id, func.count())
        .join(Application, Member.application_id == Application.id)
        .join(Person, Member.person_id == Person.id)
        .where(
            Member.application_id.in_(ids),
            Member.role == MemberRole.PUPIL,
            Person.school_id != Application.school_id,
        )
        .group_by(Member.application_id)
    )
    return dict(rows.all())


def other_pupils(application: Application, school: School) -> int:
    """Return how many pupils of the other schools the entry has, as one of its guests sees it."""
    query = (
        select(func.count(Member.id))
        .join(Person, Member.person_id == Person.id)
        .where(
            Member.application_id == application.id,
            Member.role == MemberRole.PUPIL,
            Person.school_id != school.id,
        )
    )
    return db.session.scalar(query) or 0


def demand_part_open(application: Application, school: School) -> None:
    """Raise `Refused` unless the guest school may change its pupils now.

    Needs the application's lock, which every change of a part takes first.
    """
    state = db.session.scalar(
        select(GuestPart.state).where(
            GuestPart.application_id == application.id, GuestPart.school_id == school.id
        )
    )
    if state not in TAKES_PART:
        raise Refused(Refusal.PART_ENDED)
    if state is not PartState.JOINED:
        raise Refused(Refusal.PART_NOT_OPEN)
