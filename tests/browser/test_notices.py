"""A notice and its objection by Chromium: a stranger on a phone, a coordinator at a desk."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.publicity.lines import digest_of, lines_of
from scheduler.publicity.models import Objection, ObjectionState
from scheduler.publicity.services import publish
from tests import factories
from tests.support.browser import accessibility_problems, overflow

pytestmark = pytest.mark.browser


@pytest.fixture
def notice(session):
    programme = factories.programme()
    category = factories.category(programme)
    for _ in range(3):
        factories.application(category, factories.school(), state="accepted", pupils=1)
    made = factories.notice(category)
    coordinator = factories.coordinator(programme)
    publish(
        made,
        version=made.version,
        digest=digest_of(made, lines_of(made)),
        actor=coordinator.actor,
        now=clock.now(),
    )
    session.commit()
    made.coordinator = coordinator
    return made


@pytest.mark.each_database
def test_a_stranger_objects_and_the_coordinator_answers(
    open_page, open_as, notice, session, live_server
):
    page = open_page(f"/public-notices/{notice.ref}", size="phone")
    assert (accessibility_problems(page), overflow(page) <= 0) == ([], True)
    page.get_by_role("button", name="Send the objection").click()
    page.get_by_role("heading", name="There are 3 problems").wait_for()
    assert (accessibility_problems(page), overflow(page) <= 0) == ([], True)
    page.get_by_label("Your real name").fill("Wu Min")
    page.get_by_label("E-mail address").fill("wu@home.example")
    page.get_by_label("Reason").fill("The conductor is not of this school.")
    page.get_by_role("button", name="Send the objection").click()
    page.get_by_text("Your objection was received under the number").wait_for()

    desk = open_as(notice.coordinator, f"/notices/{notice.ref}")
    assert accessibility_problems(desk) == []
    desk.get_by_role("link", name="1 objection").click()
    desk.get_by_role("link", name="O-").click()
    desk.get_by_label("Upheld: the objection is right").check()
    desk.get_by_role("textbox", name="Answer").fill("You are right. We correct it.")
    desk.get_by_role("button", name="Answer", exact=True).click()
    desk.get_by_text("The objection was answered").wait_for()
    session.rollback()
    assert session.scalars(select(Objection.state)).all() == [ObjectionState.UPHELD]

    desk.goto(f"/notices/{notice.ref}")
    desk.get_by_label("What is corrected").fill("A conductor was of another school.")
    desk.get_by_role("button", name="Publish the correction").click()
    desk.get_by_role("link", name="Version 2").wait_for()
    page.goto(f"/public-notices/{notice.ref}")
    page.get_by_text("A conductor was of another school.").wait_for()


def test_it_is_written_previewed_and_taken_down(open_as, notice):
    desk = open_as(notice.coordinator, f"/programmes/{notice.programme.code}/notices/new")
    assert accessibility_problems(desk) == []
    desk.get_by_label("Title in English").fill("Late groups")
    desk.get_by_label("Text in English").fill("These came late.")
    desk.get_by_role("button", name="Save and preview").click()
    desk.get_by_role("heading", name="Preview").wait_for()
    desk.get_by_role("button", name="Publish", exact=True).click()
    desk.get_by_text("The notice is public now.").wait_for()
    desk.get_by_text("Take down…").click()
    desk.get_by_label("Reason, for the record").fill("By mistake.")
    desk.get_by_role("button", name="Take down", exact=True).click()
    desk.get_by_text("The notice was taken down.").wait_for()
    desk.get_by_text("The notice is over.").wait_for()
