"""New passwords: by a link from one's mailbox, or by knowing the present one.

A new password ends every other link and, but for the one it was set in, every browser.
"""

import datetime as dt

from scheduler.accounts import invitations, mails, passwords, services, tokens
from scheduler.accounts.models import Account, AccountToken, TokenPurpose
from scheduler.accounts.notices import mail, record
from scheduler.accounts.refusals import AccountRefusal
from scheduler.accounts.sessions import end_sessions
from scheduler.database import db
from scheduler.errors import Refused


def request_reset(email: str, *, now: dt.datetime) -> None:
    """Mail a link to choose a new password, if the address has an open account; tell nobody.

    Somebody who never used the invitation gets a new invitation instead.
    """
    account = services.find_by_email(email)
    if account is None or not account.is_active:
        return
    if account.is_invited:
        invitations.invite_again(account, inviter="", actor_id=None, now=now)
        return
    token, expires_at = tokens.issue(account, TokenPurpose.RESET, now=now)
    facts = {"expires_at": expires_at.isoformat()}
    mail(account, mails.RESET, facts, now=now, token_path=f"/reset/{token}")
    record("account:request_reset", account, actor_id=None, now=now)


def reset_password(token: AccountToken, *, password: str, now: dt.datetime) -> Account:
    """Use a reset link: the password is new, and every browser is signed out."""
    account = token.account
    if account is None:
        raise Refused(AccountRefusal.LINK_ENDED)
    passwords.check(password, email=account.email)
    tokens.use(token, now=now)
    _set_password(account, password, now=now, keep_session_id=None)
    return account


def change_password(
    account: Account, *, current: str, password: str, keep_session_id: int, now: dt.datetime
) -> None:
    """Change the password for somebody who knows it; all other browsers are signed out."""
    if not passwords.is_right(account.password_hash, current):
        raise Refused(AccountRefusal.PASSWORD_WRONG, field="current")
    passwords.check(password, email=account.email)
    _set_password(account, password, now=now, keep_session_id=keep_session_id)


def _set_password(
    account: Account, password: str, *, now: dt.datetime, keep_session_id: int | None
) -> None:
    account.password_hash = passwords.hashed(password)
    db.session.flush()
    tokens.end_all(account, now=now)
    end_sessions(account, now=now, keep_id=keep_session_id)
    facts = {"changed_at": now.isoformat(), "reset_link": "/reset"}
    mail(account, mails.PASSWORD_CHANGED, facts, now=now)
    record("account:change_password", account, actor_id=account.id, now=now)
