"""The timetable board in Chromium: by mouse, by keyboard, on a phone, and without script."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from scheduler.programmes.models import Venue
from scheduler.scheduling.models import Slot
from tests import factories
from tests.support.browser import accessibility_problems, problems_in_all_looks

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(session):
    """A draft with two groups on one stage and an empty stage beside it."""
    programme = factories.programme()
    category = factories.category(programme)
    school = factories.school()
    stage = factories.venue(programme)
    factories.venue(programme)
    plan = factories.plan(programme)
    for hour, name in ((10, "Dawn Choir"), (11, "Evening Choir")):
        group = factories.application(
            category, school, ref=f"A-{hour}", group_name=name, state="accepted"
        )
        factories.slot(plan, group, stage, factories.at(hour))
    session.commit()
    return plan


@pytest.fixture
def open_board(open_as, session, draft):
    """A function that opens the draft's board as its coordinator."""
    account = factories.coordinator(draft.programme)
    session.commit()

    def visit(**options):
        return open_as(account, f"/plans/{draft.ref}", **options)

    return visit


def card(page, name):
    return page.locator("[data-slot]", has_text=name)


def message_undo(page):
    """The button in the message; that among the board's tools says what it would undo."""
    return page.get_by_role("button", name="Undo", exact=True)


def times(session, draft):
    """Stage and local time of each group, as the database has them."""
    session.rollback()
    slots = session.scalars(select(Slot).where(Slot.plan_id == draft.id).order_by(Slot.id))
    return [(slot.venue.code, f"{slot.starts_at:%H:%M}") for slot in slots]


def test_board_is_accessible_and_fits(open_board):
    assert problems_in_all_looks(open_board()) == {}


def test_group_stands_at_its_minute(open_board):
    page = open_board()
    assert top_of(page, "Evening Choir")[1] - top_of(page, "Dawn Choir")[1] == 60 * 4


def test_a_narrowed_and_enlarged_board_is_accessible_and_stays_so_after_a_move(open_board):
    page = open_board()
    page.get_by_label("Rules").select_option("1")
    page.wait_for_url("**broken=1*")
    page.get_by_role("link", name="Largest").click()
    page.wait_for_url("**zoom=4*")
    assert top_of(page, "Evening Choir")[1] - top_of(page, "Dawn Choir")[1] == 60 * 8
    expect(page.locator(".slot-dimmed")).to_have_count(2)
    assert accessibility_problems(page) == []
    carry(page, "Dawn Choir", "ArrowDown")
    expect(page.locator(".zoom-4 .slot-dimmed")).to_have_count(2)


def test_group_is_dragged_to_another_stage(open_board, session, draft):
    before = times(session, draft)
    page = open_board()
    dawn = card(page, "Dawn Choir")
    # In the middle of the window: at its edges dragging scrolls the page.
    dawn.evaluate("li => li.scrollIntoView({block: 'center'})")
    box, lane = dawn.bounding_box(), page.locator("[data-lane]").nth(1).bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(lane["x"] + 60, box["y"] + 8 + 30 * 4, steps=8)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.mouse.up()
    message_undo(page).wait_for()
    after = times(session, draft)
    assert (after[1], after[0][1]) == (before[1], "02:30")
    assert after[0][0] != before[0][0]


def test_move_can_be_undone(open_board, session, draft):
    before = times(session, draft)
    page = open_board()
    carry(page, "Dawn Choir", "ArrowDown")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        message_undo(page).click()
    assert times(session, draft) == before


def top_of(page, name):
    """The group's stage, and its distance from the top of that stage's lane."""
    return card(page, name).evaluate("li => [li.parentElement.dataset.lane, li.offsetTop]")


def carry(page, name, *keys):
    grip = card(page, name).locator("[data-grip]")
    grip.focus()
    for key in ("Enter", *keys):
        page.keyboard.press(key)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")
    message_undo(page).wait_for()


def test_group_is_carried_by_keyboard_and_keeps_the_focus(open_board, session, draft):
    page = open_board()
    carry(page, "Dawn Choir", "Shift+ArrowDown", "ArrowDown", "ArrowRight")
    stages = [stage for stage, _ in times(session, draft)]
    assert times(session, draft)[0][1] == "02:11"
    assert stages[0] != stages[1]
    focused = page.evaluate("() => document.activeElement.closest('[data-slot]')?.dataset.slot")
    assert focused == "Dawn Choir"


