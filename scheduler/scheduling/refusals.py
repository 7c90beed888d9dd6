"""Why planning refuses; sentences in `scheduling.texts`."""

from enum import StrEnum


class Refusal(StrEnum):
    """Codes of what a coordinator can be told when planning says no."""

    NO_ACCEPTED_GROUPS = "plan_no_accepted_groups"
    NO_VENUES = "plan_no_venues"
    NO_HOURS = "plan_no_hours"
    ALREADY_SOLVING = "plan_already_solving"
    NOT_A_DRAFT = "plan_not_a_draft"
    BROKEN_RULES = "plan_broken_rules"
    NOTHING_CHANGED = "plan_nothing_changed"
    NO_SUCH_VENUE = "plan_no_such_venue"
    OUTSIDE_DAYS = "plan_outside_days"
    SLOT_LOCKED = "plan_slot_locked"
    PUBLISHED_PLAN = "plan_published"
    STRETCH_ORDER = "happening_stretch_order"
    NOT_GOING_ON = "happening_not_going_on"
    HAPPENING_OVER = "happening_over"
    NOTHING_PUBLISHED = "happening_nothing_published"
    NOBODY_HIT = "happening_nobody_hit"
    RESERVE_TAKEN = "reserve_taken"
    NO_RESERVE = "reserve_none"
    SECOND_CONFIRMATION = "plan_second_confirmation"
    SECOND_ASKED_ALREADY = "plan_second_asked_already"
    SECOND_TOO_EARLY = "plan_second_too_early"
    SECOND_REASON = "plan_second_reason"
    HALF_A_BREAK = "staff_half_a_break"
    STAFF_HOURS_OVERLAP = "staff_hours_overlap"
    BUSY_ORDER = "busy_time_order"
