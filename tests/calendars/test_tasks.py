"""What the worker does for calendars without being asked."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.calendars import links, services, tasks
from scheduler.calendars.entries import Scope
from scheduler.calendars.models import CalendarEntry, PersonalLink
from tests.calendars.drafts import NOW, OTHER_PUPIL, PLAN, PUPIL, VENUE, performance, pupil, venue

SECOND = dt.timedelta(seconds=1)
MONTH = dt.timedelta(days=30)
END = performance().ends_at


@pytest.fixture
def made(session, app):
    """Two pupils' links and a venue's feeds; only the first pupil has an entry, in that venue."""
    made = links.personal_links([pupil(), pupil(OTHER_PUPIL)], secret_key=app.secret_key, now=NOW)
    links.shared_feeds([venue()], secret_key=app.secret_key, now=NOW)
    services.publish(PLAN, [performance(audiences=frozenset({PUPIL, VENUE}))], now=NOW)
    session.commit()
    return made


def live(session):
    session.expire_all()
    query = select(PersonalLink.audience_key).where(PersonalLink.revoked_at.is_(None))
    return set(session.scalars(query))


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (END, {"P-ADA", "P-BEN"}),
        (END + MONTH, {"P-ADA", "P-BEN"}),
        (END + MONTH + SECOND, {"P-BEN"}),  # who never had an entry still waits for one
    ],
)
def test_links_end_a_month_after_the_last_entry(session, frozen, made, now, left):
    frozen(*now.astimezone(dt.UTC).timetuple()[:6])
    tasks.look_after()

    assert live(session) == left


def test_an_ended_link_closes_page_and_feed(client, app, session, frozen, made):
    subscription = made[PUPIL].subscription
    path, page = (
        links.feed_path(subscription, app.secret_key),
        links.personal_path(made[PUPIL], app.secret_key),
    )
    frozen(2027, 6, 1)
    tasks.look_after()

    assert (client.get(path).status_code, client.get(page).status_code) == (410, 404)


def test_a_later_programme_keeps_a_link_alive(session, frozen, made):
    later = performance(starts_at=END + MONTH, ends_at=END + 2 * MONTH)
    services.publish(Scope("plan", "summer"), [later], now=NOW)
    session.commit()
    frozen(2027, 6, 1)
    tasks.look_after()

    assert live(session) == {"P-ADA", "P-BEN"}


def test_shared_feeds_stay(client, app, session, frozen, made):
    shared = links.shared_feed(VENUE, "en")
    frozen(2028, 6, 1)
    tasks.look_after()

    assert client.get(links.feed_path(shared, app.secret_key)).status_code == 200


def test_tombstones_are_dropped_and_end_links_too(session, frozen, made):
    services.publish(PLAN, [], now=NOW)
    session.commit()
    frozen(2027, 6, 1)
    tasks.look_after()

    assert session.scalars(select(CalendarEntry)).all() == []
    assert live(session) == {"P-BEN"}
