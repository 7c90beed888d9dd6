"""Random programmes: what one publishes, release by release, and what calendars must say of it.

What must be said is worked out here from the rules of docs/calendars.md, without the room's code.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from scheduler.calendars.entries import Audience, EntryDraft, EntryText, Scope
from tests.calendars.drafts import NOW
from tests.calendars.items import texts

KEYS = ("performance:A", "performance:B", "rehearsal:A", "tour:DAY")
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
# Whole hours and odd ones, clocks that change by an hour, by half of one and by two, at midnight,
# on either side of the equator, and those that never do.
ZONES = (
    *("Asia/Shanghai", "Asia/Kathmandu", "Europe/London", "America/New_York", "Africa/Cairo"),
    *("America/St_Johns", "Australia/Lord_Howe", "Pacific/Chatham", "Antarctica/Troll"),
)


def _days_of_change(zone: str) -> list[dt.datetime]:
    """The days of the year after NOW, from 0:00 UTC, on which clocks of the zone change."""
    days = [NOW.replace(hour=0) + number * DAY for number in range(1, 270)]
    return [
        day
        for day in days
        if day.astimezone(ZoneInfo(zone)).utcoffset()
        != (day + DAY).astimezone(ZoneInfo(zone)).utcoffset()
    ]


DAYS = {zone: [dt.datetime(2027, 4, 10, tzinfo=dt.UTC), *_days_of_change(zone)] for zone in ZONES}


@dataclass(frozen=True)
class Thing:
    """One thing that takes place, by the numbers of its group and its hall."""

    starts: dt.datetime
    ends: dt.datetime
    group: int
    hall: int
    is_tentative: bool
    is_busy: bool
    is_all_day: bool

    def times(self, zone: str) -> tuple[dt.datetime, dt.datetime] | tuple[dt.date, dt.date]:
        """From and until: instants, or days of the zone."""
        if not self.is_all_day:
            return self.starts, self.ends
        first, last = (each.astimezone(ZoneInfo(zone)) for each in (self.starts, self.ends))
        return first.date(), last.date()


@dataclass(frozen=True)
class Plan:
    """What stands in one release; names are in English and in Chinese."""

    things: dict[str, Thing]
    groups: tuple[tuple[str, str], ...]
    halls: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class History:
    """A programme's releases and when each is published; `mark` tells programmes apart."""

    mark: str
    zone: str
    releases: list[tuple[dt.datetime, Plan]]

    @property
    def scope(self) -> Scope:
        return Scope("plan", self.mark)

    def audience(self, kind: str, number: int = 0) -> Audience:
        return Audience(kind, f"{self.mark}-{number}")

    def drafts(self, plan: Plan) -> list[EntryDraft]:
        return [self._draft(plan, key, thing) for key, thing in plan.things.items()]

    def _draft(self, plan: Plan, key: str, thing: Thing) -> EntryDraft:
        zone = ZoneInfo(self.zone)
        group, hall = plan.groups[thing.group], plan.halls[thing.hall]
        return EntryDraft(
            key=key,
            starts_at=thing.starts.astimezone(zone),
            ends_at=thing.ends.astimezone(zone),
            zone=self.zone,
            texts={
                locale: EntryText(group[number], hall[number])
                for number, locale in enumerate(("en", "zh_Hans"))
            },
            audiences=frozenset(
                {
                    self.audience("programme"),
                    self.audience("person", thing.group),
                    self.audience("venue", thing.hall),
                }
            ),
            is_tentative=thing.is_tentative,
            is_busy=thing.is_busy,
            is_all_day=thing.is_all_day,
        )


@dataclass(frozen=True)
class Known:
    """What calendars must say of one thing after a release."""

    thing: Thing
    group: tuple[str, str]
    hall: tuple[str, str]
    sequence: int
    modified: dt.datetime
    is_cancelled: bool = False


def known_after(history: History) -> Iterator[dict[str, Known]]:
    """Yield, release by release, what calendars must say of each thing."""
    known: dict[str, Known] = {}
    for now, plan in history.releases:
        known = {
            key: _told(known.get(key), plan, key, now)
            for key in KEYS
            if key in known or key in plan.things
        }
        yield known


