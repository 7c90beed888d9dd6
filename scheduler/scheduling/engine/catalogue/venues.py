"""Rules about the venues in which activities take place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule, venues_used

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.terms import Expr


@dataclass(frozen=True, kw_only=True)
class OneVenue(ProgrammeRule):
    """All of these in one venue; every further venue counts 1."""

    kind: ClassVar[str] = "one_venue"

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        venues = sorted({seen.venue(id_) for id_ in seen.placed(self.activities)})
        if len(venues) > 1:
            yield Breach(self.activities, len(venues) - 1, {"venues": tuple(venues)})

    def amount(self, model: Model) -> Expr:
        return model.total(venues_used(model, self.activities)) - 1


@dataclass(frozen=True, kw_only=True)
class Seats(ProgrammeRule):
    """A seat for everybody; each person of an activity without a seat in its venue counts 1.

    A venue that does not say how many `seats` it has holds everybody. What cannot be (a stage that
    is too small) is `stage_size`, and no wish.
    """

    kind: ClassVar[str] = "seats"

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        for id_ in seen.placed(self.activities):
            seats = seen.problem.venue_by_id[seen.venue(id_)].seats
            size = seen.problem.activity_by_id[id_].size
            if seats is not None and size > seats:
                yield Breach((id_, seen.venue(id_)), size - seats, {"size": size, "seats": seats})

    def amount(self, model: Model) -> Expr:
        return model.total(
            (size - venue.seats) * here
            for id_ in self.activities
            for venue in model.problem.venues
            if venue.seats is not None
            and (size := model.problem.activity_by_id[id_].size) > venue.seats
            and (here := model.in_venue(id_, venue.id)) is not None
        )
