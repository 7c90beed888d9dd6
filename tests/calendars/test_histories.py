"""Any history of releases keeps the promises that calendar programs rely on.

`FEED_HISTORIES=2000` walks as many random programmes as docs/calendars.md tells of.
"""

import os

from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from scheduler.calendars import links, services
from scheduler.calendars.entries import Subject
from scheduler.calendars.ical import clean_line
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db
from tests.calendars import octets
from tests.calendars.drafts import NOW
from tests.calendars.icaljs import needs_icaljs
from tests.calendars.programmes import DAY, History, Known, histories, known_after
from tests.calendars.readers import check_readers, stored_times

KEY = "a secret of the tests"
CANCELLED = {"en": "Cancelled: ", "zh_Hans": "已取消\uff1a", "zh_Hant_HK": "已取消\uff1a"}
HISTORIES = int(os.environ.get("FEED_HISTORIES", "10"))
walks = settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@walks
@given(history=histories())
def test_every_history_keeps_the_promises(session, history):
    feeds = feeds_of(history)
    before = {feed.id: version(feed) for feed in feeds}
    known = {}
    for (now, plan), wanted in zip(history.releases, known_after(history), strict=True):
        services.publish(history.scope, history.drafts(plan), now=now)
        stored = entries_of(history)
        assert {key: stored_facts(entry) for key, entry in stored.items()} == {
            key: meant(must) for key, must in wanted.items()
        }
        for feed in feeds:
            check_feed(feed, before[feed.id], stored, known, wanted)
            before[feed.id] = version(feed)
        known = wanted
    check_end(history, feeds, known)


def feeds_of(history: History):
    """The feeds of the whole programme, of a hall and of a person, before anything is published."""
    db.session.rollback()  # the programmes before
    names = {"en": "Spring Festival; of, Choirs", "zh_Hans": "春季合唱节"}
    whole, hall, person = (
        Subject(history.audience(kind), names, history.zone)
        for kind in ("programme", "venue", "person")
    )
    shared = links.shared_feeds([whole, hall], secret_key=KEY, now=NOW)
    link = links.personal_links([person], secret_key=KEY, now=NOW)[person.audience]
    return [*shared, link.subscription]


def version(feed):
    return feed.body, feed.etag, feed.modified_at


def entries_of(history: History):
    query = select(CalendarEntry).where(CalendarEntry.scope_key == history.mark)
    return {entry.key: entry for entry in db.session.scalars(query)}


def check_feed(feed, before, stored, known, wanted):
    """Compare a feed with what it must say, and with what it said before the release."""
    body, etag, modified_at = version(feed)
    assert octets.complaints(body) == []
    assert (body == before[0]) == (etag == before[1]) == (modified_at == before[2])
    assert modified_at >= before[2]
    blocks, blocks_before = octets.events(body), octets.events(before[0])
    assert blocks.keys() == uids_in(feed, stored, wanted)
    for key, must in wanted.items():
        uid = stored[key].uid.encode()
        if uid not in blocks:
            continue
        assert said(blocks[uid]) == told(must, feed)
        if known.get(key) == must and uid in blocks_before:
            assert blocks[uid] == blocks_before[uid]


def uids_in(feed, stored, wanted):
    kind, number = feed.audience_kind, int(feed.audience_key.rpartition("-")[2])
    holders = {"programme": lambda _: number, "person": group_of, "venue": hall_of}
    return {
        stored[key].uid.encode() for key, must in wanted.items() if holders[kind](must) == number
    }


def group_of(must: Known):
    return must.thing.group


def hall_of(must: Known):
    return must.thing.hall


def meant(must: Known):
    thing = must.thing
    return thing.starts, thing.ends, must.sequence, must.modified, must.is_cancelled


def stored_facts(entry: CalendarEntry):
    marks = entry.sequence, entry.modified_at, entry.is_cancelled
    return entry.starts_at, entry.ends_at, *marks


def told(must: Known, feed):
    """What a feed must say of a thing."""
    number = 1 if feed.locale == "zh_Hans" else 0  # Traditional Chinese falls back to English
    thing = must.thing
    status = "TENTATIVE" if thing.is_tentative else "CONFIRMED"
    is_busy = thing.is_busy and not thing.is_all_day and not must.is_cancelled
    mark = CANCELLED[feed.locale] if must.is_cancelled else ""
    return {
        "times": thing.times(feed.zone),
        "sequence": must.sequence,
        "modified": must.modified.replace(microsecond=0),
        "status": "CANCELLED" if must.is_cancelled else status,
        "transparency": "OPAQUE" if is_busy else "TRANSPARENT",
        "summary": clean_line(mark + must.group[number]),
        "location": clean_line(must.hall[number]),
    }


def said(block: bytes):
    """What a VEVENT says, read by our own means."""

    def value(name):
        return next(iter(octets.values(block, name)), b"")

    return {
        "times": (octets.moment(block, b"DTSTART"), octets.moment(block, b"DTEND")),
        "sequence": int(value(b"SEQUENCE")),
        "modified": octets.moment(block, b"LAST-MODIFIED"),
        "status": value(b"STATUS").decode(),
        "transparency": value(b"TRANSP").decode(),
        "summary": octets.text(value(b"SUMMARY")),
        "location": octets.text(value(b"LOCATION")),
    }


def check_end(history: History, feeds, known):
    """30 days after everything what was cancelled goes, and no octet of anything else changes.

    Feeds that are built anew lose what ended 90 days before as well.
    """
    before = {feed.id: octets.events(feed.body) for feed in feeds}
    over = max((must.thing.ends for must in known.values()), default=NOW) + 31 * DAY
    entries = [(entry.uid.encode(), entry) for entry in entries_of(history).values()]
    cancelled = {uid for uid, entry in entries if entry.is_cancelled}
    long_past = {uid for uid, entry in entries if entry.ends_at <= over - 90 * DAY}

    assert services.drop_past_tombstones(now=over) == len(cancelled)
    for feed in feeds:
        had = before[feed.id]
        goes = cancelled | long_past if had.keys() & cancelled else set()
        assert octets.events(feed.body) == {uid: had[uid] for uid in had.keys() - goes}


# Readers that are not ours


@needs_icaljs
@walks
@given(history=histories())
def test_three_readers_and_the_database_have_the_same_instants(session, history):
    feeds = feeds_of(history)
    for now, plan in history.releases:
        services.publish(history.scope, history.drafts(plan), now=now)
    bodies = [feed.body for feed in feeds]
    wanted = {entry.uid: stored_times(entry) for entry in entries_of(history).values()}

    check_readers(bodies, wanted)
    assert octets.events(bodies[0]).keys() == {uid.encode() for uid in wanted}
