"""One's own page as a phone shows it: fits, reads, speaks the chosen language, scans."""

import pytest

from scheduler.calendars import links, services
from tests.calendars.drafts import NOW, PLAN, PUPIL, performance, pupil
from tests.support.browser import accessibility_problems, overflow

pytestmark = pytest.mark.browser


@pytest.fixture
def path(app, session, frozen):
    made = links.personal_links([pupil()], secret_key=app.secret_key, now=NOW)[PUPIL]
    # The live server has the real clock: far enough ahead for this test's lifetime.
    future = performance(
        starts_at=performance().starts_at.replace(year=2077),
        ends_at=performance().ends_at.replace(year=2077),
    )
    services.publish(PLAN, [future], now=NOW)
    session.commit()
    return links.personal_path(made, app.secret_key)


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_it_fits_and_is_accessible(open_page, path, size):
    page = open_page(path, size=size)
    closed = page.locator("details.disclosure:not([open]) > summary")
    while closed.count():
        closed.first.click()

    assert overflow(page) <= 0
    assert accessibility_problems(page) == []
    codes = page.locator("img").all()
    assert len(codes) == 2
    assert all(code.evaluate("(code) => code.naturalWidth") > 0 for code in codes)


def test_another_language_is_one_press_away(open_page, path):
    page = open_page(path, size="phone", locale="en-GB")
    page.get_by_role("button", name="简体中文").last.click()

    page.get_by_role("heading", level=1, name="春季合唱节").wait_for()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


def test_the_address_can_be_copied(open_page, path, live_server):
    page = open_page(path, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()

    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.get_by_label("Address of the calendar").input_value()
    assert copied.startswith(f"{live_server.url}/calendars/")
