"""Invitations: an address gets a role, and a link by which its owner becomes an account."""

import datetime as dt
from dataclasses import dataclass

from scheduler.access.permissions import Role
from scheduler.accounts import mails, offers, passwords, roles, services, tokens
from scheduler.accounts.models import Account, AccountToken, TokenPurpose
from scheduler.accounts.notices import mail, record
from scheduler.accounts.refusals import AccountRefusal
from scheduler.accounts.texts import role_in_scope
from scheduler.database import db
from scheduler.errors import Refused


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation led to; `token` is None when there was an account already."""

    account: Account
    token: str | None


def invite(
    *,
    email: str,
    name: str = "",
    locale: str,
    role: Role,
    scope_id: int = 0,
    scope_names: dict[str, str] | str = "",
    inviter: str,
    actor_id: int | None,
    now: dt.datetime,
) -> Invitation:
    """Give the role to the address, whoever is behind it, and mail them.

    A new address gets an account without a password and a link to choose one; an account that
    waits for its password gets a new link; an account in use only hears of its role. Raises
    `Refused` for a bad address, a closed account, one's own account, or a role already in use.
    """
    email = services.checked_address(email)
    account = services.find_by_email(email)
    if account is None:
        account = Account(
            email=email, name=name.strip() or email.partition("@")[0], locale=locale, created_at=now
        )
        db.session.add(account)
        db.session.flush()
    if not account.is_active:
        raise Refused(AccountRefusal.ACCOUNT_CLOSED, field="email")
    if account.id == actor_id:
        raise Refused(AccountRefusal.NOT_ONESELF, field="email")
    if not (account.is_invited and roles.has(account, role, scope_id)):
        roles.grant(account, role, scope_id, actor_id=actor_id, now=now)
    text = role_in_scope(role, scope_names)
    if not account.is_invited:
        facts = {"inviter": inviter, "role": text, "sign_in_link": "/sign-in"}
        mail(account, mails.ROLE_GRANTED, facts, now=now)
        return Invitation(account, None)
    return Invitation(account, _send_invitation(account, text, inviter, now=now))


def invite_or_offer(
    *,
    email: str,
    name: str = "",
    locale: str,
    role: Role,
    scope_id: int,
    scope_names: dict[str, str] | str,
    inviter: str,
    actor_id: int | None,
    now: dt.datetime,
) -> Invitation:
    """Invite a new address; offer the role to an account that is there, which must take it.

    For whoever is no administrator: it gives nothing to others' accounts and tells nothing of
    them. Raises `Refused` for a bad address, one's own account, a role held already, and for
    accounts that no school may make act for it.
    """
    account = services.find_by_email(services.checked_address(email))
    is_held = account is not None and roles.has(account, role, scope_id)
    if account is None or (account.is_invited and is_held):
        return invite(
            email=email,
            name=name,
            locale=locale,
            role=role,
            scope_id=scope_id,
            scope_names=scope_names,
            inviter=inviter,
            actor_id=actor_id,
            now=now,
        )
    if account.id == actor_id:
        raise Refused(AccountRefusal.NOT_ONESELF, field="email")
    if is_held and account.is_active:
        raise Refused(AccountRefusal.ALREADY_GRANTED)
    offers.offer(
        account,
        role,
        scope_id,
        name=name.strip(),
        scope_names=scope_names,
        inviter=inviter,
        actor_id=actor_id,
        now=now,
    )
    return Invitation(account, None)


def invite_without_role(
    *,
    email: str,
    locale: str,
    purpose: dict[str, str],
    inviter: str,
    actor_id: int | None,
    now: dt.datetime,
) -> Account:
    """Return the account of an address; a new one gets no role, and a link by mail.

    `purpose` says in each language what it is invited for. Raises `Refused` for a bad address or a
    closed account.
    """
    email = services.checked_address(email)
    account = services.find_by_email(email)
    if account is None:
        name = email.partition("@")[0]
        account = Account(email=email, name=name, locale=locale, created_at=now)
        db.session.add(account)
        db.session.flush()
        record("account:invite", account, actor_id=actor_id, now=now)
        _send_invitation(account, purpose, inviter, now=now)
    elif not account.is_active:
        raise Refused(AccountRefusal.ACCOUNT_CLOSED, field="email")
    return account


def invite_again(account: Account, *, inviter: str, actor_id: int | None, now: dt.datetime) -> str:
    """Send a new link to somebody who has no password yet; return its token. The old one ends."""
    if not account.is_invited:
        raise Refused(AccountRefusal.NOT_INVITED)
    first = account.grants[0].role if account.grants else None
    text = role_in_scope(first) if first else {"en": ""}
    record("account:invite_again", account, actor_id=actor_id, now=now)
    return _send_invitation(account, text, inviter, now=now)


def accept(
    token: AccountToken, *, name: str, password: str, locale: str, now: dt.datetime
) -> Account:
    """Use an invitation: the account gets its name, password and language."""
    account = token.account
    if account is None:
        raise Refused(AccountRefusal.LINK_ENDED)
    passwords.check(password, email=account.email)
    tokens.use(token, now=now)
    account.name, account.locale = name.strip(), locale
    account.password_hash = passwords.hashed(password)
    db.session.flush()
    record("account:accept_invitation", account, actor_id=account.id, now=now)
    return account


def accept_first(
    token: AccountToken, *, email: str, name: str, password: str, locale: str, now: dt.datetime
) -> Account:
    """Use the link of the very first start: it makes the first administrator, and no second one."""
    tokens.use(token, now=now)
    return services.create_administrator(
        email=email, name=name, password=password, locale=locale, now=now
    )


def _send_invitation(
    account: Account, role: dict[str, str], inviter: str, *, now: dt.datetime
) -> str:
    token, expires_at = tokens.issue(account, TokenPurpose.INVITATION, now=now)
    mail(
        account,
        mails.INVITATION if inviter else mails.INVITATION_AGAIN,
        {"expires_at": expires_at.isoformat(), "role": role, "inviter": inviter},
        now=now,
        token_path=f"/invitations/{token}",
    )
    return token
