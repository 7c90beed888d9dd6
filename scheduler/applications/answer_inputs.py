"""The input of a coordinator's field on a page, with its help, its condition and its limits."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from wtforms import SelectField, StringField, TextAreaField

from scheduler.applications.answers import LONGEST_TEXT
from scheduler.applications.form_plan import FormPlan, accepts
from scheduler.formats import listed, named
from scheduler.programmes.form_fields import MARK, AskedWhen, FieldKind, FieldSpec
from scheduler.spreadsheets.columns import in_locale
from scheduler.web import select_choices


class AnswerSelect(SelectField):
    """A drop-down that shows a retired option only where it is the answer already."""

    def __init__(
        self, label: Any = None, *, retired: frozenset[str] = frozenset(), **options: Any
    ) -> None:
        super().__init__(label, validate_choice=False, **options)
        self.retired = retired

    def iter_choices(self) -> Any:
        """Return what is offered, and what was chosen before it was retired."""
        choices: Any = super().iter_choices()
        return [choice for choice in choices if choice.value not in self.retired or choice.selected]


SHORT_TEXT = 120
"""Longer answers get an area of several lines."""

_INPUTS: Mapping[FieldKind, dict[str, Any]] = {
    FieldKind.NUMBER: {"inputmode": "decimal", "autocomplete": "off"},
    FieldKind.DATE: {"type": "date"},
    FieldKind.DURATION: {"inputmode": "numeric", "placeholder": "07:30"},
    FieldKind.VIDEO: {"type": "url", "autocomplete": "off"},
    FieldKind.TEXT: {"autocomplete": "off"},
}


def answer_field(spec: FieldSpec, plan: FormPlan) -> Any:
    """Return the unbound field of a form."""
    given: dict[str, Any] = {
        "label": LazyString(lambda: named(dict(spec.names))),
        "description": LazyString(lambda: hint(spec, plan)),
    }
    shown = _shown_if(spec)
    if spec.kind in {FieldKind.CHOICE, FieldKind.PERSON}:
        retired = frozenset(option.code for option in spec.options if option.is_retired)
        return AnswerSelect(choices=_choices(spec, plan), retired=retired, render_kw=shown, **given)
    if spec.kind is FieldKind.TEXT and (spec.most or LONGEST_TEXT) > SHORT_TEXT:
        return TextAreaField(render_kw={"rows": 3, **shown}, **given)
    return StringField(render_kw={**_INPUTS[spec.kind], **shown}, **given)


def _shown_if(spec: FieldSpec) -> dict[str, str]:
    """Tell the page's script when the field is asked; without script its hint says so."""
    condition = spec.condition
    if condition is None:
        return {}
    values = " ".join(sorted(condition.values))
    return {"data-asked-if": f"{MARK}{condition.field}", "data-asked-values": values}


def hint(spec: FieldSpec, plan: FormPlan) -> str:
    """Return what stands above the input: help, condition, what is accepted, whether needed."""
    parts = [named(dict(spec.helps)), condition_text(spec, plan)]
    if spec.kind in {FieldKind.NUMBER, FieldKind.DURATION, FieldKind.VIDEO}:
        parts.append(in_locale(accepts(spec, plan.around), str(get_locale())))
    if spec.is_required and spec.asked_when is AskedWhen.ENTRY:
        parts.append(_("Needed before the entry is submitted."))
    elif spec.is_required:
        parts.append(_("Needed once the group is accepted."))
    return " ".join(_as_sentence(part) for part in parts if part)


def condition_text(spec: FieldSpec, plan: FormPlan) -> str:
    """Return when a field is asked, empty if it always is."""
    condition = spec.condition
    if condition is None:
        return ""
    other = next((each for each in plan.fields if each.code == condition.field), None)
    label = condition.field if other is None else named(dict(other.names))
    if other is None or not condition.values:
        return str(_("Only if “%(field)s” is answered.", field=label))
    words = [named(dict(o.names)) for o in other.options if o.code in condition.values]
    return str(_("Only if “%(field)s” is: %(values)s.", field=label, values=listed(words)))


def _as_sentence(text: str) -> str:
    """Write what is no sentence like one, so that the next one can follow."""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?。！？…" else f"{text}."


def _choices(spec: FieldSpec, plan: FormPlan) -> Any:
    def choices() -> list[Any]:
        locale = str(get_locale())
        offered = [(c.value, in_locale(c.labels, locale)) for c in plan.column(spec).choices]
        retired = [
            (o.code, str(_("%(label)s (not offered any more)", label=in_locale(o.names, locale))))
            for o in spec.options
            if o.is_retired
        ]
        return select_choices([("", "–"), *offered, *retired])

    return choices
