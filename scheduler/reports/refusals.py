"""Why exports refuse; the sentences stand in `reports.texts`."""

from enum import StrEnum


class ExportRefusal(StrEnum):
    """What keeps a list or a case from leaving the house."""

    PURPOSE_MISSING = "export_purpose_missing"
    TOO_MANY_ROWS = "export_too_many_rows"
    DECIDED_ALREADY = "export_decided_already"
    NOT_READY = "export_not_ready"
    NO_FONT = "pdf_without_font"
