"""What a coordinator fills in to state something about two groups."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from scheduler.applications.models import Application
from scheduler.scheduling.forms import HIGHEST_PRICE
from scheduler.scheduling.rules.offer_texts import STRENGTH_TEXTS
from scheduler.scheduling.rules.offered import Strength
from scheduler.scheduling.rules.relation_texts import KIND_TEXTS
from scheduler.web import BaseForm, select_choices

USUAL_PRICE = 120


class RelationForm(BaseForm):
    """Two groups, what is to be true of them, and how much it counts."""

    first = SelectField(_l("First group"), validators=[InputRequired()])
    second = SelectField(_l("Second group"), validators=[InputRequired()])
    kind = SelectField(_l("They perform"), choices=select_choices(KIND_TEXTS.items()))
    strength = SelectField(
        _l("How much it counts"),
        choices=select_choices(
            (each, STRENGTH_TEXTS[each]) for each in (Strength.HOLDS, Strength.WISH)
        ),
    )
    weight = IntegerField(
        _l("Price"),
        validators=[InputRequired(), NumberRange(min=1, max=HIGHEST_PRICE)],
        default=USUAL_PRICE,
        description=_l("What it costs when it is wished for and does not come true."),
    )

    def price(self) -> int | None:
        """Return the price of a wish, None for what must hold."""
        return self.weight.data if self.strength.data == Strength.WISH else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Forget what stands in the price where nothing costs."""
        if self.strength.data != Strength.WISH:
            self.weight.process(MultiDict({self.weight.name: str(USUAL_PRICE)}))
        return bool(super().validate(extra_validators))


def relation_form(groups: Mapping[str, Application]) -> RelationForm:
    """Return the form with the programme's groups to choose from."""
    form = RelationForm()
    named = sorted((group.group_name, ref) for ref, group in groups.items())
    chosen = ((ref, f"{name} ({ref})") for name, ref in named)
    choices = select_choices([("", _("Please choose")), *chosen])
    form.first.choices = form.second.choices = choices
    return form
