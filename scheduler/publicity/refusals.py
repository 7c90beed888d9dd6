"""Why public notices and objections refuse; sentences in `publicity.texts`."""

from enum import StrEnum


class Refusal(StrEnum):
    NO_CATEGORY = "notice_no_category"
    NOTHING_TO_PUBLISH = "notice_nothing_to_publish"
    CORRECTION_MISSING = "notice_correction_missing"
    NOTICE_OVER = "notice_over"
    NOTICE_NOT_PUBLISHED = "notice_not_published"
    NOTICE_PUBLISHED = "notice_published"
    REASON_MISSING = "notice_reason_missing"
    OBJECTION_CLOSED = "objection_closed"
    ANSWER_MISSING = "objection_answer_missing"
