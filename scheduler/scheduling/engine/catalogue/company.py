"""Rules about activities that should not stand alone in a day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.terms import Expr, Literal


@dataclass(frozen=True, kw_only=True)
class InCompany(ProgrammeRule):
    """Each of these follows or precedes another of them on the same day, without a pause.

    What stands alone counts 1, such as an isolated lesson of a class. A pause of up to
    `pause_minutes` is none.
    """

    kind: ClassVar[str] = "in_company"
    looks_at_times: ClassVar[bool] = True

    pause_minutes: int = 0

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        by_day: defaultdict[int, list[str]] = defaultdict(list)
        for id_ in seen.placed(self.activities):
            by_day[seen.day(id_)].append(id_)
        for ids in by_day.values():
            for id_ in ids:
                if not any(self._near(seen, id_, other) for other in ids if other != id_):
                    yield Breach((id_,), 1, {})

    def _near(self, seen: Seen, one: str, other: str) -> bool:
        between = max(seen.begin(one) - seen.end(other), seen.begin(other) - seen.end(one))
        return between <= self.pause_minutes

    def amount(self, model: Model) -> Expr:
        near: defaultdict[str, list[Literal]] = defaultdict(list)
        items = [model.problem.activity_by_id[id_] for id_ in self.activities]
        for place, one in enumerate(items):
            for other in items[place + 1 :]:
                literal = self._neighbours(model, one, other)
                near[one.id].append(literal)
                near[other.id].append(literal)
        alone = []
        for one in items:
            literal = model.cp.new_bool_var(f"{self.id}: {one.id} alone")
            model.cp.add(literal + model.total(near[one.id]) >= 1)
            alone.append(literal)
        return model.total(alone)

    def _neighbours(self, model: Model, one: Activity, other: Activity) -> Literal:
        """Return a literal that may be true only when the two are neighbours on one day."""
        near = model.cp.new_bool_var(f"{self.id}: {one.id} {other.id}")
        for begins, ends in ((one, other), (other, one)):
            between = model.start(begins.id, begins.begins) - model.start(ends.id, ends.ends)
            model.cp.add(between <= self.pause_minutes).only_enforce_if(near)
        for day in range(len(model.problem.days)):
            here, there = model.on_day(one.id, day), model.on_day(other.id, day)
            if here is None and there is None:
                continue
            same = model.cp.add((0 if here is None else here) == (0 if there is None else there))
            same.only_enforce_if(near)
        return near
