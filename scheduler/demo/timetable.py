"""The demo's first release: solved and published by the services that a coordinator uses."""

import datetime as dt
import threading
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.accounts.models import Account
from scheduler.database import db, transaction
from scheduler.demo.accounts import COORDINATOR
from scheduler.demo.programme import CODE
from scheduler.extensions import secret_key
from scheduler.jobs import running
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job
from scheduler.programmes.models import Programme
from scheduler.scheduling import services
from scheduler.scheduling.happenings.reserves import add_reserve
from scheduler.scheduling.models import PlanState
from scheduler.scheduling.releases.publishing import publish
from scheduler.scheduling.tasks import plan_with_programme

LEAST_SECONDS = 6
MOST_SECONDS = 120
LOOK_SECONDS = 0.25
SEED = 2027
NAME = "#1"
NOTES = "First release for all schools."
RESERVE_VENUES = ("V2", "V3")
RESERVE_HOURS = (13, 17)


def publish_first() -> bool:
    """Solve the festival and publish release 1; False if no plan was found within two minutes.

    The search ends after a few seconds; on a busy or slow machine as soon as there is a plan.
    """
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
    _solve(db.session.scalars(select(Job.ref).where(Job.id == job_id)).one())
    with transaction():
        plan = plan_with_programme(plan_id)
        if plan.state is not PlanState.DRAFT:
            db.session.delete(plan)
            return False
        publish(
            plan,
            edition=plan.edition,
            notes=NOTES,
            actor=_coordinator(),
            now=clock.now(),
            secret_key=secret_key(),
        )
        _keep_reserves(plan.programme)
    return True


def _solve(job_ref: str) -> None:
    """Do the worker's part, for none may be there yet: whoever comes second leaves it alone."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    is_over = threading.Event()
    beside = threading.Thread(target=_stop_when_found, args=(app, job_ref, is_over))
    beside.start()
    try:
        running.run(job_ref)
    finally:
        is_over.set()
        beside.join()
    db.session.rollback()


def _stop_when_found(app: Flask, job_ref: str, is_over: threading.Event) -> None:
    """Press "stop", as a coordinator who watches the search would, when it has a plan."""
    while not is_over.wait(LOOK_SECONDS):
        with app.app_context():
            found = jobs.find(job_ref).progress
            if found.get("value") is None or found["seconds"] < LEAST_SECONDS:
                continue
            with transaction():
                jobs.request_stop(jobs.find(job_ref), now=clock.now())
            return


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
