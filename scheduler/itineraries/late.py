"""What a delay would move, and what would then be doubtful: looked at before anything is moved."""

from dataclasses import dataclass

from flask_babel import get_locale

from scheduler.calendars.timetable import span, zones_in_words
from scheduler.formats import format_day, local
from scheduler.itineraries import findings, services, shifting
from scheduler.itineraries.entries import name_in
from scheduler.itineraries.findings import Item
from scheduler.itineraries.models import ItineraryItem
from scheduler.itineraries.shifting import Reach
from scheduler.itineraries.texts import finding_text


@dataclass(frozen=True, slots=True)
class Move:
    """An item with its times now and then; chosen unless it is also for others."""

    ref: str
    name: str
    zone: str
    was: str
    will_be: str
    is_for_others: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move, and what would be doubtful if all that is chosen did, and was not before."""

    moves: tuple[Move, ...]
    doubts: tuple[str, ...]


def late_preview(late: ItineraryItem, minutes: int, reach: Reach) -> Preview:
    """Return what would come of a delay. Writes nothing; raises `Refused` for no minutes."""
    services.demand_minutes(minutes)
    items = services.items_of(late.programme)
    groups = services.tour_groups(late.programme)
    names = {item.ref: name_in(item, str(get_locale())) for item in items}
    reached = shifting.following(items, late, reach)
    moves = [_move(item, late, minutes, names[item.ref]) for item in reached]
    chosen = {move.ref for move in moves if not move.is_for_others}
    after: list[Item] = [
        shifting.later(item, minutes) if item.ref in chosen else item for item in items
    ]
    before = services.doubts_about(items, groups)
    new = [each for each in services.doubts_about(after, groups) if each not in before]
    return Preview(tuple(moves), tuple(_sentence(each, names) for each in new))


def _sentence(finding: findings.Finding, names: dict[str, str]) -> str:
    return f"{names[finding.ref]}: {finding_text(finding, names)}"


def _move(item: ItineraryItem, late: ItineraryItem, minutes: int, name: str) -> Move:
    then = shifting.later(item, minutes)
    locale = str(get_locale())
    return Move(
        ref=item.ref,
        name=name,
        zone=zones_in_words(item.times, item.starts_zone, item.ends_zone, locale),
        was=_when(item),
        will_be=_when(then),
        is_for_others=shifting.concerns_others(item, late),
    )


def _when(item: Item) -> str:
    day = format_day(local(item.starts_at, item.starts_zone).date())
    return f"{day} {span((item.starts_at, item.ends_at), item.starts_zone, item.ends_zone)}"
