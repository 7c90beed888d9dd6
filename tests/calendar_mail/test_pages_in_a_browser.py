"""Answering on a phone, and a guardian's entries: they fit, read, and work by keyboard."""

import pytest

from scheduler.calendar_mail.asking import path_of
from scheduler.calendar_mail.models import Answer
from scheduler.consents import links as guardian_links
from scheduler.scheduling.releases.entries import person_audience
from tests import factories
from tests.calendar_mail.conftest import JUROR
from tests.calendars.drafts import NOW, performance
from tests.support.browser import accessibility_problems, overflow

pytestmark = pytest.mark.browser


def future(**changes):
    """The live server has the real clock: far enough ahead for this test's lifetime."""
    draft = performance(**changes)
    return {
        "starts_at": draft.starts_at.replace(year=2077),
        "ends_at": draft.ends_at.replace(year=2077),
        **changes,
    }


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_an_answer_is_given_by_keyboard(open_page, published, asked, session, size):
    published(JUROR, **future())
    path = path_of(asked()["juror@jury.example"])
    session.commit()
    page = open_page(path, size=size)
    assert overflow(page) <= 0
    assert accessibility_problems(page) == []
    page.get_by_label("I will be there").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_label("A word to the coordinators").fill("On tour")
    page.get_by_role("button", name="Send the answer").press("Enter")
    page.get_by_text("Thank you, your answer is noted.").wait_for()
    request = asked()["juror@jury.example"]
    assert (request.answer, request.comment) == (Answer.DECLINED, "On tour")


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_familys_entries_fit(open_page, published, app, session, size):
    school = factories.school()
    children = [factories.person(school, name=name) for name in ("Ada Li", "Ben Li")]
    guardian = factories.guardian(school, *children)
    link = guardian_links.make_links([guardian], locale="en", secret_key=app.secret_key, now=NOW)[
        guardian.id
    ]
    session.commit()
    published(**future(audiences=frozenset(person_audience(each.ref) for each in children)))
    path = guardian_links.path_of(link, app.secret_key)
    page = open_page(f"{path}/entries", size=size)
    page.get_by_role("heading", name="Performance: Jasmine Choir").wait_for()
    assert overflow(page) <= 0
    assert accessibility_problems(page) == []
