"""The first administrator of an empty installation: at the terminal, or by a one-time link."""

import datetime as dt

from scheduler.accounts import roles, services, tokens
from scheduler.accounts.models import Account, TokenPurpose


def has_administrator() -> bool:
    """Tell whether anybody can administer: active, with the role, and with a password."""
    return roles.has_administrator()


def create(
    *, email: str, name: str, password: str, now: dt.datetime, locale: str = "en"
) -> Account:
    """Add the first administrator, who can sign in at once; raises `Refused` if there is one."""
    return services.create_administrator(
        email=email, name=name, password=password, locale=locale, now=now
    )


def one_time_path(*, now: dt.datetime) -> str:
    """Return the path at which the first administrator signs up: once, within a day.

    A path that was made before ends with this one.
    """
    token, _expires_at = tokens.issue(None, TokenPurpose.FIRST_ADMINISTRATOR, now=now)
    return f"/invitations/{token}"
