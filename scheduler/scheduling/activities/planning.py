"""What activities bring into the planning problem: turns, rules, limits, the venues they may use.

A venue in which an activity may be has a room of its own for it; by that the engine keeps it out
of the others, and names the rule.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from scheduler.applications.models import MemberRole
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.activities.models import ON_STAGE, Before, PlannedActivity
from scheduler.scheduling.activities.services import activities_of
from scheduler.scheduling.engine import STAGE, Activity, Part, Room, TimeLimit, Window
from scheduler.scheduling.engine.catalogue import DaysApart, Following, InOrder, ProgrammeRule
from scheduler.scheduling.items import LEADERS, Item, turns_of
from scheduler.scheduling.timescale import Timescale

PLACE_FOR = "place for "
"""Begins the kind of room that an activity finds in its venues; the activity's ref follows."""

BOUNDS = "activity_bounds"
"""The code of the limits on time that coordinators set; their ids are BOUNDS and the ref."""

RULE_ID = "activity"
"""Begins the ids of the rules about the order and the days of turns."""


def turns_in(programme: Programme) -> list[Item]:
    """Return all turns of all activities that the programme plans."""
    return [item for activity in activities_of(programme) for item in turns_of(activity)]


def activity_of(item: Item, size: int) -> Activity:
    """Return a turn as the engine places it; `size` people are in it.

    Only who rehearses or auditions stands on the stage: a meeting sits in the hall.
    """
    activity = _activity(item)
    parts = [Part(STAGE, 0, item.minutes)]
    if item.setup_minutes:
        parts.insert(0, Part(STAGE, -item.setup_minutes, item.setup_minutes, attended=False))
    if item.changeover_minutes:
        parts.append(Part(STAGE, item.minutes, item.changeover_minutes, attended=False))
    if activity.venues:
        parts.append(Part(PLACE_FOR + activity.ref, 0, item.minutes))
    return Activity(item.ref, tuple(parts), size if activity.kind in ON_STAGE else 0)


def rooms_in(venue: Venue, items: Iterable[Item]) -> tuple[Room, ...]:
    """Return the places that a venue has for activities that may be in some venues only."""
    activities = dict.fromkeys(_activity(item) for item in items)
    return tuple(
        Room(PLACE_FOR + activity.ref, 1)
        for activity in activities
        if venue.id in {each.id for each in activity.venues}
    )


def rules_of(items: Iterable[Item], planned: Collection[str]) -> Iterator[ProgrammeRule]:
    """Yield the order of an activity's turns, their days, and their order to the performances.

    `planned` are the refs of the groups whose performances are planned.
    """
    rows: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        group = item.application.ref if item.application else ""
        rows[_activity(item).ref, group].append(item)
        yield from _around(item, planned)
    for (ref, group), row in rows.items():
        if len(row) > 1:
            refs = tuple(item.ref for item in row)
            yield InOrder(id=f"{RULE_ID} {ref} {group} order", activities=refs)
            if _activity(row[0]).on_other_days:
                yield DaysApart(id=f"{RULE_ID} {ref} {group} days", activities=refs)


def _around(item: Item, planned: Collection[str]) -> Iterator[ProgrammeRule]:
    before = _activity(item).before
    if before is Before.ANY:
        return
    for group in item.groups:
        if group.ref in planned:
            pair = (item.ref, group.ref)
            yield Following(
                id=f"{RULE_ID} {item.ref} {group.ref}",
                activities=pair if before is Before.BEFORE else pair[::-1],
            )


def limits_of(items: Iterable[Item], timescale: Timescale) -> Iterator[TimeLimit]:
    """Yield the stretches of time within which activities may be."""
    refs: defaultdict[PlannedActivity, list[str]] = defaultdict(list)
    for item in items:
        refs[_activity(item)].append(item.ref)
    whole = timescale.span
    for activity, turns in refs.items():
        if activity.earliest_at is None and activity.latest_at is None:
            continue
        start = timescale.minute(activity.earliest_at) if activity.earliest_at else whole.start
        end = timescale.minute(activity.latest_at) if activity.latest_at else whole.end
        window = Window(max(start, whole.start), min(end, whole.end))
        # A stretch outside of the programme's days leaves no time at all.
        windows = (window,) if window.minutes > 0 else ()
        yield TimeLimit(f"{BOUNDS} {activity.ref}", BOUNDS, tuple(turns), windows)


def joined_by(
    people: Iterable[tuple[int, int, MemberRole]], items: Mapping[str, Item]
) -> dict[str, list[str]]:
    """Return who is in what, by the ids of people; rows are of group, person and role.

    A leader is with one group at a time: their meeting meets neither its performance nor another
    meeting, but they may have two groups on two stages. So they are named by person and group.
    """
    by_group: defaultdict[int, list[Item]] = defaultdict(list)
    for item in items.values():
        for group in item.groups:
            by_group[group.id].append(item)
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for group_id, person_id, role in people:
        for item in by_group[group_id]:
            if role not in item.kept_apart:
                continue
            if role not in LEADERS:
                found[str(person_id)][item.ref] = None
                continue
            (group,) = (one for one in item.groups if one.id == group_id)
            whole = found[f"{person_id} {group.ref}"]
            whole[item.ref] = None
            if group.ref in items:
                whole[group.ref] = None
    return {person: list(refs) for person, refs in found.items()}


def _activity(item: Item) -> PlannedActivity:
    if item.activity is None:
        raise ValueError("A performance is no turn of an activity.")
    return item.activity
