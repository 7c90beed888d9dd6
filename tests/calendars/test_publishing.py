"""The one door: what is new, moved, changed, cancelled, and what stays untouched."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import event, select

from scheduler.calendars import contents, feeds, links, services
from scheduler.calendars.entries import Audience, EntryText, Scope
from scheduler.calendars.ical import Status
from scheduler.calendars.models import CalendarEntry, EntryAudience, EntryRendering, Subscription
from scheduler.calendars.own_calendars import end_calendar
from scheduler.database import db
from tests.calendars import octets
from tests.calendars.drafts import (
    NOW,
    OTHER_PUPIL,
    OTHER_VENUE,
    PLAN,
    PUPIL,
    SHANGHAI,
    VENUE,
    performance,
    pupil,
    venue,
)

LATER = NOW + dt.timedelta(days=1)
KEY = "a secret of the tests"


@pytest.fixture
def feed(session):
    """A pupil's feed before anything is published."""
    return links.personal_links([pupil()], secret_key=KEY, now=NOW)[PUPIL].subscription


def entry(key="performance:A"):
    return db.session.scalars(select(CalendarEntry).where(CalendarEntry.key == key)).one()


def keys(changes):
    return [change.key for change in changes]


def counts(difference):
    return {
        field.name: getattr(difference, field.name)
        if field.name == "unchanged"
        else keys(getattr(difference, field.name))
        for field in dataclasses.fields(difference)
    }


NOTHING = {
    "new": [],
    "moved": [],
    "changed": [],
    "cancelled": [],
    "readdressed": [],
    "unchanged": 0,
}


def test_what_is_published_first_is_new(session):
    difference = services.publish(PLAN, [performance()], now=NOW)

    assert counts(difference) == NOTHING | {"new": ["performance:A"]}
    assert (entry().sequence, entry().status, entry().modified_at) == (0, Status.CONFIRMED, NOW)


def test_what_is_published_again_is_untouched(feed):
    drafts = [performance(), performance("performance:B", hour=10)]
    services.publish(PLAN, drafts, now=NOW)
    before = (feed.body, feed.etag, feed.modified_at)

    assert counts(services.publish(PLAN, drafts, now=LATER)) == NOTHING | {"unchanged": 2}
    assert (feed.body, feed.etag, feed.modified_at) == before


def test_a_moved_entry_is_the_only_thing_that_changes_in_a_feed(feed):
    moving, staying = performance(), performance("performance:B", hour=10)
    services.publish(PLAN, [moving, staying], now=NOW)
    before = feed.body
    uid = entry().uid.encode()
    difference = services.publish(PLAN, [performance(hour=14), staying], now=LATER)
    after = feed.body

    assert counts(difference) == NOTHING | {"moved": ["performance:A"], "unchanged": 1}
    assert octets.outside_events(after) == octets.outside_events(before)
    old, new = octets.events(before), octets.events(after)
    assert {key for key in old | new if old.get(key) != new.get(key)} == {uid}
    assert sequence_and_start(old[uid]) == (b"0", b"20270410T010000Z")
    assert sequence_and_start(new[uid]) == (b"1", b"20270410T060000Z")
    assert list(old) == list(new)


def sequence_and_start(event_octets):
    lines = dict(line.split(b":", 1) for line in octets.unfolded(event_octets))
    return lines[b"SEQUENCE"], lines[b"DTSTART"]


def test_a_change_tells_from_when_to_when_and_whom(session):
    services.publish(PLAN, [performance()], now=NOW)
    before = entry().times
    moved = performance(hour=14, audiences=frozenset({PUPIL, OTHER_VENUE}))
    (change,) = services.publish(PLAN, [moved], now=LATER).moved

    assert (change.was, change.now) == (before, entry().times)
    assert change.audiences == {PUPIL, OTHER_PUPIL, VENUE, OTHER_VENUE}
    assert change.texts["zh_Hans"].summary == "演出:茉莉花合唱团"


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("is_tentative", True, "changed"),
        ("is_busy", False, "changed"),
        ("url", "https://scheduler.example.org/elsewhere", "changed"),
        ("geo", (23.2, 113.4), "changed"),
        ("texts", {"en": EntryText("Performance: Jasmine Choir", "Small hall")}, "moved"),
        ("zone", "Asia/Tokyo", "changed"),
    ],
)
def test_every_visible_change_counts_up(session, field, value, kind):
    services.publish(PLAN, [performance()], now=NOW)
    changed = performance(**{field: value})
    difference = services.publish(PLAN, [changed], now=LATER)

    assert counts(difference) == NOTHING | {kind: ["performance:A"]}
    assert (entry().sequence, entry().modified_at) == (1, LATER)


