"""Groups and members entered one by one: the same records, checks and writing as rosters."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from scheduler.applications import services
from scheduler.applications.fields import Field, editable_fields
from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.guests import demand_part_open
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.queries import pupils_in
from scheduler.applications.roster_base import StoredMember, StoredRoster
from scheduler.applications.roster_changes import (
    Change,
    MemberChange,
    RosterChanges,
    find_changes,
    group_change,
)
from scheduler.applications.roster_checks import check_roster
from scheduler.applications.roster_examination import limits_of
from scheduler.applications.roster_file import Placed, RosterFile, RosterSheet
from scheduler.applications.roster_leaders import leader_problems
from scheduler.applications.roster_pupils import Pairing, StoredPerson, find_pupils, pair
from scheduler.applications.roster_records import GroupRow, MemberRow, RosterCode, Row
from scheduler.applications.roster_stored import (
    DOCUMENT_FIELD,
    editable_keys,
    leaders_of,
    load_part,
    load_roster,
    lock_pupils,
    stored_groups,
)
from scheduler.applications.roster_writing import Writing, write_changes
from scheduler.applications.workflow import Refusal
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.people.models import Person
from scheduler.people.sealing import Sealer
from scheduler.programmes.form_fields import code_of, is_mark
from scheduler.spreadsheets.cells import CellProblem
from scheduler.spreadsheets.columns import HeadingMatch, SheetPlan

ROW = 1
"""A form is a roster of one row."""


def group_row(application: Application) -> GroupRow:
    """Return a stored group as a record."""
    return next(iter(stored_groups([application]))).record


def changeable_keys(application: Application, form: FormPlan = PLAIN) -> frozenset[str]:
    """Return the columns of both sheets that the school may change now."""
    state, returned = application.state, application.returned_fields
    return editable_keys(editable_fields(state, returned)) | form.editable_marks(state, returned)


def group_seen(record: GroupRow, sealer: Sealer) -> str:
    """Return the fingerprint of a stored group, from which nothing of it can be had."""
    return sealer.index(repr(record), field="seen")


def member_seen(person: StoredPerson, member: StoredMember, sealer: Sealer) -> str:
    """Return the fingerprint of a stored member, what is sealed included."""
    stored = (person.values, person.document_index, member.values)
    return sealer.index(repr(stored), field="seen")


def save_group(
    record: GroupRow,
    writing: Writing,
    application: Application | None = None,
    *,
    seen: str | None = None,
) -> tuple[Application, tuple[CellProblem, ...]]:
    """Begin a draft, or change a group; return it with what deserves a look.

    Raises `Refused` with the field if the name is taken, a limit is passed, or the entry may not
    be changed; `Refused(CHANGED_MEANWHILE)` if what is stored is not what was `seen`.
    """
    stored = None
    plan = writing.form.group_sheet
    keys = frozenset(column.key for column in plan.columns)
    if application is not None:
        application = services.lock(application)
        stored = next(iter(stored_groups([application], writing.form)))
        _demand_seen(group_seen(stored.record, writing.sealer), seen)
        keys = stored.editable_keys
        record = replace(record, reference=application.ref)
    sheet = _sheet(plan, record)
    roster = RosterFile(sheet, None, ())
    found = check_roster(
        roster, (), limits_of(writing.category, writing.school), StoredRoster().as_groups()
    )
    _refuse(found)
    change = group_change(sheet.rows[0], stored, keys)
    if change.change is Change.UNCHANGED and application is not None:
        return application, found
    if stored is None or any(changed.key.startswith("leader") for changed in change.fields):
        leaders = leaders_of(writing.school)
        found += tuple(leader_problems(sheet, leaders, {record.reference}))
    written = write_changes(RosterChanges((change,), (), (), ()), writing)
    return written[0], found


def stored_member(
    application: Application, person_ref: str, writing: Writing
) -> tuple[StoredPerson, StoredMember]:
    """Return a pupil of the writing school as stored; raises `NotFound`."""
    person_id = db.session.scalar(
        select(Person.id)
        .join(Member, Member.person_id == Person.id)
        .where(
            Person.ref == person_ref,
            Person.school_id == writing.school.id,
            Member.application_id == application.id,
            Member.role == MemberRole.PUPIL,
        )
    )
    return _member(stored_of(application, writing), application, person_id)


def stored_of(application: Application, writing: Writing) -> StoredRoster:
    """Return what the writing school has: of its own groups, or of its part as a guest."""
    if writing.school.id == application.school_id:
        return load_roster(writing.school, writing.category, writing.sealer)
    return load_part(application, writing.school, writing.sealer)


def _held(application: Application, writing: Writing) -> Application:
    """Return the application locked, its members open to the writing school."""
    application = services.lock(application)
    services.demand_editable(application, now=writing.now, fields={Field.MEMBERS})
    if writing.school.id != application.school_id:
        demand_part_open(application, writing.school)
    return application


def _member(
    stored: StoredRoster, application: Application, person_id: int | None
) -> tuple[StoredPerson, StoredMember]:
    person = next((p for p in stored.persons if p.id == person_id), None)
    ids = (application.id, person_id)
    member = next((m for m in stored.members if (m.group_id, m.person_id) == ids), None)
    if person is None or member is None:
        raise NotFound
    return person, member


def save_member(
    record: MemberRow,
    writing: Writing,
    application: Application,
    person: StoredPerson | None = None,
    *,
    seen: str | None = None,
) -> tuple[CellProblem, ...]:
    """Add a pupil to the group, or change one; return what deserves a look.

    A new pupil whom the school has entered before, in any group, is that person; what is left
    blank then stays as it was entered there. Raises `Refused` with the field for whatever stops it,
    and `Refused(CHANGED_MEANWHILE)` if what is stored of the pupil is not what was `seen`.
    """
    lock_pupils(writing.school)
    application = _held(application, writing)
    stored = stored_of(application, writing)
    if person is not None:
        person, member = _member(stored, application, person.id)
        _demand_seen(member_seen(person, member, writing.sealer), seen)
    changes, found = member_changes(record, writing, application, stored, person)
    _demand_room(changes.members, application, is_new=person is None)
    if any(m.change is not Change.UNCHANGED for m in changes.members):
        write_changes(changes, writing, keeps_order=True)
    return found


def member_changes(
    record: MemberRow,
    writing: Writing,
    application: Application,
    stored: StoredRoster,
    person: StoredPerson | None = None,
) -> tuple[RosterChanges, tuple[CellProblem, ...]]:
    """Return what entering a pupil into the group would write, and what deserves a look.

    Nobody leaves the group by it. Without a `person` it is whoever of the school the record fits,
    else somebody new. Raises `Refused` with the field for whatever stops it.
    """
    record = replace(record, group=application.group_name)
    sheet = _sheet(writing.form.member_sheet, record, says_blanks=person is not None)
    roster = RosterFile(None, sheet, ())
    pupils, _ = find_pupils(sheet)
    found = list(
        check_roster(
            roster, pupils, limits_of(writing.category, writing.school), stored.as_groups()
        )
    )

    def index_of(number: str) -> str:
        return writing.sealer.index(number, field=DOCUMENT_FIELD)

    others = [p for p in stored.persons if person is None or p.id != person.id]
    pairing = pair(sheet, pupils, others if person is None else [person], index_of)
    if person is not None:
        _demand_own_keys(record, others, index_of(record.document_number or ""))
        pairing = Pairing({ROW: person}, pairing.problems)
    _refuse([*found, *pairing.problems])
    changes = find_changes(roster, pupils, pairing, stored, index_of)
    _refuse(changes.problems)
    members = tuple(m for m in changes.members if m.change is not Change.REMOVED)
    return replace(changes, members=members), tuple(found)


def remove_member(application: Application, person: StoredPerson, writing: Writing) -> None:
    """Take a pupil out of the group; the person stays the school's."""
    application = _held(application, writing)
    stored = stored_of(application, writing)
    person, member = _member(stored, application, person.id)
    change = MemberChange(
        Change.REMOVED,
        application.group_name,
        person.values["name"],
        stored=member,
        group_id=application.id,
    )
    write_changes(RosterChanges((), (), (change,), ()), writing, keeps_order=True)


