"""What scripts add to pages, and that the pages work without them."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.support.browser import accessibility_problems

pytestmark = pytest.mark.browser


@pytest.fixture
def coordinator(session):
    programme = factories.programme()
    factories.plan(programme, name="To throw away")
    return factories.coordinator(programme), f"/programmes/{programme.code}/plans"


def test_question_opens_as_a_dialog_that_is_accessible(open_as, coordinator):
    page = open_as(*coordinator)
    page.locator("summary", has_text="Discard").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert accessibility_problems(page) == []


def test_question_that_is_cancelled_changes_nothing_and_returns(open_as, coordinator):
    page = open_as(*coordinator)
    page.locator("summary", has_text="Discard").press("Enter")
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("summary", has_text="Discard")).to_be_focused()


@pytest.mark.parametrize("has_script", [True, False])
def test_question_that_is_confirmed_is_carried_out(open_as, coordinator, has_script):
    page = open_as(*coordinator, java_script_enabled=has_script)
    page.locator("summary", has_text="Discard").click()
    page.get_by_role("button", name="Discard", exact=True).click()
    page.get_by_text("The draft was discarded.").wait_for()
    expect(page.get_by_text("To throw away")).to_have_count(0)


def test_unsaved_changes_are_asked_about(open_as, coordinator):
    asked = []
    page = open_as(coordinator[0], "/account")
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("main input[name=name]").fill("Somebody Else")
    page.locator(".brand").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert (asked, page.url.rstrip("/").endswith("/account")) == (["beforeunload"], True)


def test_saving_is_not_asked_about(open_as, coordinator):
    asked = []
    page = open_as(coordinator[0], "/account")
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("main input[name=name]").fill("Somebody Else")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    assert asked == []
    expect(page.locator("main input[name=name]")).to_have_value("Somebody Else")


def test_error_summary_takes_the_focus_and_leads_to_the_field(open_as, coordinator):
    page = open_as(coordinator[0], "/account")
    page.locator("main input[name=name]").fill("")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.press("Enter")
    expect(page.locator("main input[name=name]")).to_be_focused()
    assert accessibility_problems(page) == []


def test_a_form_is_sent_once_however_often_it_is_clicked(open_as, coordinator):
    page = open_as(coordinator[0], "/account")
    # The window hears of a submission last; it holds it back so that the page stays for counting.
    sent = page.evaluate("""() => {
        let sent = 0;
        window.addEventListener("submit", (event) => {
            if (!event.defaultPrevented) sent += 1;
            event.preventDefault();
        });
        const button = document.querySelector("main form button");
        button.click();
        button.click();
        return sent;
    }""")
    assert sent == 1


def test_navigation_on_a_phone_opens_without_script(open_as, coordinator):
    page = open_as(coordinator[0], "/account", size="phone", java_script_enabled=False)
    navigation = page.locator("#site-nav")
    expect(navigation).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(navigation).to_be_visible()
