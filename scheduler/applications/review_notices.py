"""What reviewers of a level are told by mail: each morning, if entries have come to them."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, func, select

from scheduler.access.permissions import Role
from scheduler.accounts.models import Account, RoleGrant
from scheduler.accounts.notices import mail
from scheduler.applications import levels, queues
from scheduler.applications.models import Application, HistoryEntry
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.organisations.models import District, School
from scheduler.programmes.approval import ApprovalLevel
from scheduler.programmes.models import Programme

WAITING = "applications.to_review"
A_DAY = dt.timedelta(days=1)
REVIEWERS = frozenset({Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER})
ARRIVALS = (Action.SUBMIT, Action.NOMINATE, Action.RECALL, Action.APPROVE_CHANGES)
"""The steps by which an entry comes to a level."""


def tell_reviewers(*, now: dt.datetime) -> int:
    """Mail each reviewer who has got entries since yesterday, once for each programme and day."""
    told = 0
    for programme in db.session.scalars(_with_arrivals(now)).all():
        for account in _reviewers():
            told += _tell(account, programme, now)
    return told


def _tell(account: Account, programme: Programme, now: dt.datetime) -> bool:
    served = [level.id for level in levels.served_levels(account.actor, programme.id)]
    if not served:
        return False
    here = Application.state == State.SUBMITTED, Application.level_id.in_(served)
    query = (
        select(func.count(Application.id), func.count(Application.id).filter(_has_come(now)))
        .join(School, School.id == Application.school_id)
        .outerjoin(District, District.id == School.district_id)
        .where(queues.reach(account.actor, programme), *here)
    )
    waiting, new = db.session.execute(query).one()
    if not new:
        return False
    return mail(
        account,
        WAITING,
        {
            "programme": programme.names,
            "count": waiting,
            "new": new,
            "link": f"/programmes/{programme.code}/applications",
        },
        now=now,
        about=programme.code,
        once_key=f"{WAITING}:{programme.code}:{account.id}:{now.date().isoformat()}",
        programme_id=programme.id,
    )


def _with_arrivals(now: dt.datetime) -> Select[Programme]:
    of_levels = select(Application.programme_id).where(
        Application.state == State.SUBMITTED,
        Application.level_id.in_(select(ApprovalLevel.id)),
        _has_come(now),
    )
    return select(Programme).where(Programme.id.in_(of_levels)).order_by(Programme.id)


def _has_come(now: dt.datetime) -> ColumnElement[bool]:
    steps = select(HistoryEntry.id).where(
        HistoryEntry.application_id == Application.id,
        HistoryEntry.action.in_(ARRIVALS),
        HistoryEntry.at > now - A_DAY,
        HistoryEntry.at <= now,
    )
    return steps.exists()


def _reviewers() -> list[Account]:
    granted = select(RoleGrant.account_id).where(RoleGrant.role.in_(REVIEWERS))
    query = select(Account).where(Account.id.in_(granted), Account.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(Account.id)))
