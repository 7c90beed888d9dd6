"""Writes a roster's changes into the applications: within the caller's transaction, in few bulks.

Every change of a group or its members is one step of that application's history; who is in it is
counted there, never named.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update

from scheduler.access.permissions import Actor
from scheduler.applications import services
from scheduler.applications.adults import AdultWriter
from scheduler.applications.answers_kept import kept_answers
from scheduler.applications.bulk import insert_rows
from scheduler.applications.drafts import begin_drafts
from scheduler.applications.fields import Field
from scheduler.applications.form_plan import PLAIN, FormPlan, merged
from scheduler.applications.later_changes import note_later, old_answers
from scheduler.applications.models import Application, Member, MemberRole, Piece
from scheduler.applications.notices import one_mail_each
from scheduler.applications.published import leave_timetable, performance_by_id
from scheduler.applications.pupils import PupilWriter
from scheduler.applications.roster_changes import Change, GroupChange, MemberChange, RosterChanges
from scheduler.applications.roster_checks import GroupKey
from scheduler.applications.roster_records import GroupRow
from scheduler.applications.steps import flush
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.people.sealing import Sealer
from scheduler.programmes.form_fields import FieldKind, is_mark
from scheduler.programmes.models import Category
from scheduler.spreadsheets.durations import duration_text

_FIELD_BY_PREFIX = {
    "name": Field.NAME,
    "voicing": Field.VOICING,
    "leader": Field.LEADER,
    "conductor": Field.CONDUCTOR,
    "accompanist": Field.ACCOMPANIST,
    "adviser": Field.ADVISERS,
    "chaperones": Field.CHAPERONES,
    "piece": Field.PIECES,
    "equipment": Field.EQUIPMENT,
    "introduction": Field.INTRODUCTION,
}
ADULT_FIELDS = frozenset(
    {Field.LEADER, Field.CONDUCTOR, Field.ACCOMPANIST, Field.ADVISERS, Field.CHAPERONES}
)
_IN_HISTORY = frozenset({"name", "voicing", "equipment", "introduction"})
"""Fields whose words may stand in the history; the others tell of persons or are counted."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes for which school into which category, and when."""

    actor: Actor
    school: School
    category: Category
    sealer: Sealer
    now: dt.datetime
    form: FormPlan = PLAIN

    def demand_editable(self, application: Application, fields: Iterable[str]) -> None:
        """Raise `Refused` unless the school may change these fields now."""
        marks = self.form.editable_marks(application.state, application.returned_fields)
        services.demand_editable(application, now=self.now, fields=fields, form_marks=marks)

    def is_in_history(self, key: str) -> bool:
        """Tell whether the words of a field may stand in the history."""
        spec = self.form.spec_by_mark.get(key)
        personal = {FieldKind.PERSON, FieldKind.FILE}
        return key in _IN_HISTORY or (spec is not None and spec.kind not in personal)


@dataclass
class _Parts:
    """Adults and works of the groups, gathered to be written at once."""

    adults: AdultWriter
    pieces: list[dict[str, Any]] = field(default_factory=list)

    def add(self, application: Application, record: GroupRow) -> None:
        self.adults.add(application, record)
        self.pieces += _piece_rows(application, record)

    def write(self) -> None:
        self.adults.write()
        insert_rows(Piece, self.pieces)