def _told(before: Known | None, plan: Plan, key: str, now: dt.datetime) -> Known:
    if key not in plan.things:
        assert before is not None
        wished = replace(before, is_cancelled=True)
    else:
        thing = plan.things[key]
        names = plan.groups[thing.group], plan.halls[thing.hall]
        if before is None:
            return Known(thing, *names, sequence=0, modified=now)
        wished = replace(before, thing=thing, group=names[0], hall=names[1], is_cancelled=False)
    assert before is not None
    if _shown(wished) == _shown(before):
        return wished
    later = max(now, before.modified + SECOND)
    return replace(wished, sequence=before.sequence + 1, modified=later)


def _shown(known: Known) -> Known:
    """Numbers are no names, and whole days are free whatever is said."""
    is_busy = known.thing.is_busy and not known.thing.is_all_day
    return replace(known, thing=replace(known.thing, group=0, hall=0, is_busy=is_busy))


_names = st.tuples(texts, texts)
_pauses = st.sampled_from([dt.timedelta(0), 300 * SECOND / 1000, 60 * MINUTE, DAY])


@st.composite
def _times(draw: st.DrawFn, zone: str) -> dict[str, object]:
    day = draw(st.sampled_from(DAYS[zone]))
    if draw(st.integers(0, 4)) == 0:
        place = ZoneInfo(zone)
        first = day.date() + draw(st.integers(-1, 1)) * DAY
        last = first + draw(st.integers(1, 3)) * DAY
        starts, ends = (
            dt.datetime.combine(each, dt.time(), place).astimezone(dt.UTC) for each in (first, last)
        )
        return {"starts": starts, "ends": ends, "is_all_day": True}
    starts = day + draw(st.integers(-600, 2_040)) * MINUTE
    ends = starts + draw(st.integers(1, 600)) * MINUTE
    return {"starts": starts, "ends": ends, "is_all_day": False}


@st.composite
def _things(draw: st.DrawFn, zone: str) -> Thing:
    return Thing(
        **draw(_times(zone)),  # type: ignore[arg-type]
        group=draw(st.integers(0, 1)),
        hall=draw(st.integers(0, 1)),
        is_tentative=draw(st.booleans()),
        is_busy=draw(st.booleans()),
    )


@st.composite
def _next(draw: st.DrawFn, zone: str, before: list[Plan]) -> Plan:
    """Move or add, cancel, rename a group or a hall, publish the same, or roll back."""
    plan = before[-1]
    change = draw(st.sampled_from(["move", "move", "cancel", "group", "hall", "same", "back"]))
    key = draw(st.sampled_from(KEYS))
    if change == "move":
        return replace(plan, things=plan.things | {key: draw(_moved(zone, plan.things.get(key)))})
    if change == "cancel":
        left = {each: thing for each, thing in plan.things.items() if each != key}
        return replace(plan, things=left)
    if change == "group":
        return replace(plan, groups=(draw(_names), plan.groups[1]))
    if change == "hall":
        return replace(plan, halls=(draw(_names), plan.halls[1]))
    return plan if change == "same" else draw(st.sampled_from(before))


@st.composite
def _moved(draw: st.DrawFn, zone: str, thing: Thing | None) -> Thing:
    """To another time alone, to another hall alone, or made anew."""
    if thing is None or draw(st.booleans()):
        return draw(_things(zone))
    if draw(st.booleans()):
        return replace(thing, hall=1 - thing.hall)
    return replace(thing, **draw(_times(zone)))  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Two to six releases of up to four things in two halls, a moment or a day apart."""
    zone = draw(st.sampled_from(ZONES))
    things = draw(st.dictionaries(st.sampled_from(KEYS), _things(zone), max_size=len(KEYS)))
    names = [draw(_names) for _ in range(4)]
    plans = [Plan(things, (names[0], names[1]), (names[2], names[3]))]
    for _ in range(draw(st.integers(1, 5))):
        plans.append(draw(_next(zone, plans)))
    pauses = [dt.timedelta(0), *(draw(_pauses) for _ in plans[1:])]
    instants = [NOW + sum(pauses[: number + 1], dt.timedelta()) for number in range(len(plans))]
    return History(next(_marks), zone, list(zip(instants, plans, strict=True)))


_marks = (f"M{number}" for number in itertools.count())
