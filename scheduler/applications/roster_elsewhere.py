"""What a roster's preview says of pupils who are in other groups at a time that may meet this one.

A warning, never a blocker: one pupil may sing in the festival and go on a tour.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from scheduler.applications.elsewhere import Other, others_of_school
from scheduler.applications.models import Application
from scheduler.applications.roster_file import RosterSheet
from scheduler.applications.roster_pupils import Pairing, Pupil
from scheduler.applications.roster_records import MemberRow, RosterCode
from scheduler.organisations.models import School
from scheduler.programmes.models import Category
from scheduler.spreadsheets.cells import CellProblem, Severity


def elsewhere_problems(
    sheet: RosterSheet[MemberRow],
    pupils: Sequence[Pupil],
    pairing: Pairing,
    school: School,
    category: Category,
    entry: Application | None = None,
) -> Iterator[CellProblem]:
    """Yield a warning for each other group of a pupil whose days meet the programme's.

    One query, whatever the roster's size. Another school's group is not named, and found by the
    stored number alone: a preview of typed ones would tell anybody which children bear them. With
    an `entry` the school is a guest of it, and enters its pupils there.
    """
    index_by_row = {
        row: person.document_index
        for row, person in pairing.stored_by_row.items()
        if person.document_index is not None
    }
    found = others_of_school(
        school, list(index_by_row.values()), category_id=category.id, entry=entry
    )
    by_person, by_index = _sorted(other for other in found if _may_meet(other, category))
    for pupil in pupils:
        person_id = stored.id if (stored := pairing.stored_by_row.get(pupil.row)) else None
        others = by_person.get(person_id, []) + by_index.get(index_by_row.get(pupil.row), [])
        for other in others:
            yield _problem(sheet, pupil, other)


def _problem(sheet: RosterSheet[MemberRow], pupil: Pupil, other: Other) -> CellProblem:
    facts = {"first": other.starts_on.isoformat(), "last": other.ends_on.isoformat()}
    code = RosterCode.MEMBER_ELSEWHERE_SCHOOL
    if other.group_name:
        code, facts = RosterCode.MEMBER_ELSEWHERE, {"group": other.group_name, **facts}
    return sheet.problem(pupil.row, "name", code, severity=Severity.WARNING, **facts)


def _sorted(
    others: Iterable[Other],
) -> tuple[dict[int | None, list[Other]], dict[str | None, list[Other]]]:
    """Return the own school's by person, the other schools' by the number's index."""
    by_person: defaultdict[int | None, list[Other]] = defaultdict(list)
    by_index: defaultdict[str | None, list[Other]] = defaultdict(list)
    for other in others:
        if other.person_id is not None:
            by_person[other.person_id].append(other)
        elif other.document_index is not None:
            by_index[other.document_index].append(other)
    return by_person, by_index


def _may_meet(other: Other, category: Category) -> bool:
    """Tell whether the days meet. Stages of one programme are kept apart by planning."""
    programme = category.programme
    if other.is_planned_with(category):
        return False
    return other.starts_on <= programme.ends_on and programme.starts_on <= other.ends_on
