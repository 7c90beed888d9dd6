"""The board's content: days, venues, what stands where, and which rules it breaks."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from scheduler.formats import local
from scheduler.programmes.models import Venue
from scheduler.scheduling.models import Plan, Slot
from scheduler.scheduling.rule_texts import Names, broken_sentence
from scheduler.scheduling.services import slots_of_plan
from scheduler.scheduling.situation import Situation, situation_of
from scheduler.scheduling.verdict import broken_in


@dataclass(frozen=True)
class Span:
    """A stretch of the day in local minutes since midnight."""

    begin: int
    end: int


@dataclass
class Item:
    """A slot with what it breaks, in words."""

    slot: Slot
    warmup: Span
    stage: Span
    changeover_end: int
    problems: list[str] = field(default_factory=list)


@dataclass
class Column:
    """One venue on one day."""

    venue: Venue
    hours: list[Span] = field(default_factory=list)
    closures: list[Span] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass
class Day:
    """A day of the board; `begin` and `end` frame everything on it, on full hours."""

    date: dt.date
    columns: list[Column]
    begin: int = 0
    end: int = 24 * 60

    @property
    def is_used(self) -> bool:
        """Tell whether any venue is open or anything stands on this day."""
        return any(column.items or column.hours for column in self.columns)


@dataclass
class Board:
    """A draft as it is shown: its days, its groups without a time, and all broken rules."""

    plan: Plan
    days: list[Day]
    unplaced: list[str]
    problems: list[str]
    count: int


def board_of(plan: Plan) -> Board:
    """Read a draft for its page: a constant number of queries, whatever its size."""
    slots = slots_of_plan(plan)
    situation = situation_of(plan.programme, [slot for slot in slots if slot.is_locked])
    broken = broken_in(situation, slots)
    names = Names(situation)
    said = [(one, broken_sentence(one.code, one.ids, one.facts, names)) for one in broken]
    problems: defaultdict[str, list[str]] = defaultdict(list)
    for one, text in said:
        for ref in one.applications:
            problems[ref].append(text)
    placed = {slot.application.ref for slot in slots}
    return Board(
        plan=plan,
        days=_days(situation, slots, problems),
        unplaced=[a.group_name for ref, a in situation.applications.items() if ref not in placed],
        problems=list(dict.fromkeys(text for _one, text in said)),
        count=len(slots),
    )


def _days(situation: Situation, slots: list[Slot], problems: dict[str, list[str]]) -> list[Day]:
    zone = situation.timescale.zone
    days: list[Day] = []
    for date in situation.timescale.dates():
        columns = {
            venue.id: Column(
                venue,
                hours=_spans([(h.opens_at, h.closes_at) for h in venue.hours], date, zone),
                closures=_spans([(c.starts_at, c.ends_at) for c in venue.closures], date, zone),
            )
            for venue in situation.venues.values()
        }
        for slot in slots:
            if local(slot.starts_at, zone).date() == date and slot.venue_id in columns:
                columns[slot.venue_id].items.append(_item(slot, zone, problems))
        day = Day(date, list(columns.values()))
        _frame(day)
        days.append(day)
    return [day for day in days if day.is_used]


def _item(slot: Slot, zone: str, problems: dict[str, list[str]]) -> Item:
    return Item(
        slot,
        warmup=Span(_minute(slot.warmup_starts_at, zone), _minute(slot.warmup_ends_at, zone)),
        stage=Span(_minute(slot.starts_at, zone), _minute(slot.ends_at, zone)),
        changeover_end=_minute(slot.changeover_ends_at, zone),
        problems=problems.get(slot.application.ref, []),
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


def _frame(day: Day) -> None:
    begins = [span.begin for column in day.columns for span in column.hours]
    ends = [span.end for column in day.columns for span in column.hours]
    begins += [item.warmup.begin for column in day.columns for item in column.items]
    ends += [item.changeover_end for column in day.columns for item in column.items]
    if begins:
        day.begin = min(begins) // 60 * 60
        day.end = -(-max(ends) // 60) * 60


def _minute(instant: dt.datetime, zone: str) -> int:
    wall = local(instant, zone)
    return wall.hour * 60 + wall.minute
