"""What a copied edition's dates would be, before anything is written."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from scheduler.programmes import venue_services
from scheduler.programmes.editions import daily_closures
from scheduler.programmes.kinds import AgeRule
from scheduler.programmes.models import Category, Programme
from scheduler.programmes.moving import Moved, Note, Shift

BIRTH_DATES = ("born_from", "born_to", "age_on")


@dataclass(frozen=True, slots=True)
class Line:
    """One date before and after. `code` says what it is, `name` whose it is.

    Opening hours and closures end at the `until` of each side.
    """

    code: str
    before: dt.date | dt.datetime
    after: dt.date | dt.datetime
    name: dict[str, str] | str = ""
    note: Note | None = None
    before_until: dt.datetime | None = None
    after_until: dt.datetime | None = None

    @property
    def is_day(self) -> bool:
        """Tell whether it is a date without a time."""
        return not isinstance(self.before, dt.datetime)


@dataclass(frozen=True, slots=True)
class Preview:
    """The moved dates by subject, each in order."""

    programme: list[Line]
    venues: list[Line]
    categories: list[Line]
    further: list[Line]


Times = Callable[[Programme, Shift], Iterator[Line]]
_further: list[Times] = []


def on_preview(times: Times) -> None:
    """Have a room's own dates shown as well, which it copies with the edition."""
    if times not in _further:
        _further.append(times)


def preview_of(programme: Programme, shift: Shift) -> Preview:
    """Return every date of the programme with what becomes of it."""
    return Preview(
        [*_days(programme, shift), *_windows(programme, shift), *_attendance(programme, shift)],
        list(_hours(programme, shift)),
        [line for category in programme.categories for line in _births(category, shift)],
        [line for times in _further for line in times(programme, shift)],
    )


def _days(programme: Programme, shift: Shift) -> Iterator[Line]:
    for name in ("starts_on", "ends_on"):
        day = getattr(programme, name)
        yield Line(name, day, shift.day(day))


def _windows(programme: Programme, shift: Shift) -> Iterator[Line]:
    dates: list[tuple[str, dt.datetime]] = [
        ("entry_opens", programme.entry_opens_at),
        ("entry_closes", programme.entry_closes_at),
        *((each.kind.value, each.at) for each in programme.dates),
    ]
    for code, at in sorted(dates, key=lambda pair: pair[1]):
        yield moved_line(code, at, shift.window(at))


def _attendance(programme: Programme, shift: Shift) -> Iterator[Line]:
    for region, window in venue_services.attendance_of(programme).items():
        for code, at in zip(("arrives", "leaves"), window, strict=True):
            if at is not None:
                yield moved_line(code, at, shift.instant(at), region.value)


def _hours(programme: Programme, shift: Shift) -> Iterator[Line]:
    for venue in programme.venues:
        closures = daily_closures(venue, programme.timezone)
        for code, stretches in (
            ("opens", [(each.opens_at, each.closes_at) for each in venue.hours]),
            (
                "shuts",
                [(each.starts_at, each.ends_at) for each in closures],
            ),
        ):
            for starts, ends in stretches:
                line = moved_line(code, starts, shift.instant(starts), venue.name)
                moved = shift.instant(ends)
                note = line.note or moved.note
                yield replace(line, before_until=ends, after_until=moved.at, note=note)


def _births(category: Category, shift: Shift) -> Iterator[Line]:
    for name in BIRTH_DATES:
        day = getattr(category, name)
        is_used = (name == "age_on") == (category.age_rule is AgeRule.AGE_ON_DATE)
        if day is not None and is_used:
            yield Line(name, day, shift.yearly(day) or day, category.names)


def moved_line(code: str, at: dt.datetime, moved: Moved, name: dict[str, str] | str = "") -> Line:
    """Return the line of an instant and of where it goes."""
    return Line(code, at, moved.at, name, moved.note)
