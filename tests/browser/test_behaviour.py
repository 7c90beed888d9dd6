"""What scripts add to pages, and that the pages work without them."""

import pytest

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
    assert page.get_by_role("dialog").is_visible()
    assert accessibility_problems(page) == []


def test_question_that_is_cancelled_changes_nothing_and_returns(open_as, coordinator):
    page = open_as(*coordinator)
    page.locator("summary", has_text="Discard").press("Enter")
    page.get_by_role("button", name="Cancel").press("Enter")
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate("() => document.activeElement.textContent.trim()") == "Discard…"


@pytest.mark.parametrize("has_script", [True, False])
def test_question_that_is_confirmed_is_carried_out(open_as, coordinator, has_script):
    page = open_as(*coordinator, java_script_enabled=has_script)
    page.locator("summary", has_text="Discard").click()
    page.get_by_role("button", name="Discard", exact=True).click()
    page.get_by_text("The draft was discarded.").wait_for()
    assert page.get_by_text("To throw away").count() == 0


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
    assert page.locator("main input[name=name]").input_value() == "Somebody Else"


def test_error_summary_takes_the_focus_and_leads_to_the_field(open_as, coordinator):
    page = open_as(coordinator[0], "/account")
    page.locator("main input[name=name]").fill("")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    assert page.evaluate("() => document.activeElement.className") == "error-summary"
    page.locator(".error-summary a").first.press("Enter")
    assert page.evaluate("() => document.activeElement.name") == "name"
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
    assert not navigation.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert navigation.is_visible()
