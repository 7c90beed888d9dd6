"""Why the outbox refuses; sentences in `notifications.texts`."""

from enum import StrEnum


class MailRefusal(StrEnum):
    NOTHING_TO_DECIDE = "mail_nothing_to_decide"
