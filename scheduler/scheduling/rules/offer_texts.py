"""The rules that can be chosen, in words: what each asks for, and what one unit of it is."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.scheduling.rules.offered import RuleCode, Strength

OFFER_TEXTS: dict[RuleCode, LazyString] = {
    RuleCode.BLOCK: _l("Each category is heard in one block, in one venue, by one jury"),
    RuleCode.ARRIVAL: _l("Travelled groups take part only between arrival and departure"),
    RuleCode.PRIMARY_END: _l("Primary school groups end in time in the evening"),
    RuleCode.ONE_DAY: _l("All groups of a school on one day"),
    RuleCode.ONE_VENUE: _l("All groups of a school in one venue"),
    RuleCode.LOTS: _l("Groups of a category perform in the order of the lots drawn"),
    RuleCode.EARLY: _l("Early slots are shared out among the schools"),
    RuleCode.COMPACT_DAYS: _l("Juries and other staff have compact days"),
    RuleCode.WAITING: _l("Nobody waits long between two performances"),
    RuleCode.SCHOOL_GAP: _l("Two groups of a school leave their teachers time to change"),
    RuleCode.EXTRA_DAYS: _l("Nobody comes on more days than needed"),
    RuleCode.VENUE_MOVES: _l("Nobody changes venue within a day"),
    RuleCode.REGION_RUNS: _l("Regions alternate within a block"),
    RuleCode.JURY_IDLE: _l("Juries do not wait within a block"),
    RuleCode.VENUE_IDLE: _l("Stages do not stand empty between groups"),
}

UNIT_TEXTS: dict[RuleCode, LazyString] = {
    RuleCode.ONE_DAY: _l("Price for each further day of a school"),
    RuleCode.ONE_VENUE: _l("Price for each further venue of a school"),
    RuleCode.LOTS: _l("Price for each pair of neighbours in the wrong order"),
    RuleCode.EARLY: _l("Price for each early slot too many"),
    RuleCode.COMPACT_DAYS: _l("Price for each minute without a group"),
    RuleCode.WAITING: _l("Price for each minute that a person waits"),
    RuleCode.SCHOOL_GAP: _l("Price for each minute missing between two groups"),
    RuleCode.EXTRA_DAYS: _l("Price for each further day of a person"),
    RuleCode.VENUE_MOVES: _l("Price for each change of venue of a person"),
    RuleCode.REGION_RUNS: _l("Price for each pair of neighbours of one region"),
    RuleCode.JURY_IDLE: _l("Price for each minute that a jury waits"),
    RuleCode.VENUE_IDLE: _l("Price for each minute that a stage is empty"),
}

MINUTES_TEXTS: dict[RuleCode, LazyString] = {
    RuleCode.EARLY: _l("Minutes that are early"),
    RuleCode.COMPACT_DAYS: _l("Minutes of pause that are free"),
}

MINUTES_HINTS: dict[RuleCode, LazyString] = {
    RuleCode.EARLY: _l(
        "From the opening of a day's first venue. One early slot for a school, none for a school "
        "that had one at the edition before."
    ),
    RuleCode.COMPACT_DAYS: _l(
        "In a day, between the first and the last group that somebody hears."
    ),
}

STRENGTH_TEXTS: dict[Strength, LazyString] = {
    Strength.HOLDS: _l("must hold"),
    Strength.WISH: _l("is wished for"),
    Strength.OFF: _l("does not count"),
}
