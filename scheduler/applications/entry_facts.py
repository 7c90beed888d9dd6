"""What counts of an entry, summed in the database: for one application or a page of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, func, select

from scheduler.applications.completeness import (
    Entry,
    Limits,
    Missing,
    Shortfall,
    missing_from,
)
from scheduler.applications.form_missing import unanswered
from scheduler.applications.guests import unready_by_id
from scheduler.applications.models import Application, Member, MemberRole, Piece
from scheduler.applications.sealed_forms import without_form
from scheduler.database import db
from scheduler.people.consents import lacks_consent
from scheduler.programmes.models import Category


def limits_of(category: Category) -> Limits:
    """Return what the category asks of a group."""
    return Limits(
        min_members=category.min_members,
        max_members=category.max_members,
        max_works=category.max_works,
        max_minutes=category.max_minutes,
        needs_conductor=category.needs_conductor,
        needs_accompanist=category.needs_accompanist,
        has_works=category.is_staged,
        min_advisers=category.min_advisers,
        max_advisers=category.max_advisers,
        min_chaperones=category.min_chaperones,
    )


def missing_of(application: Application) -> tuple[Missing, ...]:
    """Return everything that keeps the application from being submitted."""
    return missing_by_id([application])[application.id]


def missing_by_id(applications: Sequence[Application]) -> dict[int, tuple[Missing, ...]]:
    """Return what each application lacks, in seven queries at most however many they are."""
    not_answered = unanswered(applications)
    entries = entries_by_id(application.id for application in applications)
    unready = unready_by_id(applications)
    unsealed = without_form(applications)
    return {
        application.id: (
            *missing_from(entries[application.id], limits_of(application.category)),
            *not_answered.get(application.id, ()),
            *_not_ready(unready.get(application.id, ())),
            *_not_sealed(application, unsealed),
        )
        for application in applications
    }


def _not_ready(schools: Sequence[str]) -> Iterable[Missing]:
    if schools:
        yield Missing(Shortfall.SCHOOLS_NOT_READY, {"schools": ", ".join(schools)})


def _not_sealed(application: Application, unsealed: set[int]) -> Iterable[Missing]:
    if application.id in unsealed:
        yield Missing(Shortfall.SEALED_FORM_MISSING)


def entries_by_id(application_ids: Iterable[int]) -> dict[int, Entry]:
    """Return what counts of each application, in two queries however many they are."""
    ids = list(application_ids)
    roles = _roles(ids)
    works = _works(ids)
    return {each: _entry(roles[each], works.get(each, (0, 0))) for each in ids}


class _Filled(NamedTuple):
    """How many have a role in a group, and how many of them take part without a consent."""

    people: int = 0
    without_consent: int = 0


_Roles = defaultdict[MemberRole, _Filled]


def _entry(roles: _Roles, works: tuple[int, int]) -> Entry:
    return Entry(
        pupils=roles[MemberRole.PUPIL].people,
        works=works[0],
        seconds=works[1],
        has_leader=roles[MemberRole.LEADER].people > 0,
        has_conductor=roles[MemberRole.CONDUCTOR].people > 0,
        has_accompanist=roles[MemberRole.ACCOMPANIST].people > 0,
        without_consent=roles[MemberRole.PUPIL].without_consent,
        advisers=roles[MemberRole.ADVISER].people,
        chaperones=roles[MemberRole.CHAPERONE].people,
    )


def _roles(ids: list[int]) -> dict[int, _Roles]:
    found: dict[int, _Roles] = defaultdict(lambda: defaultdict(_Filled))
    for application_id, role, *counts in db.session.execute(_role_query(), {"ids": ids}):
        found[application_id][role] = _Filled(*counts)
    return found


@cache
def _role_query() -> Select[int, MemberRole, int, Any]:
    """Made once: every submission asks it, and making it costs more than asking."""
    is_pupil = Member.role == MemberRole.PUPIL
    lacks = and_(is_pupil, lacks_consent(Member.person_id, Application.programme_id))
    return (
        select(
            Member.application_id,
            Member.role,
            func.count(),
            func.sum(case((lacks, 1), else_=0)),
        )
        .join(Application, Member.application_id == Application.id)
        .where(Member.application_id.in_(bindparam("ids", expanding=True)))
        .group_by(Member.application_id, Member.role)
    )


def _works(ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = db.session.execute(
        select(Piece.application_id, func.count(), func.sum(Piece.duration_seconds))
        .where(Piece.application_id.in_(ids))
        .group_by(Piece.application_id)
    )
    return {application_id: (count, int(seconds)) for application_id, count, seconds in rows}
