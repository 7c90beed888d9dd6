"""Who is told what about an application: the school's officers and the group's leader, by mail."""

import datetime as dt
from typing import Any

from sqlalchemy import or_, select

from scheduler.access.permissions import Role
from scheduler.accounts.models import Account, RoleGrant
from scheduler.accounts.notices import mail
from scheduler.applications.models import Application
from scheduler.applications.workflow import Action
from scheduler.database import db

MAIL_BY_ACTION = {
    Action.ACCEPT: "applications.accepted",
    Action.WAITLIST: "applications.waitlisted",
    Action.RETURN: "applications.returned",
    Action.REJECT: "applications.rejected",
    Action.OFFER: "applications.offered",
    Action.RECALL: "applications.recalled",
}


def tell_decision(
    application: Application, action: Action, *, now: dt.datetime, reason: str | None
) -> None:
    """Queue one mail to each officer of the school and each leader of the group."""
    facts: dict[str, Any] = {"reason": reason or ""}
    if application.offer_ends_at is not None:
        zone = application.programme.timezone
        facts |= {"ends_at": application.offer_ends_at.isoformat(), "timezone": zone}
        facts["places"] = application.places_held
    _tell(application, MAIL_BY_ACTION[action], now=now, **facts)


def tell_lapse(application: Application, *, now: dt.datetime) -> None:
    """Queue the news that an offer has ended without an answer."""
    _tell(application, "applications.offer_lapsed", now=now)


def confirm_submission(application: Application, *, now: dt.datetime) -> None:
    """Queue the receipt of a submission."""
    _tell(application, "applications.submitted", now=now)


def confirm_withdrawal(application: Application, *, now: dt.datetime) -> None:
    """Queue the receipt of a withdrawal."""
    _tell(application, "applications.withdrawn", now=now)


def recipients(application: Application) -> list[Account]:
    """Return the live accounts of the school's officers and the group's leaders, each once."""
    is_officer = (RoleGrant.role == Role.SCHOOL_OFFICER) & (
        RoleGrant.scope_id == application.school_id
    )
    is_leader = (RoleGrant.role == Role.TEAM_LEADER) & (RoleGrant.scope_id == application.id)
    granted = select(RoleGrant.account_id).where(or_(is_officer, is_leader))
    query = select(Account).where(Account.id.in_(granted), Account.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(Account.id)))


def _tell(application: Application, code: str, *, now: dt.datetime, **facts: Any) -> None:
    stated = {
        "ref": application.ref,
        "group": application.group_name,
        "school": application.school.name,
        "category": application.category.names,
        "programme": application.programme.names,
        "link": f"/applications/{application.ref}",
        **facts,
    }
    for account in recipients(application):
        mail(account, code, stated, now=now, about=application.ref)
