"""What stands on one's starting page: read once per role, limited to one's own scopes."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, raiseload

from scheduler.access.permissions import Actor, Role
from scheduler.accounts.models import Account
from scheduler.applications import queues
from scheduler.applications.calls import DUE, Call, OwnEntry, calls_by_school, schools_of
from scheduler.applications.guest_models import GuestPart, PartState
from scheduler.applications.models import Application
from scheduler.applications.queries import Tally, led_by, tallies
from scheduler.applications.substitution_queries import waiting_by_programme
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.delegations.queries import parts_of_schools
from scheduler.jobs.models import Job, JobState
from scheduler.notifications import services as notifications
from scheduler.notifications.models import Mail, MailState
from scheduler.organisations.models import School
from scheduler.programmes.models import Programme
from scheduler.scheduling.models import Plan, Release
from scheduler.scheduling.standing import Standing, standing_of

Thing = TypeVar("Thing", Plan, Release)

SHOWN_STATES = (State.SUBMITTED, State.WAITLISTED, State.ACCEPTED, State.RETURNED)
RECENT = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SchoolSection:
    """What an officer's school can enter, what it has to do, and what it has entered.

    `invitations` are those into other schools' entries, and the parts in them that wait for it.
    """

    school: School
    calls: list[Call]
    invitations: list[GuestPart]

    @property
    def offered(self) -> list[tuple[Call, OwnEntry]]:
        """Return the groups for which a place is held until the school takes it."""
        return [(call, entry) for call in self.calls for entry in call.entries if entry.is_offered]

    @property
    def due(self) -> list[tuple[Call, OwnEntry]]:
        """Return the entries that wait for the school, the most pressing first."""
        return [(call, entry) for call in self.calls for entry in call.entries if entry.is_due]

    @property
    def unconfirmed(self) -> list[tuple[Call, OwnEntry]]:
        """Return the accepted groups that the school has still to confirm."""
        return [(call, entry) for call in self.calls for entry in call.unconfirmed]

    @property
    def counts(self) -> dict[State, int]:
        """Return how many entries are in each state that occurs, in the order of the workflow."""
        states = [entry.application.state for call in self.calls for entry in call.entries]
        return {state: states.count(state) for state in State if state in states}


@dataclass(frozen=True, slots=True)
class ProgrammeSection:
    """Where a programme stands for those who decide on its entries."""

    programme: Programme
    counts: dict[State, int]
    is_own: bool
    tallies: list[Tally]
    plan: Plan | None
    release: Release | None
    standing: Standing | None
    substitutions: int = 0

    @property
    def is_stale(self) -> bool:
        """Tell whether groups, venues or rules were changed since the newest plan was made."""
        return self.plan is not None and self.plan.roster_revision != self.programme.roster_revision


@dataclass(frozen=True, slots=True)
class PlatformSection:
    """What an administrator looks after."""

    active: int
    invited: int
    troubled_mails: int
    waiting_mails: int
    running_jobs: int
    failed_jobs: int


def school_sections(actor: Actor, *, now: dt.datetime) -> list[SchoolSection]:
    """Return the sections of the schools that the actor enters for."""
    ids = sorted(actor.scope_ids(Role.SCHOOL_OFFICER))
    if not ids:
        return []
    calls = calls_by_school(ids, now=now)
    parts = parts_of_schools(ids)
    return [
        SchoolSection(
            school,
            calls[school.id],
            [part for part in parts[school.id] if _waits_for_guest(part)],
        )
        for school in schools_of(ids)
    ]


def _waits_for_guest(part: GuestPart) -> bool:
    """Tell whether the guest school has to answer or to enter its pupils, and still can."""
    is_open = part.application.state in DUE
    return is_open and part.state in {PartState.INVITED, PartState.JOINED}


def programme_sections(actor: Actor, *, now: dt.datetime) -> list[ProgrammeSection]:
    """Return the programmes that the actor coordinates or reviews, what is running first.

    The number of queries grows only with the coordinator's own programmes that are published, each
    of which is looked through for what no longer fits, and with those of a city's reviewer.
    """
    own = actor.scope_ids(Role.COORDINATOR)
    counts = _counts_by_programme(actor)
    programmes = _programmes(actor, counts.keys(), now)
    ids = [each.id for each in programmes]
    places = tallies([each for each in ids if each in own]) if own else {}
    substitutions = waiting_by_programme(own)
    plans = _newest(Plan, Plan.programme_id, ids)
    releases = _newest(Release, Release.programme_id, ids)
    return [
        ProgrammeSection(
            programme=each,
            counts={state: counts[each.id][state] for state in SHOWN_STATES},
            is_own=each.id in own,
            tallies=places.get(each.id, []),
            plan=plans.get(each.id) if each.id in own else None,
            release=releases.get(each.id),
            standing=standing_of(each) if each.id in own and each.id in releases else None,
            substitutions=substitutions.get(each.id, 0),
        )
        for each in programmes
    ]


def _programmes(actor: Actor, entered: Iterable[int], now: dt.datetime) -> list[Programme]:
    """Return the coordinator's own ones, and for reviewers those with or still open to entries."""
    concerned: ColumnElement[bool] = Programme.id.in_(actor.scope_ids(Role.COORDINATOR))
    reviewed = Programme.id.in_(list(entered)) | (Programme.entry_closes_at > now)
    if not actor.has_role(Role.DISTRICT_REVIEWER):
        reviewed &= Programme.id.in_(actor.scope_ids(Role.CITY_REVIEWER))
    query = select(Programme).where(concerned | reviewed).options(raiseload("*"))
    return sorted(db.session.scalars(query), key=lambda each: _urgency(each, now))


