"""What lies in the frozen zone, and the requests for a second confirmation: read, never written."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Role
from scheduler.accounts.models import Account
from scheduler.accounts.roles import holders
from scheduler.database import db
from scheduler.programmes.models import Programme
from scheduler.scheduling.models import Plan, Release
from scheduler.scheduling.releases.differences import Change, Kind, Line
from scheduler.scheduling.releases.frozen_models import PublishRequest, RequestState

ALONE_WAITS = dt.timedelta(minutes=10)
"""So long whoever is alone waits between the first and the second confirmation."""


def frozen_changes(
    programme: Programme, changes: Iterable[Change], *, now: dt.datetime
) -> list[Change]:
    """Return those that touch the frozen zone, which a programme may do without."""
    hours = programme.frozen_hours
    return near_changes(changes, within=dt.timedelta(hours=hours), now=now) if hours else []


def near_changes(
    changes: Iterable[Change], *, within: dt.timedelta, now: dt.datetime
) -> list[Change]:
    """Return those that move or cancel something not yet over that begins within the time.

    Both the old and the new time count; it begins with the warm-up. What is new is none of them.
    """
    until = now + within

    def is_near(line: Line) -> bool:
        return line.ends_at > now and line.warmup_starts_at <= until

    return [
        change
        for change in changes
        if change.kind is not Kind.NEW and any(is_near(line) for line in change.lines)
    ]


def request_of(plan: Plan, state: RequestState = RequestState.WAITING) -> PublishRequest | None:
    """Return the draft's request in that state, if it holds for the draft as it is now."""
    query = (
        _requests()
        .where(
            PublishRequest.plan_id == plan.id,
            PublishRequest.state == state,
            PublishRequest.edition == plan.edition,
            PublishRequest.base_number == last_number(plan.programme),
        )
        .order_by(PublishRequest.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def waiting_in(programme: Programme) -> list[PublishRequest]:
    """Return the programme's requests that wait for a second confirmation, the oldest first."""
    query = (
        _requests()
        .join(Plan, PublishRequest.plan_id == Plan.id)
        .where(
            Plan.programme_id == programme.id,
            PublishRequest.state == RequestState.WAITING,
            PublishRequest.edition == Plan.edition,
            PublishRequest.base_number == last_number(programme),
        )
        .order_by(PublishRequest.id)
    )
    return list(db.session.scalars(query))


def requests_of(plan: Plan) -> list[PublishRequest]:
    """Return all that was asked about a draft, the newest first."""
    query = _requests().where(PublishRequest.plan_id == plan.id)
    return list(db.session.scalars(query.order_by(PublishRequest.id.desc())))


def request_behind(release: Release) -> PublishRequest | None:
    """Return the request under which a release was published, if it needed one."""
    return db.session.scalars(
        _requests().where(PublishRequest.release_id == release.id).limit(1)
    ).one_or_none()


def others(programme: Programme, account_id: int | None) -> list[Account]:
    """Return who else could confirm: whoever may publish here and can sign in."""
    return [
        account
        for account in holders(Role.COORDINATOR, programme.id)
        if account.id != account_id and account.password_hash is not None
    ]


def alone_from(request: PublishRequest) -> dt.datetime:
    """Return from when on whoever asked may confirm, where nobody else could."""
    return request.asked_at + ALONE_WAITS


def shown_state(request: PublishRequest) -> RequestState:
    """Return a request's state as it is to be shown: one that waits may hold for nothing now."""
    if request.state is RequestState.WAITING and request_of(request.plan) is not request:
        return RequestState.VOID
    return request.state


def last_number(programme: Programme) -> int:
    """Return the number of the release that stands; 0 before the first."""
    query = select(func.max(Release.number)).where(Release.programme_id == programme.id)
    return db.session.scalar(query) or 0


def _requests() -> Select[PublishRequest]:
    return select(PublishRequest).options(
        joinedload(PublishRequest.asker),
        joinedload(PublishRequest.decider),
        joinedload(PublishRequest.plan),
    )
