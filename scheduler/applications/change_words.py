"""What was changed since a level last decided, in the words of a reader, who may not see it all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.access.permissions import Actor, Role
from scheduler.applications import changes, levels
from scheduler.applications.change_content import (
    ADULTS,
    DOCUMENT,
    PERSONAL_KEYS,
    Content,
    changed_marks,
    content_of,
    opened,
    with_old,
)
from scheduler.applications.change_models import LastDecidedOn
from scheduler.applications.fields import Field
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.models import Application
from scheduler.applications.texts import FIELD_LABELS
from scheduler.applications.viewers import Viewer, can_see
from scheduler.applications.workflow import State
from scheduler.formats import listed, named
from scheduler.people.keys import current_sealer
from scheduler.programmes.form_fields import FieldKind, FieldOwner, FieldSpec

COMPARED = frozenset({State.SUBMITTED, State.ACCEPTED})
"""States in which somebody decides on what was changed; before that it is still being written."""

BLIND_FIELDS = frozenset({Field.VOICING, Field.EQUIPMENT, Field.PIECES})

KEY_LABELS = {
    "name": _l("Name"),
    "birth_on": _l("Birth date"),
    "sex": _l("Sex"),
    "latin_name": _l("Name in Latin letters"),
    "roll_number": _l("Roll number"),
    "part": _l("Part"),
    "grade": _l("Grade"),
    "remark": _l("Remark"),
    DOCUMENT: _l("Document"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One difference; without a value on either side it only says that there is one."""

    label: str = ""
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was changed, or was asked to be and was not."""

    mark: str
    label: str
    lines: tuple[Line, ...]
    is_changed: bool
    is_marked: bool = False
    is_untouched: bool = False
    is_open: bool = False
    is_approved: bool = False
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: as what, with which form, and whether people may be named to them."""

    actor: Actor
    viewer: Viewer | None
    form: FormPlan
    may_read_people: bool


def differences(application: Application, reader: Reader) -> list[Difference]:
    """Return what the reader has to look at, the parts that were asked to be changed first.

    It compares with what the reader's own level last decided on, if that is kept; else with what
    the level that has its turn did. What waits for approval is always the latter's.
    """
    if application.state not in COMPARED:
        return []
    rows = changes.rows_of(application)
    row = _own_row(application, rows, reader.actor)
    if row is None:
        return []
    turn = rows.get(application.level_id)
    sealer = current_sealer()
    current = content_of(application, sealer)
    before = opened(row.content, sealer)
    if application.state is State.ACCEPTED:
        before = with_old(current, before)
    changed = changed_marks(before, current)
    marks = [*row.marked, *(mark for mark in changed if mark not in row.marked)]
    found = [_difference(mark, before, current, row, reader) for mark in marks]
    waiting = set(turn.open_fields) if turn is not None else set()
    approved = set(turn.approved_fields) if turn is not None else set()
    return [
        Difference(
            each.mark,
            each.label,
            each.lines,
            is_changed=each.mark in changed,
            is_marked=each.mark in row.marked,
            is_untouched=each.mark in row.untouched,
            is_open=each.mark in waiting,
            is_approved=each.mark in approved,
            can_undo=application.state is State.ACCEPTED and each.can_undo,
        )
        for each in found
        if each is not None
    ]


def _own_row(application: Application, rows: changes.Rows, actor: Actor) -> LastDecidedOn | None:
    if application.programme_id not in actor.scope_ids(Role.COORDINATOR):
        served = [level.id for level in levels.served_levels(actor, application.programme_id)]
        own = next((rows[level_id] for level_id in served if level_id in rows), None)
        if own is not None:
            return own
    return rows.get(application.level_id)


def _difference(
    mark: str, before: Content, current: Content, row: LastDecidedOn, reader: Reader
) -> Difference | None:
    """Return a field's lines; None for a field of which the reader may not even know."""
    old, new = before.get(mark), current.get(mark)
    is_changed = (old or None) != (new or None)
    if mark in set(Field):
        field = Field(mark)
        lines = _field_lines(field, old, new, reader) if is_changed else ()
        return Difference(mark, str(FIELD_LABELS[field]), lines, is_changed)
    spec = reader.form.spec_by_mark.get(mark)
    if spec is None or not can_see(reader.viewer, spec):
        return _hidden(mark, row, is_changed=is_changed)
    lines = _answer_lines(spec, old, new, before, current, reader) if is_changed else ()
    can_undo = spec.kind is not FieldKind.FILE
    return Difference(mark, named(dict(spec.names)), lines, is_changed, can_undo=can_undo)


