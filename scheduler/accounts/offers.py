"""Roles offered to accounts that are there already: nobody gets one without taking it.

A role also takes something away: whoever acts for a school may not review or decide on its
entries. So nobody who reviews or decides is offered one by a school, and nobody is made to hold
one by others than administrators.
"""

import datetime as dt

from sqlalchemy import delete, select

from scheduler.access.permissions import SCOPE_BY_ROLE, Role
from scheduler.accounts import mails, roles
from scheduler.accounts.models import Account, RoleOffer
from scheduler.accounts.notices import mail, record
from scheduler.accounts.refusals import AccountRefusal
from scheduler.accounts.texts import role_in_scope
from scheduler.database import db
from scheduler.errors import NotFound, Refused

LIFETIME = dt.timedelta(days=14)
_STAFF = frozenset(
    {
        Role.PLATFORM_ADMINISTRATOR,
        Role.COORDINATOR,
        Role.DISTRICT_REVIEWER,
        Role.CITY_REVIEWER,
    }
)


def find(ref: str) -> RoleOffer:
    """Return the offer; raises `NotFound`."""
    offer = db.session.scalar(select(RoleOffer).where(RoleOffer.ref == ref))
    if offer is None:
        raise NotFound
    return offer


def waiting(role: Role, scope_id: int, *, now: dt.datetime) -> list[RoleOffer]:
    """Return the offers of the role within the scope that can still be taken, by address."""
    query = (
        select(RoleOffer)
        .join(Account)
        .where(RoleOffer.role == role, RoleOffer.scope_id == scope_id, RoleOffer.expires_at > now)
        .order_by(Account.email)
    )
    return list(db.session.scalars(query))


def offer(
    account: Account,
    role: Role,
    scope_id: int,
    *,
    name: str,
    scope_names: dict[str, str] | str,
    inviter: str,
    actor_id: int | None,
    now: dt.datetime,
) -> RoleOffer:
    """Offer the role to the account and mail its owner; a standing offer is renewed.

    Raises `Refused`, with one code for all that an outsider must not learn: for closed accounts,
    and for those who review, decide or administer.
    """
    # One at a time: two who ask at once would otherwise both add an offer.
    db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
    demand_free(account)
    found = db.session.scalar(
        select(RoleOffer).where(
            RoleOffer.account_id == account.id,
            RoleOffer.role == role,
            RoleOffer.scope_id == scope_id,
        )
    )
    if found is None:
        scope = SCOPE_BY_ROLE[role]
        found = RoleOffer(account=account, role=role, scope=scope, scope_id=scope_id)
        db.session.add(found)
    found.name = name or account.email.partition("@")[0]
    found.inviter = inviter
    found.created_at, found.expires_at = now, now + LIFETIME
    db.session.flush()
    mail(
        account,
        mails.ROLE_OFFERED,
        {
            "inviter": inviter,
            "role": role_in_scope(role, scope_names),
            "expires_at": found.expires_at.isoformat(),
            "offer_link": f"/account/role-offers/{found.ref}",
        },
        now=now,
    )
    record("account:offer_role", account, actor_id=actor_id, now=now)
    return found


def demand_free(account: Account) -> None:
    """Raise `Refused` if a school may not make the account act for it."""
    if not account.is_active or any(grant.role in _STAFF for grant in account.grants):
        raise Refused(AccountRefusal.NOT_INVITABLE, field="email")


def take(found: RoleOffer, *, now: dt.datetime) -> None:
    """Give the account the role that it was offered; raises `Refused` if that is not possible."""
    if found.expires_at <= now:
        raise Refused(AccountRefusal.OFFER_ENDED)
    demand_free(found.account)
    if not roles.has(found.account, found.role, found.scope_id):
        account = found.account
        roles.grant(account, found.role, found.scope_id, actor_id=account.id, now=now)
    end(found, actor_id=found.account_id, now=now)


def end(found: RoleOffer, *, actor_id: int | None, now: dt.datetime) -> None:
    """Decline or withdraw an offer."""
    record("account:end_role_offer", found.account, actor_id=actor_id, now=now)
    db.session.delete(found)
    db.session.flush()


def forget_old(*, now: dt.datetime) -> None:
    """Delete offers that nobody took in time."""
    db.session.execute(delete(RoleOffer).where(RoleOffer.expires_at <= now))