def test_every_step_is_said(open_board):
    page = open_board()
    voice = page.locator("[data-board-voice]")
    card(page, "Dawn Choir").locator("[data-grip]").focus()
    page.keyboard.press("Enter")
    lifted = voice.text_content()
    page.keyboard.press("ArrowDown")
    carried = voice.text_content()
    page.keyboard.press("Escape")
    assert lifted.startswith("Dawn Choir lifted.")
    assert carried.startswith("10:01,")
    assert voice.text_content() == "Dawn Choir stays where it was."


def test_rules_that_a_place_would_break_are_told_before_the_group_is_put_down(
    open_board, session, draft
):
    before = times(session, draft)
    page = open_board()
    card(page, "Dawn Choir").locator("[data-grip]").focus()
    for key in ("Enter", "PageDown"):
        page.keyboard.press(key)
    sentence = "Dawn Choir, Evening Choir overlap on the stage of"
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text(sentence)
    expect(page.locator("[data-board-voice]")).to_contain_text(sentence)
    assert accessibility_problems(page) == []
    page.keyboard.press("PageUp")
    expect(verdict).to_contain_text("Breaks no rule here.")
    page.keyboard.press("Escape")
    expect(verdict).to_be_hidden()
    assert times(session, draft) == before


def test_rules_are_told_beside_a_group_that_is_dragged(open_board):
    page = open_board()
    dawn = card(page, "Dawn Choir")
    dawn.evaluate("li => li.scrollIntoView({block: 'center'})")
    box = dawn.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 8 + 60 * 4, steps=8)
    expect(page.locator("#verdict")).to_contain_text("overlap on the stage of")
    page.keyboard.press("Escape")
    expect(page.locator("#verdict")).to_be_hidden()


def test_escape_leaves_everything_as_it_was(open_board, session, draft):
    before = times(session, draft)
    page = open_board()
    place = top_of(page, "Dawn Choir")
    card(page, "Dawn Choir").locator("[data-grip]").focus()
    for key in ("Enter", "PageDown", "ArrowRight", "Escape"):
        page.keyboard.press(key)
    assert top_of(page, "Dawn Choir") == place
    assert times(session, draft) == before


def test_locked_group_cannot_be_carried(open_board):
    page = open_board()
    card(page, "Dawn Choir").hover()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Lock Dawn Choir").click()
    page.get_by_role("button", name="Unlock Dawn Choir").wait_for()
    expect(card(page, "Dawn Choir").locator("[data-grip]")).to_have_count(0)


def test_broken_rule_is_told_at_the_group(open_board):
    page = open_board()
    carry(page, "Dawn Choir", "PageDown")
    expect(page.locator(".slot-broken")).to_have_count(2)
    expect(page.locator("[data-board-message]")).to_contain_text("broken rule")


def test_a_group_put_onto_another_may_be_swapped_with_it(open_board, session, draft):
    page = open_board()
    dawn, evening = card(page, "Dawn Choir"), card(page, "Evening Choir")
    dawn.evaluate("li => li.scrollIntoView({block: 'center'})")
    there = evening.bounding_box()["y"] + 8
    dialog = page.get_by_role("dialog")
    drag(page, dawn, page.locator("[data-lane]").first, there)
    expect(dialog).to_contain_text("Dawn Choir onto Evening Choir")
    expect(dialog.locator("[data-onto=place]")).to_contain_text("overlap on the stage of")
    expect(dialog.locator("[data-onto=swap]")).to_contain_text("Breaks no rule here.")
    assert accessibility_problems(page) == []
    dialog.get_by_role("button", name="Leave it where it was").click()
    assert times(session, draft)[0][1] == "02:00"
    drag(page, dawn, page.locator("[data-lane]").first, there)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        dialog.get_by_role("button", name="Swap the two").click()
    message_undo(page).wait_for()
    assert [time for _, time in times(session, draft)] == ["03:00", "02:00"]


