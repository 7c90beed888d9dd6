"""A roster goes in by Chromium: real server, real worker, with script and without."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from scheduler.applications.models import Member, MemberRole
from scheduler.applications.roster import group_values, member_values
from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.spreadsheets.writing import FilledSheet, Guide, entry_workbook
from tests import factories
from tests.applications.rosters import group, member
from tests.support.browser import problems_in_all_looks

pytestmark = pytest.mark.browser

GUIDE = Guide("Guide", "Guide", (), "Sheet", "Column", "Required", "Accepted", "yes")


@pytest.fixture
def place(session):
    programme = factories.programme()
    category = factories.category(programme, max_members=2_000)
    school = factories.school()
    officer = factories.officer(school)
    session.commit()
    path = f"/programmes/{programme.code}/categories/{category.code}/schools/{school.code}/import"
    return officer, path


def roster(folder, count, **changes):
    members = [
        member_values(member(f"陈{chr(0x4E00 + number)}"), "en") | changes
        for number in range(count)
    ]
    sheets = [
        FilledSheet(GROUP_SHEET, [group_values(group(), "en")]),
        FilledSheet(MEMBER_SHEET, members),
    ]
    file = folder / "roster.xlsx"
    file.write_bytes(entry_workbook(sheets, GUIDE, "en"))
    return file


def upload(page, file):
    page.get_by_label("Completed workbook").set_input_files(file)
    page.get_by_role("button", name="Check the workbook").click()
    page.wait_for_url(re.compile(r"/imports/"), timeout=60_000)


@pytest.mark.each_database
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_roster_is_uploaded_previewed_and_applied(
    open_as, place, live_worker, session, tmp_path, script
):
    page = open_as(*place, java_script_enabled=script)
    upload(page, roster(tmp_path, 300))
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview of the changes")
    page.get_by_text("Apply these changes…").first.click()
    page.get_by_role("button", name="Apply", exact=True).click()
    page.get_by_role("heading", name="The workbook has been imported").wait_for(timeout=60_000)
    session.rollback()
    pupils = select(func.count(Member.id)).where(Member.role == MemberRole.PUPIL)
    assert session.scalar(pupils) == 300


def test_the_problems_of_a_roster_are_readable_by_everybody(open_as, place, live_worker, tmp_path):
    page = open_as(*place)
    upload(page, roster(tmp_path, 3, birth_on="01/03/2015", guardian_phone="12"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Problems in the workbook")
    assert problems_in_all_looks(page) == {}
