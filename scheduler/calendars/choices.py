"""What the owner of a calendar wants to find in it. Pure."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.calendars.entries import EntryKind

ALARMS = (15, 30, 60, 120, 1_440)
"""Minutes before an entry at which a calendar can call; who wants none has none."""

EVENING = 18 * 60
"""Minutes after midnight: when a reminder of the next day comes unless another time is chosen."""

_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Naming(StrEnum):
    """How much a calendar says of whose an entry is (R7: never more than first names)."""

    NAMES = "names"
    INITIALS = "initials"
    NONE = "none"


class ReminderKind(StrEnum):
    """When a mail reminds of an entry, if it does."""

    NONE = "none"
    DAY_BEFORE = "day_before"
    TWO_HOURS_BEFORE = "two_hours_before"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder by mail; `minute` is the local minute of the day before, from midnight."""

    kind: ReminderKind = ReminderKind.NONE
    minute: int = EVENING

    def due_at(self, starts_at: dt.datetime, zone: str) -> dt.datetime | None:
        """Return when to remind of what starts at an instant, in the owner's zone; in UTC."""
        if self.kind is ReminderKind.NONE:
            return None
        if self.kind is ReminderKind.TWO_HOURS_BEFORE:
            return starts_at - dt.timedelta(hours=2)
        local = starts_at.astimezone(ZoneInfo(zone))
        day = local.date() - dt.timedelta(days=1)
        at = dt.time(*divmod(self.minute, 60), tzinfo=ZoneInfo(zone))
        return dt.datetime.combine(day, at).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Choice:
    """One owner's choice for one calendar; `kinds` is None for all, also those that come later."""

    kinds: frozenset[EntryKind] | None = None
    alarm_minutes: int | None = None
    has_cancelled: bool = True
    naming: Naming = Naming.INITIALS

    def includes(self, kind: EntryKind, *, is_cancelled: bool) -> bool:
        """Tell whether an entry belongs into this calendar."""
        if is_cancelled and not self.has_cancelled:
            return False
        return self.kinds is None or kind in self.kinds

    def word_for(self, labels: frozenset[str]) -> str:
        """Return what stands before the title of an entry that concerns those with the labels."""
        if self.naming is Naming.NONE:
            return ""
        shown = {
            label if self.naming is Naming.NAMES else initial(label) for label in labels if label
        }
        return ", ".join(sorted(shown))


def initial(name: str) -> str:
    """Return a first name cut to its first sign: "Ada" is "A.", 文 stays 文."""
    first = name.strip()[:1]
    return first if not first or _HAN.match(first) else f"{first}."
