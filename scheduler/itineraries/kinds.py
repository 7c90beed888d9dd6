"""What an itinerary is made of, and how much time has to lie before a departure. Pure."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What one item of an itinerary is (domain.md section 5.2)."""

    FLIGHT = "flight"
    TRAIN = "train"
    COACH = "coach"
    FERRY = "ferry"
    STAY = "stay"
    SCHOOL_DAY = "school_day"
    VISIT = "visit"
    TALK = "talk"
    MEAL = "meal"
    FREE = "free"
    BRIEFING = "briefing"
    HAND_OVER = "hand_over"
    MEDICAL = "medical"
    RESERVE = "reserve"


JOURNEYS = frozenset({ItemKind.FLIGHT, ItemKind.TRAIN, ItemKind.COACH, ItemKind.FERRY})
"""What goes from one place to another, perhaps to other clocks."""

GROUND = frozenset({ItemKind.STAY, ItemKind.FREE, ItemKind.RESERVE})
"""What lies beneath other things: these may meet it."""

MINUTES_BEFORE = {ItemKind.FLIGHT: 120, ItemKind.FERRY: 45, ItemKind.TRAIN: 30}
"""So long before it leaves a group has to be there: a house rule, said where it is not kept."""
