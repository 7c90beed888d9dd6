"""First come, first served: receipts, their order, and a rush of schools over two processes."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.applications import first_come, offer_tasks, services
from scheduler.applications.models import Application, HistoryEntry, Receipt
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.notifications import tasks as notification_tasks
from scheduler.notifications.models import Mail, MailState
from scheduler.programmes.kinds import Allocation
from tests import factories
from tests.applications.making import (
    NOW,
    make_category,
    make_entry,
    make_levels,
    make_school,
    officer_of,
)
from tests.applications.test_rush import ask
from tests.support.pages import Page

pytestmark = pytest.mark.each_database

SCHOOLS = 24
PLACES = 9


@pytest.fixture
def category(festival):
    return make_category(festival.programme, places=2, allocation=Allocation.FIRST_COME)


@pytest.fixture
def send_to(app, monkeypatch, tmp_path):
    """A function that sends what is due at a moment; the codes of all that are sent by then."""
    monkeypatch.setitem(app.config, "MAIL_URL", f"file://{tmp_path}")

    def run(moment):
        clock.freeze(moment)
        notification_tasks.send_due()
        sent = select(Mail.code).where(Mail.state == MailState.SENT).order_by(Mail.code)
        return list(db.session.scalars(sent))

    return run


def submit(festival, entry):
    services.submit(entry, actor=festival.officer.actor, now=NOW)


def test_places_are_given_in_the_order_of_the_receipts(festival, category):
    entries = [make_entry(category, festival.school) for _ in range(4)]
    for entry in (entries[2], entries[0], entries[3], entries[1]):
        submit(festival, entry)
    assert first_come.serve(now=NOW) == 4
    assert [entry.state for entry in entries] == [
        State.ACCEPTED,
        State.WAITLISTED,
        State.ACCEPTED,
        State.WAITLISTED,
    ]
    assert entries[3].waitlist_position < entries[1].waitlist_position
    assert category.places_taken == 2


def test_sums_change_once_however_many_are_served(festival, category, queries):
    category.places = 5
    for _ in range(6):
        submit(festival, make_entry(category, festival.school))
    revision, before = festival.programme.roster_revision, len(queries)
    assert first_come.serve(now=NOW) == 6
    run = queries[before:]
    sums = ("UPDATE category", "UPDATE programme", "FROM approval_level")
    assert [sum(each in text for text in run) for each in sums] == [1, 1, 1]
    db.session.refresh(festival.programme)
    db.session.refresh(category)
    assert (category.places_taken, festival.programme.roster_revision) == (5, revision + 1)


def test_the_school_gets_one_mail_with_the_outcome(festival, category):
    entry = make_entry(category, festival.school)
    submit(festival, entry)
    first_come.serve(now=NOW)
    assert [mail.code for mail in db.session.scalars(select(Mail))] == ["applications.accepted"]


@pytest.mark.parametrize(
    ("later", "sent"),
    [
        (dt.timedelta(0), ["accounts.password_changed"]),
        (first_come.RUSH_LASTS, ["accounts.password_changed", "applications.accepted"]),
    ],
)
def test_mails_about_entries_give_way_to_a_rush_and_others_do_not(
    festival, category, send_to, later, sent
):
    entry = make_entry(category, festival.school)
    submit(festival, entry)
    first_come.serve(now=NOW)
    others = [make_entry(category, make_school()) for _ in range(first_come.RUSH - 1)]
    db.session.add_all(
        Receipt(application_id=each.id, category_id=category.id, at=NOW) for each in others
    )
    factories.mail(
        code="accounts.password_changed",
        facts={"changed_at": NOW.isoformat(), "reset_link": "/reset"},
        next_attempt_at=NOW,
    )
    db.session.commit()
    assert send_to(NOW + later) == sent


def test_no_mail_gives_way_for_longer_than_five_minutes(festival, category, send_to):
    """A rush that does not end, or a clock that is wrong, keeps no mail for ever."""
    submit(festival, make_entry(category, festival.school))
    first_come.serve(now=NOW)
    later = NOW + notification_tasks.LONGEST_HOLD
    others = [make_entry(category, make_school()) for _ in range(first_come.RUSH)]
    db.session.add_all(
        Receipt(application_id=each.id, category_id=category.id, at=later) for each in others
    )
    db.session.commit()
    assert first_come.is_rush(now=later)
    assert send_to(later - dt.timedelta(seconds=1)) == []
    assert send_to(later) == ["applications.accepted"]


def test_levels_do_not_decide_here(festival, category):
    make_levels(festival.programme)
    entry = make_entry(category, festival.school)
    submit(festival, entry)
    first_come.serve(now=NOW)
    assert (entry.level, entry.state) == (None, State.ACCEPTED)


def test_whoever_takes_the_submission_back_is_passed_over(festival, category):
    early, late = (make_entry(category, festival.school) for _ in range(2))
    category.places = 1
    submit(festival, early)
    submit(festival, late)
    services.reopen(early, actor=festival.officer.actor, now=NOW)
    first_come.serve(now=NOW)
    assert (early.state, late.state) == (State.DRAFT, State.ACCEPTED)


def test_a_delegation_larger_than_what_is_left_waits(festival, category):
    category.counts_persons = True
    small = make_entry(category, festival.school, pupils=2)
    large = make_entry(category, festival.school, pupils=3)
    category.places = 4
    submit(festival, small)
    submit(festival, large)
    first_come.serve(now=NOW)
    assert (small.state, large.state, category.places_taken) == (
        State.ACCEPTED,
        State.WAITLISTED,
        2,
    )


def test_a_submission_whose_process_died_is_served_by_the_worker(festival, category, frozen):
    entry = make_entry(category, festival.school)
    submit(festival, entry)
    db.session.commit()
    offer_tasks.serve_receipts()
    db.session.refresh(entry)
    assert entry.state is State.ACCEPTED
    assert db.session.scalars(select(Receipt.served_at)).one() is not None


def test_the_page_tells_the_number_and_who_is_before(festival, category, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    entries = [make_entry(category, festival.school) for _ in range(3)]
    for entry in entries:
        submit(festival, entry)
    client = sign_in(festival.officer)
    number = first_come.receipt_of(entries[2]).id
    text = client.get(f"/applications/{entries[2].ref}").page.text
    assert f"Receipt no. {number}, arrived Mon 1 March 2027 16:00 (UTC+8)." in text
    assert "2 submissions are served before it." in text


def test_a_double_click_is_one_submission(festival, category, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    entry = make_entry(category, festival.school)
    client = sign_in(festival.officer)
    answers = [client.post(f"/applications/{entry.ref}/submit").status_code for _ in range(2)]
    assert answers == [303, 409]
    db.session.refresh(entry)
    db.session.refresh(category)
    assert (entry.state, category.places_taken) == (State.ACCEPTED, 1)
    assert db.session.scalar(select(func.count(Receipt.id))) == 1


def test_a_rush_over_two_processes_gives_each_place_once(
    festival, category, live_server, browser_of
):
    """Every school submits at the same moment; the places go to the first receipts."""
    category.places = PLACES
    # The server's clock is the real one.
    festival.programme.entry_opens_at = clock.now() - dt.timedelta(days=1)
    asked = []
    for _ in range(SCHOOLS):
        school = make_school()
        entry = make_entry(category, school)
        asked.append((entry.ref, browser_of(officer_of(school))))
    together = threading.Barrier(SCHOOLS)

    def rush(each):
        ref, cookie = each
        _status, text, cookie = ask(live_server.url, f"/applications/{ref}", cookie)
        token = Page(text).values()["csrf_token"]
        together.wait()
        form = {"csrf_token": token}
        return ask(live_server.url, f"/applications/{ref}/submit", cookie, form)[0]

    with ThreadPoolExecutor(SCHOOLS) as pool:
        assert set(pool.map(rush, asked)) == {303}
    # What the requests left for want of time is the worker's, which is not running here.
    offer_tasks.serve_receipts()
    db.session.rollback()
    rows = db.session.execute(
        select(Application.state, Application.waitlist_position)
        .join(Receipt, Receipt.application_id == Application.id)
        .order_by(Receipt.id)
    ).all()
    states = [state for state, _position in rows]
    positions = [position for _state, position in rows[PLACES:]]
    assert states == [State.ACCEPTED] * PLACES + [State.WAITLISTED] * (SCHOOLS - PLACES)
    assert positions == sorted(positions)
    db.session.refresh(category)
    assert category.places_taken == PLACES
    steps = select(func.count()).where(HistoryEntry.action == Action.SUBMIT)
    assert db.session.scalar(steps) == SCHOOLS
