"""Why lotteries refuse; sentences in `lotteries.texts`."""

from enum import StrEnum


class Refusal(StrEnum):
    NOT_A_DRAFT = "lottery_not_a_draft"
    NOT_FROZEN = "lottery_not_frozen"
    NOT_DRAWN = "lottery_not_drawn"
    NO_CATEGORY = "lottery_no_category"
    NO_ENTRANTS = "lottery_no_entrants"
    NO_PLACES = "lottery_no_places"
    TOO_MANY_PLACES = "lottery_too_many_places"
    SEED_NOT_IN_FUTURE = "lottery_seed_not_in_future"
    SEED_TOO_EARLY = "lottery_seed_too_early"
    SEED_UNREADABLE = "lottery_seed_unreadable"
    REASON_NEEDED = "lottery_reason_needed"
    ENTRANTS_CHANGED = "lottery_entrants_changed"
