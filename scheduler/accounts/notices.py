"""What accounts tell: mails to their owners, entries in the audit log."""

import datetime as dt
from typing import Any

from scheduler.accounts.models import Account
from scheduler.audit import services as audit
from scheduler.notifications import services as notifications


def mail(
    account: Account,
    code: str,
    facts: dict[str, Any],
    *,
    now: dt.datetime,
    about: str | None = None,
    once_key: str | None = None,
    token_path: str | None = None,
) -> bool:
    """Queue a mail to the account's owner in their language; every room's mails to people go here.

    `about` is the reference of the case, by itself the account's. Returns False if the `once_key`
    was used before; then nothing is queued. `token_path` is the fact `link`, and stays sealed.
    """
    return notifications.queue(
        code,
        to_address=account.email,
        to_name=account.name,
        locale=account.locale,
        now=now,
        facts=facts,
        secrets={"link": token_path} if token_path else None,
        about=about or account.ref,
        once_key=once_key,
        account_id=account.id,
    )


def record(action: str, account: Account, *, actor_id: int | None, now: dt.datetime) -> None:
    """Note in the audit log what was done to the account, and by whom."""
    audit.record(
        action, account_id=actor_id, subject_type="account", subject_ref=account.ref, now=now
    )
