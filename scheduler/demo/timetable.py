"""The demo's first release: solved and published by the services that a coordinator uses."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.accounts.models import Account
from scheduler.calendar_mail.answers import note_on_page
from scheduler.calendar_mail.models import Answer, AttendanceRequest
from scheduler.calendars.addresses import public_url
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db, transaction
from scheduler.demo.accounts import COORDINATOR
from scheduler.demo.jury import CHOIR_JURY, EMAILS
from scheduler.demo.programme import CODE
from scheduler.extensions import secret_key
from scheduler.jobs import running
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job, JobState
from scheduler.programmes.models import Programme
from scheduler.scheduling import services
from scheduler.scheduling.happenings.reserves import add_reserve
from scheduler.scheduling.models import PlanState
from scheduler.scheduling.releases.publishing import publish
from scheduler.scheduling.releases.visitors import set_open
from scheduler.scheduling.tasks import plan_with_programme

LEAST_SECONDS = 6
MOST_SECONDS = 120
LOOK_SECONDS = 0.25
SEED = 2027
NAME = "#1"
NOTES = "First release for all schools."
ANSWERING = EMAILS[CHOIR_JURY[-1]]
COMMENT = "I shall arrive the evening before."
RESERVE_VENUES = ("V2", "V3")
RESERVE_HOURS = (13, 17)


def publish_first() -> bool:
    """Solve the festival and publish release 1; False if no plan was found within two minutes.

    The search ends after a few seconds; on a busy or slow machine as soon as there is a plan.
    """
    with _stopped_when_found():
        plan_id = _solved()
    with transaction():
        plan = plan_with_programme(plan_id)
        if plan.state is not PlanState.DRAFT:
            db.session.delete(plan)
            return False
        _open_to_visitors(plan.programme)
        publish(
            plan,
            edition=plan.edition,
            notes=NOTES,
            actor=_coordinator(),
            now=clock.now(),
            secret_key=secret_key(),
            public_url=public_url(),
        )
        _keep_reserves(plan.programme)
        _accept_first_request()
    return True


def _solved() -> int:
    """Begin the search and do the worker's part, for none may be there yet; the plan's id."""
    with transaction():
        begun = services.begin(
            _programme(),
            actor=_coordinator(),
            now=clock.now(),
            seconds=MOST_SECONDS,
            seed=SEED,
            name=NAME,
        )
        plan_id, job_id = begun.id, begun.job_id
    # Whoever comes second to the job finds it taken and leaves it.
    running.run(db.session.scalars(select(Job.ref).where(Job.id == job_id)).one())
    db.session.rollback()
    return plan_id


@contextmanager
def _stopped_when_found() -> Iterator[None]:
    """Press "stop" beside the block, as a coordinator who watches the search would."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    is_over = threading.Event()
    beside = threading.Thread(target=_stop_when_found, args=(app, is_over))
    beside.start()
    try:
        yield
    finally:
        is_over.set()
        beside.join()


def _stop_when_found(app: Flask, is_over: threading.Event) -> None:
    """Look at the only search there is until it has a plan, then ask it to stop."""
    search = select(Job).where(Job.kind == services.SOLVE, Job.state == JobState.RUNNING)
    while not is_over.wait(LOOK_SECONDS):
        with app.app_context():
            job = db.session.scalars(search).first()
            found = job.progress if job else {}
            if job is None or found.get("value") is None or found["seconds"] < LEAST_SECONDS:
                continue
            with transaction():
                jobs.request_stop(jobs.find(job.ref), now=clock.now())
            return


def _open_to_visitors(programme: Programme) -> None:
    """Open what is to be published; before it is, so that calendars are made once."""
    set_open(
        programme, is_open=True, actor=_coordinator(), now=clock.now(), public_url=public_url()
    )


def _accept_first_request() -> None:
    """Answer the first of the requests to jurors, as on its page; the others stay open."""
    asked = (
        select(AttendanceRequest)
        .join(AttendanceRequest.entry)
        .where(AttendanceRequest.address == ANSWERING)
        .order_by(CalendarEntry.starts_at)
    )
    first = db.session.scalars(asked).first()
    if first is not None:
        note_on_page(first, Answer.ACCEPTED, COMMENT, now=clock.now())


def _keep_reserves(programme: Programme) -> None:
    """Keep Sunday afternoon free at two venues, should a typhoon take the Saturday morning."""
    day = programme.ends_on
    begin, end = (
        dt.datetime.combine(day, dt.time(hour), ZoneInfo(programme.timezone)).astimezone(dt.UTC)
        for hour in RESERVE_HOURS
    )
    for venue in programme.venues:
        if venue.code in RESERVE_VENUES:
            add_reserve(programme, venue, begin, end, actor=_coordinator(), now=clock.now())


def _programme() -> Programme:
    return db.session.scalars(select(Programme).where(Programme.code == CODE)).one()


def _coordinator() -> Actor:
    return db.session.scalars(select(Account).where(Account.email == COORDINATOR.email)).one().actor
