"""What coordinators fill in about a category: only what says something about its kind."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from scheduler.programmes.category_services import CategoryDetails
from scheduler.programmes.fields import (
    WHOLE_NUMBER,
    NamedForm,
    name_values,
    number_field,
    sensible_year,
)
from scheduler.programmes.forms import code_field
from scheduler.programmes.kinds import (
    DEFAULTS,
    MOST_WORKS,
    AgeRule,
    Allocation,
    CategoryKind,
    OutcomeKind,
    SealedForm,
    alike,
    unneeded_fields,
)
from scheduler.programmes.models import Category
from scheduler.programmes.texts import (
    AGE_RULES,
    ALLOCATIONS,
    GRADES,
    KINDS,
    OUTCOME_KINDS,
    SEALED_FORMS,
)
from scheduler.seen_forms import SeenForm
from scheduler.web import select_choices

NUMBERS = (
    "places",
    "min_members",
    "max_members",
    "max_works",
    "max_minutes",
    "changeover_minutes",
    "play_up_groups",
    "min_advisers",
    "max_advisers",
    "min_chaperones",
)
FLAGS = (
    "is_primary",
    "needs_conductor",
    "needs_accompanist",
    "counts_persons",
    "is_joint",
)
FIELDS_BY_RULE = {
    AgeRule.NONE: (),
    AgeRule.BORN_BETWEEN: ("born_from", "born_to"),
    AgeRule.AGE_ON_DATE: ("age_on", "age_min", "age_max"),
    AgeRule.BIRTH_YEAR: ("age_min", "age_max"),
    AgeRule.GRADE: ("grade_from", "grade_to"),
}


def _age_field(label: Any, **options: Any) -> IntegerField:
    limits = NumberRange(4, 30, WHOLE_NUMBER)
    return IntegerField(
        label, validators=[Optional(), limits], render_kw={"min": 4, "max": 30}, **options
    )


def _day_field(label: Any, **options: Any) -> DateField:
    return DateField(label, validators=[Optional(), sensible_year], **options)


class CategoryForm(NamedForm, SeenForm):
    code = code_field(32, _l("Stands in addresses and workbooks. It cannot be changed later."))
    kind = SelectField(
        _l("Kind"), description=_l("Music, tennis and tours stay apart: add a category for each.")
    )
    places = number_field(
        _l("Places"), 0, 500, description=_l("So many groups can be accepted, never more.")
    )
    min_members = number_field(_l("Pupils at least"), 1, 500)
    max_members = number_field(_l("Pupils at most"), 1, 500)
    max_works = number_field(_l("Works at most"), 1, MOST_WORKS)
    max_minutes = number_field(
        _l("Minutes at most"), 1, 120, description=_l("Planned for every group or match.")
    )
    changeover_minutes = number_field(_l("Changeover after it (minutes)"), 0, 120)
    age_rule = SelectField(
        _l("Age rule"), description=_l("Fill in below what the chosen rule needs.")
    )
    born_from = _day_field(_l("Born from"), description=_l("For the rule “born between”."))
    born_to = _day_field(_l("Born until"))
    age_on = _day_field(_l("Day on which the age counts"))
    age_min = _age_field(_l("Lowest age"), description=_l("For rules by age; may be left out."))
    age_max = _age_field(
        _l("Highest age"),
        description=_l("U12 by birth year: 12, so born in 2015 or later in 2027."),
    )
    grade_from = SelectField(_l("Lowest grade"))
    grade_to = SelectField(_l("Highest grade"))
    play_up_groups = number_field(
        _l("Younger pupils may play up (groups)"),
        0,
        5,
        description=_l("0: not at all. Older pupils never play down."),
    )
    is_primary = BooleanField(
        _l("Primary pupils"), description=_l("They have finished by the programme's evening limit.")
    )
    needs_conductor = BooleanField(_l("A conductor must be named"))
    needs_accompanist = BooleanField(_l("An accompanist must be named"))
    counts_persons = BooleanField(
        _l("Places are counted by pupils"),
        description=_l("For tours and delegations: a group takes as many places as it has pupils."),
    )
    allocation = SelectField(
        _l("How places are given"),
        choices=select_choices(ALLOCATIONS.items()),
        description=_l("Schools read it before they enter, and on each entry's page."),
    )
    is_joint = BooleanField(
        _l("Several schools may enter together"),
        description=_l(
            "The school that enters invites others, and each answers for its own pupils. The "
            "entry counts for the school that enters it."
        ),
    )
    min_advisers = number_field(_l("Advisers at least"), 0, 3)
    max_advisers = number_field(_l("Advisers at most"), 0, 3)
    min_chaperones = number_field(_l("Chaperones at least"), 0, 20)
    outcome = SelectField(_l("What groups get in the end"))
    sealed_form = SelectField(
        _l("Form with the school's seal"),
        description=_l("Schools print it, have it signed and sealed, and send up a scan."),
    )

    def suit(self, kind: CategoryKind) -> None:
        """Offer the kinds of this family, and leave only the fields that say something of it."""
        self.kind.choices = select_choices([(each.value, KINDS[each]) for each in alike(kind)])
        self.age_rule.choices = select_choices(AGE_RULES.items())
        grades = [("", "–"), *((str(number), label) for number, label in GRADES.items())]
        self.grade_from.choices = self.grade_to.choices = select_choices(grades)
        self.outcome.choices = select_choices(
            [("", _("As the programme says")), *OUTCOME_KINDS.items()]
        )
        self.sealed_form.choices = select_choices(SEALED_FORMS.items())
        for name in unneeded_fields(kind):
            del self[name]

    def details(self) -> CategoryDetails:
        """What was filled in; fields of age rules that were not chosen are left out."""
        rule = AgeRule(self.age_rule.data)
        values: dict[str, Any] = {name: self[name].data for name in FIELDS_BY_RULE[rule]}
        if rule is AgeRule.GRADE:
            values = {name: int(grade) if grade else None for name, grade in values.items()}
        for name in NUMBERS:
            values[name] = int(self[name].data or 0) if name in self else 0
        for name in FLAGS:
            values[name] = bool(self[name].data) if name in self else False
        return CategoryDetails(
            code=str(self.code.data) if "code" in self else "",
            names=self.names,
            kind=CategoryKind(self.kind.data),
            allocation=Allocation(self.allocation.data),
            age_rule=rule,
            outcome=OutcomeKind(self.outcome.data) if self.outcome.data else None,
            sealed_form=SealedForm(self.sealed_form.data),
            **values,
        )


def category_values(category: Category) -> dict[str, Any]:
    """Return what the form shows of a stored category."""
    keys = CategoryDetails.__dataclass_fields__.keys() - {"code", "names"}
    shown = {key: getattr(category, key) for key in keys}
    shown |= {key: str(shown[key] or "") for key in ("grade_from", "grade_to", "outcome")}
    shown |= {
        "allocation": category.allocation.value,
        "kind": category.kind.value,
        "age_rule": _shown_rule(category).value,
        "sealed_form": category.sealed_form.value,
    }
    return name_values(category.names) | shown


def first_values(kind: CategoryKind, starts_on: dt.date) -> dict[str, Any]:
    """Return with what the form for a new category of this kind begins."""
    defaults = DEFAULTS[kind]
    return {
        **{name: getattr(defaults, name) for name in defaults.__dataclass_fields__},
        "kind": kind.value,
        "allocation": Allocation.DECISION.value,
        "age_rule": AgeRule.NONE.value,
        "age_on": starts_on,
        "play_up_groups": 0,
        "min_advisers": 0,
        "max_advisers": 2,
        "outcome": "",
        "grade_from": "",
        "grade_to": "",
        "sealed_form": SealedForm.NONE.value,
    }


def _shown_rule(category: Category) -> AgeRule:
    """Without dates, "born between" is any age."""
    if category.age_rule is AgeRule.BORN_BETWEEN and not (category.born_from or category.born_to):
        return AgeRule.NONE
    return category.age_rule
