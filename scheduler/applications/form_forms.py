"""What coordinators fill in about a field of the entry form."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
)
from wtforms import FloatField as NumberField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.applications.form_services import MOST_OPTIONS, FieldDetails, FormRefusal
from scheduler.applications.form_texts import ASKED_WHEN, AUDIENCES, FIELD_KINDS, OWNERS
from scheduler.errors import Refused
from scheduler.formats import named
from scheduler.programmes.fields import NAME_FIELDS, LocalTimesForm, NamedForm, text_field
from scheduler.programmes.form_fields import (
    AskedWhen,
    Audience,
    Condition,
    FieldKind,
    FieldOwner,
    Option,
)
from scheduler.programmes.form_models import FormField as StoredField
from scheduler.programmes.forms import code_field
from scheduler.programmes.models import Category
from scheduler.programmes.venue_forms import Row
from scheduler.web import select_choices

BLANK_ROWS = 3
"""So many empty rows stand below what is stored: more appear once these are saved."""
HELP_FIELDS = {"help_en": "en", "help_zh_hans": "zh_Hans", "help_zh_hant": "zh_Hant_HK"}
ANY = "*"


class OptionRow(Row):
    code = HiddenField()
    name_en = text_field(_l("In English"), 80, required=False)
    name_zh_hans = text_field(_l("In simplified Chinese"), 80, required=False)
    name_zh_hant = text_field(_l("In traditional Chinese"), 80, required=False)
    is_retired = BooleanField(_l("Not offered any more"))

    @property
    def is_blank(self) -> bool:
        """Tell whether no text was filled in: such a row is left out."""
        return not any(self[name].data for name in NAME_FIELDS)


def _checkboxes(label: Any, description: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        description=description,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class FieldForm(NamedForm, LocalTimesForm):
    help_en = text_field(_l("Help in English"), 300, required=False)
    help_zh_hans = text_field(_l("Help in simplified Chinese"), 300, required=False)
    help_zh_hant = text_field(_l("Help in traditional Chinese"), 300, required=False)
    code = code_field(
        32, _l("Short and in Latin letters, such as shirt-size. It cannot be changed later.")
    )
    owner = SelectField(_l("Asked of"))
    kind = SelectField(_l("Kind of answer"), description=_l("It cannot change once answered."))
    options = FieldList(
        FormField(OptionRow),
        label=_l("Answers to choose"),
        description=_l("For a choice only. Clear a row to remove it; save to get more rows."),
    )
    least = NumberField(
        _l("At least"), validators=[Optional(), NumberRange(-1e9, 1e9)], description=_l("Numbers.")
    )
    most = NumberField(
        _l("At most"),
        validators=[Optional(), NumberRange(-1e9, 1e9)],
        description=_l("Numbers, or the characters of a text (400 unless you say so)."),
    )
    audience = SelectField(_l("Who answers"))
    asked_when = SelectField(
        _l("When"), description=_l("Papers and allergies are asked once a group is accepted.")
    )
    is_required = BooleanField(
        _l("An answer is needed"),
        description=_l("An entry cannot be submitted without it; a draft can be stored."),
    )
    condition = _checkboxes(
        _l("Asked only if"),
        _l("Mark the answers of one other field. Without a mark the field is always asked."),
    )
    categories = _checkboxes(_l("Categories"), _l("Without a mark all are asked."))
    version = HiddenField()

    def offer_choices(self, fields: Sequence[StoredField], categories: Sequence[Category]) -> None:
        """Fill the selections; `fields` are those that a condition can name."""
        self.owner.choices = select_choices(OWNERS.items())
        self.kind.choices = select_choices(FIELD_KINDS.items())
        self.audience.choices = select_choices(AUDIENCES.items())
        self.asked_when.choices = select_choices(ASKED_WHEN.items())
        self.categories.choices = select_choices((c.code, named(c.names)) for c in categories)
        self.condition.choices = select_choices(
            pair for field in fields if field.retired_at is None for pair in _conditions(field)
        )

    def show(self, field: StoredField | None) -> None:
        """Fill the rows with the stored options, and leave some blank."""
        for option in field.options if field is not None else ():
            shown = {name: option["names"].get(at, "") for name, at in NAME_FIELDS.items()}
            self.options.append_entry(
                {"code": option["code"], "is_retired": option["is_retired"], **shown}
            )
        for _row in range(BLANK_ROWS):
            if len(self.options) < MOST_OPTIONS:
                self.options.append_entry()

    @property
    def seen_version(self) -> int:
        """Return the version of the field that was on the page."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() else 0

    def details(self) -> FieldDetails:
        """What was filled in; raises `Refused` for rows and marks that are not whole."""
        kind = FieldKind(self.kind.data)
        return FieldDetails(
            code=str(self.code.data) if "code" in self else "",
            owner=FieldOwner(self.owner.data),
            kind=kind,
            names=self.names,
            helps={at: str(self[name].data) for name, at in HELP_FIELDS.items() if self[name].data},
            options=self._options() if kind is FieldKind.CHOICE else (),
            least=self.least.data if kind is FieldKind.NUMBER else None,
            most=self.most.data if kind in {FieldKind.NUMBER, FieldKind.TEXT} else None,
            condition=self._condition(),
            audience=Audience(self.audience.data),
            asked_when=AskedWhen(self.asked_when.data),
            is_required=bool(self.is_required.data),
            categories=tuple(self.categories.data or ()),
        )

    def _options(self) -> tuple[Option, ...]:
        found: list[Option] = []
        taken = {str(entry.form.code.data) for entry in self.options if entry.form.code.data}
        for number, entry in enumerate(self.options):
            row: OptionRow = entry.form
            if row.is_blank:
                continue
            if not row.name_en.data:
                raise Refused(FormRefusal.OPTION_INCOMPLETE, field=f"options-{number}-name_en")
            code = str(row.code.data or "") or _free_code(str(row.name_en.data), taken)
            taken.add(code)
            names = {at: str(row[name].data) for name, at in NAME_FIELDS.items() if row[name].data}
            found.append(Option(code, names, bool(row.is_retired.data)))
        return tuple(found)

    def _condition(self) -> Condition | None:
        chosen = [str(value).partition("=")[::2] for value in self.condition.data or ()]
        codes = {code for code, _value in chosen}
        if not codes:
            return None
        if len(codes) > 1:
            raise Refused(FormRefusal.CONDITION_MIXED, field="condition")
        values = {value for _code, value in chosen}
        return Condition(codes.pop(), frozenset() if ANY in values else frozenset(values))