def write_changes(
    changes: RosterChanges, writing: Writing, *, keeps_order: bool = False
) -> list[Application]:
    """Carry out all changes. New groups begin as drafts, groups left out are withdrawn.

    Members stand in the order of the changes, or where they stood (`keeps_order`), new ones last.

    Raises `Refused` if the entry window or an application's state forbids one of them; nothing is
    committed here, so nothing stays half done.
    """
    touched: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    parts = _Parts(AdultWriter(writing.school.id, now=writing.now))
    begun = _begin_groups(changes.groups, writing, parts)
    application_by_key = dict(begun)
    with one_mail_each(now=writing.now):  # those who move up when several groups are left out
        written = [_write_group(change, writing, parts, touched) for change in changes.groups]
    for change, application in zip(changes.groups, written, strict=True):
        if application is not None:
            application_by_key[change.key] = application
    parts.write()
    _find_others(changes.members, application_by_key)
    _write_members(changes, application_by_key, writing, touched, keeps_order=keeps_order)
    old = old_answers(changes)
    for key, application in application_by_key.items():
        note_later(application, old[application.id], now=writing.now)
        # What a draft begins with is part of its first step.
        if touched[application.id] and key not in begun:
            fields = tuple({_field(key) for key in touched[application.id]})
            writing.demand_editable(application, fields)
            services.note_edit(
                application,
                actor=writing.actor,
                now=writing.now,
                changes={str(_field(k)): v for k, v in touched[application.id].items()},
            )
    return list(application_by_key.values())


def _write_group(
    change: GroupChange,
    writing: Writing,
    parts: _Parts,
    touched: defaultdict[int, dict[str, Any]],
) -> Application | None:
    """Change or withdraw a stored group; `touched` collects what its history will say."""
    if change.stored is None:
        return None
    application = services.lock(db.session.get_one(Application, change.stored.id))
    if change.change is Change.REMOVED:
        services.withdraw(application, actor=writing.actor, now=writing.now, is_quiet=True)
        return None
    if change.change is Change.CHANGED and change.record is not None:
        _demand_change(application, change, writing, touched[application.id])
        _change_group(application, change, change.record, parts)
    return application


def _begin_groups(
    changes: Sequence[GroupChange], writing: Writing, parts: _Parts
) -> dict[GroupKey, Application]:
    new = [(c.key, c.record) for c in changes if c.stored is None and c.record is not None]
    applications = begin_drafts(
        writing.actor,
        [record for _, record in new],
        school=writing.school,
        category=writing.category,
        now=writing.now,
    )
    for (_, record), application in zip(new, applications, strict=True):
        parts.add(application, record)
    return {key: made for (key, _), made in zip(new, applications, strict=True)}


def _demand_change(
    application: Application, change: GroupChange, writing: Writing, touched: dict[str, Any]
) -> None:
    fields = {_field(changed.key) for changed in change.fields}
    writing.demand_editable(application, fields)
    for changed in change.fields:
        is_shown = writing.is_in_history(changed.key)
        touched[changed.key] = [changed.before, changed.after] if is_shown else [None, None]
    if Field.PIECES in fields and change.record is not None and change.stored is not None:
        touched["piece"] = [_works(change.stored.record), _works(change.record)]


def _change_group(
    application: Application, change: GroupChange, record: GroupRow, parts: _Parts
) -> None:
    fields = {_field(changed.key) for changed in change.fields}
    application.group_name = record.name
    application.voicing = record.voicing
    application.introduction = record.introduction
    application.equipment = record.equipment
    application.answers = merged(
        application.answers, record.answers, (changed.key for changed in change.fields)
    )
    flush()
    if fields & ADULT_FIELDS:
        parts.adults.replace(application, record)
    if Field.PIECES in fields:
        db.session.execute(delete(Piece).where(Piece.application_id == application.id))
        parts.pieces += _piece_rows(application, record)


def _piece_rows(application: Application, record: GroupRow) -> list[dict[str, Any]]:
    return [
        {
            "application_id": application.id,
            "position": position,
            "title": piece.title,
            "composer": piece.composer,
            "duration_seconds": piece.seconds,
        }
        for position, piece in enumerate(record.pieces, 1)
    ]


def _works(record: GroupRow) -> str:
    """Return the works as the history tells of them: title, composer, duration."""
    return "; ".join(
        " – ".join(part for part in (piece.title, piece.composer) if part)
        + f" ({duration_text(piece.seconds)})"
        for piece in record.pieces
    )


