"""Feeds for everybody: an address without a secret, for shared caches, opened and closed."""

import datetime as dt

import pytest
from flask import url_for
from sqlalchemy import select

from scheduler.calendars import public_feeds, services
from scheduler.calendars.addresses import feed_addresses, shared_addresses
from scheduler.calendars.entries import Subject
from scheduler.calendars.models import Subscription
from scheduler.database import transaction
from scheduler.languages import LOCALES
from tests.calendars.drafts import NOW, PLAN, PUPIL, performance

LATER = NOW + dt.timedelta(days=1)
FESTIVAL = public_feeds.public_audience("festival")
HALL = public_feeds.public_audience("festival", "venues", "HALL")
NAMES = {"en": "Spring Festival of Choirs", "zh_Hans": "春季合唱节"}
PATH = "/calendars/public/festival/en.ics"


def subject(audience=FESTIVAL, names=NAMES):
    return Subject(audience, names, "Asia/Shanghai")


@pytest.fixture
def opened(session, frozen):
    """The festival's public feeds with one performance, opened at the instant NOW."""
    frozen(2027, 3, 1, 8)
    draft = performance(audiences=frozenset({PUPIL, FESTIVAL}), is_busy=False)
    services.publish(PLAN, [draft], now=NOW)
    made = public_feeds.open_feeds([subject()], now=NOW)
    session.commit()
    return made


def test_a_public_feed_lies_at_a_plain_address_in_each_language(client, opened):
    for feed, locale in zip(opened, LOCALES, strict=True):
        answer = client.get(f"/calendars/public/festival/{locale}.ics")
        assert (answer.status_code, answer.data) == (200, feed.body)
    assert "春季合唱节" in opened[1].body.decode().replace("\r\n ", "")


def test_shared_caches_may_keep_it_and_search_engines_find_it(client, opened):
    whole = client.get(PATH)
    unchanged = client.get(PATH, headers={"If-None-Match": whole.headers["ETag"]})

    assert whole.headers["Cache-Control"] == "public, max-age=300, stale-if-error=86400"
    assert whole.headers["Vary"] == "Accept-Encoding"
    assert {"X-Robots-Tag", "Referrer-Policy", "Set-Cookie"} & set(dict(whole.headers)) == set()
    assert unchanged.status_code == 304
    for name in ("Cache-Control", "Vary", "ETag"):
        assert unchanged.headers[name] == whole.headers[name]


def test_no_number_of_readers_is_too_many(client, opened, monkeypatch):
    monkeypatch.setattr("scheduler.calendars.fetches.MOST_PER_MINUTE", 1)

    assert [client.get(PATH).status_code for _ in range(3)] == [200, 200, 200]


def test_closed_it_is_gone_and_opened_again_it_is_where_it_was(client, session, opened):
    before = client.get(PATH)
    with transaction():
        assert public_feeds.close_feeds("festival", now=LATER) == 3
    closed = client.get(PATH)
    with transaction():
        again = public_feeds.open_feeds([subject()], now=LATER)
    after = client.get(PATH)

    assert (closed.status_code, closed.headers["Cache-Control"]) == (410, "private, no-cache")
    assert [feed.id for feed in again] == [feed.id for feed in opened]
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_closing_one_address_closes_what_lies_below_it_and_nothing_else(session):
    names = ("festival", "festival/venues/HALL", "festival-2", "festival_")
    feeds = [subject(public_feeds.public_audience(name)) for name in names]
    public_feeds.open_feeds(feeds, now=NOW)

    assert public_feeds.close_feeds("festival", now=LATER) == 6
    standing = select(Subscription.audience_key).where(Subscription.revoked_at.is_(None))
    assert set(session.scalars(standing)) == {"festival-2", "festival_"}


def test_opening_what_is_open_writes_only_a_changed_name(session, opened):
    before = [(feed.etag, feed.modified_at) for feed in opened]
    public_feeds.open_feeds([subject()], now=LATER)
    assert [(feed.etag, feed.modified_at) for feed in opened] == before

    public_feeds.open_feeds([subject(names={"en": "Autumn Festival"})], now=LATER)
    assert [feed.modified_at for feed in opened] == [LATER] * 3
    assert b"Autumn Festival" in opened[0].body


@pytest.mark.parametrize("address", ["public/festival", "public/other/en", "public//en", "public/"])
def test_other_addresses_have_no_feed(client, opened, address):
    assert client.get(f"/calendars/{address}.ics").status_code == 404


def test_it_is_added_to_calendars_as_any_other(app, client, opened):
    with app.test_request_context():
        addresses = shared_addresses(FESTIVAL, "en")
        code = url_for("calendars.public_feed_code", address="festival/en")

    assert addresses == feed_addresses(opened[0])
    assert addresses.is_public
    assert addresses.https == f"http://localhost:5000{PATH}"
    assert addresses.webcal == f"webcal://localhost:5000{PATH}"
    assert addresses.qr_code == code == "/calendars/public/festival/en/qr.svg"
    assert client.get(code).mimetype == "image/svg+xml"
    assert client.get(f"/calendars/public/{'x' * 102}/qr.svg").status_code == 404
    assert shared_addresses(HALL, "en") is None
