"""What has changed since: tokens for stored changes, and when they are not believed any more."""

import datetime as dt

import pytest
from sqlalchemy import delete, func, select, update

from scheduler.calendars import links, services, tasks
from scheduler.calendars.choices import Choice
from scheduler.calendars.entries import Audience, EntryText
from scheduler.calendars.models import CalendarEntry, FeedChange, Subscription
from scheduler.calendars.own_calendars import change_calendar
from scheduler.database import db
from tests.calendars.dav import Dav, multistatus, refused, sync_token
from tests.calendars.drafts import NOW, OTHER_PUPIL, PLAN, PUPIL, performance, pupil

KEY = "a secret of the tests"
MOVING, STAYING, ENDING = (
    performance(f"performance:{key}", hour=hour, audiences=frozenset({PUPIL}))
    for key, hour in (("moving", 9), ("staying", 11), ("ending", 13))
)
MOVED = performance("performance:moving", hour=16, audiences=frozenset({PUPIL}))
LATE = "<D:limit><D:nresults>{}</D:nresults></D:limit>"


@pytest.fixture
def made(session, frozen):
    frozen(2027, 3, 1, 8)
    found = links.personal_links([pupil(), pupil(OTHER_PUPIL)], secret_key=KEY, now=NOW)
    release(0, [MOVING, STAYING, ENDING])
    return {audience: link.subscription for audience, link in found.items()}


@pytest.fixture
def feed(made):
    return made[PUPIL]


@pytest.fixture
def dav(client, feed):
    return Dav(client, feed, KEY)


def release(day, drafts):
    services.publish(PLAN, drafts, now=NOW + dt.timedelta(days=day))
    db.session.commit()


def names(dav, answer):
    """What an answer names, by the last part of the entry's key: changed ones, and gone ones."""
    query = select(CalendarEntry.key, CalendarEntry.uid)
    keys = {dav.path_of(uid): key.partition(":")[2] for key, uid in db.session.execute(query)}
    told = {keys.get(path, path): value for path, value in multistatus(answer).items()}
    return (
        {name for name, value in told.items() if value != "404"},
        {name for name, value in told.items() if value == "404"},
    )


def kept():
    return db.session.scalar(select(func.count()).select_from(FeedChange))


def test_the_first_answer_names_everything(dav, feed):
    answer = dav.changes()

    assert names(dav, answer) == ({"moving", "staying", "ending"}, set())
    assert sync_token(answer) == f"data:,{feed.version}-{feed.etag}"


def test_each_release_names_exactly_what_it_changed(dav):
    first = sync_token(dav.changes())
    release(1, [MOVED, STAYING, ENDING])
    second = dav.changes(first)
    release(2, [MOVED, STAYING])
    third = dav.changes(sync_token(second))

    assert names(dav, second) == ({"moving"}, set())
    assert names(dav, third) == ({"ending"}, set())  # cancelled, and still to be seen
    assert names(dav, dav.changes(first)) == ({"moving", "ending"}, set())
    assert names(dav, dav.changes(sync_token(third))) == (set(), set())
    assert sync_token(dav.changes(sync_token(third))) == sync_token(third)


def test_tags_tell_the_present_version(dav):
    first = sync_token(dav.changes())
    release(1, [MOVED, STAYING, ENDING])
    (path, told), *_ = multistatus(dav.changes(first)).items()

    assert dav.ask("GET", path).headers["ETag"] == told["D:getetag"]


def test_what_left_the_calendar_is_gone(dav):
    token = sync_token(dav.changes())
    services.readdress(PLAN, "performance:ending", leaves=[PUPIL], joins=OTHER_PUPIL, now=NOW)
    db.session.commit()

    assert names(dav, dav.changes(token)) == (set(), {"ending"})


def test_what_came_and_went_is_named_once(dav):
    token = sync_token(dav.changes())
    extra = performance("performance:extra", hour=18, audiences=frozenset({PUPIL}))
    release(1, [MOVING, STAYING, ENDING, extra])
    services.readdress(PLAN, "performance:extra", leaves=[PUPIL], now=NOW)
    db.session.commit()

    assert names(dav, dav.changes(token)) == (set(), {"extra"})


def test_a_choice_changes_every_item(dav, feed):
    token = sync_token(dav.changes())
    change_calendar(feed, "Phone", "en", Choice(alarm_minutes=15), now=NOW)
    db.session.commit()

    assert names(dav, dav.changes(token)) == ({"moving", "staying", "ending"}, set())


