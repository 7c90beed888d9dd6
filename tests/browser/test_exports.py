"""A coordinator filters the queue and takes it along: the file holds exactly the rows on screen."""

import pytest
from openpyxl import load_workbook

from scheduler.applications.workflow import State
from tests import factories
from tests.support.browser import overflow, problems_in_all_looks

pytestmark = pytest.mark.browser


@pytest.fixture
def festival(session):
    programme = factories.programme(code="festival")
    category = factories.category(programme)
    school = factories.school(district=factories.district())
    for name in ("Larks", "Lapwings", "Robins"):
        factories.application(category, school, group_name=name, state=State.SUBMITTED, pupils=2)
    accepted = State.ACCEPTED
    factories.application(category, school, group_name="Lanners", state=accepted, pupils=1)
    return programme


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_file_holds_the_rows_on_screen(festival, open_as, tmp_path, size):
    page = open_as(
        factories.coordinator(festival), "/programmes/festival/applications?sort=group", size=size
    )
    page.get_by_role("searchbox", name="Search").fill("la")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**q=la**")
    on_screen = page.locator("#queue tbody th a").all_text_contents()
    page.locator("summary", has_text="Export").click()
    assert overflow(page) <= 0
    with page.expect_download() as begun:
        page.get_by_role("button", name="Excel workbook (.xlsx)").first.click()
    target = tmp_path / begun.value.suggested_filename
    begun.value.save_as(target)
    rows = list(load_workbook(target).active.iter_rows(values_only=True))
    assert sorted(on_screen) == ["Lapwings", "Larks"]
    assert sorted(row[0] for row in rows[1:]) == ["Lapwings", "Larks"]
    assert target.name.startswith("queue-festival-")


def test_statistics_are_readable_for_everybody(festival, open_as):
    page = open_as(factories.coordinator(festival), "/programmes/festival/statistics")
    page.locator("details.disclosure summary").nth(1).click()
    assert problems_in_all_looks(page) == {}