def field_values(field: StoredField) -> dict[str, Any]:
    """Return what the form shows of a stored field, but its options."""
    keys = ("owner", "kind", "least", "most", "audience", "asked_when", "is_required")
    values = {key: getattr(field, key) for key in (*keys, "categories", "version")}
    values |= {name: field.names.get(at, "") for name, at in NAME_FIELDS.items()}
    values |= {name: field.helps.get(at, "") for name, at in HELP_FIELDS.items()}
    if field.condition_field is not None:
        chosen = field.condition_values or [ANY]
        values["condition"] = [f"{field.condition_field}={value}" for value in chosen]
    return values


def _conditions(field: StoredField) -> list[tuple[str, str]]:
    label = named(field.names)
    if field.kind is not FieldKind.CHOICE:
        return [(f"{field.code}={ANY}", _("%(field)s is answered", field=label))]
    return [
        (
            f"{field.code}={option['code']}",
            _("%(field)s: %(answer)s", field=label, answer=named(option["names"])),
        )
        for option in field.options
    ]


def _free_code(name: str, taken: set[str]) -> str:
    """Return a code for a new option, made of its English text."""
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    stem = "-".join(part for part in letters.split("-") if part)[:24] or "option"
    numbered = (f"{stem}-{number}" for number in range(2, MOST_OPTIONS * 2))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)
