"""What coordinators fill in about jurors and other staff."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import FieldList, FormField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields import EmailField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.formats import named
from scheduler.programmes.fields import WHOLE_NUMBER, text_field
from scheduler.programmes.local_times import wall_time
from scheduler.programmes.models import Programme
from scheduler.programmes.venue_forms import BLANK_ROWS, ClosureRow, HoursRow, VenueTimesForm
from scheduler.scheduling.parties.staff_models import Duty, StaffMember
from scheduler.scheduling.parties.staff_services import StaffDetails
from scheduler.web import select_choices, trimmed

DUTIES: Mapping[Duty, LazyString] = {
    Duty.JUROR: _l("Juror"),
    Duty.ACCOMPANIST: _l("Accompanist"),
    Duty.OTHER: _l("Other staff"),
}


def _minutes_field(label: LazyString, most: int, **options: Any) -> IntegerField:
    limits = NumberRange(1, most, WHOLE_NUMBER)
    return IntegerField(
        label, validators=[Optional(), limits], render_kw={"min": 1, "max": most}, **options
    )


class StaffForm(VenueTimesForm):
    """Everything about one of the staff; hours and busy times are rows as a venue has them."""

    name = text_field(_l("Name"), 80)
    duty = SelectField(_l("Is there as"), choices=select_choices(DUTIES.items()))
    email = EmailField(
        _l("E-mail address"), validators=[Optional(), Length(max=254)], filters=[trimmed]
    )
    categories = SelectMultipleField(
        _l("Attends all groups of"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    most_minutes = _minutes_field(
        _l("Works at most so many minutes without a break"),
        600,
        description=_l("Leave both fields empty if no breaks are to be kept."),
    )
    break_minutes = _minutes_field(_l("Minutes of a break"), 240)
    hours = FieldList(
        FormField(HoursRow),
        label=_l("Is there"),
        description=_l("Without any row: all the time. Clear a row to remove it."),
    )
    closures = FieldList(
        FormField(ClosureRow),
        label=_l("Busy times"),
        description=_l("When they cannot be there within these hours."),
    )

    def offer_choices(self, programme: Programme) -> None:
        """Fill in categories, and the days of every row."""
        super().offer_choices(programme)
        self.categories.choices = select_choices(
            (each.code, named(each.names)) for each in programme.categories if each.is_staged
        )

    def show_member(self, member: StaffMember | None, zone: str) -> None:
        """Fill the rows with what is stored, and leave some blank."""
        for each in member.hours if member else ():
            starts, ends = wall_time(each.starts_at, zone), wall_time(each.ends_at, zone)
            day = starts.date().isoformat()
            self.hours.append_entry({"day": day, "opens": starts.time(), "closes": ends.time()})
            self.show_repeated(each.starts_at, zone)
        for busy in member.busy_times if member else ():
            starts, ends = wall_time(busy.starts_at, zone), wall_time(busy.ends_at, zone)
            self.closures.append_entry({"starts": starts, "ends": ends, "reason": busy.reason})
            self.show_repeated(busy.starts_at, zone)
        for _row in range(BLANK_ROWS):
            self.hours.append_entry()
            self.closures.append_entry()

    def details(self, programme: Programme) -> StaffDetails:
        """What was filled in; raises `Refused` at the first row that is not whole or not real."""
        chosen = set(self.categories.data or ())
        return StaffDetails(
            name=str(self.name.data),
            duty=Duty(self.duty.data),
            email=self.email.data or None,
            categories=[each for each in programme.categories if each.code in chosen],
            most_minutes=self.most_minutes.data,
            break_minutes=self.break_minutes.data,
            hours=self.opening_hours(programme.timezone),
            busy_times=self.closed_times(programme.timezone),
        )
