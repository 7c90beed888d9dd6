"""A field's way in Chromium: a coordinator adds it, a school answers by form and by workbook, a
reviewer reads it.
"""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.programmes.form_fields import FieldKind, FieldOwner
from scheduler.spreadsheets.columns import fold_heading
from tests import factories
from tests.support.browser import problems_in_all_looks

pytestmark = pytest.mark.browser


@pytest.fixture
def programme(session):
    return factories.programme()


@pytest.fixture
def category(programme):
    return factories.category(programme)


@pytest.fixture
def school(session):
    return factories.school()


@pytest.fixture
def people(programme, category, school, session):
    """Coordinator and officer, entered before the worker starts to write as well."""
    entered = factories.coordinator(programme), factories.officer(school)
    session.commit()
    return entered


def add_field(page, code, label, owner, *options):
    page.get_by_role("link", name="Add a field").click()
    page.get_by_label("Code").fill(code)
    page.get_by_label("Kind of answer").select_option("choice")
    page.get_by_label("Asked of").select_option(owner)
    page.get_by_label("Label in English").fill(label)
    page.get_by_label("Label in simplified Chinese").fill(f"{label}（简）")
    for number, option in enumerate(options):
        page.locator(f"#options-{number}-name_en").fill(option)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("The field was added.").wait_for()


@pytest.mark.each_database
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_field_goes_from_the_coordinator_to_the_school_and_back(
    open_as, people, live_worker, session, tmp_path, programme, category, school, script
):
    coordinator, officer = people
    page = open_as(coordinator, f"/programmes/{programme.code}/form", java_script_enabled=script)
    add_field(page, "shirt", "Shirt", "member", "Small", "Large")
    add_field(page, "recording", "Recording", "group", "None", "Memory stick")
    page.get_by_role("button", name="Move Recording up").click()
    expect(page.locator("tbody th")).to_contain_text(["Recording", "Shirt"])
    page.context.close()

    place = f"/programmes/{programme.code}/categories/{category.code}/schools/{school.code}"
    page = open_as(officer, f"{place}/entries/new", java_script_enabled=script)
    enter_group(page)
    session.rollback()
    entry = session.scalars(select(Application)).one()
    assert entry.answers == {"recording": "memory-stick"}
    with transaction():
        for number in range(2):
            factories.member(entry, factories.person(school, name=f"陈{'子丑'[number]}"))
    page.goto(f"{page.url.partition('/applications')[0]}{place}/import")
    preview = send_workbook(page, tmp_path)
    assert re.search(r"Recording\W+Memory stick\W+None", preview)
    assert re.search(r"Shirt\W+Large", preview)
    session.rollback()
    session.expire_all()
    assert entry.answers == {"recording": "none"}
    assert [m.answers for m in entry.members if m.role == "pupil"] == [{}, {"shirt": "large"}]
    page.context.close()

    with transaction():
        entry.state = State.SUBMITTED
    page = open_as(coordinator, f"/applications/{entry.ref}/case", java_script_enabled=script)
    read_case(page.locator("main").inner_text())


def read_case(case):
    assert re.search(r"Recording\s+None", case)
    assert "Shirt: Large" in case
    assert "Recording: from “Memory stick” to “None”" in case


def enter_group(page):
    for label, value in {
        "Group name": "云岭合唱团",
        "Team leader": "林望舒",
        "Leader's mobile": "13800138000",
        "Piece 1 title": "茉莉花",
        "Piece 1 duration": "3:45",
    }.items():
        page.get_by_label(label, exact=False).first.fill(value)
    page.get_by_label("Recording").select_option("Memory stick")
    page.get_by_role("button", name="Save and enter the members").click()
    page.wait_for_url(re.compile("/members"))


def send_workbook(page, folder):
    """Download the workbook, answer in it, upload and apply it; return what the preview said."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").first.click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    answer(book["Groups"], "Recording", 2, "None")
    answer(book["Members"], "Shirt", 3, "Large")
    for row in (2, 3):
        answer(book["Members"], "Sex", row, "Female")
        answer(book["Members"], "Guardian", row, "陈大文")
        answer(book["Members"], "Guardian's consent held", row, "Yes")
    file = folder / "filled.xlsx"
    book.save(file)
    page.get_by_label("Completed workbook").set_input_files(file)
    page.get_by_role("button", name="Check the workbook").click()
    page.wait_for_url(re.compile("/imports/"), timeout=60_000)
    preview = page.locator("main").inner_text()
    page.get_by_text("Apply these changes…").first.click()
    page.get_by_role("button", name="Apply", exact=True).click()
    page.get_by_role("heading", name="The workbook has been imported").wait_for(timeout=60_000)
    return preview


def answer(sheet, heading, row, value):
    headings = {fold_heading(cell.value): cell.column for cell in sheet[1] if cell.value}
    sheet.cell(row, headings[fold_heading(heading)]).value = value


@pytest.mark.parametrize("place", ["form", "new", "edit", "preview", "answers", "member answers"])
def test_pages_are_accessible_and_fit(open_as, session, programme, category, school, place):
    group = factories.application(category, school, pupils=2)
    for owner in FieldOwner:
        for kind in FieldKind:
            factories.form_field(programme, code=f"{owner}-{kind}", owner=owner, kind=kind)
    form = f"/programmes/{programme.code}/form"
    staff, officer = factories.coordinator(programme), factories.officer(school)
    entry = f"/applications/{group.ref}"
    account, path = {
        "form": (staff, form),
        "new": (staff, f"{form}/new"),
        "edit": (staff, f"{form}/fields/group-choice/edit"),
        "preview": (staff, f"{form}/preview"),
        "answers": (officer, f"{entry}/answers"),
        "member answers": (officer, f"{entry}/members/{group.members[0].person.ref}/answers"),
    }[place]
    assert problems_in_all_looks(open_as(account, path)) == {}


def test_a_question_is_hidden_until_it_is_asked(open_as, session, programme, category, school):
    factories.form_field(
        programme, code="bring", kind=FieldKind.CHOICE, names={"en": "Do you bring it?"}
    )
    factories.form_field(
        programme, code="how", names={"en": "How do you bring it?"},
        condition_field="bring", condition_values=["yes"],
    )  # fmt: skip
    place = f"/programmes/{programme.code}/categories/{category.code}/schools/{school.code}"
    page = open_as(factories.officer(school), f"{place}/entries/new")
    how = page.get_by_label("How do you bring it?")
    expect(how).to_be_hidden()
    page.get_by_label("Do you bring it?", exact=True).select_option("yes")
    how.fill("On a stick")
    page.get_by_label("Do you bring it?", exact=True).select_option("no")
    expect(how).to_be_visible()  # what was typed is stored, so it stays in sight
    how.fill("")
    page.get_by_label("Do you bring it?", exact=True).select_option("")
    expect(how).to_be_hidden()
