"""kill -9 in the middle of decisions, promotions and the line: all or nothing, and nothing twice.

The processes are real ones and so is the signal; it comes while a transaction is open.
"""

import datetime as dt
import http.client
import os
import signal
from collections import Counter

import pytest
from sqlalchemy import func, select, update

from scheduler import clock
from scheduler.applications import decision_jobs, first_come
from scheduler.applications.decisions import Decision
from scheduler.applications.models import Application, HistoryEntry
from scheduler.applications.workflow import Action, State
from scheduler.database import db, transaction
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job, JobState
from scheduler.notifications.models import Mail
from scheduler.programmes.approval import WaitlistOrder, WaitlistPolicy
from scheduler.programmes.kinds import Allocation
from scheduler.serve.processes import server
from tests.applications.making import keep, make_category, make_entry
from tests.applications.test_rush import ask
from tests.support import mortal
from tests.support.pages import Page
from tests.support.servers import free_port, start_server

pytestmark = pytest.mark.each_database

MANY = 50
PLACES = 12


@pytest.fixture
def dying(app, tmp_path):
    """The environment of a process that dies with the step of that number, once."""

    def environment(killed_at, port=0):
        address = f"http://127.0.0.1:{port}"
        return {
            **os.environ,
            "DATABASE_URL": app.config["DATABASE_URL"],
            "INSTANCE_PATH": app.config["INSTANCE_PATH"],
            "PUBLIC_URL": address,
            "RATELIMIT_ENABLED": "0",
            "LOG_LEVEL": "ERROR",
            "KILLED_AT": str(killed_at),
            "KILLED_ONCE": str(tmp_path / "killed"),
        }

    return environment


@pytest.fixture
def worker(dying):
    """Run a task of the worker in a process of its own; its exit code."""

    def run(killed_at, *words):
        process = mortal.PROCESSES.Process(target=mortal.run, args=(dying(killed_at), words))
        process.start()
        process.join()
        db.session.rollback()
        db.session.expire_all()
        return process.exitcode

    return run


def submitted(festival, many, **values):
    category = make_category(festival.programme, **({"places": PLACES} | values))
    entries = [
        make_entry(category, festival.school, state=State.SUBMITTED, pupils=0) for _ in range(many)
    ]
    db.session.commit()
    return category, entries


def states(category):
    query = select(Application.state, func.count()).where(Application.category_id == category.id)
    return dict(db.session.execute(query.group_by(Application.state)).all())


def steps():
    """How often each entry was decided on, and how often people were told of one."""
    query = select(HistoryEntry.application_id, func.count()).group_by(HistoryEntry.application_id)
    often = Counter(count for _entry, count in db.session.execute(query))
    told = [mail.facts.get("count", 1) for mail in db.session.scalars(select(Mail))]
    return often, sum(told)


def mails_each(entry):
    """How many people are told of an entry."""
    from scheduler.applications.notices import recipients

    return len(recipients(entry))


def test_a_worker_killed_in_a_batch_of_decisions_leaves_whole_portions_and_is_followed(
    festival, worker, sign_in
):
    category, entries = submitted(festival, MANY)
    told = mails_each(entries[0])
    asked = [(entry.ref, Decision(Action.ACCEPT, entry.version)) for entry in entries[:PLACES]]
    asked += [(entry.ref, Decision(Action.WAITLIST, entry.version)) for entry in entries[PLACES:]]
    actor, now = festival.coordinator.actor, clock.now()
    with transaction():
        job = keep(
            Job(
                ref="a-batch", kind=decision_jobs.DECIDE, state=JobState.QUEUED, total=MANY,
                account_id=actor.account_id, created_at=now, result_url="/decisions/a-batch",
                arguments={"decisions": [decision_jobs.packed(*each) for each in asked]},
            )
        )  # fmt: skip
    assert worker(decision_jobs.PORTION + 7, "job", "a-batch") == -signal.SIGKILL
    waits = decision_jobs.PORTION - PLACES
    rest = MANY - decision_jobs.PORTION
    assert states(category) == {
        State.ACCEPTED: PLACES, State.WAITLISTED: waits, State.SUBMITTED: rest
    }  # fmt: skip
    assert steps() == (Counter({1: decision_jobs.PORTION}), 0)
    assert (job.state, len(job.result["outcomes"])) == (JobState.RUNNING, decision_jobs.PORTION)
    with transaction():
        assert jobs.requeue_lost(now=clock.now() + dt.timedelta(minutes=1)) == ["a-batch"]
    assert worker(0, "job", "a-batch") == 0
    assert states(category) == {State.ACCEPTED: PLACES, State.WAITLISTED: MANY - PLACES}
    assert steps() == (Counter({1: MANY}), MANY * told)
    assert db.session.scalar(select(func.count(Mail.id))) == told
    assert (job.state, job.attempt) == (JobState.DONE, 2)
    page = sign_in(festival.coordinator).get("/decisions/a-batch").page
    assert f"{MANY} of {MANY} decisions were applied." in page.text


