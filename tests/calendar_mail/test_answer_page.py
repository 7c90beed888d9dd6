"""The page behind the link in a request: answers without any mail program."""

import datetime as dt

import pytest

from scheduler.calendar_mail.answers import Noted
from scheduler.calendar_mail.asking import path_of
from scheduler.calendar_mail.models import Answer
from tests.calendar_mail.conftest import JUROR, OTHER
from tests.calendars.drafts import NOW
from tests.support.pages import text_of


@pytest.fixture
def request_of(published, asked, frozen):
    frozen(2027, 3, 1, 9)
    published(JUROR, OTHER)
    return lambda address="juror@jury.example": asked()[address]


def test_it_says_what_is_asked_and_takes_the_answer(client, request_of):
    path = path_of(request_of())
    page = client.get(path).page
    assert "Sat 10 April 2027 09:00–09:25 (Shanghai time, UTC+8)" in text_of(page.one("main"))
    answer = client.post(path, data={"answer": "declined", "comment": " On tour. "})
    assert answer.location.endswith(path)
    request = request_of()
    assert (request.answer, request.comment) == (Answer.DECLINED, "On tour.")
    assert request_of("yan@jury.example").answer is Answer.WAITING
    assert client.get(path).page.one("input", value="declined").get("checked") is not None


def test_it_speaks_the_language_of_who_is_asked(client, request_of):
    page = client.get(path_of(request_of("yan@jury.example"))).page
    assert page.one("html").get("lang") == "zh-Hans"
    assert "演出:茉莉花合唱团" in text_of(page.one("h1"))


def test_what_is_missing_is_said_beside_the_field(client, request_of):
    answer = client.post(path_of(request_of()), data={"comment": "Hello"})
    assert answer.status_code == 422
    assert "Please choose an answer." in answer.text
    assert "Hello" in answer.text
    long = client.post(path_of(request_of()), data={"answer": "accepted", "comment": "x" * 501})
    assert long.status_code == 422
    assert request_of().answer is Answer.WAITING


def test_who_answers_by_mail_before_is_overruled_by_the_page(
    client, request_of, answer_of, noted, replies_to
):
    early = answer_of(request_of(), stamp=NOW + dt.timedelta(minutes=30))
    client.post(path_of(request_of()), data={"answer": "declined"})
    assert noted(early) == Noted.OLD
    assert request_of().answer is Answer.DECLINED


def test_nothing_can_be_answered_once_it_is_over_or_taken_back(
    client, request_of, published, frozen
):
    path = path_of(request_of())
    published(OTHER, now=NOW + dt.timedelta(hours=2))
    assert "no answer" not in client.get(path).text
    assert client.get(path).page.all("form", class_="form") == []
    client.post(path, data={"answer": "accepted"})
    assert request_of().answer is Answer.WAITING
    frozen(2027, 4, 11)
    others = path_of(request_of("yan@jury.example"))
    assert client.get(others).page.all("form", class_="form") == []


def test_a_made_up_address_opens_nothing(client, request_of):
    path = path_of(request_of())
    assert client.get(f"{path[:-4]}abcd").status_code == 404
    assert client.post("/attendance/x", data={"answer": "accepted"}).status_code == 404


def test_its_address_reaches_no_cache_and_no_other_site(client, request_of):
    headers = client.get(path_of(request_of())).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
