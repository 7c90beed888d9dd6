"""What accounts tell: mails to their owners, entries in the audit log."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from scheduler.accounts.models import Account
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.notifications import services as notifications
from scheduler.notifications.models import Mail


def mail(
    account: Account,
    code: str,
    facts: dict[str, Any],
    *,
    now: dt.datetime,
    about: str | None = None,
    once_key: str | None = None,
    token_path: str | None = None,
    programme_id: int | None = None,
    cases: Collection[str] = (),
) -> bool:
    """Queue a mail to the account's owner in their language; every room's mails to people go here.

    `about` is the reference of the case, by itself the account's. Returns False if the `once_key`
    was used before; then nothing is queued. `token_path` is the fact `link`, and stays sealed.
    With a `programme_id` the mail speaks in that programme's own words, where it has any; `cases`
    are those of a mail about several.
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
        programme_id=programme_id,
        cases=cases,
    )


def address_now(queued: Mail) -> str:
    """Return where a mail goes if it is sent again: its account's address may be another by now."""
    account = db.session.get(Account, queued.account_id) if queued.account_id else None
    return account.email if account is not None and account.is_active else queued.to_address


def record(action: str, account: Account, *, actor_id: int | None, now: dt.datetime) -> None:
    """Note in the audit log what was done to the account, and by whom."""
    audit.record(
        action, account_id=actor_id, subject_type="account", subject_ref=account.ref, now=now
    )
