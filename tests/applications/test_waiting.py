"""Too many at once: others hold what a submission needs; it is kept, sent again, and never lost."""

import sqlite3
from contextlib import closing, contextmanager

import psycopg
import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.applications import first_come
from scheduler.applications.models import Receipt
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.programmes.kinds import Allocation
from tests.applications.making import NOW, make_category, make_entry

pytestmark = pytest.mark.each_database

FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@contextmanager
def sqlite_writer(url):
    """Somebody else's program in the middle of writing into the file."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def postgresql_writer(url):
    """Somebody else's program that holds all applications and categories."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as other:
        other.execute("SELECT * FROM application FOR UPDATE")
        other.execute("SELECT * FROM category FOR UPDATE")
        yield
        other.rollback()


@pytest.fixture
def held(app):
    url = app.config["DATABASE_URL"]
    return (sqlite_writer if url.startswith("sqlite") else postgresql_writer)(url)


@pytest.fixture
def entry(festival, frozen):
    frozen(2027, 3, 1, 8)
    return make_entry(
        make_category(festival.programme, allocation=Allocation.FIRST_COME), festival.school
    )


def test_a_submission_that_meets_a_held_lock_is_kept_and_taken_later(
    festival, entry, hurried, held, sign_in
):
    client = sign_in(festival.officer, hurried.test_client())
    path = f"/applications/{entry.ref}/submit"
    with held:
        answer = client.post(path, data={"kept": "as it was"}, headers=FROM_OUR_PAGE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "It is kept on this page and sent again by itself" in answer.page.text
    assert answer.page.values()["kept"] == "as it was"
    assert db.session.scalar(select(func.count(Receipt.id))) == 0
    db.session.rollback()
    assert client.post(path, headers=FROM_OUR_PAGE).status_code == 303
    db.session.refresh(entry)
    assert entry.state is State.ACCEPTED


def test_another_site_s_form_is_not_repeated(festival, entry, hurried, held, sign_in):
    client = sign_in(festival.officer, hurried.test_client())
    with held:
        answer = client.post(
            f"/applications/{entry.ref}/submit",
            data={"kept": "not typed here"},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
    assert answer.status_code == 503
    assert "not typed here" not in answer.get_data(as_text=True)


def test_whoever_waits_asks_a_light_page_which_ends_by_itself(festival, entry, sign_in):
    first_come.give_receipt(entry, now=NOW)
    entry.state = State.SUBMITTED
    client = sign_in(festival.officer)
    path = f"/applications/{entry.ref}/place-in-line"
    text = client.get(path, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "It is served next." in text
    page = client.get(f"/applications/{entry.ref}").page.text
    assert "The entry has arrived and stands in line." in page
    assert "The entry is under review." not in page
    assert 'hx-trigger="every 2s"' in text
    first_come.serve_soon()
    answer = client.get(path, headers={"HX-Request": "true"})
    assert (answer.headers["HX-Refresh"], answer.get_data()) == ("true", b"")
    assert client.get(path).status_code == 302


def test_what_is_left_of_a_long_line_is_served_by_the_worker(
    festival, frozen, session, monkeypatch
):
    """One request serves two turns; what it leaves is woken up, here in the same process."""
    frozen(2027, 3, 1, 8)
    monkeypatch.setattr(first_come, "AT_ONCE", 2)
    category = make_category(festival.programme, allocation=Allocation.FIRST_COME, places=3)
    entries = [make_entry(category, festival.school, state=State.SUBMITTED) for _ in range(7)]
    for entry in entries:
        first_come.give_receipt(entry, now=clock.now())
        session.flush()
    session.commit()
    first_come.serve_soon()
    session.expire_all()
    states = [State.ACCEPTED] * 3 + [State.WAITLISTED] * 4
    assert [entry.state for entry in entries] == states
    assert [entry.waitlist_position for entry in entries[3:]] == [1, 2, 3, 4]
    assert category.places_taken == 3
