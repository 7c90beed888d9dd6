"""The fields of an entry that a coordinator can mark when returning it. Pure.

Coordinators' own fields are marked as `form:` and their code; `FormPlan` knows what they are.
"""

from collections.abc import Iterable
from enum import StrEnum

from scheduler.applications.workflow import State


class Field(StrEnum):
    """What of an entry can be returned for changes, as people speak of it."""

    NAME = "name"
    VOICING = "voicing"
    LEADER = "leader"
    CONDUCTOR = "conductor"
    ACCOMPANIST = "accompanist"
    ADVISERS = "advisers"
    CHAPERONES = "chaperones"
    PIECES = "pieces"
    MEMBERS = "members"
    EQUIPMENT = "equipment"
    INTRODUCTION = "introduction"


ALL_FIELDS = frozenset(Field)


def editable_fields(state: State, returned_fields: Iterable[str]) -> frozenset[Field]:
    """Return what the school may change: all of a draft, the marked fields of a returned entry."""
    if state is State.DRAFT:
        return ALL_FIELDS
    if state is State.RETURNED:
        return frozenset(field for field in Field if field in set(returned_fields))
    return frozenset()
