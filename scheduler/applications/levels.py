"""Levels of approval: whose turn it is with an entry, who that is, and what its quota allows."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import selectinload

from scheduler.access.permissions import Actor, Permission, Role, can, is_own_case
from scheduler.applications.models import Application, Nomination
from scheduler.applications.workflow import Refusal, State
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.organisations.models import School
from scheduler.programmes.approval import ApprovalLevel, Dimension, LevelKind, Quota
from scheduler.programmes.models import Category, Programme

HIGHEST_FIRST = ("H", "J", "P")
"""Stages of a school; a group of a school with several counts with the highest (domain.md 3)."""


def levels_of(programme_id: int) -> list[ApprovalLevel]:
    """Return a programme's levels in order, with their quotas; none means the organiser alone."""
    query = (
        select(ApprovalLevel)
        .where(ApprovalLevel.programme_id == programme_id)
        .order_by(ApprovalLevel.position, ApprovalLevel.id)
        .options(selectinload(ApprovalLevel.quotas))
    )
    return list(db.session.scalars(query))


def way_of(application: Application) -> list[ApprovalLevel]:
    """Return the levels that this entry passes: a school without a district has none of it."""
    has_district = application.school.district_id is not None
    return [
        level
        for level in levels_of(application.programme_id)
        if has_district or level.kind is not LevelKind.DISTRICT
    ]


def level_after_submission(application: Application) -> ApprovalLevel | None:
    """Return where a submitted entry begins, or goes on: a returned one at who returned it.

    What lower levels have passed stands, because the school could change only what was marked.
    """
    if application.state is State.RETURNED and application.level is not None:
        return application.level
    return next((each for each in way_of(application) if each.kind is not LevelKind.SCHOOL), None)


def level_after(application: Application) -> ApprovalLevel | None:
    """Return the level to which the present one passes the entry on; None after the last."""
    way = way_of(application)
    ids = [level.id for level in way]
    if application.level_id not in ids:
        return None
    rest = way[ids.index(application.level_id) + 1 :]
    return rest[0] if rest else None


def level_of_kind(application: Application, kind: LevelKind) -> ApprovalLevel | None:
    """Return the programme's level of a kind, if it has one."""
    return next((each for each in levels_of(application.programme_id) if each.kind is kind), None)


def is_last(application: Application) -> bool:
    """Tell whether the organiser decides now: at the last level, or where there are no levels."""
    return application.level is None or application.level.kind is LevelKind.ORGANISER


def may_decide(
    actor: Actor, application: Application, now: dt.datetime, *, is_of_panel: bool = False
) -> bool:
    """Tell whether it is the actor's turn with an entry.

    Each level has its own reviewers. The organiser decides on whatever is not under review, for
    a level whose time is over, and where a panel of the level has judged. Nobody decides on the
    own school's entry.
    """
    subject = application.subject
    if is_own_case(actor, Permission.APPLICATION_NOMINATE, subject):
        return False
    kind = level_in_turn(application, now)
    if is_of_panel or kind is LevelKind.ORGANISER:
        return can(actor, Permission.APPLICATION_DECIDE, subject)
    if kind is LevelKind.DISTRICT:
        return application.school.district_id in actor.scope_ids(Role.DISTRICT_REVIEWER)
    return application.programme_id in actor.scope_ids(Role.CITY_REVIEWER)


def level_in_turn(application: Application, now: dt.datetime) -> LevelKind:
    """Return the kind of the level that decides on an entry now."""
    is_under_review = application.state in {State.SUBMITTED, State.RETURNED}
    level = application.level if is_under_review else None
    return LevelKind.ORGANISER if level is None or is_late(level, now) else level.kind


def has_turn(actor: Actor, programme_id: int) -> bool:
    """Tell whether the actor decides at any level of a programme."""
    if programme_id in actor.scope_ids(Role.COORDINATOR):
        return True
    return bool(served_levels(actor, programme_id))


