"""A reviewer marks two cases without learning whose they are; a coordinator decides from it."""

import re

import pytest

from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from tests import factories
from tests.support.browser import accessibility_problems, overflow, problems_in_all_looks

pytestmark = pytest.mark.browser


@pytest.fixture
def jury(session):
    programme = factories.programme(code="festival")
    levels = factories.levels(programme)
    city = levels["city"]
    city.is_blind = True
    factories.quota(city, places=1)
    category = factories.category(programme)
    panel = factories.panel(city, category, per_case=1, name="City jury")
    factories.criterion(panel, weight=2)
    factories.criterion(panel)
    reviewer = factories.panel_reviewer(panel)
    for name in ("Larks", "Robins"):
        case = factories.application(
            category, factories.school(), group_name=name, state=State.SUBMITTED, level=city
        )
        factories.assignment(reviewer, case)
    return panel


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_reviewer_judges_and_the_coordinator_decides(jury, open_as, size):
    page = open_as(jury.reviewers[0].account, "/reviews", size=size)
    assert page.get_by_text("0 of 2").count() == 1
    assert accessibility_problems(page) == []
    page.locator("tbody a").first.click()
    page.get_by_label("Criterion 1").wait_for()
    for first, second in (("9.5", "8"), ("6", "7")):
        assert page.get_by_text("Larks").count() + page.get_by_text("Robins").count() == 0
        page.get_by_label("Criterion 1").fill(first)
        page.get_by_label("Criterion 2").fill(second)
        assert (accessibility_problems(page), overflow(page) <= 0) == ([], True)
        page.get_by_role("button", name="Submit the marks").click()
        page.get_by_text("Your marks were submitted.").wait_for()
    page.get_by_text("2 of 2").wait_for()

    page = open_as(factories.coordinator(jury.programme), f"/panels/{jury.ref}/ranking", size=size)
    assert page.get_by_text("Quota line: 1 of 2").count() == 1
    assert (accessibility_problems(page), overflow(page) <= 0) == ([], True)
    best = page.locator("tbody th a").first.text_content()
    page.get_by_label("The rest", exact=True).select_option("reject")
    page.get_by_label("Reason for the rest").fill("One place, and the other was better.")
    page.get_by_role("button", name="Decide").click()
    page.get_by_text(re.compile("2 of 2 decisions were applied")).wait_for()
    assert (accessibility_problems(page), overflow(page) <= 0) == ([], True)
    db.session.rollback()
    states = {a.group_name: a.state for a in db.session.query(Application)}
    other = "Robins" if best == "Larks" else "Larks"
    assert states == {best: State.SUBMITTED, other: State.REJECTED}


def test_a_coordinators_pages_are_readable_for_everybody(jury, open_as):
    account = factories.coordinator(jury.programme)
    ref = jury.ref
    case = db.session.query(Application).first().ref
    for path in ("/programmes/festival/panels", f"/panels/{ref}", f"/panels/{ref}/cases/{case}",
                 f"/panels/{ref}/edit", f"/panels/{ref}/criteria/new"):  # fmt: skip
        assert (path, problems_in_all_looks(open_as(account, path))) == (path, {})
