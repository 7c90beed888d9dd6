"""Submissions that come at the same moment are taken in together, each for itself."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event, select

from scheduler import clock
from scheduler.applications import arrivals, first_come, services
from scheduler.applications.models import Application, HistoryEntry, Receipt
from scheduler.applications.workflow import Refusal, State
from scheduler.audit.models import AuditEntry
from scheduler.audit.request_id import on_behalf_of
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes.kinds import Allocation
from tests.applications.making import LATE, make_category, make_entry, make_school, officer_of
from tests.applications.test_waiting import sqlite_writer

pytestmark = pytest.mark.each_database


@pytest.fixture
def category(festival):
    """Threads go by the real clock."""
    festival.programme.entry_opens_at = clock.now() - dt.timedelta(hours=1)
    festival.programme.entry_closes_at = clock.now() + dt.timedelta(hours=1)
    return make_category(festival.programme, places=2, allocation=Allocation.FIRST_COME)


def entry_of_another(category, **values):
    """An entry of a school of its own, and the officer who submits it."""
    school = make_school()
    return make_entry(category, school, **values), officer_of(school)


@pytest.fixture
def arrive(app, session):
    """Let officers submit, in this order, while the desk is taken; return what each was told."""

    def all_of(pairs, within=app):
        asked = [(entry.id, officer.actor) for entry, officer in pairs]
        session.commit()
        with ThreadPoolExecutor(len(asked)) as pool:
            with arrivals._desk:
                answers = []
                for number, each in enumerate(asked):
                    answers.append(pool.submit(told_to, within, *each, number))
                    wait_for_line(number + 1)
            told = [answer.result() for answer in answers]
        session.expire_all()
        return told

    return all_of


def told_to(app, entry_id, actor, number=0):
    """What a submission was answered, in a request of its own; None if it was taken."""
    with app.app_context(), on_behalf_of(f"request-{number}"):
        try:
            arrivals.submit(db.session.get(Application, entry_id), actor=actor)
        except Exception as told:  # noqa: BLE001 - whatever it is, the test compares it
            return told
    return None


def wait_for_line(length):
    until = time.monotonic() + 20
    while len(arrivals._line) < length and time.monotonic() < until:
        time.sleep(0.005)
    assert len(arrivals._line) == length


@pytest.fixture
def commits(app):
    """How often the database was asked to keep receipts, or what became of them."""
    counted = []
    with app.app_context():
        engine = db.engine
    seen = threading.local()

    def wrote(_connection, _cursor, statement, *_rest):
        seen.wrote = getattr(seen, "wrote", False) or statement.startswith(
            ("INSERT INTO receipt", "UPDATE receipt")
        )

    def kept(_connection):
        if getattr(seen, "wrote", False):
            counted.append(threading.get_ident())
        seen.wrote = False

    event.listen(engine, "before_cursor_execute", wrote)
    event.listen(engine, "commit", kept)
    yield counted
    event.remove(engine, "before_cursor_execute", wrote)
    event.remove(engine, "commit", kept)


def test_all_in_line_are_taken_in_at_once_in_their_order(category, arrive, commits):
    pairs = [entry_of_another(category) for _ in range(4)]
    in_order = [pairs[2], pairs[0], pairs[3], pairs[1]]
    db.session.commit()
    commits.clear()
    assert arrive(in_order) == [None] * 4
    assert len(commits) == 1, "all are taken in and served at once"
    receipts = select(Receipt.application_id).order_by(Receipt.id)
    assert list(db.session.scalars(receipts)) == [entry.id for entry, _officer in in_order]
    assert [entry.state for entry, _officer in in_order] == [
        State.ACCEPTED,
        State.ACCEPTED,
        State.WAITLISTED,
        State.WAITLISTED,
    ]
    assert category.places_taken == 2


def test_who_waits_already_is_served_before_those_who_come(category, arrive, commits):
    waiting, officer = entry_of_another(category)
    services.submit(waiting, actor=officer.actor, now=clock.now())
    second, third = pairs = [entry_of_another(category) for _ in range(2)]
    db.session.commit()
    commits.clear()
    assert arrive(pairs) == [None] * 2
    assert len(commits) == 2, "one commit takes all in, another serves all"
    states = [entry.state for entry in (waiting, second[0], third[0])]
    assert states == [State.ACCEPTED, State.ACCEPTED, State.WAITLISTED]
    assert category.places_taken == 2


def test_who_waits_elsewhere_holds_nobody_up(category, arrive, commits):
    other = make_category(category.programme, places=1, allocation=Allocation.FIRST_COME)
    waiting, officer = entry_of_another(other)
    services.submit(waiting, actor=officer.actor, now=clock.now())
    pair = entry_of_another(category)
    db.session.commit()
    commits.clear()
    assert arrive([pair]) == [None]
    assert (len(commits), pair[0].state, waiting.state) == (1, State.ACCEPTED, State.SUBMITTED)


def test_each_step_bears_its_own_officer_and_request(category, arrive):
    pairs = [entry_of_another(category) for _ in range(3)]
    arrive(pairs)
    for number, (entry, officer) in enumerate(pairs):
        own = HistoryEntry.application_id == entry.id, HistoryEntry.action == "submit"
        assert db.session.scalars(select(HistoryEntry.account_id).where(*own)).one() == officer.id
        row = AuditEntry.subject_ref == entry.ref, AuditEntry.action == "application:submit"
        audited = db.session.scalars(select(AuditEntry).where(*row)).one()
        assert (audited.account_id, audited.request_id) == (officer.id, f"request-{number}")


def test_who_is_refused_is_told_why_and_changes_nothing_for_the_others(category, arrive):
    lacking, whole = entry_of_another(category, pupils=1), entry_of_another(category)
    told = arrive([lacking, whole, whole])
    assert [getattr(each, "code", None) for each in told] == [
        Refusal.INCOMPLETE,
        None,
        Refusal.NOT_FROM_THIS_STATE,
    ]
    assert (lacking[0].state, whole[0].state) == (State.DRAFT, State.ACCEPTED)
    assert db.session.scalars(select(Receipt.application_id)).all() == [whole[0].id]


def test_whoever_came_within_the_window_is_in_though_the_turn_came_later(category, session, frozen):
    entry, officer = entry_of_another(category)
    came = arrivals.Arrival(entry.id, officer.actor, clock.now(), None)
    session.commit()
    frozen(LATE.year, LATE.month, LATE.day)
    assert clock.now() > category.programme.entry_closes_at
    arrivals._take_in([came])
    assert (came.is_answered, came.refusal, entry.state) == (True, None, State.ACCEPTED)


def test_an_entry_that_is_gone_is_not_found(category, arrive, app, session):
    entry, officer = entry_of_another(category)
    other = entry_of_another(category)
    gone = arrivals.Arrival(entry.id + 1000, officer.actor, clock.now(), None)
    arrivals._line.append(gone)
    session.commit()
    assert told_to(app, other[0].id, other[1].actor) is None
    session.rollback()
    assert isinstance(gone.refusal, NotFound)
    assert other[0].state is State.ACCEPTED


def test_what_others_hold_keeps_only_its_own(category, arrive, hurried, monkeypatch):
    """On SQLite somebody who writes holds everything: then all stay as they were."""
    monkeypatch.setattr(first_come, "PATIENCE_MILLISECONDS", 100)
    held, free = entry_of_another(category), entry_of_another(category)
    db.session.commit()
    url, held_id = hurried.config["DATABASE_URL"], held[0].id
    with sqlite_writer(url) if url.startswith("sqlite") else holder_of(url, held_id):
        told = arrive([held, free], hurried)
    outcomes = [type(each).__name__ for each in told]
    states = [entry.state for entry, _officer in (held, free)]
    if url.startswith("sqlite"):
        assert set(outcomes) <= {"Busy", "OperationalError"}
        assert states == [State.DRAFT] * 2
    else:
        assert outcomes == ["OperationalError", "NoneType"]
        assert states == [State.DRAFT, State.ACCEPTED]


@contextmanager
def holder_of(url, application_id):
    """Somebody else's program that holds one application."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as other:
        other.execute("SELECT * FROM application WHERE id = %s FOR UPDATE", (application_id,))
        yield
        other.rollback()


def test_a_refusal_alone_is_raised(category, app, session):
    entry, officer = entry_of_another(category, pupils=1)
    session.commit()
    with app.app_context(), pytest.raises(Refused):
        arrivals.submit(db.session.get(Application, entry.id), actor=officer.actor)
