"""What was typed is not lost: by switching the language, signing out elsewhere, or a second tab."""

import pytest
from sqlalchemy import select

from scheduler.accounts import passwords
from scheduler.applications.models import Application
from tests import factories

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


@pytest.fixture
def place(app, session, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    programme = factories.programme()
    category = factories.category(programme, min_members=1)
    school = factories.school()
    officer = factories.officer(school, password_hash=passwords.hashed(PASSWORD))
    address = f"/programmes/{programme.code}/categories/{category.code}/schools/{school.code}"
    return officer, f"{address}/entries/new"


def fill_group(page):
    page.locator("#name").fill("云岭合唱团")
    page.locator("#leader").fill("林望舒")
    page.locator("#leader_phone").fill("13800138000")
    page.locator("#piece_1_title").fill("茉莉花")
    page.locator("#piece_1_duration").fill("3:45")


def switch_language(page):
    page.locator("summary[aria-label^='Language']").click()
    page.locator("button[value=zh_Hans]").click(no_wait_after=True)
    page.wait_for_timeout(500)


def test_a_switch_of_the_language_asks_about_what_was_typed(open_as, place):
    asked = []
    page = open_as(*place)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    fill_group(page)
    switch_language(page)
    assert asked == ["beforeunload"]
    assert page.locator("#name").input_value() == "云岭合唱团"


def test_a_switch_of_the_language_asks_about_a_form_that_came_back_with_errors(open_as, place):
    asked = []
    page = open_as(*place)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#name").fill("云岭合唱团")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and enter the members").click()
    switch_language(page)
    assert asked == ["beforeunload"]


def test_a_form_that_is_sent_after_signing_out_elsewhere_is_kept(open_as, place, session):
    page = open_as(*place)
    fill_group(page)
    other = page.context.new_page()
    other.goto("/account")
    with other.expect_navigation():
        other.evaluate("() => document.querySelector(\"form[action$='/sign-out']\").submit()")
    page.get_by_role("button", name="Save and enter the members").click()
    page.get_by_role("heading", name="You are no longer signed in").wait_for()
    assert "云岭合唱团" not in page.url
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    opened.value.locator("#email").fill(place[0].email)
    opened.value.locator("#password").fill(PASSWORD)
    with opened.value.expect_navigation():
        opened.value.locator("main button[type=submit]").click()
    page.get_by_role("button", name="Send again").click()
    page.get_by_role("heading", name="Not sent yet").wait_for()
    page.get_by_role("button", name="Send again").click()
    page.get_by_text("The group is kept as a draft.").wait_for()
    session.rollback()
    assert session.scalars(select(Application)).one().group_name == "云岭合唱团"
