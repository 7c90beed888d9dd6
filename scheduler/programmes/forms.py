"""What coordinators fill in about a programme."""

import datetime as dt
import operator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length

from scheduler.formats import named
from scheduler.organisations.forms import zone_choices
from scheduler.programmes.fields import (
    CODE_SHAPE,
    MISSING,
    LocalTimesForm,
    NamedForm,
    name_values,
    number_field,
    sensible_year,
    wall_field,
)
from scheduler.programmes.kinds import OutcomeKind
from scheduler.programmes.models import Programme
from scheduler.programmes.refusals import Refusal
from scheduler.programmes.series_services import all_series
from scheduler.programmes.services import ProgrammeDetails
from scheduler.programmes.texts import OUTCOME_KINDS
from scheduler.seen_forms import SeenForm
from scheduler.texts import sentence
from scheduler.web import select_choices, trimmed

RULES = (
    "rest_minutes",
    "school_gap_minutes",
    "warmup_minutes",
    "warmup_ends_before_minutes",
    "call_minutes",
    "frozen_hours",
)


def code_field(longest: int, description: Any) -> StringField:
    """A short code for addresses, chosen once."""
    return StringField(
        _l("Code"),
        validators=[DataRequired(MISSING), Length(max=longest), CODE_SHAPE],
        filters=[trimmed],
        description=description,
    )


class ProgrammeForm(NamedForm, LocalTimesForm, SeenForm):
    code = code_field(
        32, _l("Stands in addresses, such as festival-2027. It cannot be changed later.")
    )
    timezone = SelectField(
        _l("Time zone"), description=_l("All times of the programme are times of this zone.")
    )
    series = SelectField(_l("Series"), description=_l("Editions of one event stand in one series."))
    outcome = SelectField(
        _l("What groups get in the end"),
        description=_l("A showcase gives levels and certificates. A category may differ."),
    )
    starts_on = DateField(_l("First day"), validators=[InputRequired(MISSING), sensible_year])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(MISSING), sensible_year])
    entry_opens = wall_field(_l("Entry opens"))
    entry_closes = wall_field(
        _l("Entry closes"), description=_l("The minute itself is too late for schools.")
    )
    rest_minutes = number_field(_l("Rest between two performances of one person (minutes)"), 0, 480)
    school_gap_minutes = number_field(
        _l("Wished between two groups of one school (minutes)"), 0, 480
    )
    warmup_minutes = number_field(_l("Warm-up (minutes)"), 0, 120)
    warmup_ends_before_minutes = number_field(_l("From warm-up to stage (minutes)"), 0, 120)
    call_minutes = number_field(_l("Call before the performance (minutes)"), 0, 240)
    frozen_hours = number_field(
        _l("Frozen before it begins (hours)"),
        0,
        240,
        description=_l(
            "What begins within so many hours is moved or cancelled only after a second person "
            "has confirmed it. 0 freezes nothing."
        ),
    )
    primary_latest_end = TimeField(
        _l("Primary pupils have finished by"), validators=[InputRequired(MISSING)]
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the order of dates along with everything else, so that all is told at once."""
        is_valid = super().validate(extra_validators)
        orders = (
            (self.starts_on, self.ends_on, Refusal.DATES_ORDER, operator.le),
            (self.entry_opens, self.entry_closes, Refusal.WINDOW_ORDER, operator.lt),
        )
        for first, last, code, in_order in orders:
            if first.data and last.data and not in_order(first.data, last.data):
                last.errors = [*last.errors, sentence(code)]
                is_valid = False
        return bool(is_valid)

    def offer_choices(self) -> None:
        """Fill the selections."""
        self.timezone.choices = select_choices(zone_choices())
        none = ("", _("No series"))
        self.series.choices = select_choices(
            [none, *((str(each.id), named(each.names)) for each in all_series())]
        )
        self.outcome.choices = select_choices(OUTCOME_KINDS.items())
        self.offer_repeated()

    def details(self) -> ProgrammeDetails:
        """What was filled in; raises `Refused` for wall times that clocks skip or repeat."""
        zone = str(self.timezone.data)
        return ProgrammeDetails(
            code=str(self.code.data) if "code" in self else "",
            names=self.names,
            timezone=zone,
            starts_on=_date(self.starts_on.data),
            ends_on=_date(self.ends_on.data),
            entry_opens_at=self.instant(_wall(self.entry_opens.data), zone, "entry_opens"),
            entry_closes_at=self.instant(_wall(self.entry_closes.data), zone, "entry_closes"),
            primary_latest_end=self.primary_latest_end.data or dt.time(18, 30),
            series_id=int(self.series.data) if self.series.data else None,
            outcome=OutcomeKind(self.outcome.data),
            **{name: int(self[name].data) for name in RULES},
        )


def programme_values(programme: Programme) -> dict[str, Any]:
    """Return what the form shows of a stored programme, but its window."""
    keys = ("timezone", "starts_on", "ends_on", "primary_latest_end", *RULES)
    shown = {key: getattr(programme, key) for key in keys}
    shown |= {"series": str(programme.series_id or ""), "outcome": programme.outcome.value}
    return name_values(programme.names) | shown


DEFAULTS = {
    "series": "",
    "outcome": OutcomeKind.LEVEL.value,
    "timezone": "Asia/Shanghai",
    "rest_minutes": 60,
    "school_gap_minutes": 90,
    "warmup_minutes": 25,
    "warmup_ends_before_minutes": 10,
    "call_minutes": 60,
    "frozen_hours": 24,
    "primary_latest_end": dt.time(18, 30),
}


def _date(value: dt.date | None) -> dt.date:
    if value is None:
        raise ValueError("The form was not validated.")
    return value


def _wall(value: dt.datetime | None) -> dt.datetime:
    if value is None:
        raise ValueError("The form was not validated.")
    return value
