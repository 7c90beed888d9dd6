"""Why something about calendar days is not done; sentences in `workdays.texts`."""

from enum import StrEnum


class WorkdayRefusal(StrEnum):
    """Codes of refusals."""

    NOT_A_WEEKEND = "workdays_not_a_weekend"
    NOTHING_PROPOSED = "workdays_nothing_proposed"
    NOTHING_TO_CONFIRM = "workdays_nothing_to_confirm"
    FILE_HEADINGS = "workdays_file_headings"
    FILE_ROW = "workdays_file_row"
