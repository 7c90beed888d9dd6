"""Which roles an account holds: grant, revoke, and never lose the last administrator."""

import datetime as dt

from sqlalchemy import select

from scheduler.access.permissions import SCOPE_BY_ROLE, Role
from scheduler.accounts.duty_calendars import follow_duties
from scheduler.accounts.models import Account, RoleGrant
from scheduler.accounts.refusals import AccountRefusal
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import Refused

_ABLE = (Account.deactivated_at.is_(None), Account.password_hash.is_not(None))
"""Who can sign in."""


def has(account: Account, role: Role, scope_id: int) -> bool:
    """Tell whether the account holds the role within the scope."""
    return any(grant.role is role and grant.scope_id == scope_id for grant in account.grants)


def holders(role: Role, scope_id: int) -> list[Account]:
    """Return the live accounts that hold the role within the scope, in a stable order."""
    granted = select(RoleGrant.account_id).where(
        RoleGrant.role == role, RoleGrant.scope_id == scope_id
    )
    query = select(Account).where(Account.id.in_(granted), Account.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(Account.id)))


def has_administrator() -> bool:
    """Tell whether anybody can administer: active, with the role, and with a password."""
    query = (
        select(Account.id)
        .join(RoleGrant)
        .where(RoleGrant.role == Role.PLATFORM_ADMINISTRATOR, *_ABLE)
        .limit(1)
    )
    return db.session.scalar(query) is not None


def grant(
    account: Account, role: Role, scope_id: int, *, actor_id: int | None, now: dt.datetime
) -> None:
    """Give the account a role; `scope_id` points into the scope's table, 0 is the platform."""
    if has(account, role, scope_id):
        raise Refused(AccountRefusal.ALREADY_GRANTED)
    scope = SCOPE_BY_ROLE[role]
    account.grants.append(RoleGrant(role=role, scope=scope, scope_id=scope_id, granted_at=now))
    db.session.flush()
    follow_duties(account, now=now)
    _record("account:grant", account, role, scope_id, actor_id=actor_id, now=now)


def revoke(account: Account, role: Role, scope_id: int, *, actor_id: int, now: dt.datetime) -> None:
    """Take a role away, if it is there; raises `Refused` for the last administrator's."""
    held = [each for each in account.grants if each.role is role and each.scope_id == scope_id]
    if not held:
        return
    if role is Role.PLATFORM_ADMINISTRATOR:
        demand_other_administrator(account)
    account.grants.remove(held[0])
    db.session.flush()
    follow_duties(account, now=now)
    _record("account:revoke", account, role, scope_id, actor_id=actor_id, now=now)


def demand_other_administrator(account: Account) -> None:
    """Raise `Refused` if the account is the only administrator who can sign in.

    The administrators' rows are locked, so that two of them cannot remove each other at once.
    """
    if not has(account, Role.PLATFORM_ADMINISTRATOR, 0):
        return
    administers = RoleGrant.role == Role.PLATFORM_ADMINISTRATOR
    lock = select(Account.id).join(RoleGrant).where(administers).order_by(Account.id)
    db.session.execute(lock.with_for_update(of=Account))
    # Asked anew behind the lock: PostgreSQL answers a waiting statement from its old snapshot.
    others = db.session.scalar(
        select(Account.id)
        .join(RoleGrant)
        .where(administers, *_ABLE, Account.id != account.id)
        .limit(1)
    )
    if others is None:
        raise Refused(AccountRefusal.LAST_ADMINISTRATOR)


def _record(
    action: str,
    account: Account,
    role: Role,
    scope_id: int,
    *,
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    audit.record(
        action,
        account_id=actor_id,
        subject_type="account",
        subject_ref=account.ref,
        now=now,
        role=str(role),
        scope_id=scope_id,
    )
