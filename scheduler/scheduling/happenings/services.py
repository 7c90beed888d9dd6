"""What happened to a programme's timetable: reported, ended, taken back. No Flask here."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.database import db, held
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.programmes import writing
from scheduler.programmes.models import Programme, Venue
from scheduler.programmes.venue_services import Stretch, set_times
from scheduler.references import new_reference
from scheduler.scheduling.happenings.absences import Report
from scheduler.scheduling.happenings.models import Happening, HappeningKind, HappeningState
from scheduler.scheduling.refusals import Refusal

FOR_LONG = dt.timedelta(days=3650)
"""A suspension has no end of its own."""


def find_happening(ref: str) -> Happening:
    """Return the happening; raises `NotFound`."""
    found = db.session.scalar(select(Happening).where(Happening.ref == ref))
    if found is None:
        raise NotFound
    return found


def happenings_of(programme: Programme) -> list[Happening]:
    """Return everything that was reported, newest first."""
    query = (
        select(Happening)
        .where(Happening.programme_id == programme.id)
        .options(
            joinedload(Happening.venue),
            joinedload(Happening.school),
            joinedload(Happening.person),
            joinedload(Happening.application),
        )
        .order_by(Happening.id.desc())
    )
    return list(db.session.scalars(query))


def check_order(told: Report) -> None:
    """Raise `Refused` when it ends before it begins."""
    if told.ends_at <= told.starts_at:
        raise Refused(Refusal.STRETCH_ORDER, field="until")


def report(programme: Programme, told: Report, *, actor: Actor, now: dt.datetime) -> Happening:
    """Keep what happened: every plan from now on respects it, and drafts made before are stale.

    A venue's stretch becomes one of its closures as well. What is in force already is returned as
    it is, so that a form sent twice does nothing twice. Nobody is told of anything.
    """
    check_order(told)
    known = _same_in_force(programme, told)
    if known is not None:
        return known
    made = Happening(
        ref=new_reference("H"),
        programme_id=programme.id,
        kind=told.kind,
        venue_id=told.venue.id if told.venue else None,
        school_id=told.school.id if told.school else None,
        person_id=told.person.id if told.person else None,
        application_id=told.application.id if told.application else None,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        note=told.note,
        reported_at=now,
        reporter_name=actor.name,
    )
    db.session.add(made)
    db.session.flush()
    if told.venue is not None:
        _close(told.venue, told, actor=actor, now=now)
    writing.make_plans_stale(programme)
    _record("happening:report", made, actor, now, kind=made.kind)
    return made


def end(happening: Happening, *, version: int, actor: Actor, now: dt.datetime) -> None:
    """Let it end now: what was missing is there again, what was before stays as it was.

    Refuses what has not begun or is over anyway; a mistake is taken back instead.
    """
    happening = _locked(happening, version)
    if not happening.starts_at < now < happening.ends_at:
        raise Refused(Refusal.NOT_GOING_ON)
    if happening.kind is HappeningKind.SCHOOL_DAY:
        raise Refused(Refusal.NOT_GOING_ON)
    before = (happening.starts_at, happening.ends_at)
    happening.ends_at = now
    _close_book(happening, HappeningState.ENDED, actor, now)
    if happening.venue is not None:
        _reopen(happening.venue, before, cut_at=now, actor=actor, now=now)
    _record("happening:end", happening, actor, now)


def take_back(happening: Happening, *, version: int, actor: Actor, now: dt.datetime) -> None:
    """Make it as if it had never been reported; it stays on record."""
    happening = _locked(happening, version)
    _close_book(happening, HappeningState.TAKEN_BACK, actor, now)
    if happening.venue is not None:
        stretch = (happening.starts_at, happening.ends_at)
        _reopen(happening.venue, stretch, cut_at=None, actor=actor, now=now)
    _record("happening:take_back", happening, actor, now)


def suspend(
    programme: Programme, groups: list[Application], *, actor: Actor, now: dt.datetime
) -> None:
    """Plan these groups no more until that is taken back. Nobody is told before a release."""
    for group in groups:
        told = Report(HappeningKind.SUSPENDED, now, now + FOR_LONG, application=group)
        known = _suspended(programme, group)
        if known is None:
            report(programme, told, actor=actor, now=now)


def _suspended(programme: Programme, group: Application) -> Happening | None:
    return db.session.scalar(
        select(Happening).where(
            Happening.programme_id == programme.id,
            Happening.application_id == group.id,
            Happening.state == HappeningState.IN_FORCE,
        )
    )


def _same_in_force(programme: Programme, told: Report) -> Happening | None:
    return db.session.scalars(
        select(Happening).where(
            Happening.programme_id == programme.id,
            Happening.state == HappeningState.IN_FORCE,
            Happening.kind == told.kind,
            Happening.starts_at == told.starts_at,
            Happening.ends_at == told.ends_at,
            Happening.venue_id == (told.venue.id if told.venue else None),
            Happening.school_id == (told.school.id if told.school else None),
            Happening.person_id == (told.person.id if told.person else None),
            Happening.application_id == (told.application.id if told.application else None),
        )
    ).first()


def _locked(happening: Happening, version: int) -> Happening:
    happening = held(Happening, happening.id)
    if happening.version != version:
        raise Conflict
    if happening.state is not HappeningState.IN_FORCE:
        raise Refused(Refusal.HAPPENING_OVER)
    return happening


def _close_book(
    happening: Happening, state: HappeningState, actor: Actor, now: dt.datetime
) -> None:
    happening.state, happening.over_at, happening.over_name = state, now, actor.name
    db.session.flush()
    writing.make_plans_stale(happening.programme)


def _close(venue: Venue, told: Report, *, actor: Actor, now: dt.datetime) -> None:
    hours, closures = _times(venue)
    same = any(c.starts_at == told.starts_at and c.ends_at == told.ends_at for c in closures)
    if not same:
        closures.append(Stretch(told.starts_at, told.ends_at, told.note))
    set_times(venue, hours, closures, actor=actor, now=now)


def _reopen(
    venue: Venue,
    stretch: tuple[dt.datetime, dt.datetime],
    *,
    cut_at: dt.datetime | None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take the closure away, or all of it that lies behind an instant; changed by hand it stays."""
    hours, closures = _times(venue)
    kept = [c for c in closures if (c.starts_at, c.ends_at) != stretch]
    if len(kept) < len(closures) and cut_at is not None:
        kept.append(Stretch(stretch[0], cut_at))
    set_times(venue, hours, kept, actor=actor, now=now)


def _times(venue: Venue) -> tuple[list[Stretch], list[Stretch]]:
    hours = [Stretch(each.opens_at, each.closes_at) for each in venue.hours]
    closures = [Stretch(each.starts_at, each.ends_at, each.reason) for each in venue.closures]
    return hours, closures


def _record(
    action: str, happening: Happening, actor: Actor, now: dt.datetime, **facts: Any
) -> None:
    writing.record(action, happening.programme, actor, now, happening=happening.ref, **facts)