def test_by_keyboard_a_group_is_swapped_with_the_one_that_it_covers(open_board, session, draft):
    page = open_board()
    card(page, "Dawn Choir").locator("[data-grip]").focus()
    for key in ("Enter", "s"):
        page.keyboard.press(key)
    voice = page.locator("[data-board-voice]")
    expect(voice).to_have_text("Dawn Choir covers no group that it could be swapped with.")
    for key in ("PageDown", "s"):
        page.keyboard.press(key)
    swap = page.get_by_role("button", name="Swap the two")
    expect(swap).to_be_focused()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")
    message_undo(page).wait_for()
    assert [time for _, time in times(session, draft)] == ["03:00", "02:00"]


def lengths(session, draft):
    session.rollback()
    slots = session.scalars(select(Slot).where(Slot.plan_id == draft.id).order_by(Slot.id))
    return [int((slot.ends_at - slot.starts_at).total_seconds()) // 60 for slot in slots]


def test_the_time_on_stage_is_changed_at_the_groups_end(open_board, session, draft):
    page = open_board()
    dawn = card(page, "Dawn Choir")
    dawn.evaluate("li => li.scrollIntoView({block: 'center'})")
    dawn.hover()
    box = dawn.locator("[data-end-grip]").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 4 - 3 * 4, steps=4)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.mouse.up()
    expect(page.locator("[data-board-message]")).to_contain_text("Now 7 minutes on stage.")
    assert lengths(session, draft) == [7, 10]
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        message_undo(page).click()
    assert lengths(session, draft) == [10, 10]


def test_the_time_on_stage_is_changed_by_keyboard(open_board, session, draft):
    page = open_board()
    card(page, "Dawn Choir").locator("[data-end-grip]").focus()
    for key in ("Enter", "ArrowUp", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("[data-board-voice]")).to_contain_text("9 min")
    expect(page.locator("#verdict")).to_contain_text("Breaks no rule here.")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")
    message_undo(page).wait_for()
    assert lengths(session, draft) == [9, 10]


def test_a_move_brings_only_the_lanes_that_differ(open_board):
    page = open_board()
    lanes = page.locator(".board-day [data-lane]")
    lanes.evaluate_all("all => all.forEach((lane) => (lane.isOld = true))")
    carry(page, "Dawn Choir", "ArrowDown")
    assert lanes.evaluate_all("all => all.map((lane) => !lane.isOld)").count(True) == 1
    assert top_of(page, "Dawn Choir")[1] == top_of(page, "Evening Choir")[1] - 59 * 4


