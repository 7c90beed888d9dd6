"""Why this room refuses; its sentences stand in `panels.texts`."""

from enum import StrEnum


class Refusal(StrEnum):
    """What a coordinator or a reviewer is told."""

    CATEGORY_TAKEN = "panel_category_taken"
    CATEGORY_IN_USE = "panel_category_in_use"
    CATEGORY_MISSING = "panel_category_missing"
    CRITERIA_IN_USE = "panel_criteria_in_use"
    NO_CRITERIA = "panel_no_criteria"
    REVIEWER_TWICE = "panel_reviewer_twice"
    REVIEWER_HAS_JUDGED = "panel_reviewer_has_judged"
    REVIEWER_BUSY = "panel_reviewer_has_case"
    REVIEWER_OF_SCHOOL = "panel_reviewer_of_school"
    TOO_FEW_REVIEWERS = "panel_too_few_reviewers"
    JUDGED_ALREADY = "panel_judged_already"
    PANEL_CLOSED = "panel_closed"
    TOO_LATE = "panel_too_late"
    MARK_MISSING = "panel_mark_missing"
    MARK_OUT_OF_RANGE = "panel_mark_out_of_range"
    COMMENT_TOO_LONG = "panel_comment_too_long"
    REASON_MISSING = "panel_reason_missing"
