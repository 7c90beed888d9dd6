"""What coordinators do with an entry form: add fields, change, order, retire and remove them.

Nothing that was entered is ever lost by it: what was answered stays, and is shown where it was.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from scheduler.access.permissions import Actor
from scheduler.applications.form_use import answer_counts, option_counts
from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.database import db
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.programmes import writing
from scheduler.programmes.form_fields import (
    AskedWhen,
    Audience,
    Condition,
    FieldKind,
    FieldOwner,
    Option,
)
from scheduler.programmes.form_models import FormField
from scheduler.programmes.models import Names, Programme
from scheduler.programmes.refusals import Refusal as ProgrammeRefusal
from scheduler.spreadsheets.columns import fold_choice, fold_heading

MOST_FIELDS = 60
MOST_OPTIONS = 60


class FormRefusal(StrEnum):
    """Why a change of a form is refused; sentences in `applications.form_texts`."""

    TOO_MANY_FIELDS = "form_too_many_fields"
    LABEL_TAKEN = "form_label_taken"
    OPTIONS_MISSING = "form_options_missing"
    OPTION_REPEATED = "form_option_repeated"
    OPTION_INCOMPLETE = "form_option_incomplete"
    OPTION_IN_USE = "form_option_in_use"
    LIMITS_ORDER = "form_limits_order"
    KIND_IN_USE = "form_kind_in_use"
    CONDITION_MIXED = "form_condition_mixed"
    CONDITION_UNKNOWN = "form_condition_unknown"
    CONDITION_CIRCLE = "form_condition_circle"
    FIELD_IN_USE = "form_field_in_use"
    FIELD_IN_CONDITION = "form_field_in_condition"
    OPTION_IN_CONDITION = "form_option_in_condition"


@dataclass(frozen=True)
class FieldDetails:
    """What stands in a field's form. The code is chosen once: answers are kept under it."""

    code: str
    owner: FieldOwner
    kind: FieldKind
    names: Names
    helps: Names
    options: tuple[Option, ...] = ()
    least: float | None = None
    most: float | None = None
    condition: Condition | None = None
    audience: Audience = Audience.EVERYBODY
    asked_when: AskedWhen = AskedWhen.ENTRY
    is_required: bool = False
    categories: tuple[str, ...] = ()


def fields_of(programme: Programme) -> list[FormField]:
    """Return the programme's fields in their order, retired ones included."""
    query = (
        select(FormField)
        .where(FormField.programme_id == programme.id)
        .order_by(FormField.position, FormField.id)
    )
    return list(db.session.scalars(query))


def find_field(code: str, field: str) -> FormField:
    """Return a programme's field by both codes; raises `NotFound`."""
    found = db.session.scalar(
        select(FormField).join(Programme).where(Programme.code == code, FormField.code == field)
    )
    if found is None:
        raise NotFound
    return found


def add_field(
    programme: Programme, details: FieldDetails, *, actor: Actor, now: dt.datetime
) -> FormField:
    """Add a field at the end of the form. Entries that were submitted stay submitted.

    Raises `Refused` for a code or a label that is taken, or details that contradict each other.
    """
    others = fields_of(programme)
    if len(others) >= MOST_FIELDS:
        raise Refused(FormRefusal.TOO_MANY_FIELDS, most=MOST_FIELDS)
    _check(details, others)
    last = max((field.position for field in others), default=0)
    made = FormField(programme_id=programme.id, position=last + 1, **_columns(details))
    made.code = details.code
    db.session.add(made)
    writing.flush_or_refuse(ProgrammeRefusal.CODE_TAKEN, field="code")
    writing.record("form:add", programme, actor, now, field=made.code)
    return made


