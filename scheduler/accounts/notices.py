"""What accounts tell: mails to their owners, entries in the audit log."""

import datetime as dt

from scheduler.accounts.models import Account
from scheduler.audit import services as audit
from scheduler.notifications import services as notifications


def mail(
    account: Account,
    code: str,
    now: dt.datetime,
    *,
    token_path: str | None = None,
    **facts: str | dict[str, str],
) -> None:
    """Queue a mail to the account's owner in their language; `token_path` stays sealed."""
    notifications.queue(
        code,
        to_address=account.email,
        to_name=account.name,
        locale=account.locale,
        now=now,
        facts=dict(facts),
        secrets={"link": token_path} if token_path else None,
        about=account.ref,
        account_id=account.id,
    )


def record(action: str, account: Account, *, actor_id: int | None, now: dt.datetime) -> None:
    """Note in the audit log what was done to the account, and by whom."""
    audit.record(
        action, account_id=actor_id, subject_type="account", subject_ref=account.ref, now=now
    )
