"""What a coordinator fills in when something happened, and how a repair is to go about it."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, Optional

from scheduler.formats import format_short_day, venue_name
from scheduler.organisations.models import School
from scheduler.programmes.fields import MISSING, LocalTimesForm, number_field, text_field
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.happenings.absences import Report
from scheduler.scheduling.happenings.delays import Delay
from scheduler.scheduling.happenings.models import HappeningKind
from scheduler.scheduling.timescale import timescale_of
from scheduler.web import BaseForm, select_choices

LONGEST_NOTICE = 24 * 60


class MendForm(BaseForm):
    """How soon people may be called, and how long the search takes."""

    notice = number_field(
        _l("Minutes of notice"),
        0,
        LONGEST_NOTICE,
        description=_l(
            "Nobody has to come earlier than they were told unless they learn of it so long before."
        ),
    )
    seconds = SelectField(
        _l("How long to search"),
        choices=select_choices([("10", _l("10 seconds")), ("60", _l("1 minute"))]),
        coerce=int,
        default=10,
    )


class StretchForm(LocalTimesForm, MendForm):
    """A day with the times from and until which something is missing; blank is the day's own."""

    seen = HiddenField()
    day = SelectField(_l("Day"))
    since = TimeField(
        _l("From"),
        validators=[Optional()],
        description=_l("Blank: from the beginning of the day."),
    )
    until = TimeField(
        _l("Until"), validators=[Optional()], description=_l("Blank: to the end of the day.")
    )
    note = text_field(
        _l("Remark"),
        200,
        required=False,
        description=_l("For the coordinators. Nothing about anybody's health, please."),
    )

    def prepare(self, programme: Programme) -> None:
        """Offer the programme's days, and its own call time as notice."""
        days = timescale_of(programme).dates()
        self.day.choices = select_choices([(d.isoformat(), format_short_day(d)) for d in days])
        self.offer_repeated()
        if self.notice.data is None and not self.is_submitted():
            self.notice.data = programme.call_minutes

    def stretch(self, programme: Programme) -> tuple[dt.datetime, dt.datetime]:
        """Return the instants from and until; raises `Refused` for times that clocks skip."""
        day = dt.date.fromisoformat(str(self.day.data))
        begin, end = timescale_of(programme).day(day)
        if self.since.data:
            begin = self._instant(day, self.since.data, programme, "since")
        if self.until.data:
            end = self._instant(day, self.until.data, programme, "until")
        return begin, end

    def _instant(
        self, day: dt.date, time: dt.time, programme: Programme, field: str
    ) -> dt.datetime:
        return self.instant(dt.datetime.combine(day, time), programme.timezone, field)


class VenueForm(StretchForm):
    """A venue that is out, opens late or closes early."""

    venue = SelectField(_l("Venue"))

    def prepare(self, programme: Programme) -> None:
        """Offer the programme's venues as well."""
        super().prepare(programme)
        venues = [(venue.code, venue_name(venue)) for venue in programme.venues]
        self.venue.choices = select_choices(venues)

    def report(self, programme: Programme) -> Report:
        """Return what was filled in."""
        begin, end = self.stretch(programme)
        venue = _venue(programme, str(self.venue.data))
        return Report(HappeningKind.VENUE_OUT, begin, end, venue=venue, note=self.note.data or "")


def _venue(programme: Programme, code: str) -> Venue:
    return next(venue for venue in programme.venues if venue.code == code)


class PersonForm(StretchForm):
    """Somebody of a group who is away or comes late."""

    person = SelectField(_l("Person"))

    def offer(self, people: dict[str, Any]) -> None:
        """Offer the people of a group, by ref."""
        self.people = people
        self.person.choices = select_choices(
            [(ref, f"{member.person.name} ({role})") for ref, (member, role) in people.items()]
        )

    def report(self, programme: Programme) -> Report:
        """Return what was filled in."""
        begin, end = self.stretch(programme)
        person = self.people[str(self.person.data)][0].person
        return Report(
            HappeningKind.PERSON_AWAY, begin, end, person=person, note=self.note.data or ""
        )


class SchoolForm(StretchForm):
    """A school that comes late, leaves early, is away for a while or comes on one day only."""

    school = SelectField(_l("School"))
    what = RadioField(
        _l("What happened"),
        choices=select_choices(
            [
                ("late", _l("It arrives only at the time “until”")),
                ("early", _l("It leaves already at the time “from”")),
                ("away", _l("It is away in between")),
                ("day", _l("It comes on this day only")),
            ]
        ),
        default="late",
        validators=[InputRequired(MISSING)],
    )

    def offer(self, schools: dict[str, Any]) -> None:
        """Offer the schools of the timetable, by code."""
        self.schools = schools
        self.school.choices = select_choices([(c, s.name) for c, s in schools.items()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Demand the time that the chosen case is about."""
        needed = {"late": self.until, "early": self.since}.get(str(self.what.data))
        is_valid = bool(super().validate(extra_validators))
        if needed is not None and needed.data is None and not needed.errors:
            needed.errors = [MISSING]
            return False
        return is_valid

    def report(self, programme: Programme) -> Report:
        """Return what was filled in."""
        begin, end = self.stretch(programme)
        first, last = timescale_of(programme).whole()
        kind = HappeningKind.SCHOOL_AWAY
        if self.what.data == "late":
            begin = first
        elif self.what.data == "early":
            end = last
        elif self.what.data == "day":
            kind = HappeningKind.SCHOOL_DAY
        school = self.schools[str(self.school.data)]
        return Report(kind, begin, end, school=school, note=self.note.data or "")


class DelayForm(LocalTimesForm, MendForm):
    """What is late, from when on and by how much."""

    seen = HiddenField()
    late = SelectField(_l("What is late"))
    day = SelectField(_l("Day"))
    since = TimeField(_l("From this time on"), validators=[InputRequired(MISSING)])
    minutes = number_field(_l("Minutes late"), 1, 480)

    def prepare(self, programme: Programme, schools: dict[str, School]) -> None:
        """Offer the programme's venues and days, and the schools of the timetable."""
        venues = [(f"venue:{v.code}", venue_name(v)) for v in programme.venues]
        coaches = [
            (f"school:{c}", _("%(school)s (coach)", school=s.name)) for c, s in schools.items()
        ]
        self.late.choices = select_choices([*venues, *coaches])
        self.schools = schools
        days = timescale_of(programme).dates()
        self.day.choices = select_choices([(d.isoformat(), format_short_day(d)) for d in days])
        self.offer_repeated()
        if self.notice.data is None and not self.is_submitted():
            self.notice.data = 0

    def delay(self, programme: Programme) -> Delay:
        """Return what was filled in; raises `Refused` for times that clocks skip."""
        day = dt.date.fromisoformat(str(self.day.data))
        wall = dt.datetime.combine(day, self.since.data or dt.time())
        since = self.instant(wall, programme.timezone, "since")
        kind, _colon, code = str(self.late.data).partition(":")
        minutes = int(self.minutes.data or 0)
        if kind == "venue":
            return Delay(minutes, since, venue=_venue(programme, code))
        return Delay(minutes, since, school=self.schools[code])