def _hidden(mark: str, row: LastDecidedOn, *, is_changed: bool) -> Difference | None:
    """Let whoever has to approve it know that something changed which others answer for."""
    if not is_changed or mark not in row.open_fields:
        return None
    return Difference(mark, str(_("A field that you do not see")), (Line(),), is_changed)


def _field_lines(field: Field, old: Any, new: Any, reader: Reader) -> tuple[Line, ...]:
    if reader.viewer is Viewer.JUROR and field not in BLIND_FIELDS | {Field.MEMBERS}:
        return (Line(),)
    if field is Field.MEMBERS:
        named_lines = reader.may_read_people and reader.viewer is not Viewer.JUROR
        return _members(old or {}, new or {}) if named_lines else (_count(old or {}, new or {}),)
    if field in ADULTS:
        return _adults(old or [], new or []) if reader.may_read_people else (Line(),)
    if field is Field.PIECES:
        return _works(old or [], new or [])
    return (Line("", _value(old), _value(new)),)


def _works(old: Sequence[str], new: Sequence[str]) -> tuple[Line, ...]:
    """Return the works that differ, place by place."""
    return tuple(
        Line(_("Work %(number)s", number=number), before or "", after or "")
        for number, (before, after) in enumerate(zip_longest(old, new), start=1)
        if before != after
    )


def _adults(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    names = [each["name"] for each in old], [each["name"] for each in new]
    if names[0] == names[1]:
        return (Line(_("Contact of %(name)s", name=listed(names[0]))),)
    return (Line("", _joined(names[0]), _joined(names[1])),)


def _members(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Line, ...]:
    gone = [Line(_("Removed"), old[ref]["name"], "") for ref in old if ref not in new]
    added = [Line(_("Added"), "", new[ref]["name"]) for ref in new if ref not in old]
    both = [ref for ref in new if ref in old and old[ref] != new[ref]]
    return (*gone, *added, *(line for ref in both for line in _member(old[ref], new[ref])))


def _member(old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[Line]:
    for key in ("name", *PERSONAL_KEYS, DOCUMENT):
        if old.get(key) == new.get(key):
            continue
        label = _("%(name)s, %(what)s", name=new["name"], what=KEY_LABELS[key])
        if key == DOCUMENT:
            yield Line(label)
        else:
            yield Line(label, _value(old.get(key)), _value(new.get(key)))


def _count(old: Mapping[str, Any], new: Mapping[str, Any]) -> Line:
    """Return how many pupils there are, for readers to whom nobody is named."""
    kept = [ref for ref in new if ref in old]
    added, gone = len(new) - len(kept), len(old) - len(kept)
    changed = sum(old[ref] != new[ref] for ref in kept)
    label = _("%(added)s added, %(gone)s removed, %(changed)s changed",
              added=added, gone=gone, changed=changed)  # fmt: skip
    return Line(label, _pupils(len(old)), _pupils(len(new)))


def _pupils(number: int) -> str:
    return str(ngettext("%(num)s pupil", "%(num)s pupils", number))


def _answer_lines(
    spec: FieldSpec, old: Any, new: Any, before: Content, current: Content, reader: Reader
) -> tuple[Line, ...]:
    if spec.owner is FieldOwner.GROUP:
        return (_answer(spec, "", old, new, reader.form),)
    old, new = old or {}, new or {}
    refs = [ref for ref in {**old, **new} if old.get(ref) != new.get(ref)]
    if not reader.may_read_people:
        return (Line(_("Answers about %(pupils)s", pupils=_pupils(len(refs)))),)
    people = {**(before.get(Field.MEMBERS) or {}), **(current.get(Field.MEMBERS) or {})}
    return tuple(
        _answer(spec, people.get(ref, {}).get("name", ref), old.get(ref), new.get(ref), reader.form)
        for ref in refs
    )


def _answer(spec: FieldSpec, label: str, old: Any, new: Any, form: FormPlan) -> Line:
    if spec.kind is FieldKind.FILE:
        return Line(label)
    locale = str(get_locale())
    shown = [form.shown(spec.mark, each, locale) for each in (old, new)]
    return Line(label, _value(shown[0]), _value(shown[1]))


def _joined(values: Sequence[str]) -> str:
    return str(_("; ")).join(values) if values else str(_("nothing"))


def _value(value: Any) -> str:
    return _("nothing") if value is None or value == "" else str(value)
