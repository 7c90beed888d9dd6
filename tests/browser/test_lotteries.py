"""A lottery by Chromium: set up and frozen by hand, drawn, applied by a real worker, checked."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.lotteries.models import Lottery
from scheduler.lotteries.services import freeze
from tests import factories
from tests.support.browser import accessibility_problems, overflow

pytestmark = pytest.mark.browser
SOURCE = "National lottery, draw 2027050"


@pytest.fixture
def place(session):
    programme = factories.programme()
    category = factories.category(programme, places=2)
    for _ in range(5):
        factories.application(category, factories.school(), state=State.SUBMITTED, pupils=1)
    coordinator = factories.coordinator(programme)
    session.commit()
    return programme, category, coordinator


def test_it_is_set_up_and_frozen(open_as, open_page, place, session):
    programme, category, coordinator = place
    page = open_as(coordinator, f"/programmes/{programme.code}/lotteries/new")
    assert accessibility_problems(page) == []
    page.get_by_label("Name in English").fill("Choir places")
    page.get_by_label(category.names["en"]).check()
    page.get_by_label("Where the seed will come from").fill(SOURCE)
    page.get_by_label("When that source is drawn").fill("2077-05-03T21:15")
    page.get_by_role("button", name="Set up", exact=True).click()
    page.get_by_role("link", name="Places", exact=True).click()
    page.get_by_label("Any other").wait_for()
    assert accessibility_problems(page) == []
    page.get_by_label("Any other").fill("1")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Freeze the list…").click()
    page.get_by_role("button", name="Freeze", exact=True).click()
    page.get_by_text("The list is frozen and public.").wait_for()
    assert accessibility_problems(page) == []
    session.rollback()
    lottery = session.scalars(select(Lottery)).one()
    assert f"places {category.code} * 1\n" in lottery.list_text
    public = open_page(f"/public-lotteries/{lottery.ref}", size="phone")
    assert (accessibility_problems(public), overflow(public) <= 0) == ([], True)
    public.get_by_text(lottery.list_digest).first.wait_for()
    with public.expect_download() as download:
        public.get_by_role("link", name="List (text)").click()
    assert download.value.path().read_bytes().decode() == lottery.list_text


@pytest.mark.each_database
def test_it_is_drawn_applied_and_public(open_as, open_page, place, live_worker, session):
    _, category, coordinator = place
    ago = clock.now() - dt.timedelta(days=2)
    with transaction():  # the worker writes as well
        lottery = factories.lottery(category, seed_at=ago + dt.timedelta(days=1), created_at=ago)
        freeze(lottery, version=lottery.version, seen=5, actor=coordinator.actor, now=ago)
    page = open_as(coordinator, f"/lotteries/{lottery.ref}")
    page.get_by_label("Seed").fill("03 08 11")
    page.get_by_label("Where it can be looked up").fill("Gazette 50")
    page.get_by_role("button", name="Draw", exact=True).click()
    page.get_by_text("The lottery is drawn, and the result is public.").wait_for()
    page.get_by_text("Apply the result…").click()
    page.get_by_role("button", name="Apply", exact=True).last.click()
    page.wait_for_url(re.compile(rf"/lotteries/{lottery.ref}$"), timeout=60_000)
    page.get_by_text("Everything is done.").wait_for()
    assert (accessibility_problems(page), overflow(page) <= 0) == ([], True)
    session.rollback()
    states = sorted(session.scalars(select(Application.state)))
    assert states == [State.ACCEPTED] * 2 + [State.WAITLISTED] * 3
    public = open_page(f"/public-lotteries/{lottery.ref}")
    public.get_by_role("cell", name="No. 3 in line").wait_for()
    assert (accessibility_problems(public), overflow(public) <= 0) == ([], True)
