"""What a coordinator and a school fill in about a case."""

from collections.abc import Mapping

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.applications.decisions import Decision
from scheduler.applications.fields import Field
from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.steps import LONGEST_TEXT
from scheduler.applications.texts import FIELD_LABELS
from scheduler.applications.workflow import DECISIONS, Action
from scheduler.errors import NotFound, Refused
from scheduler.formats import named
from scheduler.programmes.form_fields import AskedWhen, is_mark
from scheduler.texts import sentence
from scheduler.web import BaseForm, select_choices, trimmed


def _text(label: str, hint: str = "") -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        filters=[trimmed],
        render_kw={"rows": 4, "maxlength": LONGEST_TEXT},
    )


class ReturnForm(BaseForm):
    """What has to be changed, and where."""

    fields = SelectMultipleField(
        _l("What has to be changed"),
        choices=select_choices((field.value, FIELD_LABELS[field]) for field in Field),
        description=_l("The school can change only what you mark."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    reason = _text(_l("Message to the school"))


class RejectForm(BaseForm):
    """Why a group is not accepted."""

    reason = _text(_l("Reason"), _l("The school will read it, on its page and in a mail."))


class WaitlistForm(RejectForm):
    """Why a place is taken away again."""


class RankForm(BaseForm):
    """A new place in line, and why."""

    rank = IntegerField(_l("New place in line"), render_kw={"min": 1, "inputmode": "numeric"})
    reason = _text(_l("Reason"), _l("It stands in the history, which the school can read."))


FORM_BY_ACTION: dict[Action, type[BaseForm]] = {
    Action.RETURN: ReturnForm,
    Action.REJECT: RejectForm,
    Action.WAITLIST: WaitlistForm,
    Action.MOVE: RankForm,
}


def asked_decision(forms: Mapping[Action, BaseForm], version: int) -> Decision:
    """Return the decision that a request asks for; raises `NotFound` for what is none.

    Its reason and marked fields are those of the action's own form.
    """
    word = request.form.get("action", "")
    if word not in {str(action) for action in DECISIONS}:
        raise NotFound
    action = Action(word)
    form = forms.get(action)
    reason = form["reason"].data if form is not None else None
    marked = set(form["fields"].data or ()) if isinstance(form, ReturnForm) else set()
    fields = tuple(str(field) for field in Field if field in marked)
    fields += tuple(sorted(mark for mark in marked if is_mark(mark)))
    return Decision(action, version, reason or None, fields)


def show_refusal(forms: Mapping[Action, BaseForm], action: Action, refused: Refused) -> bool:
    """Put the refusal's sentence beside the field that it belongs to; False if there is none."""
    form = forms.get(action)
    if form is None or refused.field is None or refused.field not in form:
        return False
    form[refused.field].errors = [sentence(refused.code, **refused.facts)]
    return True


def decision_forms(plan: FormPlan = PLAIN) -> dict[Action, BaseForm]:
    """Return the forms of a case page, told apart by their prefixes.

    What schools are asked by the programme's own fields can be marked like any other part.
    """
    forms = {action: form(prefix=action.value) for action, form in FORM_BY_ACTION.items()}
    own = [
        (spec.mark, named(dict(spec.names)))
        for spec in plan.fields
        if spec.is_for_school and spec.asked_when is AskedWhen.ENTRY
    ]
    returning = forms[Action.RETURN]
    returning["fields"].choices = [*returning["fields"].choices, *select_choices(own)]
    return forms
