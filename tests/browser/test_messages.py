"""A message put into own words by Chromium: a slip beside its field, a preview, saved."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from scheduler.notifications.models import MessageText
from tests import factories
from tests.support.browser import accessibility_problems, overflow

pytestmark = pytest.mark.browser


def test_a_coordinator_rewords_previews_and_saves(open_as, session):
    programme = factories.programme()
    factories.application(
        factories.category(programme), factories.school(), state="submitted", group_name="Larks"
    )
    coordinator = factories.coordinator(programme)
    session.commit()
    page = open_as(coordinator, f"/programmes/{programme.code}/messages", size="phone")
    page.get_by_role("link", name="Accepted", exact=True).click()
    page.get_by_label("Subject in English").fill("Welcome, {grp}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="There is 1 problem")).to_be_visible()
    assert (accessibility_problems(page), overflow(page) <= 0) == ([], True)
    page.get_by_label("Subject in English").fill("Welcome, {group}")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Welcome, Larks")).to_be_visible()
    assert (accessibility_problems(page), overflow(page) <= 0) == ([], True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Mails from now on use these words")).to_be_visible()
    session.rollback()
    assert session.scalars(select(MessageText)).one().subjects == {"en": "Welcome, {group}"}