def test_a_text_in_one_language_changes_the_entry_for_all(feed):
    services.publish(PLAN, [performance()], now=NOW)
    texts = performance().texts | {"zh_Hans": EntryText("演出")}
    difference = services.publish(PLAN, [performance(texts=texts)], now=LATER)

    assert counts(difference) == NOTHING | {"moved": ["performance:A"]}
    assert b"SEQUENCE:1\r\n" in feed.body


def test_what_is_missing_stays_as_cancelled(feed):
    services.publish(PLAN, [performance(), performance("performance:B", hour=10)], now=NOW)
    cancelled_uid = entry("performance:B").uid.encode()
    difference = services.publish(PLAN, [performance()], now=LATER)

    assert counts(difference) == NOTHING | {"cancelled": ["performance:B"], "unchanged": 1}
    lines = octets.unfolded(octets.events(feed.body)[cancelled_uid])
    assert lines[1] == b"SUMMARY:Cancelled: Performance: Jasmine Choir"
    assert [line for line in lines if line.startswith((b"STATUS", b"SEQUENCE", b"TRANSP"))] == [
        b"SEQUENCE:1",
        b"STATUS:CANCELLED",
        b"TRANSP:TRANSPARENT",
    ]
    assert difference.cancelled[0].now is None
    assert difference.cancelled[0].audiences == {PUPIL, OTHER_PUPIL, VENUE}


def test_a_tombstone_is_left_alone_by_further_releases(feed):
    services.publish(PLAN, [performance()], now=NOW)
    services.publish(PLAN, [], now=LATER)
    body = feed.body

    assert counts(services.publish(PLAN, [], now=LATER)) == NOTHING
    assert feed.body == body


def test_what_was_cancelled_can_come_back(feed):
    services.publish(PLAN, [performance()], now=NOW)
    uid = entry().uid
    services.publish(PLAN, [], now=LATER)
    difference = services.publish(PLAN, [performance()], now=LATER)

    assert counts(difference) == NOTHING | {"new": ["performance:A"]}
    assert difference.new[0].was is None
    assert (entry().uid, entry().sequence, entry().status) == (uid, 2, Status.CONFIRMED)
    assert entry().cancelled_at is None


def test_a_day_without_times_is_a_date(feed):
    visit = performance(
        "visit",
        starts_at=dt.datetime(2027, 3, 13, tzinfo=SHANGHAI),
        ends_at=dt.datetime(2027, 3, 21, tzinfo=SHANGHAI),
        is_all_day=True,
    )
    services.publish(PLAN, [visit], now=NOW)
    (block,) = octets.events(feed.body).values()

    assert octets.unfolded(block)[2:4] == [
        b"DTSTART;VALUE=DATE:20270313",
        b"DTEND;VALUE=DATE:20270321",
    ]
    assert octets.values(block, b"TRANSP") == [b"TRANSPARENT"]
    assert octets.values(block, b"DESCRIPTION") == [
        b"Sat 13 March 2027 \xe2\x80\x93 Sat 20 March 2027\\nWarm-up in Room 2"
    ]


def test_a_difference_knows_whom_it_concerns(session):
    services.publish(PLAN, [performance()], now=NOW)
    unchanged = services.preview(PLAN, [performance()])
    moved = services.preview(PLAN, [performance(hour=10, audiences=frozenset({PUPIL}))])

    assert (unchanged.is_empty, unchanged.audiences) == (True, frozenset())
    assert (moved.is_empty, moved.audiences) == (False, {PUPIL, OTHER_PUPIL, VENUE})


def test_stored_octets_come_in_the_order_asked_for(session):
    services.publish(PLAN, [performance(), performance("performance:B", hour=10)], now=NOW)
    wanted = [entry("performance:B"), entry()]
    found = feeds.renderings_for([each.id for each in wanted], "zh_Hans")

    assert [octets.values(body, b"UID")[0].decode() for body in found] == [
        each.uid for each in wanted
    ]
    assert [octets.values(body, b"SUMMARY")[0].decode() for body in found] == [
        "演出:茉莉花合唱团",
        "演出:茉莉花合唱团",
    ]


