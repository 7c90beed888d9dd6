"""How many subscribed calendars hold what was published."""

import datetime as dt

from scheduler.calendars import links, own_calendars, services
from scheduler.calendars.choices import Choice
from scheduler.calendars.entries import Audience, Scope, Subject
from scheduler.calendars.models import FeedFetch
from scheduler.calendars.reach import Reach, reach_of
from scheduler.database import db
from tests.calendars.drafts import NOW, OTHER_PUPIL, PLAN, PUPIL, performance, pupil

KEY = "a secret of the tests"
LATER = NOW + dt.timedelta(days=10)
MOTHER = Audience("guardian", "G-MUM")


def fetched(feed, day, etag=None):
    db.session.add(
        FeedFetch(
            subscription_id=feed.id,
            fetched_on=day.date(),
            client="apple",
            etag=etag or feed.etag,
            fetches=3,
            last_at=day,
        )
    )
    db.session.flush()


def test_only_fetched_calendars_with_something_of_the_scope_count(session):
    first, second = (
        links.personal_links([pupil(who)], secret_key=KEY, now=NOW)[who].subscription
        for who in (PUPIL, OTHER_PUPIL)
    )
    family = own_calendars.add_calendar(
        Subject(MOTHER, {"en": "Family"}, "Asia/Shanghai"), "Mum", Choice(), secret_key=KEY, now=NOW
    )
    own_calendars.follow(MOTHER, {PUPIL: "Ada"}, now=NOW)
    ended = own_calendars.add_calendar(pupil(), "Old", Choice(), secret_key=KEY, now=NOW)
    stranger = own_calendars.add_calendar(
        pupil(Audience("person", "P-EVE")), "Eve", Choice(), secret_key=KEY, now=NOW
    )
    services.publish(PLAN, [performance()], now=NOW)
    for feed in (first, second, family, ended, stranger):
        fetched(feed, NOW)
    own_calendars.end_calendar(ended, now=NOW)
    assert reach_of(PLAN, now=NOW) == Reach(subscribed=3, current=3, daily=3, silent=0)

    services.publish(PLAN, [performance(hour=15)], now=LATER)
    fetched(family, LATER)
    assert reach_of(PLAN, now=LATER) == Reach(subscribed=3, current=1, daily=1, silent=2)
    assert reach_of(Scope("plan", "another"), now=LATER) == Reach(0, 0, 0, 0)


def test_shares_are_rounded_down_and_not_told_of_few():
    assert Reach(4, 4, 4, 0).is_told is False
    reach = Reach(300, 299, 36, 21)
    assert reach.is_told
    assert [reach.percent(each) for each in (reach.current, reach.daily, reach.silent)] == [
        99,
        12,
        7,
    ]
    assert Reach(0, 0, 0, 0).percent(0) == 0
