"""What is for visitors of a published timetable, where its programme opens it to everybody.

Visitors have calendars of their own: they come for the time on stage, not for the warm-up, and
what they are told is in no participant's way. Names of pupils are in none of it.
"""

import datetime as dt
from collections.abc import Iterable

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.audit.services import record
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Audience, EntryDraft, EntryText, Scope, Subject
from scheduler.calendars.public_feeds import close_feeds, open_feeds, public_audience
from scheduler.database import db, held
from scheduler.formats import local, named_in, venue_name
from scheduler.languages import LOCALES
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.activities.models import ActivityKind
from scheduler.scheduling.items import NAMED_AT_MOST, Item
from scheduler.scheduling.models import Release
from scheduler.scheduling.releases.entries import geo_of, kind_of, location_of
from scheduler.scheduling.releases.wording import entry_words
from scheduler.scheduling.timetable import Performance, latest_release, performances_of


def lines_for_visitors(release: Release) -> list[Performance]:
    """Return the performances and ceremonies of a release, by time; a constant number of queries.

    Rehearsals, interviews and meetings are nobody's business but the participants'.
    """
    return [line for line in performances_of(release) if _is_for_visitors(line.item)]


def set_open(
    programme: Programme, *, is_open: bool, actor: Actor, now: dt.datetime, public_url: str
) -> bool:
    """Open what is published to everybody, or close it; tell whether that changed anything.

    Public feeds are there, or answer 410, at once; opened again, they have their old addresses.
    """
    programme = held(Programme, programme.id)
    if programme.is_timetable_public == is_open:
        return False
    programme.is_timetable_public = is_open
    db.session.flush()
    if is_open:
        publish_to_visitors(programme, now=now, public_url=public_url)
    else:
        close_feeds(programme_audience(programme).key, now=now)
        calendars.publish(_scope(programme), [], now=now)
    record(
        "timetable:open" if is_open else "timetable:close",
        account_id=actor.account_id,
        subject_type="programme",
        subject_ref=programme.code,
        now=now,
    )
    return True


def publish_to_visitors(programme: Programme, *, now: dt.datetime, public_url: str) -> None:
    """Bring visitors' calendars to what stands published; nothing where it is not open to them.

    Each entry leads to the page of its day below `public_url`, the same for all subscribers.
    """
    if not programme.is_timetable_public:
        return
    release = latest_release(programme)
    lines = lines_for_visitors(release) if release else []
    drafts = [_draft(programme, line, public_url) for line in lines]
    calendars.publish(_scope(programme), drafts, now=now)
    open_feeds(_subjects(programme, lines), now=now)


def page_path(programme: Programme, day: dt.date) -> str:
    """Return the path of the page on which visitors read a day."""
    return f"/timetables/{programme.code}?day={day.isoformat()}"


def programme_audience(programme: Programme) -> Audience:
    """Visitors of the whole programme."""
    return public_audience(programme.code)


def hall_audience(programme: Programme, venue: Venue) -> Audience:
    """Visitors of one venue."""
    return public_audience(programme.code, "venues", venue.code)


def group_audience(programme: Programme, group: Application) -> Audience:
    """Visitors of one group."""
    return public_audience(programme.code, "groups", group.ref)


def _scope(programme: Programme) -> Scope:
    return Scope("visitors", programme.code)


def _is_for_visitors(item: Item) -> bool:
    return item.activity is None or item.activity.kind is ActivityKind.CEREMONY


def _subjects(programme: Programme, lines: Iterable[Performance]) -> list[Subject]:
    venues: dict[Audience, Subject] = {}
    groups: dict[Audience, Subject] = {}
    for line in lines:
        if line.venue is not None:
            names = {locale: venue_name(line.venue, locale) for locale in LOCALES}
            audience = hall_audience(programme, line.venue)
            venues[audience] = _subject(programme, audience, names)
        for group in line.item.groups:
            audience = group_audience(programme, group)
            groups[audience] = _subject(programme, audience, {"en": group.group_name})
    whole = Subject(programme_audience(programme), programme.names, programme.timezone)
    return [whole, *venues.values(), *groups.values()]


def _subject(programme: Programme, audience: Audience, own: dict[str, str]) -> Subject:
    names = {
        locale: f"{named_in(own, locale)} · {named_in(programme.names, locale)}"
        for locale in LOCALES
    }
    return Subject(audience, names, programme.timezone)


def _draft(programme: Programme, line: Performance, public_url: str) -> EntryDraft:
    groups = {group_audience(programme, group) for group in line.item.groups}
    halls = {hall_audience(programme, line.venue)} if line.venue else set()
    return EntryDraft(
        key=line.item.key,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        zone=programme.timezone,
        texts={locale: _text(programme, line, locale) for locale in LOCALES},
        audiences=frozenset({programme_audience(programme), *halls, *groups}),
        url=f"{public_url}{page_path(programme, local(line.starts_at, programme.timezone).date())}",
        geo=geo_of(line.venue) if line.venue else None,
        is_busy=False,
        kind=kind_of(line.item),
    )


def _text(programme: Programme, line: Performance, locale: str) -> EntryText:
    words = entry_words(locale)
    title, about = (named_in(each, locale) for each in (line.item.names, line.item.about))
    is_performance = line.item.activity is None
    schools = sorted(school.name for school in line.item.schools)
    told = words.programme % {"programme": named_in(programme.names, locale)}
    return EntryText(
        summary=words.summary % {"group": title} if is_performance else title,
        location=location_of(line.venue, locale) if line.venue else "",
        details=(
            *([words.comma.join(schools)] if 0 < len(schools) <= NAMED_AT_MOST else []),
            words.category % {"category": about} if is_performance else about,
            told,
        ),
        category=words.performance if is_performance else about,
    )
