"""The browsers in which an account is signed in."""

import datetime as dt

from sqlalchemy import delete, func, or_, select, update

from scheduler.accounts.models import Account, AccountToken, SignInSession
from scheduler.accounts.notices import record
from scheduler.database import db

KEPT_FOR = dt.timedelta(days=90)
"""So long are ended sessions and used links kept: enough to answer who was signed in when."""


def end_sessions(account: Account, *, now: dt.datetime, keep_id: int | None = None) -> None:
    """Sign out every browser of the account, except the session `keep_id`."""
    others = update(SignInSession).where(
        SignInSession.account_id == account.id, SignInSession.ended_at.is_(None)
    )
    if keep_id is not None:
        others = others.where(SignInSession.id != keep_id)
    db.session.execute(others.values(ended_at=now))


def sign_out_everywhere(account: Account, *, actor_id: int, now: dt.datetime) -> None:
    """Sign the account out in every browser, by somebody of the staff."""
    end_sessions(account, now=now)
    record("account:sign_out_everywhere", account, actor_id=actor_id, now=now)


def live_session_count(account: Account, *, now: dt.datetime) -> int:
    """Return in how many browsers the account is signed in."""
    query = select(func.count()).where(
        SignInSession.account_id == account.id,
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > now,
    )
    return db.session.scalar(query) or 0


def forget_old(*, now: dt.datetime) -> None:
    """Delete sessions and links that ended or ran out long ago."""
    before = now - KEPT_FOR
    for model, ended_at in (
        (SignInSession, SignInSession.ended_at),
        (AccountToken, AccountToken.used_at),
    ):
        db.session.execute(delete(model).where(or_(ended_at < before, model.expires_at < before)))
