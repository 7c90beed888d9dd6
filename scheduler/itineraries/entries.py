"""What an item says in calendars, and in whose it stands."""

from collections.abc import Iterable, Mapping, Sequence

from scheduler.access.permissions import ScopeKind
from scheduler.accounts.duty_calendars import holders_of
from scheduler.applications.calendar_people import refs_by_application
from scheduler.applications.guests import school_codes
from scheduler.applications.models import Application
from scheduler.applications.published import (
    ITEM,
    group_audience,
    itinerary_scope,
    school_audience,
)
from scheduler.calendars.entries import (
    Audience,
    EntryDraft,
    EntryKind,
    EntryText,
    Scope,
    Subject,
)
from scheduler.formats import named_in
from scheduler.itineraries import airports
from scheduler.itineraries.kinds import GROUND
from scheduler.itineraries.models import ItineraryItem
from scheduler.itineraries.words import KIND_NAMES, entry_words
from scheduler.languages import LOCALES
from scheduler.programmes.models import Programme
from scheduler.scheduling.releases.entries import person_audience


def scope_of(programme: Programme) -> Scope:
    """Return the source under which a tour's itinerary is published."""
    return itinerary_scope(programme.code)


def group_feed(group: Application) -> Subject:
    """Return the shared calendar of a group: no pupil's name is in it."""
    return Subject(group_audience(group), {"en": group.group_name}, group.programme.timezone)


def drafts_of(
    programme: Programme, items: Iterable[ItineraryItem], groups: Sequence[Application]
) -> list[EntryDraft]:
    """Return the full set of entries that the itinerary stands for."""
    whose = _audiences_of(programme, groups)
    everybody = frozenset().union(*whose.values())
    staff = holders_of(ScopeKind.PROGRAMME, programme.id)
    return [
        _draft(
            programme,
            item,
            {staff}.union(everybody)
            if not item.groups
            else {staff}.union(*(whose.get(group.id, frozenset()) for group in item.groups)),
        )
        for item in items
    ]


def _audiences_of(
    programme: Programme, groups: Sequence[Application]
) -> Mapping[int, frozenset[Audience]]:
    """Return who follows each group: its people, its schools, those who lead it."""
    people, guests = refs_by_application(programme, groups), school_codes(groups)
    return {
        group.id: frozenset(
            {
                group_audience(group),
                school_audience(group.school.code),
                holders_of(ScopeKind.APPLICATION, group.id),
                *(holders_of(ScopeKind.SCHOOL, id_) for id_ in group.all_school_ids),
                *(school_audience(guests[id_]) for id_ in group.guest_school_ids),
                *(person_audience(ref) for ref, _role in people[group.id]),
            }
        )
        for group in groups
    }


def _draft(programme: Programme, item: ItineraryItem, audiences: set[Audience]) -> EntryDraft:
    return EntryDraft(
        key=f"{ITEM}{item.ref}",
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        zone=item.starts_zone,
        end_zone=item.ends_zone if item.ends_zone != item.starts_zone else "",
        texts={locale: _text(programme, item, locale) for locale in LOCALES},
        audiences=frozenset(audiences),
        is_busy=item.kind not in GROUND,
        kind=EntryKind.TRAVEL if item.is_journey else EntryKind.TOUR,
    )


def name_in(item: ItineraryItem, locale: str) -> str:
    """Return what the item is called in a language."""
    return named_in({"en": item.name, **item.names}, locale)


def place_of(item: ItineraryItem) -> str:
    """Return where it begins."""
    return _place(item.place, item.from_airport)


def to_place_of(item: ItineraryItem) -> str:
    """Return where a journey leads; blank for what stays at one place."""
    return _place(item.to_place, item.to_airport)


def _place(words: str, code: str) -> str:
    airport = airports.find(code) if code else None
    return ", ".join(part for part in (airport.text if airport else code, words) if part)


def _text(programme: Programme, item: ItineraryItem, locale: str) -> EntryText:
    """Say what, where and from where to where; contacts stay on pages (rule R7)."""
    words, start, end = entry_words(locale), place_of(item), to_place_of(item)
    details = []
    if end:
        details.append(words.way % {"start": start, "end": end} if start else end)
    if item.number:
        details.append(words.number % {"number": item.number})
    if item.is_journey:
        hours, minutes = divmod(item.minutes, 60)
        details.append(words.under_way % {"hours": hours, "minutes": f"{minutes:02}"})
    if item.bring:
        details.append(words.bring % {"things": item.bring})
    kind = named_in(KIND_NAMES[item.kind], locale)
    return EntryText(
        summary=name_in(item, locale),
        location=start,
        details=(*details, named_in(programme.names, locale)),
        category=kind,
    )
