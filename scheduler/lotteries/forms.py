"""What a coordinator fills in about a lottery."""

from typing import Any, cast

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from scheduler.formats import named
from scheduler.lotteries.draw import ANY_OTHER, Place
from scheduler.lotteries.lists import LONGEST_SEED
from scheduler.lotteries.models import Bundles, Lottery, Strata
from scheduler.lotteries.services import LotteryDetails
from scheduler.lotteries.texts import BUNDLES, STRATA, stratum_label
from scheduler.organisations.forms import CheckboxesField
from scheduler.programmes.fields import (
    MISSING,
    WHOLE_NUMBER,
    LocalTimesForm,
    NamedForm,
    name_values,
    text_field,
    wall_field,
)
from scheduler.programmes.models import Category, Programme
from scheduler.web import BaseForm, select_choices, trimmed

MOST_PLACES = 100_000


class LotteryForm(NamedForm, LocalTimesForm):
    categories = CheckboxesField(
        _l("Categories"),
        coerce=int,
        validators=[DataRequired(_l("Choose at least one category."))],
        description=_l("All submitted entries of these categories that wait for a decision."),
    )
    strata = SelectField(
        _l("Keep places for some"),
        description=_l("How many is said on the next page. What is left of them is open to all."),
    )
    bundles = SelectField(
        _l("Win or wait together"),
        description=_l(
            "Entries that belong together get places for all of them or none. A bundle that does "
            "not fit is skipped; a smaller one behind it may still fit."
        ),
    )
    seed_source = TextAreaField(
        _l("Where the seed will come from"),
        validators=[DataRequired(MISSING), Length(max=400)],
        filters=[trimmed],
        description=_l(
            "A public source that nobody here controls: which one, which draw, which numbers in "
            "which order. It is part of the published list."
        ),
        render_kw={"rows": 3, "maxlength": 400},
    )
    seed_at = wall_field(
        _l("When that source is drawn"),
        description=_l("Freeze the list before this time; draw after it."),
    )
    reason = TextAreaField(
        _l("Why there is another draw"),
        validators=[Length(max=1000)],
        filters=[trimmed],
        description=_l("Only if places of these categories were drawn before. It is published."),
        render_kw={"rows": 3, "maxlength": 1000},
    )
    version = HiddenField()

    def offer_choices(self, categories: list[Category]) -> None:
        """Fill the selections."""
        self.categories.choices = select_choices(
            [(str(category.id), named(category.names)) for category in categories]
        )
        self.strata.choices = select_choices(STRATA.items())
        self.bundles.choices = select_choices(BUNDLES.items())
        self.offer_repeated()

    def details(self, programme: Programme) -> LotteryDetails:
        """What was filled in; raises `Refused` for a time that clocks skip or repeat."""
        wall = cast("Any", self.seed_at.data)
        return LotteryDetails(
            names=self.names,
            category_ids=tuple(self.categories.data or ()),
            strata=Strata(self.strata.data),
            bundles=Bundles(self.bundles.data),
            seed_source=str(self.seed_source.data),
            seed_at=self.instant(wall, programme.timezone, "seed_at"),
            reason=self.reason.data or None,
        )


def lottery_values(lottery: Lottery) -> dict[str, Any]:
    """Return what the form shows of a stored lottery, but its time."""
    return name_values(lottery.names) | {
        "categories": [category.id for category in lottery.categories],
        "strata": lottery.strata.value,
        "bundles": lottery.bundles.value,
        "seed_source": lottery.seed_source,
        "reason": lottery.reason,
        "version": lottery.version,
    }


class DrawForm(BaseForm):
    seed = text_field(
        _l("Seed"),
        LONGEST_SEED,
        description=_l(
            "As the source gave it, in the order that was stated, with one blank between numbers."
        ),
    )
    reference = text_field(
        _l("Where it can be looked up"),
        400,
        description=_l("The source's own page or gazette, with its number and date."),
    )
    version = HiddenField()


class PlacesForm(BaseForm):
    """One number per category and stratum; `place_fields` tells which is which."""

    version = HiddenField()
    place_fields: tuple[tuple[str, Place], ...] = ()

    @property
    def places(self) -> dict[Place, int]:
        """What was filled in."""
        return {place: int(self[name].data) for name, place in self.place_fields}


def places_form(lottery: Lottery, counts: dict[Place, int], values: dict[Place, int]) -> PlacesForm:
    """Make the form for the strata that the entrants have now."""
    category_names = {category.code: category.names for category in lottery.categories}
    fields = {f"place_{number}": place for number, place in enumerate(counts)}

    class Form(PlacesForm):
        place_fields = tuple(fields.items())

    for name, place in fields.items():
        setattr(Form, name, _place_field(named(category_names[place[0]]), place, counts[place]))
    data = {name: values[place] for name, place in fields.items()}
    return Form(data=data | {"version": lottery.version})


def _place_field(category: str, place: Place, count: int) -> IntegerField:
    is_rest = place[1] == ANY_OTHER
    all_of_them = lazy_ngettext("%(num)s entrant in all", "%(num)s entrants in all", count)
    own = lazy_ngettext("%(num)s entrant", "%(num)s entrants", count)
    return IntegerField(
        f"{category} · {stratum_label(place[1])}",
        validators=[InputRequired(MISSING), NumberRange(0, MOST_PLACES, WHOLE_NUMBER)],
        description=all_of_them if is_rest else own,
        render_kw={"min": 0, "max": MOST_PLACES},
    )
