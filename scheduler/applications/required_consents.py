"""Which members of a group lack a consent that the programme requires: it holds up confirmation."""

from collections.abc import Iterable

from sqlalchemy import func, select

from scheduler.applications.models import Application, Member, MemberRole
from scheduler.database import db
from scheduler.people.consents import without_required_consent
from scheduler.people.models import Person


def missing_required(application: Application) -> list[Person]:
    """Return the pupils of the group for whom a required consent does not stand, by name.

    Refused and never given are alike here. As long as somebody is in the list, the group's
    participation is not to be confirmed. A substituted member begins without any consent.
    """
    return list(
        db.session.scalars(
            select(Person)
            .join(Member, Member.person_id == Person.id)
            .where(
                Member.application_id == application.id,
                Member.role == MemberRole.PUPIL,
                without_required_consent(Member.person_id, application.programme_id),
            )
            .order_by(Person.sort_key, Person.name, Person.id)
        )
    )


def missing_required_by_id(application_ids: Iterable[int]) -> dict[int, int]:
    """Return how many pupils of each group lack a required consent, in one query."""
    ids = list(application_ids)
    rows = db.session.execute(
        select(Member.application_id, func.count())
        .join(Application, Member.application_id == Application.id)
        .where(
            Member.application_id.in_(ids),
            Member.role == MemberRole.PUPIL,
            without_required_consent(Member.person_id, Application.programme_id),
        )
        .group_by(Member.application_id)
    )
    return dict.fromkeys(ids, 0) | dict(rows.all())
