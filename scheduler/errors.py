"""The family of errors that services raise; only `web` turns them into answers."""

from enum import StrEnum
from typing import Any


class SchedulerError(Exception):
    """Something that a person can be told about."""


class NotFound(SchedulerError):  # noqa: N818 - said as it is read in a service
    """There is no such thing, or this person may not know of it (404)."""


class NotAllowed(SchedulerError):  # noqa: N818 - said as it is read in a service
    """The person is known and may not do this (403)."""


class Refused(SchedulerError):  # noqa: N818 - said as it is read in a service
    """A rule says no (409, or an error beside a field).

    `code` is a member of a room's enum of refusals; the room's `texts` module has its sentence.
    `facts` fill the sentence's placeholders; `field` names the form field it belongs to, if one.
    """

    def __init__(self, code: StrEnum, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(str(code))
        self.code = code
        self.field = field
        self.facts = facts


class Conflict(SchedulerError):  # noqa: N818 - said as it is read in a service
    """The page that the decision was made on is no longer true (409, stale version)."""
