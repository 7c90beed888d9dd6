"""What schools and coordinators fill in about times that are not free."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField, TimeField
from wtforms.validators import Optional

from scheduler.errors import Refused
from scheduler.formats import weekday_name
from scheduler.programmes.fields import LocalTimesForm, RowsForm, text_field, wall_field
from scheduler.programmes.refusals import Refusal as ProgrammeRefusal
from scheduler.programmes.venue_forms import BLANK_ROWS, Row
from scheduler.scheduling.parties.busy_services import (
    WHOLE_SCHOOL,
    BusyDetails,
    BusySchool,
    people_of,
)
from scheduler.scheduling.parties.class_times import WEEK, ClassTimes, Hours
from scheduler.scheduling.refusals import Refusal
from scheduler.seen_forms import SeenForm
from scheduler.web import select_choices


class BusyForm(LocalTimesForm):
    """A busy time of a school, or of one of its people."""

    who = SelectField(_l("Who"))
    starts = wall_field(_l("From"))
    ends = wall_field(_l("Until"))
    reason = text_field(
        _l("Reason"),
        200,
        required=False,
        description=_l("Coordinators read it as well: nothing about health, please."),
    )

    def offer_choices(self, busy: BusySchool) -> None:
        """Fill in the school and its people, each with a group."""
        self.offer_repeated()
        people = [
            (person.ref, _("%(name)s – %(group)s", name=person.name, group=group))
            for person, group in people_of(busy)
        ]
        self.who.choices = select_choices([(WHOLE_SCHOOL, _("The whole school")), *people])

    def details(self, zone: str) -> BusyDetails:
        """What was filled in; raises `Refused` for times that clocks skip or show twice."""
        starts: Any = self.starts.data
        ends: Any = self.ends.data
        return BusyDetails(
            who=self.who.data or WHOLE_SCHOOL,
            starts_at=self.instant(starts, zone, "starts"),
            ends_at=self.instant(ends, zone, "ends"),
            reason=self.reason.data or "",
        )


class ClassDayRow(Row):
    """Other hours on one weekday; without hours, no classes on it."""

    day = SelectField(_l("Weekday"), validators=[Optional()])
    begins = TimeField(_l("From"), validators=[Optional()])
    ends = TimeField(_l("Until"), validators=[Optional()])


class ClassHoursForm(RowsForm, SeenForm):
    """From when until when a school is in class; both or neither, and weekdays that differ."""

    begins = TimeField(_l("From"), validators=[Optional()])
    ends = TimeField(_l("Until"), validators=[Optional()])
    days = FieldList(
        FormField(ClassDayRow),
        label=_l("Weekdays with other hours"),
        description=_l("Without times there are no classes on that weekday."),
        max_entries=len(WEEK),
    )

    def show(self, times: ClassTimes) -> None:
        """Fill in what is stored, and leave some rows blank."""
        self.begins.data, self.ends.data = times.usual or (None, None)
        for weekday, hours in sorted(times.otherwise.items()):
            begins, ends = hours or (None, None)
            self.days.append_entry({"day": str(weekday), "begins": begins, "ends": ends})
        for _row in range(min(BLANK_ROWS, len(WEEK) - len(self.days))):
            self.days.append_entry()

    def offer_choices(self) -> None:
        """Fill in the weekdays."""
        named_days = [(str(weekday), weekday_name(weekday)) for weekday in WEEK]
        for row in self.days:
            row.form.day.choices = select_choices([("", "–"), *named_days])

    def times(self) -> ClassTimes:
        """What was filled in; raises `Refused` at the first field that cannot be meant."""
        usual = _hours(self.begins.data, self.ends.data, "")
        otherwise: dict[int, Hours | None] = {}
        for number, entry in enumerate(self.days):
            row: ClassDayRow = entry.form
            if row.is_blank:
                continue
            name = f"days-{number}-"
            if not row.day.data:
                raise Refused(ProgrammeRefusal.ROW_INCOMPLETE, field=f"{name}day")
            if int(row.day.data) in otherwise:
                raise Refused(Refusal.CLASS_DAY_TWICE, field=f"{name}day")
            otherwise[int(row.day.data)] = _hours(row.begins.data, row.ends.data, name)
        return ClassTimes(usual, otherwise)


def _hours(begins: dt.time | None, ends: dt.time | None, name: str) -> Hours | None:
    """Return hours, None without any; raises `Refused` for one time alone, or a wrong order."""
    if begins is None and ends is None:
        return None
    if begins is None or ends is None:
        missing = "begins" if begins is None else "ends"
        raise Refused(ProgrammeRefusal.ROW_INCOMPLETE, field=f"{name}{missing}")
    if ends <= begins:
        raise Refused(Refusal.BUSY_ORDER, field=f"{name}ends")
    return begins, ends


class ClosingForm(LocalTimesForm, SeenForm):
    """Until when schools may enter their busy times."""

    closes = wall_field(
        _l("Schools may enter busy times until"),
        required=False,
        description=_l("Left empty: as long as entry is open."),
    )