def change_field(
    field: FormField, details: FieldDetails, *, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Take over all details but the code. Labels, helps, limits and conditions may always change.

    What kind of answer is given to whom cannot change once there is one, and options that were
    chosen or that a condition names cannot be left out. Raises `Refused`, or `Conflict` if
    somebody changed the field meanwhile.
    """
    db.session.refresh(field, with_for_update=True)
    if field.version != version:
        raise Conflict
    details = replace(details, code=field.code)
    others = [each for each in fields_of(field.programme) if each.id != field.id]
    _check(details, others)
    _keep_answers(field, details)
    _keep_conditions(field, details, others)
    before = {key: getattr(field, key) for key in _columns(details)}
    after = _columns(details)
    for key, value in after.items():
        setattr(field, key, value)
    changed = writing.changes(before, after)
    db.session.flush()
    if changed:
        writing.record("form:change", field.programme, actor, now, field=field.code, fields=changed)


def move_field(field: FormField, step: int, *, actor: Actor, now: dt.datetime) -> None:
    """Move a field up (-1) or down (1) in the form; ends stay ends."""
    order = fields_of(field.programme)
    place = order.index(field)
    target = min(max(place + step, 0), len(order) - 1)
    order.insert(target, order.pop(place))
    for position, each in enumerate(order, start=1):
        each.position = position
    db.session.flush()
    if target != place:
        writing.record("form:move", field.programme, actor, now, field=field.code)


def retire_field(field: FormField, *, actor: Actor, now: dt.datetime) -> None:
    """Ask no more: answers stay where they were given. Refused while a condition needs it."""
    _demand_in_no_condition(field)
    if field.retired_at is None:
        field.retired_at = now
        db.session.flush()
        writing.record("form:retire", field.programme, actor, now, field=field.code)


def restore_field(field: FormField, *, actor: Actor, now: dt.datetime) -> None:
    """Ask again; the answers given before count."""
    if field.retired_at is not None:
        field.retired_at = None
        db.session.flush()
        writing.record("form:restore", field.programme, actor, now, field=field.code)


def remove_field(field: FormField, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a field that nobody has answered; otherwise refuses: it can only be retired."""
    _demand_in_no_condition(field)
    if answer_counts(field.programme_id, [field])[field.code]:
        raise Refused(FormRefusal.FIELD_IN_USE)
    programme, code = field.programme, field.code
    db.session.delete(field)
    db.session.flush()
    writing.record("form:remove", programme, actor, now, field=code)


def _columns(details: FieldDetails) -> dict[str, Any]:
    condition = details.condition
    return {
        "owner": details.owner,
        "kind": details.kind,
        "names": details.names,
        "helps": details.helps,
        "options": [asdict(option) for option in details.options],
        "least": details.least,
        "most": details.most,
        "condition_field": None if condition is None else condition.field,
        "condition_values": [] if condition is None else sorted(condition.values),
        "audience": details.audience,
        "asked_when": details.asked_when,
        "is_required": details.is_required,
        "categories": list(details.categories),
    }


def _check(details: FieldDetails, others: list[FormField]) -> None:
    _check_label(details, others)
    if details.kind is FieldKind.CHOICE:
        _check_options(details.options)
    if details.least is not None and details.most is not None and details.most < details.least:
        raise Refused(FormRefusal.LIMITS_ORDER, field="most")
    if details.condition is not None:
        _check_condition(details, details.condition, others)


def _check_label(details: FieldDetails, others: list[FormField]) -> None:
    """A heading of a workbook means one column, in whatever language it is written."""
    plan = GROUP_SHEET if details.owner is FieldOwner.GROUP else MEMBER_SHEET
    taken = set(plan.column_by_heading) | {
        fold_heading(name)
        for other in others
        if other.owner is details.owner
        for name in other.names.values()
    }
    for locale, name in details.names.items():
        if fold_heading(name) in taken or not fold_heading(name):
            raise Refused(FormRefusal.LABEL_TAKEN, field=LABEL_FIELDS[locale], label=name)


def _check_options(options: tuple[Option, ...]) -> None:
    if not any(not option.is_retired for option in options):
        raise Refused(FormRefusal.OPTIONS_MISSING, field="options")
    seen: dict[str, str] = {}
    for option in options:
        for written in {fold_choice(text) for text in (option.code, *option.names.values())}:
            if seen.setdefault(written, option.code) != option.code:
                label = option.names["en"]
                raise Refused(FormRefusal.OPTION_REPEATED, field="options", label=label)


def _check_condition(details: FieldDetails, condition: Condition, others: list[FormField]) -> None:
    by_code = {field.code: field for field in others if field.owner is details.owner}
    target = by_code.get(condition.field)
    if target is None:
        raise Refused(FormRefusal.CONDITION_UNKNOWN, field="condition")
    seen: set[str] = set()
    while target is not None and target.code not in seen:
        seen.add(target.code)
        if target.condition_field == details.code:
            raise Refused(FormRefusal.CONDITION_CIRCLE, field="condition")
        target = by_code.get(target.condition_field or "")


def _keep_answers(field: FormField, details: FieldDetails) -> None:
    is_other = (field.kind, field.owner) != (details.kind, details.owner)
    if is_other and answer_counts(field.programme_id, [field])[field.code]:
        raise Refused(FormRefusal.KIND_IN_USE, field="kind")
    gone = {option["code"] for option in field.options} - {o.code for o in details.options}
    if gone and field.kind is FieldKind.CHOICE and not is_other:
        used = option_counts(field)
        if any(used[code] for code in gone):
            raise Refused(FormRefusal.OPTION_IN_USE, field="options")


def _keep_conditions(field: FormField, details: FieldDetails, others: Iterable[FormField]) -> None:
    """What another field waits for can still be answered."""
    waiting = [other for other in others if other.condition_field == field.code]
    if waiting and (field.kind, field.owner) != (details.kind, details.owner):
        raise Refused(FormRefusal.FIELD_IN_CONDITION)
    offered = {option.code for option in details.options}
    if any(not offered.issuperset(other.condition_values) for other in waiting):
        raise Refused(FormRefusal.OPTION_IN_CONDITION, field="options")


def _demand_in_no_condition(field: FormField) -> None:
    waiting = db.session.scalar(
        select(func.count(FormField.id)).where(
            FormField.programme_id == field.programme_id,
            FormField.condition_field == field.code,
            FormField.retired_at.is_(None),
        )
    )
    if waiting:
        raise Refused(FormRefusal.FIELD_IN_CONDITION)


LABEL_FIELDS = {"en": "name_en", "zh_Hans": "name_zh_hans", "zh_Hant_HK": "name_zh_hant"}
