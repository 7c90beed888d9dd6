"""Why programmes, categories and venues refuse; sentences in `programmes.texts`."""

from enum import StrEnum


class Refusal(StrEnum):
    CODE_TAKEN = "programme_code_taken"
    DATES_ORDER = "dates_order"
    DATES_FAR_APART = "dates_far_apart"
    DATES_EXCLUDE_HOURS = "dates_exclude_hours"
    WINDOW_ORDER = "window_order"
    ZONE_IN_USE = "zone_in_use"
    PROGRAMME_IN_USE = "programme_in_use"
    PROGRAMME_HAS_COORDINATORS = "programme_has_coordinators"
    TIME_SKIPPED = "time_skipped"
    TIME_REPEATED = "time_repeated"
    SIZE_ORDER = "size_order"
    BIRTH_ORDER = "birth_order"
    PLACES_BELOW_TAKEN = "places_below_taken"
    CATEGORY_IN_USE = "category_in_use"
    HALF_A_PLACE = "venue_half_a_place"
    VENUE_IN_USE = "venue_in_use"
    ROW_INCOMPLETE = "row_incomplete"
    HOURS_ORDER = "hours_order"
    HOURS_OVERLAP = "hours_overlap"
    CLOSURE_ORDER = "closure_order"
    ATTENDANCE_ORDER = "attendance_order"
