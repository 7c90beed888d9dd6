"""What is entered within an assignment: options, wishes, locks, who stays together. No Flask."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.scheduling.activities.models import PlannedActivity
from scheduler.scheduling.assigning.models import (
    AssignmentCompany,
    AssignmentOption,
    AssignmentParticipant,
    Companionship,
    WishAssignment,
)
from scheduler.scheduling.assigning.option_names import option_names
from scheduler.scheduling.assigning.services import record, require_idle, touch
from scheduler.scheduling.assigning.sheets import SETS, Known, Line, Says, fold
from scheduler.scheduling.assigning.taking_part import KEY_COLUMNS, Candidate, all_candidates
from scheduler.scheduling.refusals import Refusal


@dataclass(frozen=True)
class OptionDetails:
    """A row of the form about options; `key` is 0 for a new one, `row` where it stands."""

    row: int
    key: int
    code: str
    name: str
    activity: PlannedActivity | None
    least: int
    most: int


@dataclass(frozen=True)
class ParticipantDetails:
    """What stands in the form about one who takes part, as keys of options."""

    wishes: list[int]
    barred: list[int]
    locked: int | None


def set_options(
    assignment: WishAssignment,
    wanted: Sequence[OptionDetails],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Replace the options; those that stay keep their wishes, those that go are wished no more.

    Refuses a code that stands there twice, a most below the least, and a row without a name.
    """
    require_idle(assignment)
    _check(wanted)
    before = option_facts(assignment)
    by_key = {option.id: option for option in assignment.options}
    kept = {each.key for each in wanted}
    for key, option in by_key.items():
        if key not in kept:
            assignment.options.remove(option)
        else:
            # Codes may change places: none may stand in another's way meanwhile.
            option.code = f"~{key}"
    db.session.flush()
    for each in wanted:
        option = by_key.get(each.key) or AssignmentOption()
        option.code, option.name, option.activity = each.code, each.name, each.activity
        option.least, option.most = each.least, each.most
        if option not in assignment.options:
            assignment.options.append(option)
    db.session.flush()
    db.session.expire(assignment, ["options"])
    if option_facts(assignment) != before:
        _forget_wishes(assignment, set(by_key) - kept)
        touch(assignment)
        record("assignment:options", assignment, actor, now, count=len(wanted))


def option_facts(assignment: WishAssignment) -> list[tuple[Any, ...]]:
    """Return what the form about options shows."""
    return [
        (each.id, each.code, each.name, each.activity and each.activity.ref, each.least, each.most)
        for each in assignment.options
    ]


def change_participant(
    assignment: WishAssignment,
    one: Candidate,
    details: ParticipantDetails,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep what one who takes part wishes, must not get, and is locked to."""
    require_idle(assignment)
    row = one.participant or _row_for(assignment, one)
    told = (details.wishes, details.barred, details.locked)
    if (row.wishes, row.barred, row.locked_id) == told:
        return
    row.wishes, row.barred, row.locked_id = told
    touch(assignment)
    record("assignment:wishes", assignment, actor, now, ref=one.ref)


def known_words(assignment: WishAssignment) -> Known:
    """Return what cells of a sheet may say: references and names, codes and names of options."""
    refs: defaultdict[str, list[str]] = defaultdict(list)
    for one in all_candidates(assignment):
        for word in {fold(one.ref), fold(one.name)}:
            refs[word].append(one.ref)
    options: dict[str, int] = {}
    for option in assignment.options:
        for name in option_names(option).values():
            options.setdefault(fold(name), option.id)
    # A code goes before what another option is called.
    options.update({fold(option.code): option.id for option in assignment.options})
    return Known(refs, options)


def take_over_sheet(
    assignment: WishAssignment,
    says: Says,
    lines: Sequence[Line],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep what lines without a wrong cell say; who is not named in them stays as they are."""
    require_idle(assignment)
    if says in SETS:
        kind = Companionship(says.value)
        known = {(each.kind, tuple(each.refs)) for each in assignment.companies}
        assignment.companies += [
            AssignmentCompany(kind=kind, refs=list(line.refs))
            for line in lines
            if (kind, line.refs) not in known
        ]
    else:
        by_ref = {one.ref: one for one in all_candidates(assignment)}
        for line in lines:
            one = by_ref[line.refs[0]]
            row = one.participant or _row_for(assignment, one)
            setattr(row, says.value, list(line.options))
    touch(assignment)
    record("assignment:wishes", assignment, actor, now, kind=says.value, count=len(lines))


def remove_company(
    assignment: WishAssignment, number: int, *, actor: Actor, now: dt.datetime
) -> None:
    """Forget a set of those who stay together or apart; raises `NotFound`."""
    require_idle(assignment)
    company = next((each for each in assignment.companies if each.id == number), None)
    if company is None:
        raise NotFound
    assignment.companies.remove(company)
    touch(assignment)
    record("assignment:wishes", assignment, actor, now, kind=company.kind.value, count=0)


def rows_for(assignment: WishAssignment, found: Iterable[Candidate]) -> None:
    """Give a row to everybody who takes part and has none."""
    for one in found:
        if one.participant is None:
            _row_for(assignment, one)
    db.session.flush()


def _row_for(assignment: WishAssignment, one: Candidate) -> AssignmentParticipant:
    row = AssignmentParticipant(assignment_id=assignment.id, wishes=[], barred=[])
    setattr(row, KEY_COLUMNS[assignment.takers], one.key)
    db.session.add(row)
    return row


def _forget_wishes(assignment: WishAssignment, gone: set[int]) -> None:
    """Take options that are gone out of everybody's wishes."""
    query = select(AssignmentParticipant).where(
        AssignmentParticipant.assignment_id == assignment.id
    )
    for row in db.session.scalars(query.execution_options(populate_existing=True)) if gone else ():
        row.wishes = [key for key in row.wishes if key not in gone]
        row.barred = [key for key in row.barred if key not in gone]


def _check(wanted: Sequence[OptionDetails]) -> None:
    seen: set[str] = set()
    for each in wanted:
        if not each.name and each.activity is None:
            raise Refused(Refusal.ASSIGNING_NAMELESS, field=f"rows-{each.row}-name")
        if fold(each.code) in seen:
            raise Refused(Refusal.ASSIGNING_CODE_TWICE, field=f"rows-{each.row}-code")
        if each.most < each.least:
            raise Refused(Refusal.ASSIGNING_LIMITS, field=f"rows-{each.row}-most")
        seen.add(fold(each.code))