@pytest.mark.each_database
def test_two_editors_lose_no_move_and_see_each_others(open_board, session, draft):
    page, other = open_board(), open_board()
    card(page, "Dawn Choir").locator("[data-grip]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    carry(other, "Evening Choir", "ArrowDown")
    # What is carried stays in the hand; put down, it brings the other's move along.
    page.keyboard.press("Enter")
    expect(card(page, "Evening Choir")).to_contain_text("11:01")
    assert [time for _, time in times(session, draft)] == ["02:01", "03:01"]
    # The other's board, which nobody touches, hears of it by itself.
    expect(card(other, "Dawn Choir")).to_contain_text("10:01", timeout=15000)
    expect(other.locator("#toast")).to_contain_text("Dawn Choir: Fri 16 Jul 10:00")
    expect(other.locator("#toast")).to_contain_text("→ Fri 16 Jul 10:01")
    expect(card(other, "Dawn Choir")).to_have_class(re.compile("slot-changed"))
    assert accessibility_problems(other) == []


def test_moves_are_undone_and_redone_by_keyboard(open_board, session, draft):
    page = open_board()
    for _ in range(2):
        carry(page, "Dawn Choir", "ArrowDown")
    page.reload()
    for keys, left in (("z", "02:01"), ("z", "02:00"), ("Shift+Z", "02:01")):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press(f"Control+{keys}")
        expect(page.locator("[data-board-message]")).to_contain_text("done.")
        assert times(session, draft)[0][1] == left


def test_without_script_the_board_is_a_list_with_forms(open_board):
    page = open_board(java_script_enabled=False)
    page.get_by_role("link", name="Dawn Choir").click()
    expect(page.locator("form select")).to_have_count(1)


def test_phone_shows_lists(open_board):
    page = open_board(size="phone")
    assert page.locator("[data-grip]:visible").count() == 0
    assert "10:00" in card(page, "Dawn Choir").text_content()


def test_closure_of_a_whole_day_stays_in_its_lane(open_board, session, draft):
    stage = session.scalars(select(Slot.venue_id).where(Slot.plan_id == draft.id)).first()
    factories.venue_closure(session.get(Venue, stage), factories.at(0), factories.at(0, day=1))
    page = open_board()
    inside = page.locator(".lane-closure").evaluate(
        """li => {
            const [a, b] = [li, li.parentElement].map((each) => each.getBoundingClientRect());
            return [a.height > 0, a.top >= b.top, a.bottom <= b.bottom];
        }"""
    )
    assert inside == [True, True, True]
    # Playwright clicks only where nothing else lies above.
    page.get_by_role("link", name="Publish…").click(timeout=5000)
    page.wait_for_url("**/publish")


def test_paper_gets_lists(open_board):
    page = open_board()
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    on_paper = page.locator(".is-timed").count()
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert (on_paper, page.locator(".is-timed").count()) == (0, 1)


@pytest.fixture
def newcomer(session, draft):
    """A group that was accepted after the draft was made."""
    category = draft.slots[0].application.category
    made = factories.application(
        category, factories.school(), group_name="Noon Choir", state="accepted"
    )
    session.commit()
    return made


def drag(page, card, lane, y):
    box, target = card.bounding_box(), lane.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(target["x"] + 60, y, steps=8)
    page.mouse.up()


def test_group_without_a_time_is_dragged_onto_the_board_and_back(
    open_board, session, draft, newcomer
):
    page = open_board()
    waiting = page.locator("[data-tray] [data-slot]")
    assert waiting.get_attribute("data-slot") == "Noon Choir"
    lane = page.locator("[data-lane]").nth(1)
    waiting.evaluate("li => li.scrollIntoView({block: 'start'})")
    page.evaluate("() => window.scrollBy(0, -150)")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        drag(page, waiting, lane, min(lane.bounding_box()["y"] + 60, 780))
    message_undo(page).wait_for()
    assert (len(times(session, draft)), page.locator("[data-tray]").count()) == (3, 0)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        message_undo(page).click()
    page.locator("[data-tray]").wait_for()
    assert len(times(session, draft)) == 2


def test_group_without_a_time_is_placed_by_keyboard(open_board, session, draft, newcomer):
    page = open_board()
    carry(page, "Noon Choir", "PageDown", "ArrowRight", "ArrowDown")
    assert times(session, draft)[-1][1] == "02:01"
    focused = page.evaluate("() => document.activeElement.closest('[data-slot]')?.dataset.slot")
    assert focused == "Noon Choir"


def test_message_and_undo_stand_in_the_window_wherever_the_board_is(open_board):
    page = open_board()
    card(page, "Evening Choir").evaluate("li => li.scrollIntoView({block: 'center'})")
    carry(page, "Evening Choir", "ArrowDown")
    undo = message_undo(page)
    box, height = undo.bounding_box(), page.viewport_size["height"]
    assert 0 <= box["y"] <= height - box["height"]
    page.locator("[data-board-message]").get_by_role("button", name="Close").click()
    expect(page.locator("[data-board-message]")).to_have_count(0)


def test_locked_group_says_why_it_does_not_move(open_board, session, draft):
    draft.slots[0].is_locked = True
    session.commit()
    before = times(session, draft)
    page = open_board()
    locked = page.locator("[data-locked]")
    locked.evaluate("li => li.scrollIntoView({block: 'center'})")
    name = locked.get_attribute("data-slot")
    drag(page, locked, page.locator("[data-lane]").nth(1), 300)
    expect(page.locator("#toast")).to_have_text(f"{name} is locked to its place. Unlock it first.")
    assert times(session, draft) == before


def test_days_begin_at_the_first_opening_and_end_after_the_last_use(open_board):
    page = open_board()
    day = page.locator("[data-date]").first
    assert (day.get_attribute("data-begin"), day.get_attribute("data-end")) == ("540", "780")
    assert page.locator("[data-date] details:not([open])").count() == 2
    page.get_by_role("link", name="Show free evenings").click()
    page.wait_for_url("**whole=1")
    expect(page.locator("[data-date]").first).to_have_attribute("data-end", "1200")
    carry(page, "Dawn Choir", "ArrowDown")
    expect(page.locator("[data-date]").first).to_have_attribute("data-end", "1200")