def test_a_new_name_is_a_version_without_items(dav, feed):
    token = sync_token(dav.changes())
    renamed = dt.timedelta(days=1)
    links.personal_links(
        [pupil().__class__(PUPIL, {"en": "Autumn"}, "Asia/Shanghai")],
        secret_key=KEY,
        now=NOW + renamed,
    )
    db.session.commit()
    answer = dav.changes(token)

    assert names(dav, answer) == (set(), set())
    assert sync_token(answer) != token


def test_the_token_is_the_one_that_the_calendar_shows(dav):
    shown = dav.propfind(dav.calendar, "D:sync-token")[dav.calendar]["D:sync-token"]
    release(1, [MOVED, STAYING, ENDING])

    assert names(dav, dav.changes(shown)) == ({"moving"}, set())


def test_only_calendars_that_are_followed_keep_their_changes(dav, made, client):
    release(1, [MOVED, STAYING, ENDING])
    assert kept() == 0

    dav.propfind(dav.calendar, "D:displayname", "S:getctag", depth="1")
    release(2, [MOVING, STAYING, ENDING])
    assert kept() == 0

    dav.changes()
    release(3, [MOVED, STAYING, ENDING])
    both = frozenset({PUPIL, OTHER_PUPIL})
    release(4, [MOVED, performance("performance:staying", hour=12, audiences=both), ENDING])
    assert db.session.execute(select(FeedChange.subscription_id, FeedChange.version)).all() == [
        (made[PUPIL].id, made[PUPIL].version - 1),
        (made[PUPIL].id, made[PUPIL].version),
    ]


@pytest.mark.parametrize(
    "token", ["data:,0-", "data:,99-abc", "data:,x", "http://sabre.io/ns/sync/5", "&lt;&amp;"]
)
def test_a_token_that_was_never_given_is_refused(dav, token):
    assert refused(dav.changes(token)) == (403, "valid-sync-token")


def test_a_token_from_before_anybody_asked_is_refused(dav, feed):
    before = f"data:,{feed.version}-{feed.etag}"
    release(1, [MOVED, STAYING, ENDING])

    assert refused(dav.changes(before)) == (403, "valid-sync-token")


def test_the_token_of_another_calendar_is_refused(dav, made, client):
    other = Dav(client, made[OTHER_PUPIL], KEY)

    assert refused(dav.changes(sync_token(other.changes()))) == (403, "valid-sync-token")


def test_a_gap_in_what_is_kept_is_noticed(dav):
    first = sync_token(dav.changes())
    for day, hour in ((1, 14), (2, 15), (3, 16)):
        release(day, [performance("performance:moving", hour=hour, audiences=frozenset({PUPIL}))])
    middle = db.session.scalar(select(func.max(FeedChange.version))) - 1
    db.session.execute(delete(FeedChange).where(FeedChange.version == middle))

    assert refused(dav.changes(first)) == (403, "valid-sync-token")


def test_a_database_restored_from_yesterday_is_noticed(dav, feed):
    release(1, [MOVED, STAYING, ENDING])
    token = sync_token(dav.changes())
    db.session.execute(update(Subscription).values(version=Subscription.version - 1))
    db.session.commit()
    release(2, [performance("performance:moving", hour=17, audiences=frozenset({PUPIL}))])

    assert db.session.get(Subscription, feed.id).version == int(token[6:].partition("-")[0])
    assert refused(dav.changes(token)) == (403, "valid-sync-token")


@pytest.mark.parametrize(("days", "is_known"), [(60, True), (61, False)])
def test_after_two_months_a_program_reads_all_anew(dav, frozen, days, is_known):
    token = sync_token(dav.changes())
    release(0, [MOVED, STAYING, ENDING])
    changed_at = db.session.scalar(select(FeedChange.changed_at))
    frozen(*(changed_at + dt.timedelta(days=days)).timetuple()[:6])
    tasks.look_after()
    db.session.expire_all()

    assert kept() == is_known
    if is_known:
        assert "moving" in names(dav, dav.changes(token))[0]
    else:
        assert refused(dav.changes(token)) == (403, "valid-sync-token")


def test_who_wants_fewer_than_there_are_is_told_so(dav):
    assert refused(dav.changes(more=LATE.format(2))) == (507, "number-of-matches-within-limits")
    assert names(dav, dav.changes(more=LATE.format(3)))[0] == {"moving", "staying", "ending"}


def test_a_shared_feed_can_be_followed_as_well(client, session, frozen):
    frozen(2027, 3, 1, 8)
    venue = pupil(Audience("venue", "V1"))
    (english, *_) = links.shared_feeds([venue], secret_key=KEY, now=NOW)
    release(0, [performance(texts={"en": EntryText("Open rehearsal")})])
    dav = Dav(client, english, KEY)

    assert names(dav, dav.changes()) == ({"A"}, set())