def test_a_batch_that_broke_off_for_good_says_what_was_decided(festival, worker, sign_in):
    _category, entries = submitted(festival, decision_jobs.PORTION + 5, places=MANY)
    asked = [(entry.ref, Decision(Action.ACCEPT, entry.version)) for entry in entries]
    with transaction():
        keep(
            Job(
                ref="broken", kind=decision_jobs.DECIDE, state=JobState.QUEUED, total=len(asked),
                account_id=festival.coordinator.id, created_at=clock.now(),
                arguments={"decisions": [decision_jobs.packed(*each) for each in asked]},
            )
        )  # fmt: skip
    worker(decision_jobs.PORTION + 2, "job", "broken")
    with transaction():
        db.session.execute(update(Job).values(attempt=jobs.MAX_ATTEMPTS))
        jobs.requeue_lost(now=clock.now() + dt.timedelta(minutes=1))
    told = decision_jobs.PORTION * mails_each(entries[0])
    assert steps() == (Counter({1: decision_jobs.PORTION}), told)
    client = sign_in(festival.coordinator)
    text = client.get("/jobs/broken").page.text
    assert "The work broke off. What was done before that stands" in text
    page = client.get("/decisions/broken").page
    assert "20 of 25 decisions were applied." in page.text
    assert page.text.count("Not decided: the work broke off before.") == 5


def test_a_server_killed_in_a_batch_of_decisions_has_decided_nothing(festival, dying, browser_of):
    category, entries = submitted(festival, 8)
    told, seen = mails_each(entries[0]), [entry.seen for entry in entries]
    path = f"/programmes/{festival.programme.code}/applications"
    cookie, port = browser_of(festival.coordinator), free_port()
    command = server("127.0.0.1", port, 2).command
    command[-1] = "tests.support.mortal:create_app"
    address = f"http://127.0.0.1:{port}"
    with start_server(command, port, env=dying(5, port)):
        _status, text, cookie = ask(address, path, cookie)
        form = {"csrf_token": Page(text).values()["csrf_token"], "action": "accept", "seen": seen}
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            ask(address, f"{path}/decisions", cookie, form)
        assert states(category) == {State.SUBMITTED: 8}
        assert steps() == (Counter(), 0)
        db.session.rollback()
        status, text, _cookie = ask(address, f"{path}/decisions", cookie, form)
    assert (status, "8 of 8 decisions were applied." in text) == (200, True)
    db.session.rollback()
    assert states(category) == {State.ACCEPTED: 8}
    assert steps() == (Counter({1: 8}), 8 * told)


def test_a_worker_killed_while_offers_pass_on_has_ended_none_or_all(festival, worker):
    """Four offers end at once; each place goes to the next in line."""
    keep(
        WaitlistPolicy(
            programme_id=festival.programme.id, order=WaitlistOrder.LISTED, is_automatic=True,
            offer_hours=72,
        )
    )  # fmt: skip
    category, entries = submitted(festival, 10, places=4)
    over = clock.now() - dt.timedelta(hours=1)
    for place, entry in enumerate(entries):
        is_offered = place < 4
        entry.state = State.OFFERED if is_offered else State.WAITLISTED
        entry.places_held = int(is_offered)
        entry.offer_ends_at = over if is_offered else None
        entry.waitlist_position = None if is_offered else place
    category.places_taken = 4
    db.session.commit()
    told = mails_each(entries[0])
    before = states(category)
    assert worker(2, "offers") == -signal.SIGKILL
    assert (states(category), steps()) == (before, (Counter(), 0))
    assert worker(2, "offers") == 0
    assert worker(2, "offers") == 0
    db.session.refresh(category)
    assert category.places_taken == 4
    offered = [entry for entry in entries if entry.state is State.OFFERED]
    assert offered == entries[4:8]
    # The coordinator reads of all four in one mail.
    assert steps() == (Counter({1: 8}), 8 * told + 1)


def test_a_worker_killed_while_it_serves_the_line_has_lost_and_doubled_nobody(festival, worker):
    category, entries = submitted(festival, 9, places=4, allocation=Allocation.FIRST_COME)
    for entry in entries:
        first_come.give_receipt(entry, now=clock.now())
        db.session.flush()
    db.session.commit()
    told = mails_each(entries[0])
    assert worker(6, "receipts") == -signal.SIGKILL
    assert (states(category), steps()) == ({State.SUBMITTED: 9}, (Counter(), 0))
    assert worker(6, "receipts") == 0
    assert [entry.state for entry in entries] == [State.ACCEPTED] * 4 + [State.WAITLISTED] * 5
    assert steps() == (Counter({1: 9}), 9 * told)