def test_tombstones_go_thirty_days_after_their_time(feed):
    services.publish(PLAN, [performance(), performance("performance:B", hour=10)], now=NOW)
    services.publish(PLAN, [performance("performance:B", hour=10)], now=LATER)
    end = entry().ends_at
    days = dt.timedelta(days=30)

    assert services.drop_past_tombstones(now=end + days) == 0
    assert services.drop_past_tombstones(now=end + days + dt.timedelta(seconds=1)) == 1
    assert list(octets.events(feed.body)) == [entry("performance:B").uid.encode()]
    assert db.session.scalars(select(EntryAudience.entry_id).distinct()).all() == [
        entry("performance:B").id
    ]
    assert db.session.scalars(select(EntryRendering.entry_id).distinct()).all() == [
        entry("performance:B").id
    ]


def test_an_entry_comes_to_and_leaves_audiences_without_changing(session):
    made = links.personal_links([pupil(), pupil(OTHER_PUPIL)], secret_key=KEY, now=NOW)
    leaving, coming = (made[audience].subscription for audience in (PUPIL, OTHER_PUPIL))
    services.publish(PLAN, [performance(audiences=frozenset({PUPIL, VENUE}))], now=NOW)
    standing = octets.events(leaving.body)
    now_for = frozenset({OTHER_PUPIL, VENUE})
    difference = services.publish(PLAN, [performance(audiences=now_for)], now=LATER)

    assert counts(difference) == NOTHING | {"readdressed": ["performance:A"], "unchanged": 1}
    assert difference.readdressed[0].audiences == {PUPIL, OTHER_PUPIL}
    assert services.publish(PLAN, [performance(audiences=now_for)], now=LATER).readdressed == ()
    assert octets.events(leaving.body) == {}
    assert octets.events(coming.body) == standing
    assert [octets.complaints(feed.body) for feed in (leaving, coming)] == [[], []]


def test_feeds_without_the_change_are_not_rebuilt(session):
    made = links.personal_links([pupil(), pupil(OTHER_PUPIL)], secret_key=KEY, now=NOW)
    mine = performance(audiences=frozenset({PUPIL}))
    theirs = performance("performance:B", audiences=frozenset({OTHER_PUPIL}))
    services.publish(PLAN, [mine, theirs], now=NOW)
    other = made[OTHER_PUPIL].subscription
    before = (other.etag, other.modified_at)
    services.publish(PLAN, [performance(hour=11, audiences=mine.audiences), theirs], now=LATER)

    assert (other.etag, other.modified_at) == before
    assert made[PUPIL].subscription.modified_at == LATER


def test_a_preview_tells_the_same_and_writes_nothing(session):
    services.publish(PLAN, [performance(), performance("performance:B", hour=10)], now=NOW)
    drafts = [performance(hour=13), performance("performance:C", hour=16)]
    seen = services.preview(PLAN, drafts)
    db.session.flush()

    assert counts(seen) == NOTHING | {
        "new": ["performance:C"],
        "moved": ["performance:A"],
        "cancelled": ["performance:B"],
    }
    assert db.session.scalars(select(CalendarEntry.sequence)).all() == [0, 0]
    assert counts(services.publish(PLAN, drafts, now=LATER)) == counts(seen)


def test_two_sources_do_not_touch_each_other(session):
    services.publish(PLAN, [performance()], now=NOW)
    services.publish(Scope("plan", "tennis"), [performance()], now=NOW)

    assert counts(services.publish(PLAN, [], now=LATER)) == NOTHING | {
        "cancelled": ["performance:A"]
    }
    statuses = select(CalendarEntry.scope_key, CalendarEntry.status).order_by(CalendarEntry.id)
    assert db.session.execute(statuses).all() == [
        ("festival", Status.CANCELLED),
        ("tennis", Status.CONFIRMED),
    ]


@pytest.mark.parametrize(
    "drafts",
    [
        [performance(), performance(hour=10)],
        [performance(texts={"zh_Hans": EntryText("演出")})],
        [performance(ends_at=performance().starts_at)],
        [performance(starts_at=dt.datetime(2027, 4, 10, 9, 0))],
    ],
    ids=["two of one key", "no English", "no duration", "no zone"],
)
def test_a_set_that_cannot_stand_is_refused(session, drafts):
    with pytest.raises(ValueError):
        services.publish(PLAN, drafts, now=NOW)


