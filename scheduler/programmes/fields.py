"""Fields that forms about programmes share: names in three languages, wall times, coordinates."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, RadioField, StringField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from scheduler.errors import Refused
from scheduler.programmes.local_times import Repeated, instant_of, wall_time, which_repeated
from scheduler.programmes.models import Names
from scheduler.programmes.refusals import Refusal
from scheduler.web import BaseForm, select_choices, trimmed

MISSING = _l("Please fill this in.")
CODE_SHAPE = Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
    message=_l("Only letters, digits, hyphens and underscores, please."),
)
NAME_FIELDS = {"name_en": "en", "name_zh_hans": "zh_Hans", "name_zh_hant": "zh_Hant_HK"}
SENSIBLE_YEARS = range(1980, 2100)
WHOLE_NUMBER = _l("Please enter a whole number from %(min)s to %(max)s.")


def text_field(label: Any, longest: int, *, required: bool = True, **options: Any) -> StringField:
    """A line of text, trimmed."""
    present = DataRequired(MISSING) if required else Optional()
    return StringField(
        label, validators=[present, Length(max=longest)], filters=[trimmed], **options
    )


def number_field(label: Any, least: int, most: int, **options: Any) -> IntegerField:
    """A whole number within limits."""
    limits = NumberRange(least, most, WHOLE_NUMBER)
    return IntegerField(
        label,
        validators=[InputRequired(MISSING), limits],
        render_kw={"min": least, "max": most},
        **options,
    )


def percent_field(label: Any) -> IntegerField:
    """A share of 1 to 100 percent, or nothing."""
    limits = NumberRange(1, 100, WHOLE_NUMBER)
    return IntegerField(label, validators=[Optional(), limits], render_kw={"min": 1, "max": 100})


def wall_field(label: Any, *, required: bool = True, **options: Any) -> DateTimeLocalField:
    """A date and time as clocks of the programme's zone show it."""
    present = InputRequired(MISSING) if required else Optional()
    return DateTimeLocalField(
        label, validators=[present, sensible_year], format="%Y-%m-%dT%H:%M", **options
    )


def sensible_year(_form: Any, field: Any) -> None:
    """Refuse years that only a slip of the keyboard gives; calendars cannot reckon with some."""
    if field.data is not None and field.data.year not in SENSIBLE_YEARS:
        raise ValidationError(
            _(
                "Please check the year: it is not between %(first)s and %(last)s.",
                first=SENSIBLE_YEARS[0],
                last=SENSIBLE_YEARS[-1],
            )
        )


class NamedForm(BaseForm):
    """A form with a name in each of our languages; the English one stands in for the others."""

    name_en = text_field(_l("Name in English"), 120)
    name_zh_hans = text_field(_l("Name in simplified Chinese"), 120, required=False)
    name_zh_hant = text_field(_l("Name in traditional Chinese"), 120, required=False)

    @property
    def names(self) -> Names:
        """The names that were filled in, by language."""
        filled = {locale: self[field].data for field, locale in NAME_FIELDS.items()}
        return {locale: str(name) for locale, name in filled.items() if name}


def name_values(names: Names) -> dict[str, str]:
    """Return what a named form shows of stored names."""
    return {field: names.get(locale, "") for field, locale in NAME_FIELDS.items()}


class RowsForm(BaseForm):
    """A form that may have rows of the same small form; each row can refuse one of its fields."""

    def refuse(self, error: Refused) -> None:
        """Put the refusal beside its field, within rows as well."""
        row = self._row_of(error.field or "")
        if row is None:
            super().refuse(error)
        else:
            row.refuse_field(error)

    def _row_of(self, name: str) -> Any:
        """Return the row that a name such as `hours-2-opens` points into, if it does."""
        rows, _, rest = name.partition("-")
        number, _, _field = rest.partition("-")
        if rows not in self._fields or not number.isdigit():
            return None
        return self[rows].entries[int(number)].form


class LocalTimesForm(RowsForm):
    """A form with wall times, and the question which one is meant when clocks show one twice."""

    repeated = RadioField(
        _l("Times that clocks show twice"), validators=[Optional()], validate_choice=False
    )
    asks_repeated = False

    def offer_repeated(self) -> None:
        """Fill in the two answers."""
        self.repeated.choices = select_choices(
            [
                (Repeated.FIRST, _l("the first, before clocks are put back")),
                (Repeated.SECOND, _l("the second, after clocks were put back")),
            ]
        )

    def instant(self, wall: dt.datetime, zone: str, field: str) -> dt.datetime:
        """Return the instant of a wall time; raises `Refused` naming the field."""
        return instant_of(wall, zone, repeated=self.which, field=field)

    @property
    def which(self) -> Repeated | None:
        """Which of two equal wall times was said to be meant, if that was asked."""
        return Repeated(self.repeated.data) if self.repeated.data in set(Repeated) else None

    def show_instants(self, zone: str, **instants: dt.datetime | None) -> None:
        """Put stored instants into the fields of these names, as wall times of the zone."""
        for name, instant in instants.items():
            if instant is None:
                continue
            self[name].data = wall_time(instant, zone)
            self.show_repeated(instant, zone)

    def show_repeated(self, instant: dt.datetime, zone: str) -> None:
        """Keep asking which one is meant as long as a stored instant is one of two."""
        which = which_repeated(instant, zone)
        if which is not None:
            self.asks_repeated = True
            self.repeated.data = which.value

    def refuse(self, error: Refused) -> None:
        """Put the refusal beside its field, within rows as well, and ask what is unclear."""
        self.asks_repeated = self.asks_repeated or error.code is Refusal.TIME_REPEATED
        super().refuse(error)
