"""The frame around every page, in Chromium: reachable, readable and switchable for everybody."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import problems_in_all_looks

pytestmark = pytest.mark.browser

# Has the whole frame and needs no account. (An error page for strangers has no switches.)
PAGE = "/accessibility"


def theme_of(page):
    return page.locator("html").get_attribute("data-bs-theme")


def background_of(page):
    return page.evaluate("() => getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN", "zh-HK"])
def test_frame_is_accessible_and_fits(open_page, locale):
    assert problems_in_all_looks(open_page(PAGE, locale=locale)) == {}


def test_first_tab_stop_leads_to_the_content(open_page):
    page = open_page(PAGE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_language_is_switched_by_keyboard_and_remembered(open_page):
    page = open_page(PAGE)
    page.locator("summary", has_text="English").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto("/another-page")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


def test_escape_closes_a_menu_and_returns_to_its_button(open_page):
    page = open_page(PAGE)
    summary = page.locator("details[data-menu] > summary").first
    summary.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details[data-menu][open]")).to_have_count(0)
    expect(summary).to_be_focused()


def test_theme_is_switched_and_remembered(open_page):
    page = open_page(PAGE, color_scheme="light")
    light = background_of(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Dark colours").click()
    page.goto("/another-page")
    assert theme_of(page) == "dark"
    assert background_of(page) != light


def test_theme_follows_the_device_until_chosen(open_page):
    dark = open_page(PAGE, color_scheme="dark")
    light = open_page(PAGE, color_scheme="light")
    assert theme_of(dark) == theme_of(light) == "auto"
    assert background_of(dark) != background_of(light)


def test_switches_work_without_script(open_page):
    page = open_page(PAGE, java_script_enabled=False)
    page.locator("summary", has_text="English").click()
    page.get_by_role("button", name="繁體中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant-HK")
    page.get_by_role("button").nth(-2).click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_icons_and_styles_come_through_the_content_policy(open_page):
    page = open_page(PAGE)
    page.wait_for_load_state("networkidle")
    width = page.locator(".site-tools svg use").first.evaluate("u => u.getBBox().width")
    assert width > 0


def test_motion_is_reduced_on_request(open_page):
    page = open_page("/no-such-page", reduced_motion="reduce")
    duration = page.evaluate(
        "() => getComputedStyle(document.querySelector('.btn')).transitionDuration"
    )
    assert duration.split(",")[0] in {"0.00001s", "1e-05s"}


def test_paper_is_white_whatever_the_theme(open_page):
    page = open_page(PAGE, color_scheme="dark")
    page.emulate_media(media="print")
    heading = page.evaluate("() => getComputedStyle(document.querySelector('h1')).color")
    assert (background_of(page), heading) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
