"""Tells those who can judge it that somebody from outside invited an officer for a school."""

import datetime as dt

from sqlalchemy import or_, select

from scheduler.access.permissions import Actor, Role
from scheduler.accounts import mails
from scheduler.accounts.models import Account, RoleGrant
from scheduler.accounts.notices import mail, record
from scheduler.database import db
from scheduler.organisations.models import School


def tell(school: School, invited: Account, *, inviter: Actor, now: dt.datetime) -> None:
    """Mail the school's other officers and the administrators, and note it in the audit log."""
    for account in _watchers(school, invited, inviter):
        mail(
            account,
            mails.OFFICER_INVITED,
            {
                "inviter": inviter.name,
                "address": invited.email,
                "school": school.name,
                "officers_link": f"/schools/{school.code}/officers",
            },
            now=now,
        )
    record("account:invite_for_school", invited, actor_id=inviter.account_id, now=now)


def _watchers(school: School, invited: Account, inviter: Actor) -> list[Account]:
    is_theirs = (RoleGrant.role == Role.SCHOOL_OFFICER) & (RoleGrant.scope_id == school.id)
    query = (
        select(Account)
        .where(
            Account.grants.any(or_(is_theirs, RoleGrant.role == Role.PLATFORM_ADMINISTRATOR)),
            Account.deactivated_at.is_(None),
            Account.password_hash.is_not(None),
            Account.id.not_in([invited.id, inviter.account_id or 0]),
        )
        .order_by(Account.id)
    )
    return list(db.session.scalars(query))
