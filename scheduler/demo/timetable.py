"""The demo's first release: solved and published by the services that a coordinator uses."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.accounts.models import Account
from scheduler.database import db, transaction
from scheduler.demo.accounts import COORDINATOR
from scheduler.demo.programme import CODE
from scheduler.extensions import secret_key
from scheduler.jobs import running
from scheduler.jobs.models import Job
from scheduler.programmes.models import Programme
from scheduler.scheduling import services
from scheduler.scheduling import tasks as scheduling_tasks  # noqa: F401 - registers the work
from scheduler.scheduling.happenings.reserves import add_reserve
from scheduler.scheduling.models import Plan, PlanState
from scheduler.scheduling.releases.publishing import publish

SECONDS = (6, 20, 60)
SEED = 2027
NAME = "#1"
NOTES = "First release for all schools."
RESERVE_VENUES = ("V2", "V3")
RESERVE_HOURS = (13, 17)


def publish_first() -> bool:
    """Solve the festival and publish release 1; False if no plan was found in any of the tries.

    A busy or slow machine gets more time on the next try.
    """
    return any(_is_published(seconds) for seconds in SECONDS)


def _is_published(seconds: int) -> bool:
    with transaction():
        plan = services.begin(
            _programme(),
            actor=_coordinator(),
            now=clock.now(),
            seconds=seconds,
            seed=SEED,
            name=NAME,
        )
        plan_id, job_id = plan.id, plan.job_id
    # No worker may be there yet. Whoever comes second to the job finds it taken and leaves it.
    running.run(db.session.scalars(select(Job.ref).where(Job.id == job_id)).one())
    db.session.rollback()
    with transaction():
        plan = db.session.scalars(
            select(Plan).where(Plan.id == plan_id).options(joinedload(Plan.programme))
        ).one()
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
