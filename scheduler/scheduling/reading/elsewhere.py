"""Why a group of a draft stands where it does and where else it could stand, put into words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.errors import NotFound, Refused
from scheduler.programmes.models import Venue
from scheduler.scheduling.board.editing import Wanted
from scheduler.scheduling.engine import Placement
from scheduler.scheduling.engine import Plan as EnginePlan
from scheduler.scheduling.engine.check import Violation
from scheduler.scheduling.engine.elsewhere import Survey, survey
from scheduler.scheduling.engine.giving_way import GivingWay, give_way
from scheduler.scheduling.engine.moves import Change, change_to
from scheduler.scheduling.items import Item
from scheduler.scheduling.models import Plan, PlanState, Slot
from scheduler.scheduling.reading.effect_texts import effect_sentences
from scheduler.scheduling.reading.taking import kept
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.rule_texts import Names, broken_sentence, reason_sentence
from scheduler.scheduling.rules.places import Place, place_of
from scheduler.scheduling.services import slots_of_plan
from scheduler.scheduling.situation import Situation, plan_of_slots, situation_of_draft

HOLDS_AT_MOST = 8
SWAPS_AT_MOST = 5


@dataclass(frozen=True)
class Stop:
    """A group's place in a change: where it was, None if it had no place, and where it goes."""

    item: Item
    was: tuple[Venue, dt.datetime] | None
    now: tuple[Venue, dt.datetime]


@dataclass(frozen=True)
class Told:
    """A change in words: who goes where, what breaks, what gets better and worse, its cost."""

    stops: list[Stop]
    broken: list[str]
    mended: list[str]
    effects: list[str]
    cost: int


@dataclass(frozen=True)
class HoldTold:
    """A rule that keeps a group from so many places, where it is set, what it makes dearer."""

    text: str
    place: Place | None
    count: int
    cheaper: Told | None


@dataclass(frozen=True)
class SurveyTold:
    """The whole survey of a group's places in words."""

    tried: int
    free: int
    best: list[Told]
    holds: list[HoldTold]
    swaps: list[Told]


@dataclass(frozen=True)
class GivingWayTold:
    """What comes of it when others may give way."""

    answer: str
    forbids: list[str]
    change: Told | None
    is_fewest: bool

    @property
    def moves(self) -> str:
        """The moves of the change, as the button that makes them keeps them."""
        stops = self.change.stops if self.change else []
        return kept(Wanted(stop.item.ref, stop.now[0].code, stop.now[1]) for stop in stops)


class Whereabouts:
    """One group within a draft, as it is now; raises `NotFound` for who is not planned."""

    def __init__(self, plan: Plan, application_ref: str) -> None:
        if plan.state is not PlanState.DRAFT:
            raise NotFound
        slots = slots_of_plan(plan)
        self._situation = situation_of_draft(plan, slots)
        if application_ref not in self._situation.items:
            raise NotFound
        self._ref = application_ref
        self._plan = plan_of_slots(_known(slots, self._situation), self._situation.timescale)
        self._words = _Words(self._situation, self._plan)
        self.item = self._situation.items[application_ref]
        self.slot = next((s for s in slots if s.item.ref == application_ref), None)

    def survey(self) -> SurveyTold:
        """Try every place while all others stay."""
        return self._words.survey(survey(self._situation.problem, self._plan, self._ref))

    def alone(self, venue_code: str, starts_at: dt.datetime) -> Told:
        """Return what follows when only this group goes there."""
        place = self._place(venue_code, starts_at)
        return self._words.told(change_to(self._situation.problem, self._plan, [place]))

    def with_others(self, venue_code: str, starts_at: dt.datetime) -> GivingWayTold:
        """Return what follows when as few others as possible give way."""
        place = self._place(venue_code, starts_at)
        return self._words.giving_way(give_way(self._situation.problem, self._plan, place))

    def _place(self, venue_code: str, starts_at: dt.datetime) -> Placement:
        days = self._situation.problem.days
        minute = self._situation.timescale.minute(starts_at)
        if not days[0].start <= minute < days[-1].end:
            raise Refused(Refusal.OUTSIDE_DAYS, field="starts_at")
        return Placement(self._ref, venue_code, minute)


def _known(slots: Iterable[Slot], situation: Situation) -> list[Slot]:
    return [slot for slot in slots if slot.item.ref in situation.items]


class _Words:
    """Puts what the engine found into the reader's language."""

    def __init__(self, situation: Situation, plan: EnginePlan) -> None:
        self._situation = situation
        self._plan = plan
        self._names = Names(situation)

    def survey(self, found: Survey) -> SurveyTold:
        programme = self._situation.programme.code
        return SurveyTold(
            found.tried,
            found.free,
            [self.told(one) for one in found.best],
            [
                HoldTold(
                    reason_sentence(hold.rule.code, hold.rule.ids, hold.rule.facts, self._names),
                    place_of(hold.rule.code, hold.rule.ids, programme),
                    hold.places,
                    None if hold.cheaper is None else self.told(hold.cheaper),
                )
                for hold in found.holds[:HOLDS_AT_MOST]
            ],
            [self.told(one) for one in found.swaps[:SWAPS_AT_MOST]],
        )

    def giving_way(self, found: GivingWay) -> GivingWayTold:
        change = None if found.change is None else self.told(found.change)
        forbids = self._sentences(found.forbids)
        return GivingWayTold(str(found.answer), forbids, change, found.is_fewest)

    def told(self, change: Change) -> Told:
        return Told(
            [self._stop(place) for place in change.places],
            self._sentences(change.broken),
            self._sentences(change.mended),
            effect_sentences(change),
            change.cost,
        )

    def _sentences(self, found: Iterable[Violation]) -> list[str]:
        said = (broken_sentence(one.code, one.ids, one.facts, self._names) for one in found)
        return list(dict.fromkeys(said))

    def _stop(self, place: Placement) -> Stop:
        was = self._plan.by_activity.get(place.activity)
        item = self._situation.items[place.activity]
        return Stop(item, None if was is None else self._at(was), self._at(place))

    def _at(self, place: Placement) -> tuple[Venue, dt.datetime]:
        return self._situation.venues[place.venue], self._situation.timescale.instant(place.start)