def test_two_changes_within_a_second_have_different_times(feed):
    for hour in (9, 10, 11):
        services.publish(PLAN, [performance(hour=hour)], now=NOW)

    assert entry().modified_at == NOW + dt.timedelta(seconds=2)
    # The empty feed was the first version, the three releases follow.
    assert feed.modified_at == NOW + dt.timedelta(seconds=3)


def test_entries_far_past_leave_the_feed_when_it_is_next_built(feed):
    past = performance()
    services.publish(PLAN, [past], now=NOW)
    long_after = past.ends_at + dt.timedelta(days=contents.KEPT_DAYS)
    upcoming = performance(
        "performance:B", starts_at=long_after, ends_at=long_after + (past.ends_at - past.starts_at)
    )
    services.publish(PLAN, [past, upcoming], now=long_after)

    assert list(octets.events(feed.body)) == [entry("performance:B").uid.encode()]


def test_own_entries_come_by_time_each_once(session):
    services.publish(
        PLAN,
        [
            performance("performance:C", hour=16, audiences=frozenset({OTHER_VENUE})),
            performance("performance:B", hour=14),
            performance(),
            performance("performance:D", hour=15, audiences=frozenset({Audience("person", "V1")})),
        ],
        now=NOW,
    )

    found = services.entries_of([PUPIL, VENUE, OTHER_VENUE], since=NOW)
    assert [each.key for each in found] == ["performance:A", "performance:B", "performance:C"]
    assert services.entries_of([PUPIL], since=found[1].ends_at) == []


def test_a_release_costs_the_same_queries_for_few_and_for_many_feeds(session):
    assert statements_of_a_release(feeds_wanted=2) == statements_of_a_release(feeds_wanted=40)


def statements_of_a_release(feeds_wanted):
    scope = Scope("plan", f"of {feeds_wanted}")
    people = [Audience("person", f"P-{feeds_wanted}-{n}") for n in range(feeds_wanted)]
    links.personal_links([pupil(person) for person in people], secret_key=KEY, now=NOW)
    drafts = [
        performance(f"performance:{n}", hour=n % 14, audiences=frozenset({person}))
        for n, person in enumerate(people)
    ]
    services.publish(scope, drafts, now=NOW)
    db.session.commit()
    statements = []
    listener = lambda *arguments: statements.append(arguments[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    services.publish(
        scope,
        [performance("performance:0", minute=5, audiences=drafts[0].audiences), *drafts[1:]],
        now=LATER,
    )
    services.publish(
        scope, [dataclasses.replace(draft, is_busy=False) for draft in drafts], now=LATER
    )
    event.remove(db.engine, "before_cursor_execute", listener)
    return len(statements)


def test_feeds_of_all_languages_hold_the_rules(session):
    made = links.shared_feeds([venue()], secret_key=KEY, now=NOW)
    services.publish(PLAN, [performance(), performance("performance:B", hour=10)], now=NOW)
    services.publish(PLAN, [performance(hour=15)], now=LATER)

    assert {feed.locale: octets.complaints(feed.body) for feed in made} == {
        "en": [],
        "zh_Hans": [],
        "zh_Hant_HK": [],
    }


def test_a_feed_keeps_to_what_google_reads(session, monkeypatch):
    monkeypatch.setattr(contents, "MOST_ENTRIES", 3)
    monkeypatch.setattr(feeds, "MOST_OCTETS", 1200)
    made = links.personal_links([pupil()], secret_key=KEY, now=NOW)[PUPIL].subscription
    drafts = [performance(f"performance:{hour}", hour=hour) for hour in range(9, 15)]
    services.publish(PLAN, drafts, now=NOW)

    assert list(octets.events(made.body)) == [
        entry(f"performance:{hour}").uid.encode() for hour in (13, 14)
    ]


def test_feeds_of_revoked_subscriptions_are_left_alone(session):
    made = links.personal_links([pupil()], secret_key=KEY, now=NOW)[PUPIL].subscription
    end_calendar(made, now=NOW)
    services.publish(PLAN, [performance()], now=LATER)

    assert (made.body, made.body_gzip) == (b"", b"")
    assert db.session.scalars(select(Subscription.revoked_at)).all() == [NOW]
