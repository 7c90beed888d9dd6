"""What coordinators fill in about an activity."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.applications.models import Application
from scheduler.formats import named, venue_name
from scheduler.programmes.fields import (
    NAME_FIELDS,
    LocalTimesForm,
    name_values,
    number_field,
    text_field,
    wall_field,
)
from scheduler.programmes.models import Programme
from scheduler.scheduling.activities.models import (
    ActivityKind,
    Attendance,
    Before,
    Invited,
    PlannedActivity,
    StaffInvited,
)
from scheduler.scheduling.activities.services import ActivityDetails, choosable, facts_of
from scheduler.scheduling.activities.words import KIND_NAMES
from scheduler.seen_forms import SeenForm
from scheduler.web import select_choices

INVITED: Mapping[Invited, LazyString] = {
    Invited.ALL: _l("All accepted groups"),
    Invited.CATEGORY: _l("All accepted groups of a category"),
    Invited.CHOSEN: _l("Chosen groups"),
    Invited.NONE: _l("No groups"),
}
ATTENDANCES: Mapping[Attendance, LazyString] = {
    Attendance.EVERYBODY: _l("Everybody"),
    Attendance.LEADERS: _l("Leaders and advisers"),
    Attendance.ACCOMPANISTS: _l("Accompanists"),
}
STAFF: Mapping[StaffInvited, LazyString] = {
    StaffInvited.NONE: _l("Nobody"),
    StaffInvited.JURORS: _l("Jurors"),
    StaffInvited.ACCOMPANISTS: _l("Accompanists"),
    StaffInvited.ALL: _l("All staff"),
}
ORDERS: Mapping[Before, LazyString] = {
    Before.ANY: _l("Before or after"),
    Before.BEFORE: _l("Before the performance of each of its groups"),
    Before.AFTER: _l("After the performance of each of its groups"),
}

LONGEST = 12 * 60
MOST_TIMES = 20


def _checkboxes(label: LazyString, description: LazyString) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        description=description,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class ActivityForm(LocalTimesForm, SeenForm):
    """Everything about one activity."""

    kind = SelectField(_l("What it is"))
    name = text_field(_l("Name"), 120)
    name_en = text_field(_l("Name in English"), 120, required=False)
    name_zh_hans = text_field(_l("Name in simplified Chinese"), 120, required=False)
    name_zh_hant = text_field(_l("Name in traditional Chinese"), 120, required=False)
    minutes = number_field(_l("Minutes"), 1, LONGEST)
    setup_minutes = number_field(_l("Minutes to set up before"), 0, 240, default=0)
    clear_minutes = number_field(_l("Minutes to clear up after"), 0, 240, default=0)
    invited = SelectField(_l("Which groups"), choices=select_choices(INVITED.items()))
    category = SelectField(_l("Category"), validators=[Optional()])
    chosen = _checkboxes(_l("Groups"), _l("Only for chosen groups."))
    attendance = SelectField(_l("Who of them"), choices=select_choices(ATTENDANCES.items()))
    for_each_group = BooleanField(
        _l("Each group by itself"),
        description=_l("One after another, each with a time of its own, instead of all together."),
    )
    staff = SelectField(_l("Who of the staff"), choices=select_choices(STAFF.items()))
    times = number_field(_l("How often"), 1, MOST_TIMES, default=1)
    on_other_days = BooleanField(_l("Each time on another day"))
    before = SelectField(_l("Order"), choices=select_choices(ORDERS.items()))
    earliest_at = wall_field(_l("Not before"), required=False)
    latest_at = wall_field(_l("To be over by"), required=False)
    venues = _checkboxes(_l("Venues"), _l("Where it may be. Without any: in every venue."))

    def offer_choices(self, programme: Programme, also: Iterable[Application] = ()) -> None:
        """Fill in kinds, categories, groups and venues."""
        self.offer_repeated()
        self.kind.choices = select_choices((kind, named(KIND_NAMES[kind])) for kind in ActivityKind)
        self.category.choices = select_choices(
            [("", "–"), *((each.code, named(each.names)) for each in programme.categories)]
        )
        self._groups = {group.ref: group for group in choosable(programme, also)}
        self.chosen.choices = select_choices(
            (ref, f"{group.group_name} ({group.school.name})")
            for ref, group in self._groups.items()
        )
        self.venues.choices = select_choices(
            (venue.code, venue_name(venue)) for venue in programme.venues
        )

    def show(self, activity: PlannedActivity) -> None:
        """Put the stored times into their fields."""
        self.show_instants(
            activity.programme.timezone,
            earliest_at=activity.earliest_at,
            latest_at=activity.latest_at,
        )

    def details(self, programme: Programme) -> ActivityDetails:
        """What was filled in; raises `Refused` for times that clocks skip or show twice."""
        invited, venues = Invited(self.invited.data), set(self.venues.data or ())
        is_category, is_chosen = invited is Invited.CATEGORY, invited is Invited.CHOSEN
        filled = {locale: self[field].data for field, locale in NAME_FIELDS.items()}
        return ActivityDetails(
            kind=ActivityKind(self.kind.data),
            name=str(self.name.data),
            names={locale: str(name) for locale, name in filled.items() if name},
            minutes=int(self.minutes.data or 0),
            setup_minutes=int(self.setup_minutes.data or 0),
            clear_minutes=int(self.clear_minutes.data or 0),
            invited=invited,
            # What was chosen for another answer says nothing.
            category=next(
                (c for c in programme.categories if is_category and c.code == self.category.data),
                None,
            ),
            chosen=[self._groups[ref] for ref in self.chosen.data or () if is_chosen],
            attendance=Attendance(self.attendance.data),
            staff=StaffInvited(self.staff.data),
            for_each_group=bool(self.for_each_group.data),
            times=int(self.times.data or 1),
            on_other_days=bool(self.on_other_days.data) and int(self.times.data or 1) > 1,
            before=Before(self.before.data),
            earliest_at=self._bound("earliest_at", programme.timezone),
            latest_at=self._bound("latest_at", programme.timezone),
            venues=[venue for venue in programme.venues if venue.code in venues],
        )

    def _bound(self, name: str, zone: str) -> dt.datetime | None:
        wall: Any = self[name].data
        return None if wall is None else self.instant(wall, zone, name)


def shown(activity: PlannedActivity) -> dict[str, Any]:
    """Return what the form's fields show of an activity, but for its times."""
    facts = facts_of(activity)
    left = {"names", "earliest_at", "latest_at"}
    return name_values(activity.names) | {k: v for k, v in facts.items() if k not in left}
