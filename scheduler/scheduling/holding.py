"""What a search leaves alone of the timetable from which it begins: which groups, what of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from scheduler.formats import local
from scheduler.scheduling.basis import Basis, Place
from scheduler.scheduling.engine import Lock
from scheduler.scheduling.engine.catalogue import InOrder, ProgrammeRule
from scheduler.scheduling.models import PlanMethod
from scheduler.scheduling.situation import Situation, with_lengths

if TYPE_CHECKING:
    import datetime as dt

ORDER_ID = "kept order:"


class Keep(StrEnum):
    """What groups keep that may move: the venue, the time on stage, the order in their venue."""

    VENUE = "venue"
    TIME = "time"
    ORDER = "order"


class PartKind(StrEnum):
    """By what a part of the programme is chosen."""

    CATEGORY = "category"
    VENUE = "venue"
    DAY = "day"


@dataclass(frozen=True)
class Holding:
    """How much may move. Without a `part` (such as "category:choirs") every group may.

    Groups without a place are placed in any case, locked ones stay in any case.
    """

    method: PlanMethod
    part: str = ""
    keeps: tuple[Keep, ...] = ()

    def of(self, situation: Situation, basis: Basis) -> Situation:
        """Return the situation with locks, and rules of order, on what must be left alone.

        Everybody is on stage as long as in the basis.
        """
        situation = with_lengths(situation, basis.lengths(situation))
        stays = {ref for ref, place in basis.places.items() if self._stays(situation, ref, place)}
        problem = situation.problem
        locks = (
            *_locks(situation, basis, stays, whole=True),
            *_locks(situation, basis, basis.places.keys() - stays, keeps=self.keeps),
        )
        rules = _orders(situation, basis) if Keep.ORDER in self.keeps else ()
        held = replace(
            problem, locks=tuple(sorted(locks, key=_name)), rules=(*problem.rules, *rules)
        )
        return replace(situation, problem=held)

    def _stays(self, situation: Situation, ref: str, place: Place) -> bool:
        if self.method is PlanMethod.FILL or place.is_locked:
            return True
        return bool(self.part) and self.part not in parts_with(situation, ref, place)


def parts_with(situation: Situation, ref: str, place: Place) -> set[str]:
    """Return the parts of the programme that an item in this place belongs to."""
    day = local(place.starts_at, situation.timescale.zone).date()
    categories = {group.category.code for group in situation.items[ref].groups}
    return {
        *(part_name(PartKind.CATEGORY, category) for category in categories),
        part_name(PartKind.VENUE, place.venue_code),
        part_name(PartKind.DAY, day.isoformat()),
    }


def part_name(kind: PartKind, name: str) -> str:
    """Return what a part is called in forms and jobs."""
    return f"{kind}:{name}"


def _name(lock: Lock) -> str:
    return lock.activity


def _locks(
    situation: Situation,
    basis: Basis,
    refs: Iterable[str],
    *,
    whole: bool = False,
    keeps: Iterable[Keep] = (),
) -> Iterator[Lock]:
    minute = situation.timescale.minute
    for ref in refs:
        place = basis.places[ref]
        venue = place.venue_code if whole or Keep.VENUE in keeps else None
        start = minute(place.starts_at) if whole or Keep.TIME in keeps else None
        if venue is not None or start is not None:
            yield Lock(ref, venue, start)


def _orders(situation: Situation, basis: Basis) -> Iterator[ProgrammeRule]:
    """Yield the order on each stage and day; who comes to a stage anew may come in between."""
    lines: defaultdict[tuple[str, dt.date], list[tuple[dt.datetime, str]]] = defaultdict(list)
    for ref, place in basis.places.items():
        day = local(place.starts_at, situation.timescale.zone).date()
        lines[place.venue_code, day].append((place.starts_at, ref))
    for (venue, day), line in sorted(lines.items()):
        if len(line) > 1:
            refs = tuple(ref for _at, ref in sorted(line))
            yield InOrder(id=f"{ORDER_ID}{venue} {day}", activities=refs)
