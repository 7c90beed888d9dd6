"""Accounts, the roles granted to them, their sessions and the tokens sent to them by mail."""

import datetime as dt
from enum import StrEnum
from functools import partial

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Actor, Grant, Role, ScopeKind, Subject
from scheduler.database import Model, stored_enum
from scheduler.references import new_reference

DEMO_MARK = "DEMO-"
"""What the references of the demo's accounts begin with, whose password everybody knows."""


class Account(Model):
    """Somebody who can sign in. The e-mail address is stored in lower case."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "P", length=10)
    )
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    password_hash: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[dt.datetime]
    deactivated_at: Mapped[dt.datetime | None]

    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="account", cascade="all, delete-orphan"
    )

    @property
    def is_active(self) -> bool:
        """A deactivated account keeps its history and cannot sign in."""
        return self.deactivated_at is None

    @property
    def is_demo(self) -> bool:
        """Tell whether the account is the demo's, for which only a demo has a door."""
        return self.ref.startswith(DEMO_MARK)

    @property
    def is_invited(self) -> bool:
        """Tell whether the account still waits for its owner to choose a password."""
        return self.password_hash is None

    @property
    def actor(self) -> Actor:
        """Return the account as the rules see it."""
        grants = frozenset(grant.as_grant for grant in self.grants)
        return Actor(account_id=self.id, name=self.name, grants=grants)


class RoleGrant(Model):
    """One role within one scope. `scope_id` points into the scope's table; 0 is the platform."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "scope", "scope_id"),
        Index(None, "scope", "scope_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(stored_enum(Role, "role"))
    scope: Mapped[ScopeKind] = mapped_column(stored_enum(ScopeKind, "scope"))
    scope_id: Mapped[int] = mapped_column(default=0)
    granted_at: Mapped[dt.datetime]

    account: Mapped[Account] = relationship(back_populates="grants")

    @property
    def as_grant(self) -> Grant:
        """Return the row as a value for the rules."""
        return Grant(self.role, self.scope, self.scope_id or None)


class RoleOffer(Model):
    """A role that somebody would give to an account: its owner takes it, or it ends.

    `name` is what whoever offers it typed; until it is taken, they learn nothing of the account.
    """

    __tablename__ = "role_offer"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "scope", "scope_id"),
        Index(None, "scope", "scope_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "P", length=10)
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(stored_enum(Role, "role"))
    scope: Mapped[ScopeKind] = mapped_column(stored_enum(ScopeKind, "scope"))
    scope_id: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(120), default="")
    inviter: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]

    account: Mapped[Account] = relationship()

    @property
    def subject(self) -> Subject:
        """An offer is taken or declined by whom it was made to."""
        return Subject(account_id=self.account_id)


class SignInSession(Model):
    """A signed-in browser. Ending the row signs that browser out on its next request."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "B", length=10)
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    account: Mapped[Account] = relationship()

    @property
    def subject(self) -> Subject:
        """A session is ended by whoever it belongs to."""
        return Subject(account_id=self.account_id)


class TokenPurpose(StrEnum):
    """What a link with a token is good for; the first administrator's names no account yet."""

    INVITATION = "invitation"
    RESET = "reset"
    FIRST_ADMINISTRATOR = "first_administrator"


class AccountToken(Model):
    """A single-use token; only its SHA-256 is stored."""

    __tablename__ = "account_token"
    __table_args__ = (
        Index(
            "ix_account_token_live",
            "account_id",
            "purpose",
            unique=True,
            sqlite_where=text("used_at IS NULL"),
            postgresql_where=text("used_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[TokenPurpose] = mapped_column(stored_enum(TokenPurpose, "purpose"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]

    account: Mapped[Account | None] = relationship()
