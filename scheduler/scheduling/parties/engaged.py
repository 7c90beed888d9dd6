"""Who of a programme is needed elsewhere: times that another programme has published.

What stands in calendars counts, not drafts. A person is whoever `applications.elsewhere` takes for
the same one; the way between two programmes is kept free as it is there.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, or_, select

from scheduler.applications.elsewhere import WAY_BETWEEN_PROGRAMMES, twins_of
from scheduler.applications.findings import NOT_TAKING_PART
from scheduler.applications.models import ON_STAGE_ROLES, Application, Member, MemberRole
from scheduler.applications.published import itinerary_keys, performance_key, standing_by_key
from scheduler.calendars.entries import Difference
from scheduler.database import db
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.scheduling.activities.models import PlannedActivity
from scheduler.scheduling.activities.services import activities_where
from scheduler.scheduling.items import turns_of
from scheduler.scheduling.parties.engagements import Cause, Engagement, in_order
from scheduler.scheduling.timescale import Timescale


def engagements_of(programme: Programme, timescale: Timescale) -> dict[str, list[Engagement]]:
    """Return what else a programme's people are needed for while it lasts, by their ids."""
    neighbours = {each.id: each for each in _neighbours(programme)}
    if not neighbours:
        return {}
    people = _on_stage(Application.programme_id == programme.id)
    rows = _elsewhere(people, neighbours)
    keys = _keys_of({group for _person, _role, group in rows}, neighbours)
    entries = standing_by_key({key for some in keys.values() for key, _roles in some})
    way = WAY_BETWEEN_PROGRAMMES
    found: defaultdict[str, set[Engagement]] = defaultdict(set)
    for person, role, group in rows:
        for key, roles in keys[group.id]:
            entry = entries.get(key)
            if entry is not None and role in roles:
                window = timescale.window(entry.starts_at - way, entry.ends_at + way)
                there = neighbours[group.programme_id]
                found[str(person)].add(Engagement(window, Cause.PROGRAMME, there))
    return {person: in_order(taken) for person, taken in found.items()}


def _keys_of(
    groups: Iterable[Application], programme_ids: Iterable[int]
) -> dict[int, list[tuple[str, frozenset[MemberRole]]]]:
    """Return under which keys times of these groups may be published, and for which roles.

    What a tour does counts like a performance. A removed activity counts as long as it stands in
    calendars.
    """
    groups = list(groups)
    found = {group.id: [(performance_key(group.ref), ON_STAGE_ROLES)] for group in groups}
    on_tour = itinerary_keys(groups)
    for group in groups:
        found[group.id] += [(key, ON_STAGE_ROLES) for key in on_tour.get(group.ref, ())]
    for activity in activities_where(PlannedActivity.programme_id.in_(programme_ids)):
        for item in turns_of(activity):
            for group in item.groups:
                if group.id in found:
                    found[group.id].append((item.key, item.kept_apart))
    return found


def lock_with_neighbours(programme: Programme) -> Programme:
    """Return the programme, held along with all whose plans its release may make stale.

    In one order for everybody, so that two programmes can publish at the same time.
    """
    ids = {programme.id, *(each.id for each in _neighbours(programme))}
    held = db.session.scalars(
        select(Programme).where(Programme.id.in_(ids)).order_by(Programme.id).with_for_update()
    )
    return next(each for each in held.all() if each.id == programme.id)


def make_neighbours_stale(programme: Programme, difference: Difference) -> None:
    """Make plans stale of programmes in which somebody is whose published times have changed."""
    changes = (*difference.new, *difference.moved, *difference.cancelled, *difference.readdressed)
    neighbours = {each.id: each for each in _neighbours(programme)}
    if not changes or not neighbours:
        return
    groups = db.session.scalars(
        select(Application).where(Application.programme_id == programme.id)
    ).all()
    keys = _keys_of(groups, [programme.id])
    told = {each.key for each in changes}
    changed = [group.ref for group in groups if told & {key for key, _roles in keys[group.id]}]
    people = _on_stage(Application.ref.in_(changed))
    for id_ in sorted({group.programme_id for *_, group in _elsewhere(people, neighbours)}):
        writing.make_plans_stale(neighbours[id_])


def _neighbours(programme: Programme) -> list[Programme]:
    """Return the other programmes that share a day with this one, wherever their clocks are."""
    day = dt.timedelta(days=1)
    query = select(Programme).where(
        Programme.id != programme.id,
        Programme.starts_on <= programme.ends_on + day,
        Programme.ends_on >= programme.starts_on - day,
    )
    return list(db.session.scalars(query))


def _on_stage(whose: ColumnElement[bool]) -> Select[int]:
    """Return the query for the people on stage of some groups."""
    return (
        select(Member.person_id)
        .join(Application, Application.id == Member.application_id)
        .where(whose, Member.role.in_(ON_STAGE_ROLES))
    )


def _elsewhere(
    people: Select[int], programme_ids: Iterable[int]
) -> list[tuple[int, MemberRole, Application]]:
    """Return these people with each group of other programmes in which they are on stage."""
    twins = twins_of(people)
    takes_part = or_(
        *(
            and_(
                Application.programme_id == id_,
                Member.person_id.not_in(refused(ConsentPurpose.PARTICIPATION, id_)),
            )
            for id_ in programme_ids
        )
    )
    rows = db.session.execute(
        select(twins.c.person_id, Member.role, Application)
        .select_from(twins)
        .join(Member, and_(Member.person_id == twins.c.other_id, Member.role.in_(ON_STAGE_ROLES)))
        .join(Application, Application.id == Member.application_id)
        .where(Application.state.not_in(NOT_TAKING_PART), takes_part)
    )
    return [(person, role, group) for person, role, group in rows]
