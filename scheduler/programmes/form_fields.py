"""What a field is that coordinators add to a programme's entry form. Pure: knows no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MARK = "form:"
"""Stands before a field's code wherever fields of the house and of coordinators are mixed."""

Answers = Mapping[str, str]
"""Stored answers by field code. What is not answered is not there."""


class FieldOwner(StrEnum):
    """Whom a field asks about: the group as a whole, or each pupil in it."""

    GROUP = "group"
    MEMBER = "member"


class FieldKind(StrEnum):
    """What is answered. It cannot change once somebody has answered."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"
    DURATION = "duration"
    FILE = "file"
    VIDEO = "video"
    PERSON = "person"


class Audience(StrEnum):
    """Who answers. Staff and the school's officers read what schools and leaders answer."""

    EVERYBODY = "everybody"
    OFFICER = "officer"
    LEADER = "leader"
    STAFF = "staff"


class AskedWhen(StrEnum):
    """From when on a field is asked."""

    ENTRY = "entry"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. A retired one is shown where it was given and not offered any more."""

    code: str
    names: Mapping[str, str]
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A field is asked only if another one of the same owner has one of these values.

    Without values any answer of the other field will do.
    """

    field: str
    values: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FieldSpec:
    """A field as the entry form, the workbook and the pages read it.

    `least` and `most` limit numbers, and `most` the characters of a text. `categories` are codes;
    none means all.
    """

    code: str
    owner: FieldOwner
    kind: FieldKind
    names: Mapping[str, str]
    helps: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    least: float | None = None
    most: float | None = None
    condition: Condition | None = None
    audience: Audience = Audience.EVERYBODY
    asked_when: AskedWhen = AskedWhen.ENTRY
    is_required: bool = False
    categories: frozenset[str] = frozenset()
    is_retired: bool = False

    @property
    def mark(self) -> str:
        """Return the name of the field among columns, form fields and marks."""
        return f"{MARK}{self.code}"

    @property
    def is_for_school(self) -> bool:
        """Tell whether the school is asked, by its officers or its leader."""
        return not self.is_retired and self.audience is not Audience.STAFF

    def is_of(self, category: str) -> bool:
        """Tell whether entries of the category are asked."""
        return not self.categories or category in self.categories

    def is_asked(self, answers: Answers) -> bool:
        """Tell whether the field's condition holds among the answers of the same owner."""
        if self.condition is None:
            return True
        given = answers.get(self.condition.field)
        if given is None:
            return False
        return not self.condition.values or given in self.condition.values


def is_mark(name: str) -> bool:
    """Tell whether a name stands for a coordinator's field."""
    return name.startswith(MARK)


def code_of(mark: str) -> str:
    """Return the code of the field that a mark stands for."""
    return mark.removeprefix(MARK)