def served_levels(actor: Actor, programme_id: int) -> list[ApprovalLevel]:
    """Return the levels of a programme at which the actor is a reviewer, the organiser's aside."""
    served = set()
    if actor.has_role(Role.DISTRICT_REVIEWER):
        served.add(LevelKind.DISTRICT)
    if programme_id in actor.scope_ids(Role.CITY_REVIEWER):
        served.add(LevelKind.CITY)
    return [level for level in levels_of(programme_id) if level.kind in served]


def is_late(level: ApprovalLevel, now: dt.datetime) -> bool:
    """Tell whether a level's reviewers are too late."""
    return level.closes_at is not None and now >= level.closes_at


def sees_blind(actor: Actor, programme_id: int) -> bool:
    """Tell whether the actor reviews a programme without knowing whose entries they are.

    Who serves an open level of it, or runs it, knows.
    """
    if programme_id in actor.scope_ids(Role.COORDINATOR):
        return False
    levels = served_levels(actor, programme_id)
    return bool(levels) and all(level.is_blind for level in levels)


# Quotas


def count_nomination(application: Application, level: ApprovalLevel, now: dt.datetime) -> None:
    """Note that a level passes an entry on; raises `Refused` when its quota is used up.

    The quota's row is held until the commit, so that two decisions cannot share its last place.
    """
    found = quota_of(level, application)
    if found is not None:
        quota, key = found
        db.session.execute(select(Quota.id).where(Quota.id == quota.id).with_for_update())
        if used(quota.id, key) >= quota.places:
            raise Refused(Refusal.NO_QUOTA_LEFT, places=quota.places)
    release_nomination(application, level)
    db.session.add(
        Nomination(
            application_id=application.id,
            level_id=level.id,
            quota_id=found[0].id if found else None,
            quota_key=found[1] if found else "",
            at=now,
        )
    )
    db.session.flush()


def release_nomination(application: Application, level: ApprovalLevel) -> None:
    """Free what an entry takes of a level's quota."""
    own = (Nomination.application_id == application.id, Nomination.level_id == level.id)
    db.session.execute(delete(Nomination).where(*own))


def release_all(application: Application) -> None:
    """Free what an entry takes of every quota: it is out, or begins anew."""
    db.session.execute(delete(Nomination).where(Nomination.application_id == application.id))


def used(quota_id: int, key: str) -> int:
    """Return how many entries count against a quota (of one school, district, …)."""
    query = select(func.count()).where(Nomination.quota_id == quota_id, Nomination.quota_key == key)
    return db.session.scalar(query) or 0


def quota_of(level: ApprovalLevel, application: Application) -> tuple[Quota, str] | None:
    """Return the first quota of the level that fits the entry, and for whom it is counted."""
    return first_quota(level.quotas, application.school, application.category)


def first_quota(
    quotas: Sequence[Quota], school: School, category: Category
) -> tuple[Quota, str] | None:
    """Return the first quota that fits; "any other" is asked last whatever its position."""
    for quota in sorted(quotas, key=lambda each: each.dimension is Dimension.ANY):
        if quota.category_id not in {None, category.id}:
            continue
        key = key_of(quota.dimension, school, category)
        if key is not None and quota.key in {None, key}:
            return quota, key
    return None


def key_of(dimension: Dimension, school: School, category: Category) -> str | None:
    """Return the school's value in a dimension; None if it has none (no district)."""
    match dimension:
        case Dimension.SCHOOL:
            return school.code
        case Dimension.DISTRICT:
            return school.district.code if school.district else None
        case Dimension.REGION:
            return school.region.value
        case Dimension.STAGE:
            return stage_of(school, category)
        case Dimension.ANY:
            return ""


def stage_of(school: School, category: Category) -> str | None:
    """Return the stage with which a group counts: primary by its category, else the highest."""
    if category.is_primary:
        return "P"
    return next((stage for stage in HIGHEST_FIRST if stage in school.stages), None)


def find_level(programme: Programme, kind: str) -> ApprovalLevel | None:
    """Return a programme's level by its word, if it has it."""
    if kind not in set(LevelKind):
        return None
    query = select(ApprovalLevel).where(
        ApprovalLevel.programme_id == programme.id, ApprovalLevel.kind == LevelKind(kind)
    )
    return db.session.scalar(query)
