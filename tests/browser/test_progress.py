"""A job's progress in Chromium: the page asks for itself, says how far it is, and goes on."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.support.browser import accessibility_problems

pytestmark = pytest.mark.browser


@pytest.fixture
def festival(session):
    """Six accepted groups that share no one, and two stages."""
    programme = factories.programme()
    category = factories.category(programme)
    for _ in range(2):
        factories.venue(programme)
    for _ in range(6):
        school = factories.school()
        factories.application(category, school, pupils=3, state="accepted")
    session.commit()
    return programme


@pytest.fixture
def coordinator(festival, session):
    account = factories.coordinator(festival)
    session.commit()
    return account


@pytest.fixture
def start(open_as, festival, coordinator):
    """A function that has a search wait for a worker as the coordinator and returns its page."""

    def begin(**options):
        page = open_as(coordinator, f"/programmes/{festival.code}/plans", **options)
        page.get_by_label("How long to search").select_option("10")
        page.get_by_role("button", name="Plan", exact=True).click()
        page.get_by_role("progressbar").wait_for()
        return page

    return begin


@pytest.fixture
def work(start, request):
    """A function that has the worker begin, once all is entered that a test needs."""
    return lambda: request.getfixturevalue("live_worker")


@pytest.mark.each_database
def test_search_is_watched_and_leads_to_its_board(start, work):
    page = start()
    polls = []
    page.on(
        "request",
        lambda request: polls.append(request.url) if "hx-request" in request.headers else None,
    )
    assert accessibility_problems(page) == []
    work()
    page.wait_for_url(re.compile(r"/plans/T-\w+$"), timeout=60_000)
    page.locator("[data-slot]").first.wait_for()
    assert len(polls) >= 1
    expect(page.locator("[data-slot]")).to_have_count(6)


def test_search_is_watched_without_script(start, work):
    page = start(java_script_enabled=False)
    work()
    page.wait_for_url(re.compile(r"/plans/T-\w+$"), timeout=60_000)
    expect(page.locator("[data-slot]")).to_have_count(6)


def test_search_that_is_stopped_at_once_says_what_there_is(start, work):
    page = start()
    work()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_url(re.compile(r"/plans/T-\w+$"), timeout=60_000)
    # Stopped before anything was found, there is no board but a page that says so.
    expect(page.locator("progress")).to_have_count(0)
    assert page.locator("[data-slot]").count() in {0, 6}
