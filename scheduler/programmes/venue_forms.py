"""What coordinators fill in about venues, ways between them, and attendance windows."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, IntegerField, SelectField, TimeField
from wtforms import FloatField as CoordinateField
from wtforms.validators import InputRequired, NumberRange, Optional

from scheduler.errors import Refused
from scheduler.formats import format_short_day
from scheduler.organisations.models import Region
from scheduler.organisations.texts import REGIONS
from scheduler.programmes.fields import (
    MISSING,
    WHOLE_NUMBER,
    LocalTimesForm,
    number_field,
    text_field,
    wall_field,
)
from scheduler.programmes.forms import code_field
from scheduler.programmes.local_times import wall_time
from scheduler.programmes.models import Programme, Venue
from scheduler.programmes.refusals import Refusal
from scheduler.programmes.venue_services import Stretch, VenueDetails, Window, missing_half
from scheduler.seen_forms import SeenForm
from scheduler.texts import sentence
from scheduler.web import select_choices

BLANK_ROWS = 2
"""So many empty rows stand below what is stored: more appear once these are saved."""


class VenueForm(SeenForm):
    name = text_field(_l("Name"), 120)
    name_latin = text_field(
        _l("Name in Latin letters"),
        120,
        required=False,
        description=_l("For visitors who do not read the name above."),
    )
    code = code_field(20, _l("Stands in timetables, such as V1. It cannot be changed later."))
    address = text_field(_l("Address"), 200, required=False)
    seats = number_field(_l("Seats"), 0, 100_000)
    stage_capacity = number_field(
        _l("Persons on the stage at most"),
        1,
        1_000,
        description=_l("Only groups that fit are placed here, conductor and pianist included."),
    )
    warmup_rooms = number_field(_l("Warm-up rooms"), 1, 50)
    latitude = CoordinateField(
        _l("Latitude"),
        validators=[Optional(), NumberRange(-90, 90)],
        description=_l("With the longitude, calendars can show the way, such as 23.10."),
    )
    longitude = CoordinateField(_l("Longitude"), validators=[Optional(), NumberRange(-180, 180)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the coordinates along with everything else."""
        is_valid = super().validate(extra_validators)
        field = missing_half(self.latitude.data, self.longitude.data)
        if field and not self[field].errors:
            self[field].errors = [sentence(Refusal.HALF_A_PLACE)]
            is_valid = False
        return bool(is_valid)

    def details(self) -> VenueDetails:
        """What was filled in."""
        return VenueDetails(
            code=str(self.code.data) if "code" in self else "",
            name=str(self.name.data),
            name_latin=self.name_latin.data or None,
            address=self.address.data or None,
            latitude=self.latitude.data,
            longitude=self.longitude.data,
            seats=int(self.seats.data or 0),
            stage_capacity=int(self.stage_capacity.data or 0),
            warmup_rooms=int(self.warmup_rooms.data or 0),
        )


