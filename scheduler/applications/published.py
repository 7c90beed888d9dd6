"""How groups stand in everybody's calendar: what planning publishes them under, and as what."""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import raiseload

from scheduler.access.permissions import ScopeKind
from scheduler.accounts.duty_calendars import holders_of
from scheduler.applications.member_links import audience_of
from scheduler.applications.models import Application, Member
from scheduler.applications.workflow import State
from scheduler.calendars import links
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Audience, Scope
from scheduler.calendars.ical import Status
from scheduler.calendars.models import CalendarEntry, EntryAudience
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.models import Person

ACTIVITY = "activity:"
"""Begins the key of whatever a timetable has beside performances."""


ITEM = "item:"
"""Begins the key of whatever an itinerary has."""
TOUR_GROUP = "tour_group"
"""The kind of the audience that is one group of a tour."""


def itinerary_scope(programme_code: str) -> Scope:
    """Return the source under which a tour's itinerary is published."""
    return Scope("itinerary", programme_code)


def group_audience(group: Application) -> Audience:
    """Everybody who follows one group of a tour."""
    return Audience(TOUR_GROUP, group.ref)


def itinerary_keys(groups: Iterable[Application]) -> dict[str, list[str]]:
    """Return under which keys a tour has published what each group does, by its ref. One query.

    Cancelled items are among them, as long as calendars keep them; free time is not.
    """
    found: dict[str, list[str]] = {}
    rows = db.session.execute(
        select(EntryAudience.key, CalendarEntry.key)
        .join(CalendarEntry, CalendarEntry.id == EntryAudience.entry_id)
        .where(
            EntryAudience.kind == TOUR_GROUP,
            EntryAudience.key.in_([group.ref for group in groups]),
            CalendarEntry.is_busy,
        )
        .order_by(CalendarEntry.key)
    )
    for ref, key in rows:
        found.setdefault(ref, []).append(key)
    return found


def timetable_scope(programme_code: str) -> Scope:
    """Return the source under which a programme's performances are published."""
    return Scope("timetable", programme_code)


def performance_key(application_ref: str) -> str:
    """Return what a group's performance is called within its programme's timetable."""
    return f"performance:{application_ref}"


def activity_key(ref: str) -> str:
    """Return what one turn of an activity is called within its programme's timetable."""
    return f"{ACTIVITY}{ref}"


def school_audience(code: str) -> Audience:
    """Everybody who follows a school."""
    return Audience("school", code)


def leave_timetable(
    application: Application,
    people: Iterable[Person],
    *,
    school: School | None = None,
    joins: Audience | None = None,
    now: dt.datetime,
) -> bool:
    """Take people, and a school, out of what is published of the group; tell whether anything is.

    Their calendars lose it at once, not with the next release: its time, the activities that it
    takes part in, the itinerary of its tour; a page without any entry left is ended. Whoever
    `joins` gets all that instead.
    """
    people = list(people)
    persons = [audience_of(person) for person in people]
    own = (school_audience(school.code), holders_of(ScopeKind.SCHOOL, school.id)) if school else ()
    leaves = [*persons, *own]
    scope, key = timetable_scope(application.programme.code), performance_key(application.ref)
    stands = calendars.readdress(scope, key, leaves=leaves, joins=joins, now=now)
    elsewhere = _still_there(application, people, school)
    for source, prefix in (
        (scope, ACTIVITY),
        (itinerary_scope(application.programme.code), ITEM),
    ):
        for key, held in calendars.standing_keys(source, prefix, leaves).items():
            stands = True
            is_own = application.ref in key
            gone = [one for one in held if is_own or one not in elsewhere]
            joining = joins if set(held) & set(persons) else None
            calendars.readdress(source, key, leaves=gone, joins=joining, now=now)
    if stands:
        links.revoke_links(calendars.without_entries(persons), now=now)
    return stands


def _still_there(
    application: Application, people: Iterable[Person], school: School | None
) -> set[Audience]:
    """Return who of these is in another accepted group of the programme, and so at its meetings."""
    by_id = {person.id: person for person in people}
    others = (
        Application.programme_id == application.programme_id,
        Application.id != application.id,
        Application.state == State.ACCEPTED,
    )
    ids = db.session.scalars(
        select(Member.person_id)
        .join(Application, Application.id == Member.application_id)
        .where(Member.person_id.in_(by_id), *others)
    )
    found = {audience_of(by_id[id_]) for id_ in ids}
    if school is not None:
        rest = db.session.scalars(select(Application).where(*others).options(raiseload("*")))
        if any(school.id in each.all_school_ids for each in rest):
            found.add(school_audience(school.code))
    return found


def published_performance(application: Application) -> CalendarEntry | None:
    """Return the group's entry in the published timetable, if it stands there."""
    scope = timetable_scope(application.programme.code)
    return calendars.standing_entry(scope, performance_key(application.ref))


def performance_by_id(applications: Iterable[Application]) -> dict[int, CalendarEntry]:
    """Return the published performance of each application that has one, in one query."""
    id_by_key = {performance_key(each.ref): each.id for each in applications}
    return {id_by_key[key]: entry for key, entry in standing_by_key(id_by_key).items()}


def standing_by_key(keys: Collection[str]) -> dict[str, CalendarEntry]:
    """Return the published entries of performances and activities by their keys, in one query."""
    if not keys:
        return {}
    entries = db.session.scalars(
        select(CalendarEntry)
        .where(CalendarEntry.key.in_(keys), CalendarEntry.status != Status.CANCELLED)
        .options(raiseload("*"))
    )
    return {entry.key: entry for entry in entries}