def _urgency(programme: Programme, now: dt.datetime) -> tuple[int, int, int]:
    """Put what is running first, the next event at the top; then what comes, then what is over."""
    day = programme.starts_on.toordinal()
    if programme.ends_on < now.astimezone(ZoneInfo(programme.timezone)).date():
        return 2, -day, programme.id
    return int(now < programme.entry_opens_at), day, programme.id


def _counts_by_programme(actor: Actor) -> dict[int, Counter[State]]:
    """Count what the actor's queues hold, as `applications.queues.reach` limits them."""
    own = Application.programme_id.in_(actor.scope_ids(Role.COORDINATOR))
    cities = actor.scope_ids(Role.CITY_REVIEWER)
    reached = [queues.reach(actor, each) for each in _programmes_by_id(cities)]
    districts = School.district_id.in_(actor.scope_ids(Role.DISTRICT_REVIEWER))
    elsewhere = districts & Application.programme_id.not_in(cities)
    rows = db.session.execute(
        select(Application.programme_id, Application.state, func.count())
        .join(School, Application.school_id == School.id)
        .where(or_(own, elsewhere & (Application.state != State.DRAFT), *reached))
        .group_by(Application.programme_id, Application.state)
    )
    counts: defaultdict[int, Counter[State]] = defaultdict(Counter)
    for programme_id, state, count in rows:
        counts[programme_id][state] = count
    return counts


def _programmes_by_id(ids: Iterable[int]) -> list[Programme]:
    query = select(Programme).where(Programme.id.in_(list(ids))).options(raiseload("*"))
    return list(db.session.scalars(query))


def _newest(
    model: type[Thing], owner: InstrumentedAttribute[int], ids: list[int]
) -> dict[int, Thing]:
    newest = select(func.max(model.id)).where(owner.in_(ids)).group_by(owner)
    found = db.session.scalars(select(model).where(model.id.in_(newest)).options(raiseload("*")))
    return {thing.programme_id: thing for thing in found}


def led_groups(actor: Actor) -> list[Application]:
    """Return the groups that the actor leads."""
    return led_by(actor) if actor.has_role(Role.TEAM_LEADER) else []


def platform_section(actor: Actor, *, now: dt.datetime) -> PlatformSection | None:
    """Return what an administrator looks after; None for everybody else."""
    if not actor.has_role(Role.PLATFORM_ADMINISTRATOR):
        return None
    is_open, has_password = Account.deactivated_at.is_(None), Account.password_hash.is_not(None)
    recently = Job.created_at > now - RECENT
    return PlatformSection(
        active=_count(Account.id, is_open, has_password),
        invited=_count(Account.id, is_open, ~has_password),
        troubled_mails=notifications.troubled_count(now=now),
        waiting_mails=_count(Mail.id, Mail.state == MailState.QUEUED),
        running_jobs=_count(Job.id, Job.state.in_((JobState.QUEUED, JobState.RUNNING))),
        failed_jobs=_count(Job.id, Job.state == JobState.FAILED, recently),
    )


def _count(column: object, *conditions: object) -> int:
    return db.session.scalar(select(func.count(column)).where(*conditions)) or 0  # type: ignore[arg-type]
