"""What is too little or tight before anybody has searched: needs against what is left, in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from scheduler.scheduling.engine.inputs import TIGHT, Finding, Shortage, findings
from scheduler.scheduling.rule_texts import Names, grouped_reasons
from scheduler.scheduling.rules.places import Place, place_of
from scheduler.scheduling.situation import Situation

PLACES_AT_MOST = 4

# Where the numbers of each count are set; what is about venues is told for each of them.
_RULES_BEHIND: dict[Shortage, tuple[str, ...]] = {
    Shortage.NO_STAGE_FITS: ("no_stage_fits",),
    Shortage.NO_TIME_FITS: ("opening_hours",),
    Shortage.STAGE_MINUTES: ("opening_hours",),
    Shortage.ROOM_MINUTES: ("room_capacity",),
    Shortage.BLOCK_TOO_LONG: ("block", "opening_hours"),
    Shortage.BLOCKS_PER_SESSION: ("block", "opening_hours"),
    Shortage.PARTY_MINUTES: ("party_rest",),
}
_OF_VENUES = frozenset({"opening_hours", "room_capacity"})


@dataclass(frozen=True)
class Bottleneck:
    """One narrow place: its sentence, needs and what is left, and where it could be widened.

    `is_short` says that no timetable exists as long as it stays so; else it is merely tight.
    """

    text: str
    is_short: bool
    needed: int | None
    available: int | None
    places: list[Place]

    @property
    def percent(self) -> int | None:
        """How much of what is left is needed."""
        return 100 * self.needed // self.available if self.needed and self.available else None


def bottlenecks_of(situation: Situation) -> list[Bottleneck]:
    """Return the narrow places of a programme as its data stand now, shortages first."""
    return _in_words(findings(situation.problem, TIGHT), Names(situation), situation.programme.code)


def kept_bottlenecks(
    reasons: Iterable[Mapping[str, Any]], names: Names, programme: str
) -> list[Bottleneck]:
    """Return what a search that found no timetable has counted, as its draft keeps it."""
    found = [
        Finding(Shortage(one["code"]), tuple(one["ids"]), _with_tuples(one["facts"]))
        for one in reasons
    ]
    return _in_words(found, names, programme)


def _with_tuples(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as the engine has them: JSON knows lists only."""
    return {key: tuple(one) if isinstance(one, list) else one for key, one in facts.items()}


def _in_words(found: Iterable[Finding], names: Names, programme: str) -> list[Bottleneck]:
    ordered = sorted(found, key=_order)
    return [
        _told(list(alike), names, programme)
        for _key, alike in groupby(ordered, key=_shared_sentence)
    ]


def _order(finding: Finding) -> tuple[bool, int]:
    return not finding.is_short, list(Shortage).index(finding.code)


def _told(alike: list[Finding], names: Names, programme: str) -> Bottleneck:
    reasons = [{"code": str(f.code), "ids": list(f.ids), "facts": dict(f.facts)} for f in alike]
    (text,) = grouped_reasons(reasons, names)
    first, is_one = alike[0], len(alike) == 1
    return Bottleneck(
        text,
        first.is_short,
        first.needed if is_one else None,
        first.available if is_one else None,
        _places(first, names, programme),
    )


def _shared_sentence(finding: Finding) -> object:
    """Return what findings have in common that are told in one sentence."""
    return finding.code if finding.code is Shortage.NO_TIME_FITS else (finding.code, finding.ids)


def _places(finding: Finding, names: Names, programme: str) -> list[Place]:
    return list(_unique(_all_places(finding, names, programme)))[:PLACES_AT_MOST]


def _all_places(finding: Finding, names: Names, programme: str) -> Iterator[Place]:
    venues = finding.facts.get("venues", ())
    for limit in _limits(finding):
        yield from _known(place_of("time_limit", (limit,), programme))
    for rule in _RULES_BEHIND[finding.code]:
        if rule not in _OF_VENUES:
            yield from _known(place_of(rule, (), programme))
            continue
        for venue in venues if isinstance(venues, tuple) else ():
            for address, label in _known(place_of(rule, (venue,), programme)):
                named = _("%(label)s: %(content)s", label=names.venues([venue]), content=label)
                yield address, named


def _limits(finding: Finding) -> tuple[str, ...]:
    one, many = finding.facts.get("limit"), finding.facts.get("limits")
    return many if isinstance(many, tuple) else (str(one),) if one else ()


def _known(place: Place | None) -> list[Place]:
    return [] if place is None else [place]


def _unique(places: Iterable[Place]) -> Iterator[Place]:
    seen = set()
    for place in places:
        if place[0] not in seen:
            seen.add(place[0])
            yield place
