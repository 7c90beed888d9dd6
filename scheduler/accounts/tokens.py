"""Single-use tokens of links that are sent by mail. Only their SHA-256 is stored."""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import ColumnElement, select, update

from scheduler.accounts.models import Account, AccountToken, TokenPurpose
from scheduler.accounts.refusals import AccountRefusal
from scheduler.database import db
from scheduler.errors import Refused

LIFETIMES = {
    TokenPurpose.INVITATION: dt.timedelta(days=14),
    TokenPurpose.RESET: dt.timedelta(hours=1),
    TokenPurpose.FIRST_ADMINISTRATOR: dt.timedelta(hours=24),
}


def hash_of(token: str) -> str:
    """Return the SHA-256 by which a token is looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(
    account: Account | None, purpose: TokenPurpose, *, now: dt.datetime
) -> tuple[str, dt.datetime]:
    """Return a new token and when it ends; an older one for the same purpose ends at once."""
    account_id = None if account is None else account.id
    owner: ColumnElement[bool] = AccountToken.account_id.is_(None)
    if account_id is not None:
        # One at a time per account: two requests would otherwise both pass the line below.
        db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
        owner = AccountToken.account_id == account_id
    db.session.execute(
        update(AccountToken)
        .where(owner, AccountToken.purpose == purpose, AccountToken.used_at.is_(None))
        .values(used_at=now)
    )
    token = secrets.token_urlsafe(32)
    expires_at = now + LIFETIMES[purpose]
    db.session.add(
        AccountToken(
            account_id=account_id,
            purpose=purpose,
            token_hash=hash_of(token),
            created_at=now,
            expires_at=expires_at,
        )
    )
    db.session.flush()
    return token, expires_at


def find_live(token: str, *purposes: TokenPurpose, now: dt.datetime) -> AccountToken:
    """Return the token's row; raises `Refused` if it is used, replaced, too old or unknown."""
    found = db.session.scalar(
        select(AccountToken).where(
            AccountToken.token_hash == hash_of(token), AccountToken.purpose.in_(purposes)
        )
    )
    is_live = found is not None and found.used_at is None and found.expires_at > now
    is_open = found is not None and (found.account is None or found.account.is_active)
    if found is None or not is_live or not is_open:
        raise Refused(AccountRefusal.LINK_ENDED)
    return found


def end_all(account: Account, *, now: dt.datetime) -> None:
    """End every link that was sent to the account: somebody else may hold one."""
    db.session.execute(
        update(AccountToken)
        .where(AccountToken.account_id == account.id, AccountToken.used_at.is_(None))
        .values(used_at=now)
    )


def use(token: AccountToken, *, now: dt.datetime) -> None:
    """Take the token; raises `Refused` when another request was faster."""
    taken = db.session.execute(
        update(AccountToken)
        .where(AccountToken.id == token.id, AccountToken.used_at.is_(None))
        .values(used_at=now)
        .returning(AccountToken.id)
    ).one_or_none()
    if taken is None:
        raise Refused(AccountRefusal.LINK_ENDED)
