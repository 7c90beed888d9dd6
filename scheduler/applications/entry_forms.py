"""Forms for a group and a member, made of the same columns as the entry workbook."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import Field, HiddenField, SelectField, StringField, SubmitField, TextAreaField

from scheduler.applications.answer_inputs import answer_field
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.roster_choices import ANY_TEXT
from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.applications.roster_prefill import group_sheet_of
from scheduler.applications.roster_records import FieldProblem
from scheduler.applications.roster_texts import explain_code
from scheduler.errors import Refused
from scheduler.programmes.form_fields import FieldOwner, FieldSpec
from scheduler.programmes.models import Category
from scheduler.spreadsheets.cells import Severity
from scheduler.spreadsheets.columns import Column, in_locale
from scheduler.web import BaseForm, select_choices

_LONG = frozenset({"equipment", "introduction", "remark"})
_WIDE = (GROUP_SHEET.column("name"),)
_INPUTS: Mapping[str, dict[str, Any]] = {
    "leader_phone": {"type": "tel", "autocomplete": "off"},
    "leader_email": {"type": "email", "autocomplete": "off"},
    "guardian_phone": {"type": "tel", "autocomplete": "off"},
    "guardian_email": {"type": "email", "autocomplete": "off"},
    "document_number": {"autocomplete": "off", "spellcheck": "false"},
    "health_note": {"autocomplete": "off"},
}
Parts = tuple[tuple[Any, tuple[str, ...]], ...]
"""Titles of a form's parts, and the keys of the fields in them."""

_HINTS: Mapping[str, LazyString] = {
    "document_number": _l("all digits and letters"),
    "grade": _l("such as P5 or 五(3)班"),
    "roll_number": _l("optional"),
    "health_note": _l("only what supervising adults must know"),
}
"""Where a column's own words speak of cells and workbooks."""

Form = TypeVar("Form", bound="EntryForm")


class Required:
    """Marks a field as required; what is missing is said by the reader of the record."""

    field_flags: Mapping[str, bool] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Leave the judgement to the reader."""


class EntryForm(BaseForm):
    """A form whose fields are columns; made by `group_form`, `member_form` or `answer_form`.

    `seen` is the fingerprint of what was stored when the form was opened.
    """

    columns: ClassVar[Mapping[str, Column]] = {}
    seen = HiddenField()

    def values(self) -> dict[str, str | None]:
        """Return what was typed by column key, blanks as None."""
        return {field.short_name: field.data or None for field in self if self._is_column(field)}

    def fill(self, values: Mapping[str, str | None], seen: str) -> None:
        """Show what is stored, and remember which state of it was shown."""
        self.seen.data = seen
        for field in self:
            if self._is_column(field):
                field.data = values.get(field.short_name)

    @property
    def has_columns(self) -> bool:
        """Tell whether there is anything to fill in."""
        return any(map(self._is_column, self))

    def limit_to(self, keys: Collection[str]) -> None:
        """Leave only the fields that may be changed."""
        for field in list(self):
            if self._is_column(field) and field.short_name not in keys:
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
            key = field.short_name
            if self._is_column(field) and (field.data or None) != stored.get(key):
                text = _stored_text(self.columns[key], stored.get(key))
                field.errors = [*field.errors, _("Stored now: %(value)s", value=text)]

    def _show(self, key: str, code: str, facts: Mapping[str, Any]) -> None:
        explanation = explain_code(code, facts, self.columns.get(key))
        field = self._fields.get(key)
        if field is None:
            self.form_errors.append(str(explanation))
        else:
            # What is accepted stands above the field already, or is what it offers.
            field.errors = [*field.errors, explanation.wrong]

    def _is_column(self, field: Field) -> bool:
        return field.short_name in self.columns


class NewMemberForm(EntryForm):
    """A pupil, and whether another one follows; made by `member_form`."""

    following = SubmitField(_l("Save and enter the next"))
    finish = SubmitField(_l("Save and finish"))


def _stored_text(column: Column, value: str | None) -> str:
    if value is not None and any(choice.value == value for choice in column.choices):
        return column.label(value, str(get_locale()))
    return value or "–"


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


def group_form(plan: FormPlan) -> EntryForm:
    """Return the form of a group, with the fields that coordinators added."""
    columns = [GROUP_SHEET.column(key) for key in GROUP_KEYS]
    return _form(EntryForm, plan, columns, plan.entry_fields(FieldOwner.GROUP))


def member_form(plan: FormPlan, base: type[Form]) -> Form:
    """Return the form of a member, with the fields that coordinators added."""
    columns = [MEMBER_SHEET.column(key) for key in MEMBER_KEYS]
    return _form(base, plan, columns, plan.entry_fields(FieldOwner.MEMBER))


def answer_form(plan: FormPlan, specs: Sequence[FieldSpec]) -> EntryForm:
    """Return a form of nothing but these fields of coordinators."""
    return _form(EntryForm, plan, [], specs)


def _form(
    base: type[Form], plan: FormPlan, columns: Sequence[Column], specs: Sequence[FieldSpec]
) -> Form:
    fields = {column.key: _field(column, is_wide=column in _WIDE) for column in columns}
    fields |= {spec.mark: answer_field(spec, plan) for spec in specs}
    known = {column.key: column for column in columns}
    known |= {spec.mark: plan.column(spec) for spec in specs}
    made: Form = type(base.__name__, (base,), {**fields, "columns": known})()
    return made


def parts_with_answers(parts: Parts, specs: Iterable[FieldSpec]) -> Parts:
    """Return the parts of a form and, at its end, what the programme asks besides."""
    return (*parts, (_l("Further questions"), tuple(spec.mark for spec in specs)))


def _piece_keys() -> tuple[str, ...]:
    return tuple(c.key for c in GROUP_SHEET.columns if c.key.startswith("piece_"))


GROUP_PARTS = (
    (_l("Group"), ("name", "voicing", "introduction", "equipment")),
    (_l("Team leader"), ("leader", "leader_phone", "leader_email")),
    (_l("Works"), _piece_keys()),
    (
        _l("Conductor, accompanist, advisers"),
        (
            "conductor",
            "conductor_is_own",
            "accompanist",
            "adviser_1",
            "adviser_2",
            "adviser_3",
            "chaperones",
        ),
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
GROUP_KEYS = tuple(key for _, keys in GROUP_PARTS for key in keys)
MEMBER_KEYS = tuple(key for _, keys in MEMBER_PARTS for key in keys)
"""In the order of the page, so that a list of errors has it too."""


def asked_keys(category: Category, form: FormPlan, *, works: int = 0) -> frozenset[str]:
    """Return the columns of the group sheet that say something in the category, or are filled in.

    `works` are stored already.
    """
    return frozenset(column.key for column in group_sheet_of(category, form, works=works).columns)
