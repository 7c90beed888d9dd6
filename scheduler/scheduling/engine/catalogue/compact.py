"""Rules about the days of people who are there for many activities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.terms import Expr


@dataclass(frozen=True, kw_only=True)
class CompactDays(ProgrammeRule):
    """Whoever attends these, such as a jury, has compact days: each minute of waiting counts 1.

    That is what lies between the first and the last of a day without any of them, beyond
    `pause_minutes` a day. With `with_warm_up` they attend that as well.
    """

    kind: ClassVar[str] = "compact_days"
    looks_at_times: ClassVar[bool] = True
    looks_at_turns: ClassVar[bool] = True

    pause_minutes: int = 0
    with_warm_up: bool = False

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        by_day: defaultdict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for id_ in seen.placed(self.activities):
            activity = seen.problem.activity_by_id[id_]
            offset = activity.begins if self.with_warm_up else activity.stage_begins
            by_day[seen.day(id_)].append((seen.start(id_) + offset, seen.end(id_), id_))
        for stays in by_day.values():
            begin, end = min(stays)[0], max(end for _, end, _ in stays)
            waited = end - begin - sum(end - begin for begin, end, _ in stays)
            if waited > self.pause_minutes:
                facts = {"minutes": waited, "pause_minutes": self.pause_minutes, "start": begin}
                ids = tuple(id_ for _, _, id_ in sorted(stays))
                yield Breach(ids, waited - self.pause_minutes, facts)

    def amount(self, model: Model) -> Expr:
        rows = model.rows(self.activities, with_warm_up=self.with_warm_up)
        beyond = []
        for day_number, day in enumerate(model.problem.days):
            stays = model.stays(rows, day_number)
            if stays:
                minutes = model.cp.new_int_var(0, day.minutes, f"{self.id} waits")
                model.cp.add(minutes >= model.idle(stays) - self.pause_minutes)
                beyond.append(minutes)
        return model.total(beyond)

    def flaw(self) -> str | None:
        return super().flaw() or ("bad_pause" if self.pause_minutes < 0 else None)
