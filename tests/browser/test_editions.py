"""A coordinator copies an edition to next year in Chromium, with script and without."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from scheduler.programmes.kinds import DateKind
from scheduler.programmes.models import Programme
from tests import factories
from tests.support.browser import problems_in_all_looks

pytestmark = pytest.mark.browser


@pytest.fixture
def edition(session):
    made = factories.programme(
        code="festival-2027",
        names=factories.names("Festival 2027"),
        entry_opens_at=dt.datetime(2027, 2, 22, 1, tzinfo=dt.UTC),
        entry_closes_at=dt.datetime(2027, 3, 31, 10, tzinfo=dt.UTC),
    )
    factories.programme_date(made, DateKind.CONFIRM_BY, dt.datetime(2027, 5, 28, 10, tzinfo=dt.UTC))
    factories.category(made, born_from=dt.date(2015, 1, 1))
    factories.venue(made)
    session.commit()
    return made


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_edition_is_copied_to_next_year(open_as, edition, session, script):
    page = open_as(
        factories.coordinator(edition), "/programmes/festival-2027", java_script_enabled=script
    )
    page.get_by_role("link", name="Copy to another year").click()
    row = page.get_by_role("row", name="Schools confirm by")
    expect(row).to_contain_text("Fri 28 May 2027 18:00 (UTC+8)")
    expect(row).to_contain_text("Fri 26 May 2028 18:00 (UTC+8)")
    page.get_by_label("First day of the new edition").fill("2028-07-21")
    page.get_by_role("button", name="Make the new edition").click()
    page.get_by_text("Nothing has been made yet").wait_for()
    expect(row).to_contain_text("Fri 2 June 2028 18:00 (UTC+8)")
    page.get_by_role("button", name="Make the new edition").click()
    page.wait_for_url("**/programmes/festival-2028")
    expect(page.get_by_role("heading", level=1)).to_have_text("Festival 2028")
    expect(page.locator("main")).to_contain_text("Fri 21 July 2028")
    session.rollback()
    made = session.scalars(select(Programme).where(Programme.code == "festival-2028")).one()
    assert (made.starts_on, len(made.categories), len(made.venues)) == (
        dt.date(2028, 7, 21),
        1,
        1,
    )


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/copy",
        "/dates",
        "/organisations",
        "/levels",
        "/results",
        "/certificates",
        "/categories/new",
        "/categories/new?kind=tennis_doubles",
    ],
)
def test_pages_are_accessible_and_fit(open_as, edition, session, path):
    factories.organisation(edition)
    group = factories.application(edition.categories[0], factories.school(), state="accepted")
    factories.result(group, factories.level(edition))
    page = open_as(factories.coordinator(edition), f"/programmes/festival-2027{path}")
    assert problems_in_all_looks(page) == {}
