"""The pages that say what went wrong: each explains itself, whatever else is broken."""

import pytest
from flask import session

from scheduler.web import error_page
from tests import factories
from tests.support.pages import Page

CODES = [400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503]


def page_for(app, code, path="/", problem=None, **facts):
    with app.test_request_context(path):
        html, status = error_page(code, problem, **facts)
    assert status == code
    return Page(html)


def test_each_code_has_a_title_and_a_text_of_its_own(app):
    pages = [page_for(app, code) for code in CODES]
    leads = {page.one("p", class_="lead").text for page in pages}
    assert len({page.h1 for page in pages}) == len(leads) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_title_is_the_heading(app, code):
    page = page_for(app, code)
    assert page.title == f"{page.h1} · Ambassador Scheduler"


def test_a_problem_replaces_the_usual_text(app):
    page = page_for(app, 409, problem="The category is full.")
    assert page.one("p", class_="lead").text == "The category is full."


def test_a_limit_says_when_to_try_again(app):
    assert "Try again in 30 seconds." in page_for(app, 429, retry_after=30).text


@pytest.mark.parametrize("code", [500, 503])
def test_pages_for_broken_foundations_ask_nothing_of_them(app, monkeypatch, code):
    def broken(*_arguments):
        raise AssertionError("asked the database")

    monkeypatch.setitem(app.extensions, "frame", [broken])
    monkeypatch.setattr(app.login_manager, "_user_callback", broken)
    with app.test_request_context("/", headers={"Accept-Language": "zh-HK"}):
        session["_user_id"] = "1"
        page = Page(error_page(code)[0])
    assert page.one("html").get("lang") == "zh-Hant-HK"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [("GET", "/nothing", 404), ("POST", "/programmes", 405), ("POST", "/programmes/new", 401)],
)
def test_an_error_starts_no_session_for_strangers(client, method, path, code):
    # Such an answer may arrive after that of a sign-in, whose cookie it would replace.
    answer = client.open(path, method=method)
    assert answer.status_code == code
    assert "Set-Cookie" not in answer.headers
    assert answer.page.h1


def test_whoever_is_signed_in_keeps_the_frame_on_an_error(client, sign_in, session):
    account = factories.administrator()
    session.commit()
    answer = sign_in(account).get("/nothing")
    assert answer.status_code == 404
    assert "Sign out" in answer.page.text
