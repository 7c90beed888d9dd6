"""What is to be planned, read from the database into the engine's problem."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.calendars.entries import Times
from scheduler.database import db
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose
from scheduler.programmes.kinds import STAGED
from scheduler.programmes.models import (
    AttendanceWindow,
    Category,
    Programme,
    Venue,
    VenueTravel,
)
from scheduler.scheduling.activities.planning import (
    activity_of,
    joined_by,
    limits_of,
    rooms_in,
    rules_of,
    turns_in,
)
from scheduler.scheduling.engine import (
    WARM_UP,
    Activity,
    Block,
    Lock,
    Placement,
    Plan,
    Problem,
    Room,
    TimeLimit,
    Travel,
    Window,
    parties_of,
    performance,
)
from scheduler.scheduling.engine import Venue as Stage
from scheduler.scheduling.happenings.absences import (
    opened_reserves,
    standing_absences,
    with_reserves,
    without,
)
from scheduler.scheduling.happenings.models import Happening, HappeningKind, HappeningState
from scheduler.scheduling.items import Item, performance_of
from scheduler.scheduling.lengths import Lengths, lasting, lengths_in, standing_lengths
from scheduler.scheduling.models import Plan as Draft
from scheduler.scheduling.models import Slot
from scheduler.scheduling.parties.busy_times import busy_people
from scheduler.scheduling.parties.engaged import engagements_of
from scheduler.scheduling.parties.engagements import Engagement, by_party, joined, windows_of
from scheduler.scheduling.parties.outside_services import times_of_venues
from scheduler.scheduling.parties.staff_attending import attending
from scheduler.scheduling.parties.staff_models import StaffMember
from scheduler.scheduling.rules.offered import RuleCode, weights_of
from scheduler.scheduling.rules.relation_services import related_rules
from scheduler.scheduling.rules.services import choices_of
from scheduler.scheduling.rules.stating import stated_rules
from scheduler.scheduling.timescale import Timescale, timescale_of

ARRIVAL = str(RuleCode.ARRIVAL)
PRIMARY_END = str(RuleCode.PRIMARY_END)


@dataclass(frozen=True)
class Situation:
    """A programme's accepted groups, activities and venues, and the problem that they pose.

    The engine's activities are named by the item's ref, venues by their code, blocks by the
    category's code; the dictionaries lead back from those names to the rows, and from a party's
    name to what its people are busy with, or to the staff that it stands for. `closed` says when
    venues cannot be used, by their ids. `allotted` are the lengths on stage that are not the
    category's.
    """

    programme: Programme
    timescale: Timescale
    problem: Problem
    items: dict[str, Item]
    venues: dict[str, Venue]
    engagements: dict[str, list[Engagement]]
    staff: dict[str, list[StaffMember]]
    closed: dict[int, list[Times]]
    allotted: Lengths = field(default_factory=dict)


def situation_of(
    programme: Programme, locked: Iterable[Slot] = (), allotted: Lengths | None = None
) -> Situation:
    """Read everything that planning depends on; `locked` slots hold their venue and time.

    The slot of a group that is no longer accepted holds nothing. Lengths on stage are those
    `allotted`, or without them those of the release that stands.
    """
    timescale = timescale_of(programme)
    applications = accepted_groups(programme)
    refs = {application.ref for application in applications}
    turns = turns_in(programme)
    items = {item.ref: item for item in (*map(performance_of, applications), *turns)}
    venues = _venues(programme)
    activities, memberships = _activities(programme, items)
    groups = {group.ref: group for item in items.values() for group in item.groups}
    busy_by_hand = busy_people(programme, groups.values(), timescale)
    beside = {who: taken for who, taken in busy_by_hand.beside.items() if {*taken} <= items.keys()}
    # Leaders do not perform, so they need no rest between a meeting and their group's time.
    leading = {who: taken for who, taken in memberships.items() if not who.isdigit()}
    memberships = beside | memberships
    engagements = joined(
        engagements_of(programme, timescale), busy_by_hand.engagements, whole=timescale.span
    )
    busy = {who: windows_of(taken) for who, taken in engagements.items()}
    staff = attending(programme, applications, turns, timescale)
    choices = choices_of(programme)
    closed = _closed(programme, venues)
    problem = Problem(
        days=timescale.days(),
        venues=tuple(_stage(venue, turns, timescale, closed[venue.id]) for venue in venues),
        activities=activities,
        weights=weights_of(choices),
        rules=(
            *stated_rules(programme, applications, staff, choices),
            *related_rules(programme, refs),
            *rules_of(turns, refs),
            *(each.breaks for each in staff if each.breaks),
        ),
        parties=(
            *parties_of(
                {who: taken for who, taken in memberships.items() if who not in leading},
                rest_minutes=programme.rest_minutes,
                busy=busy,
            ),
            *parties_of(leading, rest_minutes=0, busy=busy),
            *(each.party for each in staff),
        ),
        blocks=_blocks(applications) if choices[RuleCode.BLOCK].is_on else (),
        time_limits=tuple(
            limit
            for limit in _time_limits(programme, items.values(), timescale)
            if choices[RuleCode(limit.code)].is_on
        )
        + tuple(limits_of(turns, timescale)),
        travel=_travel(venues),
        locks=tuple(
            Lock(slot.item.ref, slot.venue.code, timescale.minute(slot.starts_at))
            for slot in locked
            if slot.item.ref in items
        ),
        comfort_minutes=programme.school_gap_minutes,
    )
    problem = with_reserves(problem, opened_reserves(programme), timescale)
    situation = Situation(
        programme=programme,
        timescale=timescale,
        problem=without(problem, standing_absences(programme), timescale, items),
        items=items,
        venues={venue.code: venue for venue in venues},
        engagements=by_party(memberships, engagements)
        | {each.party.id: each.engagements for each in staff},
        staff={each.party.id: each.members for each in staff},
        closed=closed,
    )
    return with_lengths(situation, standing_lengths(programme) if allotted is None else allotted)


def with_lengths(situation: Situation, allotted: Lengths) -> Situation:
    """Return the situation in which these groups are on stage so long, and all others as usual."""
    usual = {
        ref: item.minutes
        for ref, item in situation.items.items()
        if item.warms_up and (ref in situation.allotted or ref in allotted)
    }
    minutes = {ref: min(allotted.get(ref, most), most) for ref, most in usual.items()}
    if not minutes:
        return situation
    activities = tuple(
        lasting(activity, minutes[activity.id]) if activity.id in minutes else activity
        for activity in situation.problem.activities
    )
    kept = {ref: allotted[ref] for ref in minutes if ref in allotted}
    problem = replace(situation.problem, activities=activities)
    return replace(situation, problem=problem, allotted=kept)


def situation_of_draft(plan: Draft, slots: Iterable[Slot]) -> Situation:
    """Read everything that a draft depends on; of its slots, the locked ones hold.

    Who has no place in it keeps the length of the release that stands.
    """
    slots = list(slots)
    placed = {slot.item.ref for slot in slots}
    published = standing_lengths(plan.programme).items()
    others = {ref: minutes for ref, minutes in published if ref not in placed}
    locked = [slot for slot in slots if slot.is_locked]
    return situation_of(plan.programme, locked, others | lengths_in(slots))


def accepted_groups(programme: Programme) -> list[Application]:
    """Return the accepted applications with what planning and its pages show of them.

    Only categories that are performed on a stage are planned; `left_out` counts the others. A
    suspended group waits until that is taken back.
    """
    suspended = select(Happening.application_id).where(
        Happening.kind == HappeningKind.SUSPENDED, Happening.state == HappeningState.IN_FORCE
    )
    query = (
        select(Application)
        .join(Application.category)
        .where(
            Application.programme_id == programme.id,
            Application.state == State.ACCEPTED,
            Category.kind.in_(STAGED),
            Application.id.not_in(suspended.where(Happening.application_id.is_not(None))),
        )
        .options(joinedload(Application.category), joinedload(Application.school))
        .order_by(Application.ref)
    )
    return list(db.session.scalars(query))


def left_out(programme: Programme) -> int:
    """Return how many accepted groups are in categories that are not planned on a stage."""
    query = (
        select(func.count())
        .select_from(Application)
        .join(Application.category)
        .where(
            Application.programme_id == programme.id,
            Application.state == State.ACCEPTED,
            Category.kind.not_in(STAGED),
        )
    )
    return db.session.scalar(query) or 0


def plan_of_slots(slots: Iterable[Any], timescale: Timescale) -> Plan:
    """Return a stored draft as the engine knows it."""
    return Plan(
        tuple(
            Placement(slot.item.ref, slot.venue.code, timescale.minute(slot.starts_at))
            for slot in sorted(slots, key=lambda slot: slot.item.ref)
        )
    )


def _venues(programme: Programme) -> list[Venue]:
    query = (
        select(Venue)
        .where(Venue.programme_id == programme.id)
        .options(selectinload(Venue.hours), selectinload(Venue.closures))
        .order_by(Venue.code)
    )
    return list(db.session.scalars(query))


def _closed(programme: Programme, venues: Iterable[Venue]) -> dict[int, list[Times]]:
    """Return when venues cannot be used: as it was entered, and by their own calendars."""
    taken = times_of_venues(programme)
    return {
        venue.id: [
            *((shut.starts_at, shut.ends_at) for shut in venue.closures),
            *taken.get(venue.id, ()),
        ]
        for venue in venues
    }


def _stage(venue: Venue, turns: list[Item], timescale: Timescale, closed: Iterable[Times]) -> Stage:
    hours = tuple(timescale.window(hour.opens_at, hour.closes_at) for hour in venue.hours)
    closures = tuple(timescale.window(*span) for span in closed)
    rooms = (Room(WARM_UP, venue.warmup_rooms), *rooms_in(venue, turns))
    return Stage(venue.code, venue.stage_capacity, hours, closures, rooms)


def _activities(
    programme: Programme, items: dict[str, Item]
) -> tuple[tuple[Activity, ...], dict[str, list[str]]]:
    """Return what is to be placed, and per person what they are in.

    A pupil whose guardian refuses participation is not on stage (domain.md section 12.1, P0442).
    """
    roles = frozenset(role for item in items.values() for role in item.kept_apart)
    members = db.session.execute(
        select(Member.application_id, Member.person_id, Member.role)
        .where(
            Member.application_id.in_({g.id for item in items.values() for g in item.groups}),
            Member.role.in_(roles),
            Member.person_id.not_in(refused(ConsentPurpose.PARTICIPATION, programme.id)),
        )
        .order_by(Member.id)
    )
    memberships = joined_by(((row[0], row[1], row[2]) for row in members), items)
    sizes = Counter(ref for who, refs in memberships.items() if who.isdigit() for ref in refs)
    activities = tuple(
        activity_of(item, sizes[ref])
        if item.activity
        else _performance(programme, item, item.groups[0], sizes[ref])
        for ref, item in items.items()
    )
    return activities, memberships


def _performance(programme: Programme, item: Item, group: Application, size: int) -> Activity:
    return performance(
        item.ref,
        stage_minutes=item.minutes,
        changeover_minutes=item.changeover_minutes,
        warm_up_minutes=programme.warmup_minutes,
        warm_up_gap_minutes=programme.warmup_ends_before_minutes,
        size=size,
        school=group.school.code,
        region=group.school.region.value,
    )


def _blocks(applications: list[Application]) -> tuple[Block, ...]:
    refs: defaultdict[str, list[str]] = defaultdict(list)
    for application in applications:
        refs[application.category.code].append(application.ref)
    return tuple(Block(code, tuple(sorted(groups))) for code, groups in sorted(refs.items()))


def _time_limits(
    programme: Programme, items: Iterable[Item], timescale: Timescale
) -> tuple[TimeLimit, ...]:
    """Arrival and departure per region; primary pupils' latest end on every day."""
    items = list(items)
    whole = Window(timescale.days()[0].start, timescale.days()[-1].end)
    limits: list[TimeLimit] = []
    windows = db.session.scalars(
        select(AttendanceWindow)
        .where(AttendanceWindow.programme_id == programme.id)
        .order_by(AttendanceWindow.region)
    )
    for window in windows:
        groups = tuple(item.ref for item in items if item.is_asked(region=window.region.value))
        start = timescale.minute(window.earliest_at) if window.earliest_at else whole.start
        end = timescale.minute(window.latest_at) if window.latest_at else whole.end
        if groups:
            present = (Window(max(start, whole.start), min(end, whole.end)),)
            limits.append(TimeLimit(window.region.value, ARRIVAL, groups, present))
    primary = tuple(item.ref for item in items if _has_primary_pupils(item))
    if primary:
        ends = [timescale.local_minute(d, programme.primary_latest_end) for d in timescale.dates()]
        days = zip(timescale.days(), ends, strict=True)
        until = tuple(Window(day.start, end) for day, end in days)
        limits.append(TimeLimit("primary", PRIMARY_END, primary, until))
    return tuple(limits)


def _has_primary_pupils(item: Item) -> bool:
    return MemberRole.PUPIL in item.roles and any(g.category.is_primary for g in item.groups)


def _travel(venues: list[Venue]) -> tuple[Travel, ...]:
    code_by_id = {venue.id: venue.code for venue in venues}
    ways = db.session.scalars(
        select(VenueTravel)
        .where(VenueTravel.from_venue_id.in_(code_by_id))
        .order_by(VenueTravel.id)
    )
    return tuple(
        Travel(code_by_id[way.from_venue_id], code_by_id[way.to_venue_id], way.minutes)
        for way in ways
    )
