"""The calendars of whoever signs in: what their roles make their business, and nothing else."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select

from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant
from scheduler.calendars import own_calendars, owners
from scheduler.calendars.entries import Audience, portions
from scheduler.calendars.owners import Owner
from scheduler.database import db

KIND = "account"
HOLDERS = "holders"
EVERY_SCHOOL = Audience(HOLDERS, "every_school")
"""Everybody who enters groups for any school."""
EVERY_REVIEWER = Audience(HOLDERS, "every_reviewer")
"""Everybody who reviews entries."""
_OFFICES = frozenset({Role.SCHOOL_OFFICER, Role.TEAM_LEADER})
_REVIEWERS = frozenset({Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER})


def account_audience(account: Account) -> Audience:
    """Return under which name an account's calendars stand."""
    return Audience(KIND, account.ref)


def holders_of(scope: ScopeKind, scope_id: int) -> Audience:
    """Return the audience of all who hold a role within a scope; entries are addressed to it."""
    return Audience(HOLDERS, f"{scope}/{scope_id}")


def duties_of(account: Account) -> dict[Audience, str]:
    """Return whom the account's calendars follow by its roles; nobody once it is closed."""
    if not account.is_active:
        return {}
    return dict.fromkeys((each for grant in account.grants for each in _by(grant)), "")


def follow_duties(account: Account, *, now: dt.datetime) -> None:
    """Let the account's calendars show what its roles say now, if it has any."""
    if own_calendars.calendars_of(account_audience(account)):
        own_calendars.follow(account_audience(account), duties_of(account), now=now)


def accounts_by_mail(refs: Collection[str]) -> dict[str, Owner]:
    """Return where the owners of these accounts are written to; nobody whose account is closed."""
    found: dict[str, Owner] = {}
    for some in portions(refs):
        query = select(Account).where(Account.ref.in_(some), Account.deactivated_at.is_(None))
        for account in db.session.scalars(query):
            found[account.ref] = Owner(account.email, account.name, account.locale, account.id)
    return found


owners.add(KIND, accounts_by_mail)


def _by(grant: RoleGrant) -> list[Audience]:
    found = []
    if grant.scope is not ScopeKind.PLATFORM:
        found.append(holders_of(grant.scope, grant.scope_id))
    if grant.role in _OFFICES:
        found.append(EVERY_SCHOOL)
    if grant.role in _REVIEWERS:
        found.append(EVERY_REVIEWER)
    return found
