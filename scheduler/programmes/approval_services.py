"""The way of approval and the waiting list's rule: set up by a coordinator. No Flask here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes import writing
from scheduler.programmes.approval import (
    FIXED,
    ApprovalLevel,
    Concern,
    Dimension,
    LevelKind,
    Quota,
    WaitlistOrder,
    WaitlistPolicy,
)
from scheduler.programmes.models import Category, Programme
from scheduler.programmes.quota_order import breadth, whom_of
from scheduler.programmes.refusals import Refusal


@dataclass(frozen=True)
class LevelDetails:
    """What stands in a level's form."""

    closes_at: dt.datetime | None
    may_return: bool
    is_blind: bool
    concerns: tuple[Concern, ...] = ()


@dataclass(frozen=True)
class QuotaDetails:
    """What stands in a quota's form; no key means each by itself."""

    dimension: Dimension
    key: str | None
    category: Category | None
    places: int


def levels_of(programme: Programme) -> list[ApprovalLevel]:
    """Return the programme's levels in order, with their quotas and the quotas' categories."""
    query = (
        select(ApprovalLevel)
        .where(ApprovalLevel.programme_id == programme.id)
        .order_by(ApprovalLevel.position, ApprovalLevel.id)
        .options(selectinload(ApprovalLevel.quotas).selectinload(Quota.category))
    )
    return list(db.session.scalars(query))


def find_level(code: str, level: str) -> ApprovalLevel:
    """Return the level of a programme by its word; raises `NotFound`."""
    if level not in set(LevelKind):
        raise NotFound
    found = db.session.scalar(
        select(ApprovalLevel)
        .join(Programme)
        .where(Programme.code == code, ApprovalLevel.kind == LevelKind(level))
    )
    if found is None:
        raise NotFound
    return found


def find_quota(code: str, level: str, quota: int) -> Quota:
    """Return a quota of a level; raises `NotFound`."""
    found = next((each for each in find_level(code, level).quotas if each.id == quota), None)
    if found is None:
        raise NotFound
    return found


def set_up(
    programme: Programme, kinds: Iterable[LevelKind], *, actor: Actor, now: dt.datetime
) -> None:
    """Give the programme these levels, in the order school, district, city, organiser.

    School and organiser are there whenever any level is. Levels that stay keep their settings;
    entries under review go on where they are. Refuses to take away a level that has entries.
    """
    wanted = set(kinds)
    wanted |= FIXED if wanted else frozenset()
    present = {level.kind: level for level in levels_of(programme)}
    for kind in present.keys() - wanted:
        db.session.delete(present[kind])
    writing.flush_or_refuse(Refusal.APPROVAL_LEVEL_IN_USE)
    order = [kind for kind in LevelKind if kind in wanted]
    for position, kind in enumerate(order, start=1):
        level = present.get(kind)
        if level is None:
            db.session.add(ApprovalLevel(programme=programme, kind=kind, position=position))
        else:
            level.position = position
    db.session.flush()
    writing.record("approval:set_up", programme, actor, now, levels=[str(kind) for kind in order])


def change_level(
    level: ApprovalLevel, details: LevelDetails, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over a level's deadline, right to return, view, and what changes concern it."""
    level.closes_at = details.closes_at
    level.may_return = details.may_return
    level.is_blind = details.is_blind
    level.concerns = [str(concern) for concern in details.concerns]
    db.session.flush()
    writing.record("approval:change_level", level.programme, actor, now, level=str(level.kind))


def add_quota(
    level: ApprovalLevel, details: QuotaDetails, *, actor: Actor, now: dt.datetime
) -> Quota:
    """Add a quota ahead of the broader ones of its level, which would take what it is meant for.

    What was passed on before is not counted.
    """
    whom = details.dimension, details.key, details.category
    if whom in map(whom_of, level.quotas):
        raise Refused(Refusal.QUOTA_TWICE, field="whom")
    behind = [each for each in level.quotas if breadth(whom_of(each)) > breadth(whom)]
    last = max((each.position for each in level.quotas), default=0)
    position = min((each.position for each in behind), default=last + 1)
    for each in level.quotas:
        each.position += each.position >= position
    quota = Quota(
        level=level,
        dimension=details.dimension,
        key=details.key,
        category=details.category,
        places=details.places,
        position=position,
    )
    db.session.add(quota)
    db.session.flush()
    level.quotas.sort(key=lambda each: each.position)
    _record("approval:add_quota", quota, actor, now)
    return quota


def remove_quota(quota: Quota, *, actor: Actor, now: dt.datetime) -> None:
    """Take a quota away; entries that counted against it are counted nowhere."""
    _record("approval:remove_quota", quota, actor, now)
    quota.level.quotas.remove(quota)
    db.session.flush()


def waitlist_policy(programme: Programme) -> WaitlistPolicy:
    """Return the rule of the programme's waiting lists; the default where none was set."""
    query = select(WaitlistPolicy).where(WaitlistPolicy.programme_id == programme.id)
    return db.session.scalar(query) or WaitlistPolicy(
        programme_id=programme.id, order=WaitlistOrder.LISTED, is_automatic=False, offer_hours=72
    )


def set_waitlist_policy(
    programme: Programme,
    *,
    order: WaitlistOrder,
    is_automatic: bool,
    offer_hours: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Set how waiting lists are ordered and move on; schools read it on their entry's page."""
    policy = waitlist_policy(programme)
    policy.order, policy.is_automatic, policy.offer_hours = order, is_automatic, offer_hours
    db.session.add(policy)
    db.session.flush()
    facts = {"order": str(order), "is_automatic": is_automatic, "offer_hours": offer_hours}
    writing.record("approval:waitlist", programme, actor, now, **facts)


def _record(action: str, quota: Quota, actor: Actor, now: dt.datetime) -> None:
    facts = {"level": str(quota.level.kind), "dimension": str(quota.dimension), "key": quota.key}
    writing.record(action, quota.level.programme, actor, now, places=quota.places, **facts)
