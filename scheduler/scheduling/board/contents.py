"""The board's content: days, venues, what stands where, and which rules it breaks."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from scheduler.formats import local, minute_of_day, named
from scheduler.programmes.models import Venue
from scheduler.scheduling.board.sight import Sight
from scheduler.scheduling.costs import Cost, cost_of
from scheduler.scheduling.items import Item
from scheduler.scheduling.models import Plan, Slot
from scheduler.scheduling.rule_texts import Names, broken_sentence, region_name
from scheduler.scheduling.services import slots_of_plan
from scheduler.scheduling.situation import Situation, situation_of_draft
from scheduler.scheduling.timetable import latest_release
from scheduler.scheduling.verdict import ROOM_NUMBER, broken_in

FREE_MINUTES = 60


@dataclass(frozen=True)
class Span:
    """A stretch of the day in local minutes since midnight."""

    begin: int
    end: int


@dataclass
class Card:
    """A slot with what it breaks, in words; `is_changed` by somebody else since it was shown."""

    slot: Slot
    warmup: Span
    stage: Span
    changeover_end: int
    problems: list[str]
    is_dimmed: bool
    is_changed: bool


@dataclass
class Column:
    """One venue on one day."""

    venue: Venue
    hours: list[Span] = field(default_factory=list)
    closures: list[Span] = field(default_factory=list)
    items: list[Card] = field(default_factory=list)


@dataclass
class Day:
    """A day of the board; `begin` and `end` frame everything on it, on full hours.

    One that `is_cut` has open hours after its end.
    """

    date: dt.date
    columns: list[Column]
    begin: int = 0
    end: int = 24 * 60
    is_cut: bool = False

    @property
    def is_used(self) -> bool:
        """Tell whether any venue is open or anything stands on this day."""
        return bool(self.count) or any(column.hours for column in self.columns)

    @property
    def count(self) -> int:
        """Return how many groups stand on this day."""
        return sum(len(column.items) for column in self.columns)


@dataclass
class Board:
    """A draft as it is shown: its days, its groups without a time, and all broken rules.

    `cost` is that of now and None as long as a group has no time. `moved` counts the groups that
    stand elsewhere than in the release that stands, which is None before the first.
    """

    plan: Plan
    days: list[Day]
    unplaced: list[Item]
    problems: list[str]
    count: int
    locked: int
    cost: Cost | None
    moved: int | None
    needs_rooms: bool
    sight: Sight
    schools: list[tuple[str, str]]
    categories: list[tuple[str, str]]
    regions: list[tuple[str, str]]


def board_of(plan: Plan, sight: Sight, changed: frozenset[str] = frozenset()) -> Board:
    """Read a draft for its page: a constant number of queries, whatever its size.

    Days end an hour after the last group; if the sight is whole, when the last venue closes. The
    groups that others `changed` are marked as such.
    """
    slots = slots_of_plan(plan)
    situation = situation_of_draft(plan, slots)
    broken = broken_in(situation, slots)
    names = Names(situation)
    said = [(one, broken_sentence(one.code, one.ids, one.facts, names)) for one in broken]
    problems: defaultdict[str, list[str]] = defaultdict(list)
    for one, text in said:
        for ref in one.applications:
            problems[ref].append(text)
    placed = {slot.item.ref for slot in slots}
    return Board(
        plan=plan,
        days=days_of(situation, slots, problems, sight, changed),
        unplaced=[item for ref, item in situation.items.items() if ref not in placed],
        problems=list(dict.fromkeys(text for _one, text in said)),
        count=len(slots),
        locked=sum(slot.is_locked for slot in slots),
        cost=cost_of(situation, slots),
        moved=_moved(plan, slots),
        needs_rooms=any(one.code == ROOM_NUMBER for one in broken),
        sight=sight,
        **_choices([*situation.items.values(), *(slot.item for slot in slots)]),
    )


def _choices(items: list[Item]) -> dict[str, list[tuple[str, str]]]:
    """Return what the board can be narrowed to, by name."""
    groups = [group for item in items for group in item.groups]
    regions = {group.school.region.value for group in groups}
    found = {
        "schools": {(group.school.code, group.school.name) for group in groups},
        "categories": {(group.category.code, named(group.category.names)) for group in groups},
        "regions": {(region, region_name(region)) for region in regions},
    }
    return {key: sorted(pairs, key=lambda pair: pair[1]) for key, pairs in found.items()}


def _moved(plan: Plan, slots: list[Slot]) -> int | None:
    release = latest_release(plan.programme)
    if release is None:
        return None
    places = {slot.item.ref: (slot.venue.code, slot.starts_at) for slot in slots}
    return sum(
        ref in places
        and places[ref] != (kept["venue"], dt.datetime.fromisoformat(kept["starts_at"]))
        for ref, kept in release.slots.items()
    )


def days_of(
    situation: Situation,
    slots: list[Slot],
    problems: dict[str, list[str]],
    sight: Sight,
    changed: frozenset[str] = frozenset(),
) -> list[Day]:
    """Return the days of a board on which anything is open or stands."""
    zone = situation.timescale.zone
    by_day: defaultdict[dt.date, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_day[local(slot.starts_at, zone).date()].append(slot)
    days: list[Day] = []
    for date in situation.timescale.dates():
        columns = {
            venue.id: Column(
                venue,
                hours=_spans([(h.opens_at, h.closes_at) for h in venue.hours], date, zone),
                closures=_spans(situation.closed[venue.id], date, zone),
            )
            for venue in situation.venues.values()
        }
        for slot in by_day[date]:
            if slot.venue.id in columns:
                columns[slot.venue.id].items.append(_card(slot, zone, problems, sight, changed))
        day = Day(date, list(columns.values()))
        _frame(day, is_whole=sight.is_whole)
        days.append(day)
    return [day for day in days if day.is_used]


def _card(
    slot: Slot, zone: str, problems: dict[str, list[str]], sight: Sight, changed: frozenset[str]
) -> Card:
    broken = problems.get(slot.item.ref, [])
    return Card(
        slot,
        warmup=Span(
            minute_of_day(slot.warmup_starts_at, zone), minute_of_day(slot.warmup_ends_at, zone)
        ),
        stage=_span(slot.starts_at, slot.ends_at, zone),
        changeover_end=minute_of_day(slot.changeover_ends_at, zone),
        problems=broken,
        is_dimmed=not sight.shows(slot.item, broken),
        is_changed=slot.item.ref in changed,
    )


def _spans(
    stretches: list[tuple[dt.datetime, dt.datetime]], date: dt.date, zone: str
) -> list[Span]:
    """Return the parts of stretches of time that lie on a local day."""
    found: list[Span] = []
    for starts_at, ends_at in stretches:
        start, end = local(starts_at, zone), local(ends_at, zone)
        if start.date() <= date <= end.date():
            begin = start.hour * 60 + start.minute if start.date() == date else 0
            until = end.hour * 60 + end.minute if end.date() == date else 24 * 60
            if until > begin:
                found.append(Span(begin, until))
    return found


def _frame(day: Day, *, is_whole: bool) -> None:
    """Frame the day from the first opening on, to the last use and an hour to move things to."""
    begins = [span.begin for column in day.columns for span in column.hours]
    ends = [span.end for column in day.columns for span in column.hours]
    used = [item.changeover_end for column in day.columns for item in column.items]
    begins += [item.warmup.begin for column in day.columns for item in column.items]
    if not begins:
        return
    closing = max([*ends, *used])
    last = closing if is_whole or not used else min(closing, max(used) + FREE_MINUTES)
    day.begin = min(begins) // 60 * 60
    day.end = -(-last // 60) * 60
    day.is_cut = last < closing


def _span(begin: dt.datetime, end: dt.datetime, zone: str) -> Span:
    return Span(minute_of_day(begin, zone), minute_of_day(end, zone))
