"""Calendars of whoever signs in: what their roles make their business, for as long as they do."""

import datetime as dt

import pytest
from flask import current_app

from scheduler import clock
from scheduler.access.permissions import Actor, ScopeKind
from scheduler.accounts import roles, services
from scheduler.accounts.duty_calendars import account_audience, holders_of
from scheduler.calendars import links, own_calendars
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import EntryKind
from scheduler.calendars.own_calendar_pages import ref_of
from scheduler.programmes.date_services import DateRules, set_dates
from scheduler.programmes.kinds import DateKind, DayCount, WithdrawalRule
from tests import factories
from tests.calendars.drafts import PLAN, performance
from tests.support.pages import text_of


@pytest.fixture
def officer(session, frozen):
    """An officer of one school, with an entry for it and one for the neighbour's in calendars."""
    frozen(2027, 3, 1, 8)
    school, neighbour = factories.school(), factories.school()
    made = factories.officer(school)
    factories.officer(neighbour)
    drafts = [
        performance("ours", audiences=frozenset({holders_of(ScopeKind.SCHOOL, school.id)})),
        performance("theirs", audiences=frozenset({holders_of(ScopeKind.SCHOOL, neighbour.id)})),
    ]
    calendars.publish(PLAN, drafts, now=clock.now())
    session.commit()
    return made


def chosen(**changes):
    kinds = [str(kind) for kind in EntryKind]
    return {"label": "Office", "locale": "en", "kinds": kinds, "has_cancelled": "y", **changes}


def made_by(sign_in, account):
    client = sign_in(account)
    assert client.post("/account/calendars/new", data=chosen()).status_code == 303
    (feed,) = own_calendars.calendars_of(account_audience(account))
    return feed


def titles(feed):
    lines = feed.body.decode().replace("\r\n ", "").split("\r\n")
    return [line.partition(":")[2] for line in lines if line.startswith("SUMMARY:")]


@pytest.mark.parametrize("below", ["calendars/new", "calendars/{ref}", "calendar-entries"])
def test_the_way_down_to_what_lies_below_is_told(sign_in, officer, below):
    ref = ref_of(made_by(sign_in, officer))
    page = sign_in(officer).get(f"/account/{below.format(ref=ref)}").page
    way = page.one("nav", class_="breadcrumbs")

    assert [(link.get("href"), text_of(link)) for link in way.iter("a")] == [
        ("/account", "My account"),
        ("/account/calendars", "My calendars"),
    ]


def test_it_holds_what_the_roles_say_and_nothing_of_the_neighbours(sign_in, officer):
    feed = made_by(sign_in, officer)
    assert titles(feed) == ["Performance: Jasmine Choir"]
    assert "Office" in sign_in(officer).get("/account/calendars").page.text


def test_it_loses_what_a_role_brought_when_the_role_ends(client, sign_in, officer, session):
    feed = made_by(sign_in, officer)
    grant = officer.grants[0]
    roles.revoke(officer, grant.role, grant.scope_id, actor_id=officer.id, now=clock.now())
    assert titles(feed) == []


def test_it_ends_with_the_account(client, sign_in, officer, session):
    feed = made_by(sign_in, officer)
    address = links.feed_path(feed, current_app.secret_key)
    administrator = factories.administrator()
    services.deactivate(officer, actor_id=administrator.id, now=clock.now())
    session.commit()
    assert client.get(address).status_code == 410


def test_dates_come_to_schools_and_those_of_reviews_to_reviewers(client, sign_in, officer, session):
    programme = factories.programme()
    coordinator = factories.coordinator(programme)
    reviewer = factories.city_reviewer(programme)
    session.commit()
    feeds = [made_by(sign_in, one) for one in (officer, reviewer, coordinator)]
    dates = {
        DateKind.CONFIRM_BY: dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC),
        DateKind.MUNICIPAL_REVIEW_UNTIL: dt.datetime(2027, 4, 1, 9, tzinfo=dt.UTC),
    }
    rules = DateRules(5, DayCount.CALENDAR, WithdrawalRule.ANY_TIME)
    set_dates(programme, dates, rules, actor=Actor(coordinator.id), now=clock.now())
    name = programme.names["en"]
    window = [f"Entry opens: {name}", f"Entry closes: {name}"]
    confirm, review = f"Last time to confirm places: {name}", f"City review ends: {name}"
    assert titles(feeds[0]) == ["Performance: Jasmine Choir", *window, confirm]
    assert titles(feeds[1]) == [*window, confirm, review]
    assert titles(feeds[2]) == [*window, confirm, review]


def test_nobody_reaches_anothers_calendar(client, sign_in, officer, session):
    feed = made_by(sign_in, officer)
    other = factories.account()
    session.commit()
    client = sign_in(other)
    for method, place in (("get", ""), ("post", ""), ("post", "/end")):
        answer = getattr(client, method)(f"/account/calendars/{ref_of(feed)}{place}")
        assert answer.status_code == 404
        assert "Office" not in answer.text
    assert feed.revoked_at is None
