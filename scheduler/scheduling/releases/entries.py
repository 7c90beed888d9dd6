"""What a slot says in calendars: an entry per group or turn of an activity, in every language."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from scheduler.access.permissions import ScopeKind
from scheduler.accounts.duty_calendars import holders_of
from scheduler.applications.calendar_people import refs_by_application
from scheduler.applications.guests import school_codes
from scheduler.applications.published import school_audience, timetable_scope
from scheduler.calendars.entries import Audience, EntryDraft, EntryKind, EntryText, Scope
from scheduler.formats import named_in, venue_name
from scheduler.languages import LOCALES
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.activities.models import ActivityKind
from scheduler.scheduling.items import Item
from scheduler.scheduling.models import Slot
from scheduler.scheduling.releases.wording import EntryWords, entry_words

_KINDS = {
    ActivityKind.REHEARSAL: EntryKind.REHEARSAL,
    ActivityKind.AUDITION: EntryKind.AUDITION,
    ActivityKind.INTERVIEW: EntryKind.AUDITION,
    ActivityKind.STATION: EntryKind.COURSE,
    ActivityKind.COURSE: EntryKind.COURSE,
    ActivityKind.MEETING: EntryKind.MEETING,
    ActivityKind.CEREMONY: EntryKind.MEETING,
    ActivityKind.VISIT: EntryKind.VISIT,
}
"""What subscribers choose by, for each kind of activity."""


PERSON = "person"
"""The kind of the audience that is one participant."""


def scope_of(programme: Programme) -> Scope:
    """Return the source under which a programme's performances are published."""
    return timetable_scope(programme.code)


def venue_audience(programme: Programme, venue: Venue) -> Audience:
    """Everybody who follows a venue; codes are unique within a programme only."""
    return Audience("venue", f"{programme.code}/{venue.code}")


def person_audience(ref: str) -> Audience:
    """One person's own calendar."""
    return Audience(PERSON, ref)


def drafts_of(programme: Programme, slots: Iterable[Slot]) -> list[EntryDraft]:
    """Return the full set of entries that a plan's slots stand for."""
    slots = list(slots)
    items = [slot.item for slot in slots]
    groups = {group for item in items for group in item.groups}
    people = refs_by_application(programme, groups)
    guests = school_codes(groups)
    schools = {
        group.id: [group.school.code, *(guests[id_] for id_ in group.guest_school_ids)]
        for group in groups
    }
    return [
        _draft(
            programme,
            slot,
            [code for group in item.groups for code in schools[group.id]],
            [ref for group in item.groups for ref, role in people[group.id] if role in item.roles],
        )
        for slot, item in zip(slots, items, strict=True)
    ]


def _draft(programme: Programme, slot: Slot, schools: list[str], persons: list[str]) -> EntryDraft:
    """One entry from the warm-up to the end on stage: when the group must be there."""
    venue = slot.venue
    audiences = {
        *map(school_audience, schools),
        venue_audience(programme, venue),
        *(person_audience(ref) for ref in persons),
        *_holders(programme, slot),
    }
    return EntryDraft(
        key=slot.item.key,
        starts_at=slot.warmup_starts_at,
        ends_at=slot.ends_at,
        zone=programme.timezone,
        texts={locale: _text(programme, slot, locale) for locale in LOCALES},
        audiences=frozenset(audiences),
        geo=geo_of(venue),
        kind=kind_of(slot.item),
    )


def kind_of(item: Item) -> EntryKind:
    """Return as what something is published: subscribers choose by it."""
    return EntryKind.PERFORMANCE if item.activity is None else _KINDS[item.activity.kind]


def _holders(programme: Programme, slot: Slot) -> list[Audience]:
    """Those whose business it is: the groups' leaders, their schools' officers, coordinators."""
    groups = [holders_of(ScopeKind.APPLICATION, group.id) for group in slot.item.groups]
    schools = [holders_of(ScopeKind.SCHOOL, id_) for id_ in slot.item.school_ids]
    return [*groups, *schools, holders_of(ScopeKind.PROGRAMME, programme.id)]


def _text(programme: Programme, slot: Slot, locale: str) -> EntryText:
    words = entry_words(locale)
    location = location_of(slot.venue, locale)
    title, about = (named_in(each, locale) for each in (slot.item.names, slot.item.about))
    told = words.programme % {"programme": named_in(programme.names, locale)}
    if slot.item.activity is not None:
        time = _span(slot.starts_at, slot.ends_at, programme.timezone)
        return EntryText(title, location, (words.activity % {"time": time}, about, told), about)
    warm_up = _span(slot.warmup_starts_at, slot.warmup_ends_at, programme.timezone)
    stage = _span(slot.starts_at, slot.ends_at, programme.timezone)
    return EntryText(
        summary=words.summary % {"group": title},
        location=location,
        details=(
            *_call(programme, slot, words),
            words.warm_up % {"time": warm_up, "room": slot.warmup_room},
            words.stage % {"time": stage},
            words.category % {"category": about},
            told,
        ),
        category=words.performance,
    )


def _call(programme: Programme, slot: Slot, words: EntryWords) -> tuple[str, ...]:
    """Say when the group is called together, if the programme asks for that."""
    if not programme.call_minutes:
        return ()
    called_at = slot.starts_at - dt.timedelta(minutes=programme.call_minutes)
    wall = called_at.astimezone(ZoneInfo(programme.timezone))
    return (words.call % {"time": f"{wall:%H:%M}"},)


def location_of(venue: Venue, locale: str) -> str:
    """Name a venue for the reader, and for whoever shows the way there, with its address."""
    name = venue_name(venue, locale)
    place = name if name == venue.name else f"{name} ({venue.name})"
    return ", ".join(part for part in (place, venue.address) if part)


def geo_of(venue: Venue) -> tuple[float, float] | None:
    """Return a venue's latitude and longitude, if it has them."""
    if venue.latitude is None or venue.longitude is None:
        return None
    return venue.latitude, venue.longitude


def _span(starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> str:
    wall = [instant.astimezone(ZoneInfo(zone)) for instant in (starts_at, ends_at)]
    return f"{wall[0]:%H:%M}–{wall[1]:%H:%M}"
