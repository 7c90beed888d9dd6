"""What staff look up: accounts, mails, audit entries, jobs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import selectinload

from scheduler.access.permissions import Role
from scheduler.accounts.models import Account, RoleGrant
from scheduler.audit.models import AuditEntry
from scheduler.database import db
from scheduler.jobs.models import Job
from scheduler.notifications.models import Mail, MailState
from scheduler.notifications.reading import is_about

_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(9000, 1, 1)
"""Outside of these is nothing, and at the ends of the calendar no zone can be reckoned with."""

ACCOUNT_STATES = ("active", "invited", "closed")

# What the lists can be sorted by, on their pages and in exports of them.
ACCOUNT_SORTS: dict[str, Any] = {
    "name": (Account.name, Account.id),
    "email": Account.email,
    "created": (Account.created_at, Account.id),
}
MAIL_SORTS: dict[str, Any] = {
    "created": (Mail.created_at, Mail.id),
    "to": (Mail.to_address, Mail.id),
}
AUDIT_SORTS: dict[str, Any] = {"at": (AuditEntry.at, AuditEntry.id)}
JOB_SORTS: dict[str, Any] = {"created": (Job.created_at, Job.id)}


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """What somebody looks for in the audit log; empty fields ask for nothing."""

    action: str = ""
    about: str = ""
    account: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


def audit_search(arguments: Mapping[str, str]) -> AuditSearch:
    """Return what an address asks the audit log for; what is no day is left out."""
    return AuditSearch(
        action=arguments.get("action", "").strip(),
        about=arguments.get("about", "").strip(),
        account=arguments.get("account", "").strip(),
        first=_day(arguments.get("first", "")),
        last=_day(arguments.get("last", "")),
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def like(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Match a piece of the column as it was typed, signs and all."""
    literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.ilike(f"%{literal}%", escape="\\")


def accounts(*, text: str = "", role: str = "", state: str = "") -> Select[Account]:
    """Return the accounts that match; text is a piece of name or address."""
    query = select(Account).options(selectinload(Account.grants))
    if text:
        query = query.where(
            or_(like(Account.name.expression, text), like(Account.email.expression, text))
        )
    if role in set(Role):
        query = query.where(Account.grants.any(RoleGrant.role == Role(role)))
    condition = _account_state(state)
    return query if condition is None else query.where(condition)


def _account_state(state: str) -> ColumnElement[bool] | None:
    is_open = Account.deactivated_at.is_(None)
    has_password = Account.password_hash.is_not(None)
    conditions = {
        "active": is_open & has_password,
        "invited": is_open & ~has_password,
        "closed": ~is_open,
    }
    return conditions.get(state)


def state_of(account: Account) -> str:
    """Return one of `ACCOUNT_STATES`."""
    if not account.is_active:
        return "closed"
    return "invited" if account.is_invited else "active"


def mails(*, text: str = "", state: str = "") -> Select[Mail]:
    """Return the mails that match; text is a piece of address, code, or reference of the case."""
    query = select(Mail)
    if text:
        query = query.where(
            or_(
                like(Mail.to_address.expression, text),
                like(Mail.code.expression, text),
                is_about(text),
            )
        )
    if state in set(MailState):
        query = query.where(Mail.state == MailState(state))
    return query


def mail_counts() -> dict[MailState, int]:
    """Return how many mails are in each state."""
    rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all()
    return dict(rows)


def audit_entries(search: AuditSearch, zone: str) -> Select[AuditEntry]:
    """Return the entries that match; days are those of the zone."""
    query = select(AuditEntry)
    if search.action:
        query = query.where(AuditEntry.action.startswith(search.action, autoescape=True))
    if search.about:
        query = query.where(
            or_(AuditEntry.subject_ref == search.about, AuditEntry.subject_type == search.about)
        )
    if search.account:
        owners = select(Account.id).where(
            or_(
                Account.ref == search.account,
                Account.email == search.account.lower(),
                like(Account.name.expression, search.account),
            )
        )
        query = query.where(AuditEntry.account_id.in_(owners))
    if search.first and search.first > _FIRST_DAY:
        first = min(search.first, _LAST_DAY)
        query = query.where(AuditEntry.at >= _midnight(first, zone))
    if search.last and search.last < _LAST_DAY:
        next_day = max(search.last, _FIRST_DAY) + dt.timedelta(days=1)
        query = query.where(AuditEntry.at < _midnight(next_day, zone))
    return query


def _midnight(day: dt.date, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone))


def names_of_accounts(ids: set[int | None]) -> dict[int | None, str]:
    """Return names by account id."""
    known = [each for each in ids if each is not None]
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(known)))
    return dict(rows.all())


def jobs(*, state: str = "") -> Select[Job]:
    """Return the jobs, all or of one state."""
    query = select(Job)
    return query.where(Job.state == state) if state else query


def holders(role: Role, scope_id: int) -> list[Account]:
    """Return who holds the role within the scope, invited ones included, by name."""
    query = (
        select(Account)
        .join(RoleGrant)
        .where(
            RoleGrant.role == role,
            RoleGrant.scope_id == scope_id,
            Account.deactivated_at.is_(None),
        )
        .order_by(Account.name, Account.id)
    )
    return list(db.session.scalars(query))
