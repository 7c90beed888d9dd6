"""What all changes to a programme share: audit, plans made stale, refusals by the database."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from scheduler.access.permissions import Actor
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.programmes.models import Programme
from scheduler.programmes.refusals import Refusal


def make_plans_stale(programme: Programme) -> None:
    """Raise the revision that plans remember: the timetable depends on what was changed."""
    db.session.execute(
        update(Programme)
        .where(Programme.id == programme.id)
        .values(roster_revision=Programme.roster_revision + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(programme, ["roster_revision"])


def hold(programme: Programme) -> None:
    """Let nobody else change the programme's forms until the transaction ends."""
    db.session.execute(select(Programme.id).where(Programme.id == programme.id).with_for_update())


def record(action: str, programme: Programme, actor: Actor, now: dt.datetime, **facts: Any) -> None:
    """Write the audit log about the programme."""
    audit.record(
        action,
        account_id=actor.account_id,
        subject_type="programme",
        subject_ref=programme.code,
        now=now,
        **facts,
    )


def flush_or_refuse(refusal: Refusal, *, field: str | None = None) -> None:
    """Write; what the database's constraints refuse becomes the refusal."""
    with refusing(refusal, field=field):
        db.session.flush()


@contextmanager
def refusing(refusal: Refusal, *, field: str | None = None) -> Iterator[None]:
    """Turn what the database's constraints refuse within the block into the refusal."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(refusal, field=field) from error


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the names of what differs, for the audit log."""
    return sorted(key for key, value in after.items() if value != before[key])
