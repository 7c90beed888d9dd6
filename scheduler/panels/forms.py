"""Forms of panels: setting one up, its criteria and reviewers, marks, decisions."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DecimalField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.formats import named
from scheduler.panels.judging import LONGEST_TEXT, Judgement
from scheduler.panels.models import Assignment, Criterion, Panel, PanelReviewer
from scheduler.panels.scoring import HUNDREDTHS
from scheduler.panels.services import CriterionDetails, PanelDetails
from scheduler.programmes.approval import FIXED, ApprovalLevel, LevelKind
from scheduler.programmes.fields import NamedForm, number_field, text_field
from scheduler.programmes.models import Programme
from scheduler.programmes.texts import LEVELS
from scheduler.web import BaseForm, select_choices, trimmed, whole_number

MOST_REVIEWERS = 20
MARK = "mark_"


class PanelForm(BaseForm):
    """A panel's name, level, categories and reviewers per case."""

    name = text_field(_l("Name"), 120)
    level = SelectField(_l("Level"))
    per_case = number_field(
        _l("Reviewers per case"),
        1,
        MOST_REVIEWERS,
        description=_l("So many judge each case, independently of each other."),
    )
    categories = SelectMultipleField(
        _l("Categories"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def offer_choices(self, programme: Programme, levels: Iterable[ApprovalLevel]) -> None:
        """Fill in levels, the school's own aside, and categories."""
        judging = [each.kind for each in levels if each.kind is not LevelKind.SCHOOL]
        judging.sort(key=lambda kind: kind in FIXED)
        self.level.choices = select_choices((kind.value, LEVELS[kind]) for kind in judging)
        self.categories.choices = select_choices(
            (each.code, named(each.names)) for each in programme.categories
        )

    def details(self, programme: Programme) -> PanelDetails:
        """What was filled in."""
        chosen = set(self.categories.data or ())
        return PanelDetails(
            name=str(self.name.data),
            per_case=int(self.per_case.data or 1),
            categories=[each for each in programme.categories if each.code in chosen],
        )


def panel_values(panel: Panel) -> dict[str, Any]:
    """Return what the form shows of a panel."""
    return {
        "name": panel.name,
        "per_case": panel.per_case,
        "categories": [share.category.code for share in panel.shares],
    }


class CriterionForm(NamedForm):
    """A criterion with its weight and highest mark."""

    weight = number_field(_l("Weight"), 1, 100)
    max_mark = number_field(_l("Highest mark"), 1, 100)

    def details(self) -> CriterionDetails:
        """What was filled in."""
        weight, most = int(self.weight.data or 1), int(self.max_mark.data or 1)
        return CriterionDetails(self.names, weight, most)


class ReviewerForm(BaseForm):
    """Who is to judge: an account by its address, or a new one that is invited."""

    email = text_field(
        _l("E-mail address"),
        254,
        description=_l("Whoever has no account yet is invited by mail."),
    )


class GiveForm(BaseForm):
    """A reviewer for one case, by hand."""

    reviewer = SelectField(_l("Reviewer"))

    def offer_choices(self, reviewers: Iterable[PanelReviewer]) -> None:
        """Fill in the panel's reviewers."""
        self.reviewer.choices = select_choices(
            (each.account.ref, each.account.name) for each in reviewers
        )


class JudgementForm(BaseForm):
    """A comment and the version; `judgement_form` adds a field for each criterion."""

    comment = TextAreaField(
        _l("Comment"),
        validators=[Length(max=LONGEST_TEXT)],
        filters=[trimmed],
        description=_l("Optional. Coordinators read it; schools only if they publish comments."),
    )
    version = HiddenField()

    def judgement(self, criteria: Iterable[Criterion], *, is_draft: bool) -> Judgement:
        """What was filled in, with marks in hundredths."""
        given = {each.number: self[f"{MARK}{each.number}"].data for each in criteria}
        return Judgement(
            marks={key: _hundredths(mark) for key, mark in given.items() if mark is not None},
            comment=str(self.comment.data or ""),
            version=whole_number(str(self.version.data or "")) or 0,
            is_draft=is_draft,
        )


def judgement_form(
    assignment: Assignment, criteria: list[Criterion], *, is_anew: bool = False
) -> JudgementForm:
    """Return the form for a case, with the marks that were given so far.

    `is_anew` shows them as they are stored, whatever was sent.
    """
    kept = {mark.criterion_id: mark.hundredths for mark in assignment.marks}
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {"comment": assignment.comment, "version": assignment.version}
    for each in criteria:
        name = f"{MARK}{each.number}"
        fields[name] = _mark_field(each)
        if each.id in kept:
            values[name] = Decimal(kept[each.id]) / HUNDREDTHS
    form_class = type("CaseForm", (JudgementForm,), fields)
    sent = {"formdata": None} if is_anew else {}
    form: JudgementForm = form_class(data=values, **sent)
    return form


def _mark_field(criterion: Criterion) -> DecimalField:
    label = _("%(criterion)s (0 to %(most)s)", criterion=named(criterion.names),
              most=criterion.max_mark)  # fmt: skip
    message = _("Please give a mark from 0 to %(most)s.", most=criterion.max_mark)
    return DecimalField(
        label,
        places=None,
        validators=[Optional(), NumberRange(0, criterion.max_mark, message), _two_places],
        render_kw={"min": 0, "max": criterion.max_mark, "step": "0.01", "inputmode": "decimal"},
    )


def _two_places(_form: Any, field: Any) -> None:
    if field.data is not None and field.data * HUNDREDTHS % 1:
        raise ValidationError(_("Please give no more than two decimals."))


def _hundredths(mark: Decimal) -> int:
    return int(mark * HUNDREDTHS)


class ConflictForm(BaseForm):
    """Why a reviewer cannot judge a case."""

    reason = TextAreaField(
        _l("Why you cannot judge this case"),
        validators=[Length(max=LONGEST_TEXT)],
        filters=[trimmed],
    )


LEAVE = "leave"
