"""What counts of an entry, summed in the database: for one application or a page of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

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
    """Return what each application lacks, in six queries however many they are."""
    not_answered = unanswered(applications)
    entries = entries_by_id(application.id for application in applications)
    unready = unready_by_id(applications)
    return {
        application.id: (
            *missing_from(entries[application.id], limits_of(application.category)),
            *not_answered.get(application.id, ()),
            *_not_ready(unready.get(application.id, ())),
        )
        for application in applications
    }


def _not_ready(schools: Sequence[str]) -> Iterable[Missing]:
    if schools:
        yield Missing(Shortfall.SCHOOLS_NOT_READY, {"schools": ", ".join(schools)})


def entries_by_id(application_ids: Iterable[int]) -> dict[int, Entry]:
    """Return what counts of each application, in three queries however many they are."""
    ids = list(application_ids)
    roles = _roles(ids)
    works = _works(ids)
    consents = _without_consent(ids)
    return {
        each: Entry(
            pupils=roles[each][MemberRole.PUPIL],
            works=works.get(each, (0, 0))[0],
            seconds=works.get(each, (0, 0))[1],
            has_leader=roles[each][MemberRole.LEADER] > 0,
            has_conductor=roles[each][MemberRole.CONDUCTOR] > 0,
            has_accompanist=roles[each][MemberRole.ACCOMPANIST] > 0,
            without_consent=consents.get(each, 0),
            advisers=roles[each][MemberRole.ADVISER],
            chaperones=roles[each][MemberRole.CHAPERONE],
        )
        for each in ids
    }


def _roles(ids: list[int]) -> dict[int, Counter[MemberRole]]:
    rows = db.session.execute(
        select(Member.application_id, Member.role, func.count())
        .where(Member.application_id.in_(ids))
        .group_by(Member.application_id, Member.role)
    )
    found: dict[int, Counter[MemberRole]] = defaultdict(Counter)
    for application_id, role, count in rows:
        found[application_id][role] = count
    return found


def _works(ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = db.session.execute(
        select(Piece.application_id, func.count(), func.sum(Piece.duration_seconds))
        .where(Piece.application_id.in_(ids))
        .group_by(Piece.application_id)
    )
    return {application_id: (count, int(seconds)) for application_id, count, seconds in rows}


def _without_consent(ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Member.application_id, func.count())
        .join(Application, Member.application_id == Application.id)
        .where(
            Member.application_id.in_(ids),
            Member.role == MemberRole.PUPIL,
            lacks_consent(Member.person_id, Application.programme_id),
        )
        .group_by(Member.application_id)
    )
    return dict(rows.all())
