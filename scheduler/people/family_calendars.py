"""A guardian's calendars: they follow all the own children, as far as none of them is refused."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select

from scheduler.calendars import own_calendars
from scheduler.calendars.entries import Audience, portions
from scheduler.database import db
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose, Guardianship, Person
from scheduler.people.names import given_name

KIND = "guardian"


def guardian_audience(guardian_id: int) -> Audience:
    """Return under which name a guardian's calendars stand."""
    return Audience(KIND, str(guardian_id))


def children_followed(guardian_ids: Collection[int]) -> dict[int, dict[Audience, str]]:
    """Return whom each guardian's calendars follow, with the first name of each child.

    A child for whom the calendar or taking part is refused is followed by nobody.
    """
    labels: dict[int, dict[Audience, str]] = {guardian_id: {} for guardian_id in guardian_ids}
    rows = db.session.execute(
        select(Guardianship.guardian_id, Person.ref, Person.name)
        .join(Person, Guardianship.person_id == Person.id)
        .where(
            Guardianship.guardian_id.in_(guardian_ids),
            Person.id.not_in(refused(ConsentPurpose.CALENDAR)),
            Person.id.not_in(refused(ConsentPurpose.PARTICIPATION)),
        )
        .order_by(Person.id)
    )
    for guardian_id, ref, name in rows:
        labels[guardian_id][Audience("person", ref)] = given_name(name)
    return labels


def follow_children(guardian_ids: Collection[int], *, now: dt.datetime) -> None:
    """Let these guardians' calendars follow exactly the children that are theirs now."""
    for guardian_id, labels in children_followed(guardian_ids).items():
        own_calendars.follow(guardian_audience(guardian_id), labels, now=now)


def guardians_of(child: Person) -> set[int]:
    """Return the ids of a child's guardians."""
    query = select(Guardianship.guardian_id).where(Guardianship.person_id == child.id)
    return set(db.session.scalars(query))


def guardians_by_child(children: Iterable[Audience]) -> dict[Audience, list[Audience]]:
    """Return the audiences of each child's guardians, by the child's own. One query."""
    child_by_ref = {child.key: child for child in children}
    found: dict[Audience, list[Audience]] = defaultdict(list)
    for some in portions(child_by_ref):
        rows = db.session.execute(
            select(Person.ref, Guardianship.guardian_id)
            .join(Guardianship, Guardianship.person_id == Person.id)
            .where(Person.ref.in_(some))
            .order_by(Guardianship.guardian_id)
        )
        for ref, guardian_id in rows:
            found[child_by_ref[ref]].append(guardian_audience(guardian_id))
    return found


def with_calendars(guardian_ids: Collection[int]) -> set[int]:
    """Return which of these guardians have a calendar: only they need to be looked at."""
    owners = [guardian_audience(guardian_id) for guardian_id in sorted(guardian_ids)]
    return {int(feed.audience_key) for feed in own_calendars.live_feeds(owners, is_shared=False)}
