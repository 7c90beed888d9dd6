"""Accounts as people know them: find, sign in, change, close."""

import datetime as dt
import re

from sqlalchemy import select

from scheduler.access.permissions import Role
from scheduler.accounts import passwords, roles
from scheduler.accounts.duty_calendars import account_audience
from scheduler.accounts.models import Account
from scheduler.accounts.notices import record
from scheduler.accounts.refusals import AccountRefusal
from scheduler.accounts.sessions import end_sessions
from scheduler.calendars.own_calendars import end_calendars
from scheduler.database import db
from scheduler.errors import NotFound, Refused

_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
MAX_ADDRESS = 254


def find(ref: str) -> Account:
    """Return the account; raises `NotFound`."""
    account = db.session.scalar(select(Account).where(Account.ref == ref))
    if account is None:
        raise NotFound
    return account


def find_by_email(email: str) -> Account | None:
    """Return the account of an address, however it is written."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def checked_address(email: str) -> str:
    """Return the address as it is stored; raises `Refused` if it is none."""
    plain = email.strip().lower()
    if len(plain) > MAX_ADDRESS or not plain.isascii() or not _ADDRESS.fullmatch(plain):
        raise Refused(AccountRefusal.ADDRESS_INVALID, field="email")
    return plain


def authenticate(email: str, password: str) -> Account | None:
    """Return the account that the two belong to; None for every other case, in the same time."""
    account = find_by_email(email)
    is_right = passwords.is_right(account.password_hash if account else None, password)
    return account if account is not None and is_right and account.is_active else None


def renew_hash(account: Account, password: str) -> None:
    """Store the right password under today's parameters if it was kept under older ones."""
    if account.password_hash and passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)
        db.session.flush()


def record_sign_in(account: Account, *, now: dt.datetime) -> None:
    """Note in the audit log that the account was signed in."""
    record("account:sign_in", account, actor_id=account.id, now=now)


def create_administrator(
    *,
    email: str,
    name: str,
    password: str,
    locale: str,
    now: dt.datetime,
    may_be_second: bool = False,
) -> Account:
    """Add an administrator who can sign in at once; for the terminal and the first start."""
    if not may_be_second and roles.has_administrator():
        raise Refused(AccountRefusal.HAS_ADMINISTRATOR)
    email = checked_address(email)
    passwords.check(password, email=email)
    if find_by_email(email) is not None:
        raise Refused(AccountRefusal.ADDRESS_TAKEN, field="email")
    account = Account(
        email=email,
        name=name.strip(),
        locale=locale,
        created_at=now,
        password_hash=passwords.hashed(password),
    )
    db.session.add(account)
    db.session.flush()
    roles.grant(account, Role.PLATFORM_ADMINISTRATOR, 0, actor_id=account.id, now=now)
    return account


def change_details(account: Account, *, name: str, locale: str) -> None:
    """Change one's own name and language."""
    account.name, account.locale = name.strip(), locale
    db.session.flush()


def deactivate(account: Account, *, actor_id: int, now: dt.datetime) -> None:
    """Close the account: it cannot sign in, its browsers are signed out, its history stays."""
    if account.id == actor_id:
        raise Refused(AccountRefusal.NOT_ONESELF)
    roles.demand_other_administrator(account)
    if account.is_active:
        account.deactivated_at = now
        db.session.flush()
        end_sessions(account, now=now)
        end_calendars(account_audience(account), now=now)
        record("account:deactivate", account, actor_id=actor_id, now=now)


def reactivate(account: Account, *, actor_id: int, now: dt.datetime) -> None:
    """Open a closed account again, with the roles it had."""
    if not account.is_active:
        account.deactivated_at = None
        db.session.flush()
        record("account:reactivate", account, actor_id=actor_id, now=now)
