"""What coordinators fill in about an itinerary."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.applications.models import Application
from scheduler.errors import Refused
from scheduler.formats import format_day, named
from scheduler.itineraries import airports
from scheduler.itineraries.details import ItemDetails, Moment, facts_of
from scheduler.itineraries.kinds import ItemKind
from scheduler.itineraries.models import ItineraryItem
from scheduler.itineraries.refusals import Refusal
from scheduler.itineraries.shifting import Reach
from scheduler.itineraries.words import KIND_NAMES
from scheduler.organisations.forms import zone_choices
from scheduler.programmes.fields import (
    NAME_FIELDS,
    LocalTimesForm,
    name_values,
    number_field,
    text_field,
    wall_field,
)
from scheduler.programmes.models import Programme
from scheduler.seen_forms import SeenForm
from scheduler.web import BaseForm, select_choices, trimmed

MOST_MINUTES = 3 * 24 * 60


class ItemForm(LocalTimesForm, SeenForm):
    """Everything about one item."""

    kind = SelectField(_l("What it is"))
    name = text_field(_l("Name"), 120)
    name_en = text_field(_l("Name in English"), 120, required=False)
    name_zh_hans = text_field(_l("Name in simplified Chinese"), 120, required=False)
    name_zh_hant = text_field(_l("Name in traditional Chinese"), 120, required=False)
    number = text_field(_l("Number of the flight or train"), 20, required=False)
    from_airport = text_field(
        _l("From airport"), 3, required=False, description=_l("Three letters, such as CAN.")
    )
    place = text_field(_l("Place"), 160, required=False)
    starts = wall_field(_l("Begins"))
    starts_zone = SelectField(
        _l("By the clocks of"), description=_l("An airport's own clocks go before this.")
    )
    to_airport = text_field(_l("To airport"), 3, required=False)
    to_place = text_field(_l("Place where a journey ends"), 160, required=False)
    ends = wall_field(_l("Ends"))
    ends_zone = SelectField(_l("By the clocks of"))
    groups = SelectMultipleField(
        _l("Groups"),
        description=_l("Without any: for all groups of the tour."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    bring = text_field(_l("What to bring"), 400, required=False)
    contact = text_field(
        _l("Contact"),
        200,
        required=False,
        description=_l("Shown to those who plan and lead, never in calendars."),
    )

    def offer_choices(self, groups: Iterable[Application]) -> None:
        """Fill in kinds, zones and groups."""
        self.offer_repeated()
        self.kind.choices = select_choices((kind, named(KIND_NAMES[kind])) for kind in ItemKind)
        zones = zone_choices()
        self.starts_zone.choices = select_choices(zones)
        self.ends_zone.choices = select_choices([("", _("the same, or the airport")), *zones])
        self._groups = {group.ref: group for group in groups}
        self.groups.choices = select_choices(
            (ref, group.group_name) for ref, group in self._groups.items()
        )

    def show(self, item: ItineraryItem) -> None:
        """Put the stored times into their fields."""
        self.show_instants(item.starts_zone, starts=item.starts_at)
        self.show_instants(item.ends_zone, ends=item.ends_at)

    def begin_after(self, item: ItineraryItem) -> None:
        """Suggest to go on where and when an item ends."""
        self.starts_zone.data = item.ends_zone
        self.starts.data = self.ends.data = item.ends_wall

    def details(self) -> ItemDetails:
        """What was filled in; raises `Refused` for unknown airports and impossible times."""
        start, end = self._zone_of("from_airport"), self._zone_of("to_airport")
        starts_zone = start or str(self.starts_zone.data)
        ends_zone = end or str(self.ends_zone.data or "") or starts_zone
        filled = {locale: self[field].data for field, locale in NAME_FIELDS.items()}
        return ItemDetails(
            kind=ItemKind(self.kind.data),
            name=str(self.name.data),
            names={locale: str(name) for locale, name in filled.items() if name},
            starts=self._moment("starts", starts_zone),
            ends=self._moment("ends", ends_zone),
            groups=[self._groups[ref] for ref in self.groups.data or ()],
            **{name: str(self[name].data or "") for name in ("number", "place", "to_place")},
            **{name: str(self[name].data or "") for name in ("bring", "contact")},
            **{name: str(self[name].data or "").upper() for name in ("from_airport", "to_airport")},
        )

    def _zone_of(self, name: str) -> str:
        code = str(self[name].data or "")
        if not code:
            return ""
        airport = airports.find(code)
        if airport is None:
            raise Refused(Refusal.NO_SUCH_AIRPORT, field=name, airport=code)
        return airport.zone

    def _moment(self, name: str, zone: str) -> Moment:
        wall: dt.datetime = self[name].data
        return Moment(self.instant(wall, zone, name), zone)


def shown(item: ItineraryItem) -> dict[str, Any]:
    """Return what the form's fields show of an item, but for its times."""
    facts = facts_of(item)
    left = {"names", "starts", "ends"}
    return name_values(item.names) | {k: v for k, v in facts.items() if k not in left}


class CopyDayForm(LocalTimesForm):
    """Which day is to be done again, and when."""

    day = SelectField(_l("Day"))
    to_day = SelectField(_l("Do the same on"))

    def offer_days(self, programme: Programme, days: Iterable[dt.date]) -> None:
        """Fill in the days on which something begins, and those of the tour."""
        self.offer_repeated()
        self.day.choices = select_choices((day.isoformat(), format_day(day)) for day in days)
        last = (programme.ends_on - programme.starts_on).days
        of_tour = [programme.starts_on + dt.timedelta(days=n) for n in range(last + 1)]
        self.to_day.choices = select_choices((day.isoformat(), format_day(day)) for day in of_tour)

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """From which day to which."""
        return dt.date.fromisoformat(self.day.data), dt.date.fromisoformat(self.to_day.data)


class LateForm(BaseForm):
    """By how much something is late, and how far that goes."""

    minutes = number_field(
        _l("Minutes later"),
        -MOST_MINUTES,
        MOST_MINUTES,
        description=_l("A negative number makes it earlier."),
    )
    reach = SelectField(
        _l("What moves"),
        choices=select_choices(
            [
                (Reach.DAY, _l("this and what follows that day")),
                (Reach.REST, _l("this and everything after it")),
                (Reach.ITEM, _l("this alone")),
            ]
        ),
    )


class ReleaseForm(BaseForm):
    """What is said to everybody with the itinerary; `mark` is what the page showed."""

    mark = HiddenField()

    notes = TextAreaField(
        _l("Notes"),
        description=_l("What is new; shown beside everybody's own itinerary."),
        validators=[Optional(), Length(max=1000)],
        filters=[trimmed],
    )
