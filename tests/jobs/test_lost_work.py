"""Work that lost its worker or its message is taken up again, and not for ever."""

import datetime as dt

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.jobs import running, services
from scheduler.jobs.models import JobState
from scheduler.scheduling.refusals import Refusal
from tests import factories

AGES = dt.timedelta(hours=1)


@pytest.fixture
def seen(monkeypatch):
    """The arguments of every run of a kind of job that exists for the test only."""
    runs = []

    def remember(report, **arguments):
        report.advance(1, 2, word="half")
        runs.append(arguments)
        return {"answer": 42}

    monkeypatch.setitem(running._work_by_kind, "tests.remember", remember)
    return runs


def requeue():
    with transaction():
        return services.requeue_lost(now=clock.now())


def test_started_job_runs_after_the_commit_and_keeps_its_result(session, seen):
    account = factories.account()
    session.commit()
    with transaction():
        job = services.start(
            "tests.remember", account_id=account.id, now=clock.now(), total=2, word="x"
        )
        assert seen == []
    session.expire_all()
    assert seen == [{"word": "x"}]
    assert (job.state, job.result, job.done, job.attempt) == (JobState.DONE, {"answer": 42}, 1, 1)
    assert job.progress == {"word": "half"}


def test_rolled_back_job_never_runs(session, seen):
    def start_and_fail():
        with transaction():
            services.start("tests.remember", account_id=None, now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        start_and_fail()
    assert seen == []


def test_a_job_is_claimed_once(session, seen):
    job = factories.job(kind="tests.remember")
    session.commit()
    running.run(job.ref)
    running.run(job.ref)
    assert len(seen) == 1


def test_job_without_heartbeat_is_queued_again(session, seen):
    job = factories.job(
        kind="tests.remember",
        state=JobState.RUNNING,
        attempt=1,
        created_at=clock.now() - AGES,
        heartbeat_at=clock.now() - AGES,
    )
    session.commit()
    assert requeue() == [job.ref]
    running.run(job.ref)
    session.expire_all()
    assert (job.state, job.attempt) == (JobState.DONE, 2)


def test_job_that_beats_is_left_alone(session):
    job = factories.job(state=JobState.RUNNING, attempt=1, heartbeat_at=clock.now())
    session.commit()
    assert requeue() == []
    assert job.state is JobState.RUNNING


def test_job_that_lost_three_workers_is_given_up(session):
    job = factories.job(
        state=JobState.RUNNING, attempt=services.MAX_ATTEMPTS, heartbeat_at=clock.now() - AGES
    )
    session.commit()
    assert requeue() == []
    session.expire_all()
    assert (job.state, job.error_code) == (JobState.FAILED, "worker_lost")


@pytest.mark.parametrize(
    ("error", "code"),
    [(Refused(Refusal.NOTHING_CHANGED), "plan_nothing_changed"), (KeyError("x"), "unexpected")],
)
def test_failure_keeps_a_code_that_can_be_told(session, monkeypatch, error, code):
    def fail(_report):
        raise error

    monkeypatch.setitem(running._work_by_kind, "tests.fail", fail)
    job = factories.job(kind="tests.fail")
    session.commit()
    running.run(job.ref)
    session.expire_all()
    assert (job.state, job.error_code) == (JobState.FAILED, code)


def test_stop_request_reaches_the_work(session, monkeypatch):
    asked = []

    def watch(report):
        asked.append(report.should_stop)
        with transaction():
            services.request_stop(services.find(ref), now=clock.now())
        report.beat()
        asked.append(report.should_stop)

    monkeypatch.setitem(running._work_by_kind, "tests.watch", watch)
    ref = factories.job(kind="tests.watch").ref
    session.commit()
    running.run(ref)
    assert asked == [False, True]
