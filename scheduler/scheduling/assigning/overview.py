"""An assignment at a glance: who got which wish, how full each option is, how it ended."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, true

from scheduler.database import db
from scheduler.scheduling.assigning.models import (
    AssignmentOption,
    AssignmentParticipant,
    WishAssignment,
)
from scheduler.scheduling.assigning.taking_part import candidates, found_by

RANK_DIGITS = 2


@dataclass
class OptionUse:
    """How many were given an option, wished it first, and wished it at all."""

    option: AssignmentOption
    given: int = 0
    first: int = 0
    wished: int = 0


@dataclass
class Overview:
    """Counts of those who take part now; `ranks` of whom was given which wish, from 1.

    `unwished` were given an option that they did not wish, `content` had wished nothing, `without`
    have none.
    """

    people: int = 0
    wishing: int = 0
    ranks: dict[int, int] = field(default_factory=dict)
    unwished: int = 0
    content: int = 0
    without: int = 0
    locked: int = 0
    uses: list[OptionUse] = field(default_factory=list)


def list_of(
    assignment: WishAssignment, filters: Mapping[str, str]
) -> tuple[Select[*tuple[Any, ...]], dict[str, Any]]:
    """Return the query for the page's list as `q`, `option` and `given` narrow it, and its sorts.

    Its rows are read by `candidates_from`.
    """
    query = candidates(assignment)
    columns = query.selected_columns
    text = filters.get("q", "").strip()
    if text:
        query = query.where(found_by(assignment, text))
    query = query.where(
        _narrowed_to(assignment, filters.get("option", ""), filters.get("given", ""))
    )
    kept = AssignmentParticipant
    name = (columns["sort"], columns["ref"])
    sorts = {
        "name": name,
        "school": (columns["school"], *name),
        "given": (kept.given_id, *name),
        "rank": (kept.given_rank, *name),
    }
    return query, sorts


def overview_of(assignment: WishAssignment) -> Overview:
    """Count what stands now, in one query."""
    kept = AssignmentParticipant
    rows = db.session.execute(
        candidates(assignment).with_only_columns(
            kept.wishes, kept.given_id, kept.given_rank, kept.locked_id, maintain_column_froms=True
        )
    ).all()
    found = Overview(people=len(rows), uses=[OptionUse(each) for each in assignment.options])
    use_by_key = {use.option.id: use for use in found.uses}
    ranks: Counter[int] = Counter()
    longest = 0
    for wishes, given, rank, locked in rows:
        known = [key for key in wishes or () if key in use_by_key]
        longest = max(longest, len(known))
        found.wishing += bool(known)
        found.locked += locked is not None
        for number, key in enumerate(known):
            use_by_key[key].wished += 1
            use_by_key[key].first += number == 0
        if given is None:
            found.without += 1
        else:
            use_by_key[given].given += 1
            found.content += rank is None
            found.unwished += rank == 0
            ranks[rank or 0] += 1
    found.ranks = {rank: ranks[rank] for rank in range(1, longest + 1)}
    return found


GIVEN = {
    "unwished": and_(
        AssignmentParticipant.given_id.is_not(None), AssignmentParticipant.given_rank == 0
    ),
    "without": AssignmentParticipant.given_id.is_(None),
    "envious": AssignmentParticipant.is_envious.is_(True),
    "locked": AssignmentParticipant.locked_id.is_not(None),
}
"""What the list can be narrowed to, besides the number of a wish."""


def _narrowed_to(assignment: WishAssignment, option: str, given: str) -> ColumnElement[bool]:
    """Return the condition of what a list is narrowed to; unknown words narrow to nothing less."""
    conditions: list[ColumnElement[bool]] = [true()]
    key = next((each.id for each in assignment.options if each.code == option), None)
    if key is not None:
        conditions.append(AssignmentParticipant.given_id == key)
    if given in GIVEN:
        conditions.append(GIVEN[given])
    elif given.isascii() and given.isdigit() and len(given) <= RANK_DIGITS:
        conditions.append(AssignmentParticipant.given_rank == int(given))
    return and_(*conditions)
