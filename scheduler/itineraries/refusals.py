"""Why something about an itinerary is refused; sentences in `texts`."""

from enum import StrEnum


class Refusal(StrEnum):
    """Codes of what a coordinator can be told."""

    NO_SUCH_AIRPORT = "itinerary_no_such_airport"
    ENDS_BEFORE = "itinerary_ends_before"
    NOTHING_THAT_DAY = "itinerary_nothing_that_day"
    SAME_DAY = "itinerary_same_day"
    NOTHING_CHOSEN = "itinerary_nothing_chosen"
    NO_MINUTES = "itinerary_no_minutes"
    NO_GROUPS = "itinerary_no_groups"
    NOTHING_CHANGED = "itinerary_nothing_changed"
    CHANGED_MEANWHILE = "itinerary_changed_meanwhile"
