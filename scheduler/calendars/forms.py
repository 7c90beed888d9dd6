"""What the owner of a calendar fills in about it."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.calendars.choices import (
    ALARMS,
    EVENING,
    Choice,
    Naming,
    Reminder,
    ReminderKind,
)
from scheduler.calendars.entries import EntryKind
from scheduler.calendars.models import Subscription
from scheduler.languages import LOCALES
from scheduler.web import BaseForm, select_choices, trimmed

LONGEST_NAME = 60
MINUTES_OF_HOUR = 60
NO_ALARM = ""

KIND_LABELS = {
    EntryKind.PERFORMANCE: _l("Performances"),
    EntryKind.REHEARSAL: _l("Rehearsals"),
    EntryKind.AUDITION: _l("Auditions and interviews"),
    EntryKind.COURSE: _l("Courses and stations"),
    EntryKind.MEETING: _l("Meetings and ceremonies"),
    EntryKind.VISIT: _l("Visits"),
    EntryKind.TRAVEL: _l("Journeys of a tour"),
    EntryKind.TOUR: _l("Days of a tour"),
    EntryKind.DEADLINE: _l("Deadlines"),
}
NAMING_LABELS = {
    Naming.NAMES: _l("First name"),
    Naming.INITIALS: _l("First letter only"),
    Naming.NONE: _l("Nothing"),
}
REMINDER_LABELS = {
    ReminderKind.NONE: _l("None"),
    ReminderKind.DAY_BEFORE: _l("On the day before"),
    ReminderKind.TWO_HOURS_BEFORE: _l("Two hours before"),
}


class CalendarForm(BaseForm):
    label = StringField(
        _l("Name of this calendar"),
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_NAME)],
        filters=[trimmed],
        description=_l("For you alone, for example: “Mum's phone”."),
    )
    locale = SelectField(_l("Language"), choices=select_choices(LOCALES.items()))
    kinds = SelectMultipleField(
        _l("What it holds"),
        choices=select_choices(KIND_LABELS.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[DataRequired(_l("Please choose at least one."))],
    )
    alarm_minutes = SelectField(
        _l("Reminder before each entry"),
        description=_l("Some calendars ignore it: Google's has its own setting."),
    )
    has_cancelled = BooleanField(
        _l("Show what is cancelled"),
        description=_l("It stays, marked as cancelled, until 30 days after its time."),
    )
    naming = RadioField(
        _l("Whose entry it is"),
        choices=select_choices(NAMING_LABELS.items()),
        description=_l("Stands before the title. Calendars are often shared with others."),
    )

    reminder_kind = RadioField(
        _l("Reminder by mail"),
        choices=select_choices(REMINDER_LABELS.items()),
        # Without the address: a link that is lost shall not tell it.
        description=_l(
            "To your e-mail address, one mail for all that is due. For calendars that do not call."
        ),
    )
    reminder_time = TimeField(
        _l("At what time on the day before"),
        validators=[Optional()],
        description=_l("In the time of your place."),
    )

    def offer(self, *, with_names: bool, with_reminders: bool) -> None:
        """Fill in what there is to choose.

        Names are asked for only where they tell apart, reminders where an address is known.
        """
        self.alarm_minutes.choices = select_choices(
            [(NO_ALARM, _("No reminder")), *((str(each), _minutes(each)) for each in ALARMS)]
        )
        if not with_names:
            del self.naming
        if not with_reminders:
            del self.reminder_kind
            del self.reminder_time

    @property
    def choice(self) -> Choice:
        """Return what was chosen; all kinds means those that are yet to come, too."""
        kinds = frozenset(map(EntryKind, self.kinds.data or ()))
        minutes = self.alarm_minutes.data
        naming = getattr(self, "naming", None)
        return Choice(
            kinds=None if kinds == frozenset(EntryKind) else kinds,
            alarm_minutes=int(minutes) if minutes else None,
            has_cancelled=bool(self.has_cancelled.data),
            naming=Naming(naming.data) if naming is not None else Naming.INITIALS,
        )

    @property
    def reminder(self) -> Reminder:
        """Return which reminder was chosen, without a time the one in the evening."""
        if "reminder_kind" not in self:
            return Reminder()
        time = self.reminder_time.data
        minute = EVENING if time is None else time.hour * MINUTES_OF_HOUR + time.minute
        return Reminder(ReminderKind(self.reminder_kind.data), minute)


def form_values(subscription: Subscription | None, locale: str) -> dict[str, Any]:
    """Return what the form shows of a calendar, or of one to be made."""
    choice = subscription.choice if subscription else Choice()
    reminder = subscription.reminder if subscription else Reminder()
    return {
        "label": subscription.label if subscription else "",
        "locale": subscription.locale if subscription else locale,
        "kinds": sorted(choice.kinds if choice.kinds is not None else EntryKind),
        "alarm_minutes": str(choice.alarm_minutes) if choice.alarm_minutes else NO_ALARM,
        "has_cancelled": choice.has_cancelled,
        "naming": choice.naming,
        "reminder_kind": reminder.kind,
        "reminder_time": dt.time(*divmod(reminder.minute, MINUTES_OF_HOUR)),
    }


def _minutes(minutes: int) -> str:
    """Return how long before, in the largest unit that fits."""
    days, hours = minutes // (24 * MINUTES_OF_HOUR), minutes // MINUTES_OF_HOUR
    if days:
        return str(ngettext("%(num)s day before", "%(num)s days before", days))
    if hours:
        return str(ngettext("%(num)s hour before", "%(num)s hours before", hours))
    return str(ngettext("%(num)s minute before", "%(num)s minutes before", minutes))
