"""The rules of a timetable that coordinators can choose: each on or off, hard or at a price."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.scheduling.engine import Weights


class RuleCode(StrEnum):
    """A rule that a programme can switch; wishes are called as the engine's weights are."""

    BLOCK = "block"
    ARRIVAL = "region_attendance"
    PRIMARY_END = "primary_latest_end"
    ONE_DAY = "one_day"
    ONE_VENUE = "one_venue"
    LOTS = "drawn_lots"
    EARLY = "few_early"
    COMPACT_DAYS = "compact_days"
    WAITING = "waiting"
    SCHOOL_GAP = "school_gap"
    EXTRA_DAYS = "extra_days"
    VENUE_MOVES = "venue_moves"
    REGION_RUNS = "region_runs"
    JURY_IDLE = "jury_idle"
    VENUE_IDLE = "venue_idle"


class Strength(StrEnum):
    """How much a rule counts."""

    HOLDS = "holds"
    WISH = "wish"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a rule; `weight` is what one unit costs while it is a wish.

    `minutes` is the rule's own number, for the few that have one.
    """

    strength: Strength
    weight: int | None = None
    minutes: int | None = None

    @property
    def is_on(self) -> bool:
        return self.strength is not Strength.OFF

    @property
    def price(self) -> int:
        """What one unit costs, 0 while the rule is off. A rule that must hold has no price."""
        return (self.weight or 0) if self.strength is Strength.WISH else 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A rule that can be chosen: how strong it may be, what is the default and its usual price.

    `default.minutes` is the usual number of minutes of a rule that has such a number.
    """

    code: RuleCode
    strengths: tuple[Strength, ...]
    default: Choice
    usual_weight: int | None = None


_WISHES = Weights.__dataclass_fields__


def _hard(code: RuleCode) -> Offer:
    return Offer(code, (Strength.HOLDS, Strength.OFF), Choice(Strength.HOLDS))


def _either(
    code: RuleCode,
    weight: int,
    default: Strength = Strength.OFF,
    minutes: int | None = None,
) -> Offer:
    every = (Strength.HOLDS, Strength.WISH, Strength.OFF)
    return Offer(code, every, Choice(default, minutes=minutes), weight)


def _wish(code: RuleCode) -> Offer:
    weight = getattr(Weights(), code)
    return Offer(code, (Strength.WISH, Strength.OFF), Choice(Strength.WISH, weight), weight)


OFFERS: Mapping[RuleCode, Offer] = {
    offer.code: offer
    for offer in (
        *map(_hard, (RuleCode.BLOCK, RuleCode.ARRIVAL, RuleCode.PRIMARY_END)),
        _either(RuleCode.ONE_DAY, 120),
        _either(RuleCode.ONE_VENUE, 60),
        _either(RuleCode.LOTS, 60, default=Strength.HOLDS),
        _either(RuleCode.EARLY, 120, minutes=60),
        _either(RuleCode.COMPACT_DAYS, 2, minutes=90),
        *(_wish(code) for code in RuleCode if code in _WISHES),
    )
}

Choices = Mapping[RuleCode, Choice]


def weights_of(choices: Choices) -> Weights:
    """Return the engine's weights: what each wish costs, 0 for those that are off."""
    return Weights(**{name: choices[RuleCode(name)].price for name in _WISHES})
