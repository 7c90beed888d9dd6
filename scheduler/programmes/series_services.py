"""Series of programmes and their editions: found, added, changed, removed. No Flask here."""

import datetime as dt

from sqlalchemy import func, select

from scheduler.access.permissions import Actor
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes import writing
from scheduler.programmes.models import Names, Programme, ProgrammeSeries
from scheduler.programmes.refusals import Refusal


def all_series() -> list[ProgrammeSeries]:
    """Return every series by code."""
    return list(db.session.scalars(select(ProgrammeSeries).order_by(ProgrammeSeries.code)))


def counted_series() -> list[tuple[ProgrammeSeries, int]]:
    """Return every series by code with the number of its editions."""
    query = (
        select(ProgrammeSeries, func.count(Programme.id))
        .outerjoin(Programme)
        .group_by(ProgrammeSeries.id)
        .order_by(ProgrammeSeries.code)
    )
    return [(series, count) for series, count in db.session.execute(query)]


def find_series(code: str) -> ProgrammeSeries:
    """Return the series; raises `NotFound`."""
    series = db.session.scalar(select(ProgrammeSeries).where(ProgrammeSeries.code == code))
    if series is None:
        raise NotFound
    return series


def add_series(code: str, names: Names, *, actor: Actor, now: dt.datetime) -> ProgrammeSeries:
    """Add a series without editions; refuses a code that is in use."""
    series = ProgrammeSeries(code=code, names=names)
    db.session.add(series)
    writing.flush_or_refuse(Refusal.CODE_TAKEN, field="code")
    _record("series:add", series.code, actor, now)
    return series


def change_series(series: ProgrammeSeries, names: Names, *, actor: Actor, now: dt.datetime) -> None:
    """Take over the names; the code stands in addresses and stays."""
    if series.names == names:
        return
    series.names = names
    db.session.flush()
    _record("series:change", series.code, actor, now)


def remove_series(series: ProgrammeSeries, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a series without editions; otherwise refuses."""
    edition = select(Programme.id).where(Programme.series_id == series.id)
    if db.session.scalar(edition.limit(1)) is not None:
        raise Refused(Refusal.SERIES_IN_USE)
    code = series.code
    db.session.delete(series)
    writing.flush_or_refuse(Refusal.SERIES_IN_USE)
    _record("series:remove", code, actor, now)


def _record(action: str, code: str, actor: Actor, now: dt.datetime) -> None:
    audit.record(
        action, account_id=actor.account_id, subject_type="series", subject_ref=code, now=now
    )
