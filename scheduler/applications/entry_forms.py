"""Forms for a group and a member, made of the same columns as the entry workbook."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import Field, HiddenField, SelectField, StringField, SubmitField, TextAreaField

from scheduler.applications.roster_columns import ANY_TEXT, GROUP_SHEET, MEMBER_SHEET
from scheduler.applications.roster_records import FieldProblem
from scheduler.applications.roster_texts import explain_code
from scheduler.errors import Refused
from scheduler.spreadsheets.cells import Severity
from scheduler.spreadsheets.columns import Column, SheetPlan, in_locale
from scheduler.web import BaseForm, select_choices

_LONG = frozenset({"equipment", "introduction", "remark"})
_WIDE = frozenset({("groups", "name")})
_INPUTS: Mapping[str, dict[str, Any]] = {
    "leader_phone": {"type": "tel", "autocomplete": "off"},
    "leader_email": {"type": "email", "autocomplete": "off"},
    "guardian_phone": {"type": "tel", "autocomplete": "off"},
    "guardian_email": {"type": "email", "autocomplete": "off"},
    "document_number": {"autocomplete": "off", "spellcheck": "false"},
    "health_note": {"autocomplete": "off"},
}
_HINTS: Mapping[str, LazyString] = {
    "document_number": _l("all digits and letters"),
    "grade": _l("such as P5 or 五(3)班"),
    "roll_number": _l("optional"),
    "health_note": _l("only what supervising adults must know"),
}
"""Where a column's own words speak of cells and workbooks."""


class Required:
    """Marks a field as required; what is missing is said by the reader of the record."""

    field_flags: Mapping[str, bool] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Leave the judgement to the reader."""


class EntryForm(BaseForm):
    """A form whose fields are columns; made by `_form`.

    `seen` is the fingerprint of what was stored when the form was opened.
    """

    seen = HiddenField()

    def values(self) -> dict[str, str | None]:
        """Return what was typed by column key, blanks as None."""
        return {field.short_name: field.data or None for field in self if _is_column(field)}

    def fill(self, values: Mapping[str, str | None], seen: str) -> None:
        """Show what is stored, and remember which state of it was shown."""
        self.seen.data = seen
        for field in self:
            if _is_column(field):
                field.data = values.get(field.short_name)

    def limit_to(self, keys: Collection[str]) -> None:
        """Leave only the fields that may be changed."""
        for field in list(self):
            if _is_column(field) and field.short_name not in keys:
                delattr(self, field.short_name)

    def show_problems(self, problems: Iterable[FieldProblem]) -> None:
        """Put each error beside its field."""
        for problem in problems:
            if problem.severity is Severity.ERROR:
                self._show(problem.key, problem.code, problem.facts)

    def show_refusal(self, refusal: Refused) -> None:
        """Put a refusal beside its field, or above the form."""
        self._show(refusal.field or "", refusal.code, refusal.facts)

    def show_stored(self, stored: Mapping[str, str | None], seen: str) -> None:
        """Say beside each field what is stored by now, and let the next save replace it."""
        self.seen.data = seen
        for field in self:
            if _is_column(field) and (field.data or None) != stored.get(field.short_name):
                text = _stored_text(_COLUMNS[field.short_name], stored.get(field.short_name))
                field.errors = [*field.errors, _("Stored now: %(value)s", value=text)]

    def _show(self, key: str, code: str, facts: Mapping[str, Any]) -> None:
        explanation = explain_code(code, facts, _COLUMNS.get(key))
        field = self._fields.get(key)
        if field is None:
            self.form_errors.append(str(explanation))
        else:
            # What is accepted stands above the field already, or is what it offers.
            field.errors = [*field.errors, explanation.wrong]


def _stored_text(column: Column, value: str | None) -> str:
    if value is not None and any(choice.value == value for choice in column.choices):
        return column.label(value, str(get_locale()))
    return value or "–"


def _is_column(field: Field) -> bool:
    return field.short_name in _COLUMNS


def _lazily(column: Column, part: str) -> LazyString:
    texts = getattr(column, part)
    return LazyString(lambda: in_locale(texts, str(get_locale())))


def _choices(column: Column) -> Any:
    def choices() -> list[Any]:
        locale = str(get_locale())
        shown = [(choice.value, in_locale(choice.labels, locale)) for choice in column.choices]
        return select_choices([("", "–"), *shown])

    return choices


def _field(column: Column, *, is_wide: bool = False) -> Any:
    given: dict[str, Any] = {
        "label": _lazily(column, "headings"),
        "validators": [Required()] if column.is_required else [],
    }
    if column.choices and column.is_strict:
        return SelectField(choices=_choices(column), validate_choice=False, **given)
    if column.key in _HINTS:
        given["description"] = _HINTS[column.key]
    elif column.accepts is not ANY_TEXT:
        given["description"] = _lazily(column, "accepts")
    if column.key in _LONG:
        return TextAreaField(render_kw={"rows": 3}, **given)
    wide = {"data-wide": True} if is_wide else {}
    return StringField(render_kw={**_INPUTS.get(column.key, {}), **wide}, **given)


def _form(name: str, plan: SheetPlan, keys: Iterable[str]) -> type[EntryForm]:
    return type(
        name,
        (EntryForm,),
        {key: _field(plan.column(key), is_wide=(plan.key, key) in _WIDE) for key in keys},
    )


def _piece_keys() -> tuple[str, ...]:
    return tuple(c.key for c in GROUP_SHEET.columns if c.key.startswith("piece_"))


GROUP_PARTS = (
    (_l("Group"), ("name", "voicing", "introduction", "equipment")),
    (_l("Team leader"), ("leader", "leader_phone", "leader_email")),
    (_l("Works"), _piece_keys()),
    (
        _l("Conductor, accompanist, advisers"),
        ("conductor", "conductor_is_own", "accompanist", "adviser_1", "adviser_2"),
    ),
)
MEMBER_PARTS = (
    (_l("Pupil"), ("name", "latin_name", "sex", "birth_on", "grade", "part")),
    (
        _l("Guardian"),
        ("guardian_name", "guardian_phone", "guardian_email", "consent_held"),
    ),
    (
        _l("Identity document (only for those who stay overnight)"),
        ("document_kind", "document_number", "roll_number"),
    ),
    (_l("Further notes"), ("health_note", "remark")),
)

_COLUMNS = {column.key: column for plan in (GROUP_SHEET, MEMBER_SHEET) for column in plan.columns}
GROUP_KEYS = tuple(key for _, keys in GROUP_PARTS for key in keys)
MEMBER_KEYS = tuple(key for _, keys in MEMBER_PARTS for key in keys)
"""In the order of the page, so that a list of errors has it too."""
GroupForm = _form("GroupForm", GROUP_SHEET, GROUP_KEYS)
MemberForm = _form("MemberForm", MEMBER_SHEET, MEMBER_KEYS)


class NewMemberForm(MemberForm):  # type: ignore[misc, valid-type]  # made of columns
    """A pupil, and whether another one follows."""

    following = SubmitField(_l("Save and enter the next"))
    finish = SubmitField(_l("Save and finish"))
