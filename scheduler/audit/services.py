"""Write the audit log, always in the caller's transaction: it tells neither more nor less."""

import datetime as dt
from typing import Any

from scheduler.audit.models import AuditEntry
from scheduler.audit.request_id import current_request_id
from scheduler.database import db


def record(
    action: str,
    *,
    account_id: int | None,
    subject_type: str,
    subject_ref: str,
    now: dt.datetime,
    **facts: Any,
) -> None:
    """Add one entry. `facts` must be JSON and hold no personal data beyond references."""
    # Added, not executed: it is written with whatever else the step changed.
    db.session.add(
        AuditEntry(
            at=now,
            account_id=account_id,
            action=action,
            subject_type=subject_type,
            subject_ref=subject_ref,
            facts=facts,
            request_id=current_request_id(),
        )
    )
