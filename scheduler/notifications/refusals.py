"""Why the outbox refuses; sentences in `notifications.texts`."""

from enum import StrEnum


class MailRefusal(StrEnum):
    NOTHING_TO_DECIDE = "mail_nothing_to_decide"
    LINKS_GONE = "mail_links_gone"
    PLACEHOLDER_UNKNOWN = "mail_placeholder_unknown"
    PLACEHOLDER_MISSING = "mail_placeholder_missing"
    BRACE_ALONE = "mail_brace_alone"
    TEXT_TOO_LONG = "mail_text_too_long"
