"""Times kept in reserve, and the step that sends a part of a day there. No Flask here."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes import writing
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.happenings import services as happenings
from scheduler.scheduling.happenings.absences import Report
from scheduler.scheduling.happenings.hits import Hits, hits_of
from scheduler.scheduling.happenings.models import HappeningKind, ReserveTime
from scheduler.scheduling.happenings.repairs import (
    begin_repair,
    draft_of,
    groups_by_ref,
    published_release,
)
from scheduler.scheduling.models import Plan
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.situation import situation_of


@dataclass(frozen=True)
class CallOff:
    """A part of a day on which nothing takes place, such as the morning of a typhoon."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    note: str = ""

    def reports(self, programme: Programme) -> list[Report]:
        """Return it as what happened to each venue."""
        kind = HappeningKind.VENUE_OUT
        return [
            Report(kind, self.starts_at, self.ends_at, venue=venue, note=self.note)
            for venue in programme.venues
        ]


def reserves_of(programme: Programme) -> list[ReserveTime]:
    """Return the reserve times in order of time."""
    query = (
        select(ReserveTime)
        .where(ReserveTime.programme_id == programme.id)
        .options(joinedload(ReserveTime.venue))
        .order_by(ReserveTime.starts_at, ReserveTime.id)
    )
    return list(db.session.scalars(query))


def add_reserve(
    programme: Programme,
    venue: Venue,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    *,
    actor: Actor,
    now: dt.datetime,
) -> ReserveTime:
    """Keep a stretch in reserve. No plan uses it before it is opened."""
    if ends_at <= starts_at:
        raise Refused(Refusal.STRETCH_ORDER, field="until")
    made = ReserveTime(
        programme_id=programme.id, venue_id=venue.id, starts_at=starts_at, ends_at=ends_at
    )
    taken = (ReserveTime.venue_id == venue.id, ReserveTime.starts_at == starts_at)
    if db.session.scalar(select(ReserveTime.id).where(*taken)) is not None:
        raise Refused(Refusal.RESERVE_TAKEN, field="since")
    db.session.add(made)
    db.session.flush()
    writing.record("reserve:add", programme, actor, now, venue=venue.code)
    return made


def remove_reserve(
    programme: Programme, reserve_id: int, *, actor: Actor, now: dt.datetime
) -> None:
    """Give a stretch up; a plan that uses it breaks the opening hours from now on."""
    reserve = db.session.get(ReserveTime, reserve_id)
    if reserve is None or reserve.programme_id != programme.id:
        raise NotFound
    was_open, venue = reserve.opened_at is not None, reserve.venue.code
    db.session.delete(reserve)
    db.session.flush()
    if was_open:
        writing.make_plans_stale(programme)
    writing.record("reserve:remove", programme, actor, now, venue=venue)


def hit_by(programme: Programme, off: CallOff) -> Hits:
    """Return who would have performed in that part of the day. Writes nothing."""
    if off.ends_at <= off.starts_at:
        raise Refused(Refusal.STRETCH_ORDER, field="until")
    return hits_of(programme, off.reports(programme))


def usable(programme: Programme, off: CallOff, now: dt.datetime) -> list[ReserveTime]:
    """Return the reserve times that are still to come and lie outside of what is called off."""
    return [
        one
        for one in reserves_of(programme)
        if one.ends_at > now and not (one.starts_at < off.ends_at and off.starts_at < one.ends_at)
    ]


def move_to_reserve(
    programme: Programme, off: CallOff, *, notice: int, seconds: int, actor: Actor, now: dt.datetime
) -> Plan:
    """Call the part of the day off, open the reserve times, and start the repair that fills them.

    All other groups stay where they are as far as that is possible. Nobody is told before the
    draft is published. Refuses when nobody is hit or there is no reserve time to come.
    """
    hit = _called_off(programme, off, actor=actor, now=now)
    reserves = usable(programme, off, now)
    if not reserves:
        raise Refused(Refusal.NO_RESERVE)
    for one in reserves:
        one.opened_at = one.opened_at or now
    db.session.flush()
    windows = [[one.starts_at.isoformat(), one.ends_at.isoformat()] for one in reserves]
    asked = {"notice": notice, "hit": hit, "reserve": windows}
    return begin_repair(programme, asked, seconds=seconds, actor=actor, now=now)


def call_off(programme: Programme, off: CallOff, *, actor: Actor, now: dt.datetime) -> Plan:
    """Call the part of the day off and suspend its groups; the draft is the release without them.

    Nobody is told before the draft is published.
    """
    hit = _called_off(programme, off, actor=actor, now=now)
    published = Basis.of_release(published_release(programme)).within(situation_of(programme))
    happenings.suspend(programme, groups_by_ref(hit), actor=actor, now=now)
    situation = situation_of(programme)
    before = published.plan(situation)
    return draft_of(situation, before.placements, before, {}, actor=actor, now=now)


def _called_off(programme: Programme, off: CallOff, *, actor: Actor, now: dt.datetime) -> list[str]:
    refs = hit_by(programme, off).refs
    if not refs:
        raise Refused(Refusal.NOBODY_HIT)
    for told in off.reports(programme):
        happenings.report(programme, told, actor=actor, now=now)
    return refs
