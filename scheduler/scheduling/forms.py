"""What a coordinator fills in while planning."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.programmes.fields import MISSING, sensible_year
from scheduler.scheduling.holding import Keep
from scheduler.scheduling.models import PlanMethod
from scheduler.scheduling.rules.offer_texts import (
    MINUTES_HINTS,
    MINUTES_TEXTS,
    OFFER_TEXTS,
    STRENGTH_TEXTS,
    UNIT_TEXTS,
)
from scheduler.scheduling.rules.offered import OFFERS, Choice, RuleCode, Strength
from scheduler.seen_forms import SeenForm
from scheduler.web import BaseForm, select_choices, trimmed

HIGHEST_PRICE = 10_000
MOST_MINUTES = 24 * 60

METHODS = {
    PlanMethod.KEEP: _l("Place what is missing, move as little as possible"),
    PlanMethod.FILL: _l("Place what is missing, move nothing"),
    PlanMethod.IMPROVE: _l("Look for a better timetable; only what is locked stays"),
    PlanMethod.FRESH: _l("Fresh start: everything may move"),
}


KEEPS = {
    Keep.VENUE: _l("their venue"),
    Keep.TIME: _l("their time on stage"),
    Keep.ORDER: _l("their order in each venue"),
}


class BeginningForm(BaseForm):
    """What may move, and from where a search begins."""

    method = RadioField(
        _l("What may move"), choices=select_choices(METHODS.items()), default=PlanMethod.KEEP
    )
    based_on = SelectField(_l("Begin from"), description=_l("A fresh start takes no notice of it."))
    part = SelectField(
        _l("Which groups may move"),
        default="",
        description=_l("All others stay where they are, unless it is a fresh start."),
    )
    keeps = SelectMultipleField(
        _l("What those groups keep"),
        choices=select_choices(KEEPS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class EffortForm(BaseForm):
    """How long a search takes, and along which way."""

    seconds = SelectField(
        _l("How long to search"),
        choices=select_choices(
            [
                ("10", _l("10 seconds")),
                ("60", _l("1 minute")),
                ("300", _l("5 minutes")),
                ("900", _l("15 minutes")),
            ]
        ),
        coerce=int,
        default=60,
        description=_l("A first timetable stands after seconds. More time makes it better."),
    )
    seed = IntegerField(
        _l("Seed"),
        validators=[InputRequired(), NumberRange(min=0, max=2_000_000_000)],
        default=1,
        description=_l("Another number leads the search along another way."),
    )
    is_repeatable = BooleanField(
        _l("The same timetable each time"),
        description=_l(
            "Counts the steps of the search instead of seconds: the same groups, rules and seed "
            "then give the same timetable. How long that takes depends on the machine."
        ),
    )


class SolveForm(BeginningForm, EffortForm):
    """What may move, from where the search begins, and how long it takes."""


class RulesForm(SeenForm):
    """How much each rule of the timetable counts; `rules_form` adds a pair of fields for each."""

    def choices(self) -> dict[RuleCode, Choice]:
        """Return what was entered. A price is read only where the rule is a wish."""
        return {code: self._choice(code) for code in OFFERS}

    def _choice(self, code: RuleCode) -> Choice:
        strength = Strength(self[f"strength_{code}"].data)
        price = self[f"weight_{code}"].data if strength is Strength.WISH else None
        minutes = self._fields.get(f"minutes_{code}")
        return Choice(strength, price, minutes.data if minutes is not None else None)

    def rows(self) -> list[tuple[RuleCode, Field, Field | None, Field | None]]:
        """Return each rule with its fields (strength, price, minutes), in the page's order."""
        return [
            (
                code,
                self[f"strength_{code}"],
                self._fields.get(f"weight_{code}"),
                self._fields.get(f"minutes_{code}"),
            )
            for code in OFFERS
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Demand numbers where they count, and forget what stands in them elsewhere."""
        for code, strength, weight, minutes in self.rows():
            if weight is not None and strength.data != Strength.WISH:
                weight.process(None, OFFERS[code].usual_weight)
            if minutes is not None and strength.data == Strength.OFF:
                minutes.process(None, OFFERS[code].default.minutes)
        return bool(super().validate(extra_validators))


def rules_form(stored: Mapping[RuleCode, Choice]) -> RulesForm:
    """Return the form of all rules, filled with what is stored."""
    fields: dict[str, Any] = {}
    for code, offer in OFFERS.items():
        words = [(each, STRENGTH_TEXTS[each]) for each in offer.strengths]
        fields[f"strength_{code}"] = SelectField(
            OFFER_TEXTS[code], choices=select_choices(words), default=stored[code].strength
        )
        if offer.usual_weight is not None:
            fields[f"weight_{code}"] = IntegerField(
                UNIT_TEXTS[code],
                validators=[InputRequired(), NumberRange(min=1, max=HIGHEST_PRICE)],
                default=stored[code].weight or offer.usual_weight,
            )
        if offer.default.minutes is not None:
            fields[f"minutes_{code}"] = IntegerField(
                MINUTES_TEXTS[code],
                validators=[InputRequired(), NumberRange(min=1, max=MOST_MINUTES)],
                default=stored[code].minutes,
                description=MINUTES_HINTS[code],
            )
    form: RulesForm = type("FilledRulesForm", (RulesForm,), fields)()
    return form


class PlaceForm(BaseForm):
    """A place that a group could have."""

    venue = SelectField(_l("Venue"), validators=[InputRequired()])
    starts_at = DateTimeLocalField(
        _l("On stage from"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        validators=[InputRequired(), sensible_year],
    )


class MoveForm(PlaceForm):
    """A group's new place; `edition` is that of the board on which it was chosen."""

    edition = HiddenField(validators=[InputRequired()])


class LengthForm(BaseForm):
    """How long a group is on stage in a draft; `edition` is that of the board that showed it."""

    minutes = IntegerField(_l("Minutes on stage"), validators=[InputRequired()])
    edition = HiddenField(id="length-edition", validators=[InputRequired()])

    def limit(self, most: int) -> None:
        """Let nobody be longer on stage than the category allows."""
        self.minutes.validators = [InputRequired(), NumberRange(min=1, max=most)]
        self.minutes.description = _l("The category allows %(most)s.", most=most)


class NameForm(BaseForm):
    """A draft's name."""

    name = StringField(
        _l("Name of the draft"),
        validators=[DataRequired(MISSING), Length(max=80)],
        filters=[trimmed],
    )


class PublishForm(BaseForm):
    """The release's notes, shown to everybody who is told."""

    notes = TextAreaField(
        _l("Notes"),
        validators=[Optional(), Length(max=1000)],
        description=_l("Shown on the timetable and in the mail to those affected."),
    )
    edition = HiddenField(validators=[InputRequired()])


class SecondForm(BaseForm):
    """The second confirmation of `asked`; a reason is needed from whoever is alone."""

    reason = TextAreaField(
        _l("Why this cannot wait"),
        validators=[Length(max=400)],
        filters=[trimmed],
        render_kw={"rows": 3, "maxlength": 400},
        description=_l("It is kept with the release."),
    )
    asked = HiddenField()
