"""Takes the README's pictures of a running demo: `python scripts/take_pictures.py [address]`.

Needs the demo in the database that the settings name, a server on it (with its worker), and
Chromium. The pictures land in docs/pictures; nothing in the demo is changed but one upload, which
is thrown away again.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from scheduler.app import create_app
from scheduler.demo import loading

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 375, "height": 760}
IMPORT_PATH = "/programmes/festival-2027/categories/CHOIR_SMALL/schools/S05/import"


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:5000"
    with create_app().app_context():
        passwords = {email: password for _label, email, password in loading.sign_ins()}
        personal = next(link.address for link in loading.shown_links() if "/my/" in link.address)
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        coordinator = sign_in(browser, address, "coordinator@demo.example", passwords)
        take_board(coordinator)
        take_queue(coordinator)
        officer = sign_in(browser, address, "officer@demo.example", passwords)
        take_school(officer)
        take_import(officer)
        take_personal(browser, address, urlsplit(personal).path)
        browser.close()


def sign_in(browser: Browser, address: str, email: str, passwords: dict[str, str]) -> Page:
    page = browser.new_context(base_url=address, viewport=DESK, locale="en-GB").new_page()
    page.goto("/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", passwords[email])
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()
    return page


def take_board(page: Page) -> None:
    """A group in hand over a place that breaks rules, which are said beside it."""
    page.goto("/programmes/festival-2027/plans")
    page.locator("main tbody a").first.click()
    page.locator(".is-timed [data-slot]").first.wait_for()
    page.locator("[data-slot]").first.evaluate(
        "slot => window.scrollTo(0, slot.getBoundingClientRect().top + window.scrollY - 190)"
    )
    page.locator("[data-grip]").nth(1).press("Enter")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    page.locator(".verdict-bad").wait_for()
    keep(page, "board")
    page.keyboard.press("Escape")


def take_queue(page: Page) -> None:
    page.goto("/programmes/festival-2027/applications")
    keep(page, "queue")


def take_school(page: Page) -> None:
    page.goto("/applications/my-school")
    keep(page, "school")


def take_import(page: Page) -> None:
    """Fill in the downloaded workbook badly, and show what comes back."""
    page.goto(IMPORT_PATH)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small-choir.xlsx"
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the workbook").click()
        download.value.save_as(path)
        spoil(path)
        page.set_input_files("input[type=file]", path)
        page.get_by_role("button", name="Check the workbook").click()
        page.get_by_role("heading", name="Problems in the workbook").wait_for()
    keep(page, "import")
    page.get_by_text("Throw this upload away").click()


def spoil(path: Path) -> None:
    workbook = openpyxl.load_workbook(path)
    members, groups = workbook["Members"], workbook["Groups"]
    members["E2"], members["D3"], members["L4"] = "2015/13/40", "X", "12"
    members["A5"] = "A group that is not there"
    groups["N2"] = "ten minutes"
    workbook.save(path)


def take_personal(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(
        base_url=address, viewport=PHONE, device_scale_factor=2, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(path)
    keep(page, "personal")


def keep(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