def _demand_seen(stored: str, seen: str | None) -> None:
    if seen and seen != stored:
        raise Refused(Refusal.CHANGED_MEANWHILE)


def demand_new_member(members: Iterable[MemberChange]) -> None:
    """Raise `Refused` if whoever is entered is in the group already."""
    if any(member.stored is not None for member in members):
        raise Refused(RosterCode.MEMBER_ALREADY, field="name")


def _demand_room(
    members: Iterable[MemberChange],
    application: Application,
    *,
    is_new: bool,
) -> None:
    if not is_new:
        return
    demand_new_member(members)
    size = pupils_in(application) + 1
    most = application.category.max_members
    if size > most:
        facts = {"group": application.group_name, "size": size, "most": most}
        raise Refused(RosterCode.GROUP_TOO_LARGE, field="name", **facts)


def _demand_own_keys(record: MemberRow, others: Iterable[StoredPerson], index: str) -> None:
    """Refuse a document or roll number that another pupil of the school has."""
    for other in others:
        if other.document_index is not None and other.document_index == index:
            raise Refused(RosterCode.MEMBER_AMBIGUOUS, field="document_number")
        roll_number = other.values["roll_number"]
        if roll_number is not None and roll_number == record.roll_number:
            raise Refused(RosterCode.MEMBER_AMBIGUOUS, field="roll_number")


def _refuse(problems: Iterable[CellProblem]) -> None:
    for problem in problems:
        if problem.is_error:
            raise Refused(RosterCode(problem.code), field=problem.heading, **problem.facts)


def _sheet(plan: SheetPlan, record: Row, *, says_blanks: bool = True) -> RosterSheet[Row]:
    """Return a sheet of one row in which every column is called by its key.

    Without `says_blanks` it has only the columns that are filled in.
    """
    keys = [column.key for column in plan.columns]
    answered = dict(record.answers)
    said = [
        key
        for key in keys
        if says_blanks
        or (code_of(key) in answered if is_mark(key) else getattr(record, key) is not None)
    ]
    match = HeadingMatch(
        0, {key: index for index, key in enumerate(said)}, {key: key for key in keys}
    )
    return RosterSheet(plan.key, match, (Placed(ROW, record),))
