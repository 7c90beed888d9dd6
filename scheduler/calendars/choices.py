"""What the owner of a calendar wants to find in it. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from scheduler.calendars.entries import EntryKind

ALARMS = (15, 30, 60, 120, 1_440)
"""Minutes before an entry at which a calendar can call; who wants none has none."""

_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Naming(StrEnum):
    """How much a calendar says of whose an entry is (R7: never more than first names)."""

    NAMES = "names"
    INITIALS = "initials"
    NONE = "none"


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
