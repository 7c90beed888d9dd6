"""Guardian and officer in a real browser: on a phone, accessible, in three languages."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from scheduler.people.consent_models import ConsentText
from scheduler.people.models import Consent, ConsentPurpose
from tests import factories
from tests.support.browser import accessibility_problems, overflow

A4 = {"width": 688, "height": 1001}
"""What its margins leave of a sheet, in CSS pixels."""

pytestmark = pytest.mark.browser


@pytest.fixture
def path(asked, page_of):
    factories.asked_purpose(asked.programme, ConsentPurpose.INSURANCE)
    return page_of(asked.mother)


def looks_right(page):
    assert accessibility_problems(page) == []
    assert overflow(page) <= 0


def answers(session, child):
    session.rollback()
    query = (
        select(Consent.purpose, Consent.is_granted)
        .where(Consent.person_id == child.id, Consent.method == "link")
        .order_by(Consent.id)
    )
    return [tuple(row) for row in session.execute(query)]


def test_a_guardian_refuses_pictures_gives_the_rest_and_withdraws_one(
    asked, path, open_page, session
):
    page = open_page(path, size="phone")
    looks_right(page)
    page.get_by_role("link", name=re.compile("Read and answer.*Ann Lee")).click()
    page.get_by_role("button", name="Sign and send").wait_for()
    looks_right(page)
    page.get_by_text("The whole text, version 1").first.click()
    page.get_by_text("Third line").first.wait_for()
    for question in ("participation", "insurance", "health"):
        page.locator(f"#{question}-yes").check()
    page.locator("#image-no").check()
    page.get_by_label("Your name").fill("Mary Lee")
    page.get_by_label("You are the child's").select_option("mother")
    page.get_by_role("button", name="Sign and send").click()
    page.get_by_text("Your answers were saved.").wait_for()
    given = dict(answers(session, asked.elder))
    assert {purpose.value: yes for purpose, yes in given.items()} == {
        "participation": True,
        "insurance": True,
        "health": True,
        "image": False,
    }
    line = page.locator("li", has_text="Insurance").first
    line.get_by_text("Withdraw…").click()
    page.get_by_text("Please see to an insurance of your own.").first.wait_for()
    looks_right(page)
    page.get_by_role("button", name="Withdraw the consent").first.click()
    page.get_by_text("Saved. It holds from now on.").wait_for()
    assert answers(session, asked.elder)[-1] == (ConsentPurpose.INSURANCE, False)
    page.get_by_text("What you have decided so far").click()
    expect(page.locator(".timeline li")).to_have_count(5)
    looks_right(page)


def test_a_forgotten_name_loses_nothing(path, open_page):
    page = open_page(path, size="phone")
    page.get_by_role("link", name=re.compile("Read and answer.*Ben Lee")).click()
    page.locator("#image-no").check()
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Sign and send").click()
    page.get_by_role("heading", name="There is 1 problem").or_(
        page.get_by_role("heading", name="There are 2 problems")
    ).wait_for()
    expect(page.locator("#image-no")).to_be_checked()


@pytest.mark.parametrize(
    ("button", "language", "title"),
    [("简体中文", "zh-Hans", "您的同意书"), ("繁體中文", "zh-Hant-HK", "閣下的同意書")],
)
def test_the_page_speaks_the_guardians_language(path, open_page, button, language, title):
    page = open_page(path, size="phone")
    page.get_by_role("button", name=button).last.click()
    page.get_by_role("heading", level=1, name=title).wait_for()
    assert page.locator("html").get_attribute("lang") == language
    looks_right(page)


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_officers_pages_are_accessible_and_fit(
    asked, app, open_page, live_server, sign_in, size
):
    page = open_page("/healthz", client=sign_in(asked.officer), size=size)
    base = f"/programmes/{asked.programme.code}/schools/{asked.school.code}/consents"
    page.goto(f"{live_server.url}{base}")
    expect(page.locator("main")).to_contain_text("The answers of 2 guardians are missing.")
    looks_right(page)
    page.get_by_role("button", name="Slips for all who are missing").click()
    page.get_by_role("heading", name="Slips for guardians").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator(".slip-sheet img").first.evaluate("(code) => code.naturalWidth") > 0
    looks_right(page)
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    boxes = [page.locator(".slip-sheet li").nth(number).bounding_box() for number in (0, 1)]
    assert boxes[0]["y"] == boxes[1]["y"], "two stand beside each other"
    assert boxes[0]["height"] < A4["height"] / 3
    assert overflow(page) <= 0


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_an_officer_types_in_a_paper(
    asked, app, open_page, live_server, sign_in, session, tmp_path, size
):
    page = open_page("/healthz", client=sign_in(asked.officer), size=size)
    base = f"/programmes/{asked.programme.code}/schools/{asked.school.code}/consents/papers"
    # The server of browser tests goes by the real clock.
    session.execute(update(ConsentText).values(published_at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC)))
    session.commit()
    page.goto(f"{live_server.url}{base}/new")
    looks_right(page)
    scan = tmp_path / "slip.pdf"
    scan.write_bytes(b"%PDF-1.7 signed %%EOF")
    page.get_by_label("Ann Lee: Photos and films").select_option("no")
    page.get_by_label("Ann Lee: Signed on").fill("2026-02-02")
    page.get_by_label("Code at the foot of the paper").select_option(index=1)
    page.get_by_role("button", name="Record").click()
    page.get_by_role("link", name="Ann Lee: Relation: What is the signer to the child?").click()
    page.get_by_label("Ann Lee: Relation").select_option("mother")
    page.get_by_label("Scan of the signed papers").set_input_files(scan)
    looks_right(page)
    page.get_by_role("button", name="Record").click()
    page.get_by_text("1 answer was recorded. 1 mail tells a guardian.").wait_for()
    page.get_by_role("link", name="slip.pdf").wait_for()
    looks_right(page)
    session.rollback()
    word = session.scalars(select(Consent).where(Consent.method == "paper")).one()
    assert (word.purpose, word.is_granted) == (ConsentPurpose.IMAGE, False)
