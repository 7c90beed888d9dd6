"""Lists about joint entries: a school's parts in others', an entry's schools, the search."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, raiseload

from scheduler.applications.completeness import Missing, Shortfall
from scheduler.applications.form_missing import unanswered
from scheduler.applications.guest_models import GuestPart, PartState
from scheduler.applications.guests import part_people
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.organisations.models import School
from scheduler.people.consents import lacks_consent, without_required_consent
from scheduler.people.models import Person

MOST_FOUND = 20
SHORTEST_SEARCH = 2
LONGEST_SEARCH = 80
PART_SORTS: dict[str, Any] = {
    "position": (Member.position, Member.id),
    "name": (Person.sort_key, Person.name, Member.id),
    "part": (Member.part, Member.position, Member.id),
}


@dataclass(frozen=True, slots=True)
class PartLine:
    """A school's part with how many pupils it has entered, and how many lack a consent.

    Of an accepted entry all that the programme requires counts: it holds up the confirmation.
    """

    part: GuestPart
    pupils: int = 0
    without_consent: int = 0


def find_part(ref: str) -> GuestPart:
    """Return a part with what its page shows around it; raises `NotFound`."""
    found = db.session.scalar(
        select(GuestPart)
        .where(GuestPart.ref == ref)
        .options(
            joinedload(GuestPart.school),
            joinedload(GuestPart.application).joinedload(Application.programme),
            joinedload(GuestPart.application).joinedload(Application.category),
            joinedload(GuestPart.application).joinedload(Application.school),
        )
    )
    if found is None:
        raise NotFound
    return found


def part_in(application: Application, ref: str) -> GuestPart:
    """Return a part of this entry; raises `NotFound` for any other."""
    part = find_part(ref)
    if part.application_id != application.id:
        raise NotFound
    return part


def pupils_of_part(part: GuestPart) -> Select[Member]:
    """Return the query for the guest school's own pupils in the entry."""
    return (
        select(Member)
        .join(Person, Member.person_id == Person.id)
        .where(
            Member.application_id == part.application_id,
            Member.role == MemberRole.PUPIL,
            Person.school_id == part.school_id,
        )
        .options(contains_eager(Member.person), raiseload("*"))
    )


def find_pupil(part: GuestPart, person_ref: str) -> Member:
    """Return a pupil of the part; raises `NotFound`."""
    own = pupils_of_part(part).where(Person.ref == person_ref)
    found = db.session.scalar(select(Member).where(Member.id.in_(own.with_only_columns(Member.id))))
    if found is None:
        raise NotFound
    return found


def lines_of(application: Application) -> list[PartLine]:
    """Return the entry's schools by name with their counts, in three queries."""
    parts = db.session.scalars(
        select(GuestPart)
        .join(School, GuestPart.school_id == School.id)
        .where(GuestPart.application_id == application.id)
        .order_by(School.name, GuestPart.id)
        .options(contains_eager(GuestPart.school), raiseload("*"))
    ).all()
    pupils, lacking = _counts(application)
    return [
        PartLine(part, pupils.get(part.school_id, 0), lacking.get(part.school_id, 0))
        for part in parts
    ]


def of_lead(application: Application) -> tuple[int, int]:
    """Return how many pupils the lead school itself has entered, and how many lack a consent."""
    pupils, lacking = _counts(application)
    return pupils.get(application.school_id, 0), lacking.get(application.school_id, 0)


def line_of(part: GuestPart) -> PartLine:
    """Return one part with its counts."""
    pupils, lacking = _counts(part.application)
    return PartLine(part, pupils.get(part.school_id, 0), lacking.get(part.school_id, 0))


def _counts(application: Application) -> tuple[dict[int, int], dict[int, int]]:
    query = (
        select(Person.school_id, func.count())
        .join(Member, Member.person_id == Person.id)
        .where(Member.application_id == application.id, Member.role == MemberRole.PUPIL)
        .group_by(Person.school_id)
    )
    lacks = without_required_consent if application.state is State.ACCEPTED else lacks_consent
    lacking = query.where(lacks(Member.person_id, application.programme_id))
    return dict(db.session.execute(query).all()), dict(db.session.execute(lacking).all())


def missing_of_part(part: GuestPart) -> list[Missing]:
    """Return what the school's own pupils lack before it can say that they are complete.

    What the consents of an accepted entry hold up is said apart, by `line_of`.
    """
    asked = unanswered([part.application], part_people(part)).get(part.application_id, ())
    found = [each for each in asked if each.code is Shortfall.NOT_ANSWERED_BY_ALL]
    lacking = line_of(part).without_consent
    if lacking and part.application.state is not State.ACCEPTED:
        found.append(Missing(Shortfall.CONSENT_NOT_DECLARED, {"pupils": lacking}))
    return found


def parts_of_schools(school_ids: Collection[int]) -> dict[int, list[GuestPart]]:
    """Return each school's parts in others' entries, those that wait for it first."""
    parts = db.session.scalars(
        select(GuestPart)
        .where(GuestPart.school_id.in_(school_ids), GuestPart.state != PartState.REMOVED)
        .order_by(GuestPart.invited_at.desc(), GuestPart.id)
        .options(
            joinedload(GuestPart.application).joinedload(Application.programme),
            joinedload(GuestPart.application).joinedload(Application.category),
            joinedload(GuestPart.application).joinedload(Application.school),
            raiseload("*"),
        )
    )
    found: dict[int, list[GuestPart]] = {school_id: [] for school_id in school_ids}
    for part in sorted(parts, key=lambda each: each.state is not PartState.INVITED):
        found[part.school_id].append(part)
    return found


def schools_found(application: Application, search: str) -> list[School]:
    """Return schools by name or code that could be invited, at most twenty."""
    words = search.strip()[:LONGEST_SEARCH]
    if len(words) < SHORTEST_SEARCH:
        return []
    columns = (School.name, School.code)
    query = (
        select(School)
        .where(
            School.id != application.school_id,
            or_(*(column.icontains(words, autoescape=True) for column in columns)),
        )
        .order_by(School.name, School.id)
        .limit(MOST_FOUND)
        .options(joinedload(School.district), raiseload("*"))
    )
    return list(db.session.scalars(query))
