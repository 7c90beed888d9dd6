"""Flask-Login's side of accounts: the cookie names a session row, never an account."""

import datetime as dt
import secrets

from flask import current_app, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from scheduler import clock
from scheduler.accounts.browsers import describe
from scheduler.accounts.models import Account, SignInSession
from scheduler.accounts.tokens import hash_of
from scheduler.database import db
from scheduler.extensions import login

__all__ = ["SignedIn", "begin_session", "end_session", "hash_of", "load", "signed_in"]


class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login is untyped
    """A live session: what Flask-Login calls a user."""

    def __init__(self, token: str, session: SignInSession) -> None:
        self.token = token
        self.session_id = session.id
        self.account = session.account
        self.locale = session.account.locale
        self.actor = session.account.actor

    def get_id(self) -> str:
        """The secret in the cookie; the table knows only its hash."""
        return self.token


def signed_in() -> SignedIn | None:
    """Return who is signed in in this request."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001


def begin_session(account: Account, *, now: dt.datetime) -> SignedIn:
    """Sign this browser in with a cookie of its own; the caller commits.

    Everything the browser's cookie held before is dropped, and a session that it had is ended: a
    cookie planted or read before signing in is worth nothing afterwards.
    """
    end_session(now=now)
    session.clear()
    token = secrets.token_urlsafe(32)
    lifetime: dt.timedelta = current_app.config["PERMANENT_SESSION_LIFETIME"]
    row = SignInSession(
        account=account,
        token_hash=hash_of(token),
        browser=describe(request.user_agent.string)[:80],
        created_at=now,
        expires_at=now + lifetime,
    )
    db.session.add(row)
    db.session.flush()
    person = SignedIn(token, row)
    login_user(person)
    session.permanent = True
    g.pop("actor", None)
    return person


def end_session(*, now: dt.datetime) -> None:
    """Sign this browser out, in its cookie and in the table; nothing if nobody is signed in."""
    person = signed_in()
    if person is None:
        return
    row = SignInSession.id == person.session_id
    db.session.execute(update(SignInSession).where(row).values(ended_at=now))
    logout_user()
    session.clear()
    g.pop("actor", None)


def load(token: str) -> SignedIn | None:
    """Return the live session of a cookie; None if it ended, ran out, or its account is closed."""
    query = select(SignInSession).where(SignInSession.token_hash == hash_of(token))
    account = joinedload(SignInSession.account, innerjoin=True).joinedload(Account.grants)
    session = db.session.scalars(query.options(account)).unique().one_or_none()
    is_live = (
        session is not None
        and session.ended_at is None
        and session.expires_at > clock.now()
        and session.account.is_active
    )
    return SignedIn(token, session) if session is not None and is_live else None


def init_app() -> None:
    """Tell Flask-Login how to find who is signed in.

    Its protection stays "basic": a phone changes its address all day, and "strong" would sign
    people out in the middle of a form. What matters asks for the password again.
    """
    login.session_protection = "basic"
    login.user_loader(load)
