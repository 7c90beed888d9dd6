"""A guardian's calendars: all the own children in one, nobody else's, and no refused child."""

import datetime as dt

import pytest
from flask import current_app
from sqlalchemy import delete, select

from scheduler import clock
from scheduler.calendars import links as calendar_links
from scheduler.calendars import own_calendars, services
from scheduler.calendars.choices import Naming
from scheduler.calendars.entries import Audience, EntryKind
from scheduler.calendars.models import Following
from scheduler.calendars.own_calendar_pages import ref_of
from scheduler.consents import links
from scheduler.people.family_calendars import follow_children, guardian_audience
from scheduler.people.models import ConsentPurpose, Guardianship
from tests import factories
from tests.calendars.drafts import PLAN, performance
from tests.support.pages import text_of

NEIGHBOUR = "Quxi Neverseen"


def of(*people):
    return frozenset(Audience("person", person.ref) for person in people)


@pytest.fixture
def path(asked, page_of, session):
    """Each child has an own performance, and one is the neighbour's alone."""
    drafts = [
        performance("both", audiences=of(asked.elder, asked.younger)),
        performance("younger", hour=11, audiences=of(asked.younger)),
        performance("other", hour=13, audiences=of(asked.other)),
    ]
    services.publish(PLAN, drafts, now=clock.now())
    session.commit()
    return page_of(asked.mother)


def chosen(**changes):
    kinds = [str(kind) for kind in EntryKind]
    return {"label": "Kitchen", "locale": "en", "kinds": kinds, "naming": "names", **changes}


def made(guardian):
    return own_calendars.calendars_of(guardian_audience(guardian.id))


def titles(feed):
    lines = feed.body.decode().replace("\r\n ", "").split("\r\n")
    return [line.partition(":")[2] for line in lines if line.startswith("SUMMARY:")]


def test_all_own_children_are_in_one_calendar_and_nobody_elses(asked, path, client):
    assert client.get(f"{path}/calendars/new").page.one("input", id="naming-0") is not None
    answer = client.post(f"{path}/calendars/new", data=chosen())
    assert answer.location.endswith(path)
    (feed,) = made(asked.mother)
    assert (feed.label, feed.naming) == ("Kitchen", Naming.NAMES)
    assert titles(feed) == [
        "Ann\\, Ben: Performance: Jasmine Choir",
        "Ben: Performance: Jasmine Choir",
    ]
    address = calendar_links.feed_path(feed, current_app.secret_key)
    assert client.get(address).data == feed.body
    assert "Kitchen" in [text_of(node).strip() for node in client.get(path).page.all("summary")]


def test_an_only_child_needs_no_name(asked, page_of, client, session):
    path = page_of(asked.stranger)
    assert "naming" not in client.get(f"{path}/calendars/new").text
    client.post(f"{path}/calendars/new", data=chosen())
    assert made(asked.stranger)[0].naming is Naming.INITIALS


def test_a_refused_child_is_gone_at_once_and_comes_back(asked, path, client, session):
    factories.asked_purpose(asked.programme, ConsentPurpose.CALENDAR)
    client.post(f"{path}/calendars/new", data=chosen())
    (feed,) = made(asked.mother)
    task = f"{path}/children/{asked.younger.ref}/{asked.programme.code}"

    def say(word):
        sent = {"signer": "Mary Lee", "relation": "mother"}
        sent |= {"answer-calendar": word, "version-calendar": 1}
        return client.post(task if word == "no" else f"{task}/change", data=sent)

    say("no")
    assert titles(feed) == ["Ann: Performance: Jasmine Choir"]
    say("yes")
    assert titles(feed) == [
        "Ann\\, Ben: Performance: Jasmine Choir",
        "Ben: Performance: Jasmine Choir",
    ]


def test_an_only_child_comes_back_too(asked, path, page_of, client):
    factories.asked_purpose(asked.programme, ConsentPurpose.CALENDAR)
    own = page_of(asked.stranger)
    client.post(f"{own}/calendars/new", data=chosen())
    (feed,) = made(asked.stranger)
    assert titles(feed) == ["Q.: Performance: Jasmine Choir"]
    task = f"{own}/children/{asked.other.ref}/{asked.programme.code}"
    sent = {"signer": "Stranger", "relation": "father", "version-calendar": 1}
    client.post(task, data=sent | {"answer-calendar": "no"})
    assert titles(feed) == []
    client.post(f"{task}/change", data=sent | {"answer-calendar": "yes"})
    assert titles(feed) == ["Q.: Performance: Jasmine Choir"]


def test_a_child_that_is_no_longer_the_guardians_is_gone(asked, path, client, session):
    client.post(f"{path}/calendars/new", data=chosen())
    (feed,) = made(asked.mother)
    session.execute(delete(Guardianship).where(Guardianship.person_id == asked.younger.id))
    follow_children([asked.mother.id], now=clock.now() + dt.timedelta(hours=1))
    assert titles(feed) == ["Ann: Performance: Jasmine Choir"]
    labels = session.scalars(select(Following.label)).all()
    assert labels == ["Ann"]


def test_a_lost_slip_ends_the_calendars_too(asked, path, client, session):
    client.post(f"{path}/calendars/new", data=chosen())
    (feed,) = made(asked.mother)
    address = calendar_links.feed_path(feed, current_app.secret_key)
    link = links.live_links([asked.mother.id])[asked.mother.id]
    links.replace(link, secret_key=current_app.secret_key, now=clock.now())
    session.commit()
    assert client.get(address).status_code == 410
    assert made(asked.mother) == []
    assert session.scalars(select(Following.label)).all() == []


def test_nobody_reaches_another_familys_calendar(asked, path, page_of, client):
    client.post(f"{path}/calendars/new", data=chosen(label="Secret of the Lees"))
    (feed,) = made(asked.mother)
    strange = page_of(asked.stranger)
    for method, place in (("get", ""), ("post", ""), ("post", "/end")):
        answer = getattr(client, method)(f"{strange}/calendars/{ref_of(feed)}{place}")
        assert answer.status_code == 404
        assert "Lees" not in answer.text
    assert feed.revoked_at is None
