"""What schools and coordinators fill in about times that are not free."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TimeField
from wtforms.validators import Optional

from scheduler.programmes.fields import MISSING, LocalTimesForm, text_field, wall_field
from scheduler.scheduling.parties.busy_services import (
    WHOLE_SCHOOL,
    BusyDetails,
    BusySchool,
    people_of,
)
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


class ClassHoursForm(SeenForm):
    """From when until when a school is in class; both or neither."""

    begins = TimeField(_l("From"), validators=[Optional()])
    ends = TimeField(_l("Until"), validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the other half of what is filled in by half."""
        is_valid = super().validate(extra_validators)
        for field, other in ((self.begins, self.ends), (self.ends, self.begins)):
            if field.data is None and other.data is not None and not field.errors:
                field.errors = [MISSING]
                is_valid = False
        return bool(is_valid)

    def hours(self) -> tuple[dt.time, dt.time] | None:
        """What was filled in."""
        begins, ends = self.begins.data, self.ends.data
        return None if begins is None or ends is None else (begins, ends)


class ClosingForm(LocalTimesForm, SeenForm):
    """Until when schools may enter their busy times."""

    closes = wall_field(
        _l("Schools may enter busy times until"),
        required=False,
        description=_l("Left empty: as long as entry is open."),
    )
