"""What a coordinator fills in about reserve times and about calling a part of a day off."""

import datetime as dt
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired

from scheduler.formats import format_short_day, venue_name
from scheduler.programmes.fields import MISSING, LocalTimesForm, text_field
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.happenings.forms import MendForm
from scheduler.scheduling.happenings.reserves import CallOff
from scheduler.scheduling.timescale import timescale_of
from scheduler.web import select_choices

NOON = dt.time(13)


class PartOfDay(StrEnum):
    """What is called off; the morning ends, and the afternoon begins, at 13:00."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY = "day"


class Way(StrEnum):
    """What becomes of the groups."""

    MOVE = "move"
    SUSPEND = "suspend"


class ReserveForm(LocalTimesForm):
    """A stretch at a venue that is kept free."""

    venue = SelectField(_l("Venue"))
    day = SelectField(_l("Day"))
    since = TimeField(_l("From"), validators=[InputRequired(MISSING)])
    until = TimeField(_l("Until"), validators=[InputRequired(MISSING)])

    def prepare(self, programme: Programme) -> None:
        """Offer the programme's venues and days."""
        self.venue.choices = select_choices([(v.code, venue_name(v)) for v in programme.venues])
        self.day.choices = _days(programme)
        self.offer_repeated()

    def reserve(self, programme: Programme) -> tuple[Venue, dt.datetime, dt.datetime]:
        """Return what was filled in; raises `Refused` for times that clocks skip."""
        venue = next(each for each in programme.venues if each.code == self.venue.data)
        day = dt.date.fromisoformat(str(self.day.data))
        begin, end = (
            self.instant(
                dt.datetime.combine(day, self[name].data or dt.time()), programme.timezone, name
            )
            for name in ("since", "until")
        )
        return venue, begin, end


class CallOffForm(MendForm):
    """Which part of which day is called off, and what becomes of its groups."""

    seen = HiddenField()
    day = SelectField(_l("Day"))
    part = RadioField(
        _l("What is called off"),
        choices=select_choices(
            [
                (PartOfDay.MORNING, _l("The morning, until 13:00")),
                (PartOfDay.AFTERNOON, _l("The afternoon and evening, from 13:00")),
                (PartOfDay.DAY, _l("The whole day")),
            ]
        ),
        default=PartOfDay.MORNING,
        validators=[InputRequired(MISSING)],
    )
    way = RadioField(
        _l("What becomes of the groups"),
        choices=select_choices(
            [
                (Way.MOVE, _l("They move into the reserve times")),
                (Way.SUSPEND, _l("They are suspended; the others stay as they are")),
            ]
        ),
        default=Way.MOVE,
        validators=[InputRequired(MISSING)],
    )
    note = text_field(_l("Reason"), 200, required=False)

    def prepare(self, programme: Programme) -> None:
        """Offer the programme's days."""
        self.day.choices = _days(programme)
        if self.notice.data is None and not self.is_submitted():
            self.notice.data = programme.call_minutes

    def call_off(self, programme: Programme) -> CallOff:
        """Return what was filled in."""
        day = dt.date.fromisoformat(str(self.day.data))
        timescale = timescale_of(programme)
        begin, end = timescale.day(day)
        noon = timescale.instant(timescale.local_minute(day, NOON))
        if self.part.data == PartOfDay.MORNING:
            end = noon
        elif self.part.data == PartOfDay.AFTERNOON:
            begin = noon
        return CallOff(begin, end, self.note.data or "")


def _days(programme: Programme) -> list[Any]:
    days = timescale_of(programme).dates()
    return select_choices([(day.isoformat(), format_short_day(day)) for day in days])