def _find_others(
    members: Iterable[MemberChange], application_by_key: dict[GroupKey, Application]
) -> None:
    """Add the applications that only the member sheet speaks of."""
    for change in members:
        if change.group not in application_by_key and change.group_id is not None:
            found = db.session.get_one(Application, change.group_id)
            application_by_key[change.group] = services.lock(found)


def _write_members(
    changes: RosterChanges,
    application_by_key: dict[GroupKey, Application],
    writing: Writing,
    touched: defaultdict[int, dict[str, Any]],
    *,
    keeps_order: bool,
) -> None:
    writer = PupilWriter(writing.school, writing.actor, writing.sealer, now=writing.now)
    person_id_by_row = writer.write(changes.pupils)
    before = _sizes(application_by_key.values())
    new: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    gone: list[int] = []
    changed_groups: Counter[int] = Counter()
    for position, change in enumerate(changes.members, 1):
        application = application_by_key[change.group]
        if _note_member(change, touched[application.id]):
            changed_groups[application.id] += 1
        values = kept_values(change.values, writing)
        if not keeps_order:
            values["position"] = position
        if change.change is Change.REMOVED:
            gone.extend([change.stored.id] if change.stored else [])
        elif change.stored is not None:
            kept.append({"id": change.stored.id, **values})
        elif change.pupil is not None:
            person_id = person_id_by_row[change.pupil]
            ids = {"application_id": application.id, "person_id": person_id}
            last = {"position": before[application.id] + position}
            new.append({**last, **ids, "role": MemberRole.PUPIL, **values})
    _write_rows(new, kept, gone)
    _leave_timetables(changes.members, application_by_key, writing.now)
    after = _sizes(application_by_key.values())
    for application_id in changed_groups:
        touched[application_id]["members"] = [before[application_id], after[application_id]]


def _leave_timetables(
    members: Iterable[MemberChange],
    application_by_key: dict[GroupKey, Application],
    now: dt.datetime,
) -> None:
    """Take whoever was removed out of what is published: a returned group may still stand there."""
    gone: defaultdict[GroupKey, list[int]] = defaultdict(list)
    for change in members:
        if change.change is Change.REMOVED and change.stored is not None:
            gone[change.group].append(change.stored.person_id)
    standing = performance_by_id(application_by_key[key] for key in gone)
    for key, ids in gone.items():
        if application_by_key[key].id in standing:
            people = db.session.scalars(select(Person).where(Person.id.in_(ids)))
            leave_timetable(application_by_key[key], people, now=now)


def kept_values(values: Mapping[str, Any], writing: Writing) -> dict[str, Any]:
    """Return the values of a member as they are stored."""
    kept = dict(values)
    if "answers" in kept:
        sealed = writing.form.sealed_codes
        kept["answers"] = kept_answers(kept["answers"], sealed, writing.sealer)
    return kept


def _note_member(change: MemberChange, touched: dict[str, Any]) -> bool:
    """Note the answers that change, without their words; tell whether more than they changed."""
    marks = [changed.key for changed in change.fields if is_mark(changed.key)]
    touched.update({mark: [None, None] for mark in marks})
    if change.change is Change.CHANGED:
        return len(marks) < len(change.fields)
    return change.change is not Change.UNCHANGED


def _write_rows(new: list[dict[str, Any]], kept: list[dict[str, Any]], gone: list[int]) -> None:
    for start in range(0, len(gone), 500):
        db.session.execute(delete(Member).where(Member.id.in_(gone[start : start + 500])))
    if kept:
        db.session.execute(update(Member), kept)
    insert_rows(Member, new)
    db.session.expire_all()


def _sizes(applications: Iterable[Application]) -> Counter[int]:
    ids = [application.id for application in applications]
    rows = db.session.scalars(
        select(Member.application_id).where(
            Member.application_id.in_(ids), Member.role == MemberRole.PUPIL
        )
    )
    return Counter(rows)


def _field(key: str) -> str:
    if is_mark(key):
        return key
    return Field.MEMBERS if key == "members" else _FIELD_BY_PREFIX[key.partition("_")[0]]