class Row(Form):
    """A row of a table of fields; an empty one says nothing."""

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was filled in."""
        return not any(field.data for field in self)

    def refuse_field(self, error: Refused) -> None:
        """Put a refusal beside the field that its name ends in."""
        name = (error.field or "").rpartition("-")[2]
        field = self[name]
        field.errors = [*field.errors, sentence(error.code, **error.facts)]


class HoursRow(Row):
    day = SelectField(_l("Day"), validators=[Optional()])
    opens = TimeField(_l("From"), validators=[Optional()])
    closes = TimeField(_l("Until"), validators=[Optional()])


class ClosureRow(Row):
    starts = wall_field(_l("From"), required=False)
    ends = wall_field(_l("Until"), required=False)
    reason = text_field(_l("Reason"), 200, required=False)


class VenueTimesForm(LocalTimesForm, SeenForm):
    hours = FieldList(
        FormField(HoursRow),
        label=_l("Opening hours"),
        description=_l("When performances may take place. Clear a row to remove it."),
    )
    closures = FieldList(
        FormField(ClosureRow),
        label=_l("Closures"),
        description=_l("When the venue cannot be used, whatever its opening hours say."),
    )

    def offer_choices(self, programme: Programme) -> None:
        """Fill the days of every row, and the answers for repeated times."""
        self.offer_repeated()
        days = (programme.ends_on - programme.starts_on).days + 1
        dates = [programme.starts_on + dt.timedelta(days=number) for number in range(days)]
        named = [(day.isoformat(), format_short_day(day)) for day in dates]
        for row in self.hours:
            row.form.day.choices = select_choices([("", "–"), *named])

    def show(self, venue: Venue) -> None:
        """Fill the rows with what is stored, and leave some blank."""
        zone = venue.programme.timezone
        for each in venue.hours:
            opens, closes = wall_time(each.opens_at, zone), wall_time(each.closes_at, zone)
            day = opens.date().isoformat()
            self.hours.append_entry({"day": day, "opens": opens.time(), "closes": closes.time()})
            self.show_repeated(each.opens_at, zone)
        for shut in venue.closures:
            starts, ends = wall_time(shut.starts_at, zone), wall_time(shut.ends_at, zone)
            self.closures.append_entry({"starts": starts, "ends": ends, "reason": shut.reason})
            self.show_repeated(shut.starts_at, zone)
        for _row in range(BLANK_ROWS):
            self.hours.append_entry()
            self.closures.append_entry()

    def opening_hours(self, zone: str) -> list[Stretch]:
        """Return the filled rows; raises `Refused` at the first that is not whole or not real."""
        stretches = []
        for number, entry in enumerate(self.hours):
            row: HoursRow = entry.form
            if row.is_blank:
                continue
            name = f"hours-{number}"
            self._require_whole(row, name, "day", "opens", "closes")
            day = dt.date.fromisoformat(str(row.day.data))
            opens, closes = (
                self.instant(dt.datetime.combine(day, row[key].data), zone, f"{name}-{key}")
                for key in ("opens", "closes")
            )
            stretches.append(Stretch(opens, closes, row=number))
        return stretches

    def closed_times(self, zone: str) -> list[Stretch]:
        """Return the filled rows; raises `Refused` at the first that is not whole or not real."""
        stretches = []
        for number, entry in enumerate(self.closures):
            row: ClosureRow = entry.form
            if row.is_blank:
                continue
            name = f"closures-{number}"
            self._require_whole(row, name, "starts", "ends")
            starts, ends = (
                self.instant(row[key].data, zone, f"{name}-{key}") for key in ("starts", "ends")
            )
            stretches.append(Stretch(starts, ends, reason=row.reason.data or "", row=number))
        return stretches

    @staticmethod
    def _require_whole(row: Row, name: str, *needed: str) -> None:
        for key in needed:
            if not row[key].data:
                raise Refused(Refusal.ROW_INCOMPLETE, field=f"{name}-{key}")


def travel_form(pairs: list[tuple[Venue, Venue]]) -> type[SeenForm]:
    """Return a form with one field of minutes for each pair of venues."""
    fields = {
        pair_name(one.code, other.code): IntegerField(
            f"{one.name} – {other.name}",
            validators=[InputRequired(MISSING), NumberRange(0, 600, WHOLE_NUMBER)],
            render_kw={"min": 0, "max": 600},
        )
        for one, other in pairs
    }
    return type("TravelForm", (SeenForm,), fields)


def pair_name(one: str, other: str) -> str:
    """Return the field's name for two venues' codes."""
    return f"from_{one}_to_{other}"


class AttendanceForm(LocalTimesForm, SeenForm):
    """Arrival and departure of each region; the fields are made below."""

    def offer_labels(self) -> None:
        """Name each field after its region, in the reader's language."""
        self.offer_repeated()
        for region in Region:
            name = REGIONS[region]
            self[f"earliest_{region.value}"].label.text = _("%(region)s: not before", region=name)
            self[f"latest_{region.value}"].label.text = _("%(region)s: not after", region=name)

    def windows(self, zone: str) -> dict[Region, Window]:
        """Return what was filled in; raises `Refused` for times that clocks skip or repeat."""
        return {
            region: (
                self._bound(f"earliest_{region.value}", zone),
                self._bound(f"latest_{region.value}", zone),
            )
            for region in Region
        }

    def _bound(self, name: str, zone: str) -> dt.datetime | None:
        wall: Any = self[name].data
        return None if wall is None else self.instant(wall, zone, name)


for _region in Region:
    for _bound_name in ("earliest", "latest"):
        setattr(AttendanceForm, f"{_bound_name}_{_region.value}", wall_field("", required=False))
