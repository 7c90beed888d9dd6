"""The pages in a real browser: accessible, never wider than the window, usable by keyboard."""

import pytest

from scheduler.applications.workflow import State
from scheduler.database import db
from tests.applications.making import make_entry
from tests.support.browser import accessibility_problems, overflow

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(open_page, sign_in):
    """`visit(account, path, size)`: the page of somebody who is signed in."""

    def go(account, path, size="desk"):
        return open_page(path, client=sign_in(account), size=size)

    return go


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("place", ["queue", "case", "my school", "entry", "links"])
def test_pages_are_accessible_and_fit(festival, visit, place, size):
    draft = make_entry(festival.category, festival.school, pupils=1)
    entry = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    accepted = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    staff, school = festival.coordinator, festival.officer
    account, path = {
        "queue": (staff, f"/programmes/{festival.programme.code}/applications"),
        "case": (staff, f"/applications/{entry.ref}/case"),
        "my school": (school, "/applications/my-school"),
        "entry": (school, f"/applications/{draft.ref}"),
        "links": (school, f"/applications/{accepted.ref}/links"),
    }[place]
    page = visit(account, path, size)
    assert accessibility_problems(page) == []
    assert overflow(page) <= 0


def test_a_case_is_rejected_by_keyboard_alone(festival, visit):
    entry = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    page = visit(festival.coordinator, f"/applications/{entry.ref}/case")
    page.get_by_text("Reject…").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("No room this year.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/programmes/**")
    db.session.rollback()
    db.session.refresh(entry)
    assert entry.state is State.REJECTED
    assert entry.history[-1].reason == "No room this year."


@pytest.mark.each_database
def test_many_are_ticked_and_decided(festival, visit):
    for name in ("Ants", "Bees", "Cats"):
        make_entry(festival.category, festival.school, state=State.SUBMITTED, group_name=name)
    page = visit(
        festival.coordinator, f"/programmes/{festival.programme.code}/applications?sort=group"
    )
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("heading", name="What was decided").wait_for()
    page.get_by_text("2 of 3 decisions were applied.").wait_for()
