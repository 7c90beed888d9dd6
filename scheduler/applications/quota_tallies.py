"""Tallies against quotas, as whoever decides at a level sees them while deciding."""

from collections import defaultdict
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from scheduler.access.permissions import Actor, Role
from scheduler.applications.levels import (
    levels_of,
    quota_of,
    sees_blind,
    served_levels,
    used,
)
from scheduler.applications.models import Application, Nomination
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import District
from scheduler.programmes.approval import ApprovalLevel, Dimension, LevelKind, Quota
from scheduler.programmes.approval_forms import category_label, district_names, quota_label
from scheduler.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class QuotaTally:
    """How much of a quota is used; for a quota "each", one line for each that has used any."""

    level: LevelKind
    whom: str
    category: str
    used: int
    places: int


def quota_tallies(programme: Programme, actor: Actor) -> list[QuotaTally]:
    """Return the tallies of the levels at which the actor decides, in few queries.

    A district reviewer sees the own districts' lines of the district's level, not the others'.
    Whoever reviews blind sees only what is the same for all: any other line that grows after a
    decision would say whose entry it was.
    """
    is_coordinator = programme.id in actor.scope_ids(Role.COORDINATOR)
    found = levels_of(programme.id) if is_coordinator else served_levels(actor, programme.id)
    is_blind = sees_blind(actor, programme.id)
    levels = [level for level in found if level.quotas and not (is_blind and _tells_whose(level))]
    if not levels:
        return []
    quotas = [quota for level in levels for quota in level.quotas]
    uses = _uses(quotas)
    districts = district_names()
    hidden = _hidden_districts(actor, programme)
    return [
        QuotaTally(
            quota.level.kind,
            _whom(quota, key, districts),
            category_label(quota.category),
            used,
            quota.places,
        )
        for quota in quotas
        for key, used in sorted(uses[quota.id].items()) or [(quota.key or "", 0)]
        if not (quota.dimension is Dimension.DISTRICT and key in hidden)
    ]


def quota_here(application: Application, *, is_blind: bool) -> QuotaTally | None:
    """Return the quota that the entry counts against once its present level passes it on.

    Where the review is blind it is told only at levels where all entries count against quotas for
    any: beside others, which one it is, or that it is none for any, says whose entry it is.
    """
    level = application.level if application.state is State.SUBMITTED else None
    found = quota_of(level, application) if level else None
    if level is None or found is None or (is_blind and _tells_whose(level)):
        return None
    quota, key = found
    whom, category = _whom(quota, key, district_names()), category_label(quota.category)
    return QuotaTally(quota.level.kind, whom, category, used(quota.id, key), quota.places)


def _tells_whose(level: ApprovalLevel) -> bool:
    return any(quota.dimension is not Dimension.ANY for quota in level.quotas)


def _uses(quotas: list[Quota]) -> dict[int, dict[str, int]]:
    rows = db.session.execute(
        select(Nomination.quota_id, Nomination.quota_key, func.count())
        .where(Nomination.quota_id.in_([quota.id for quota in quotas]))
        .group_by(Nomination.quota_id, Nomination.quota_key)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for quota_id, key, count in rows:
        if quota_id is not None:
            found[quota_id][key] = count
    return found


def _hidden_districts(actor: Actor, programme: Programme) -> frozenset[str]:
    if programme.id in actor.scope_ids(Role.COORDINATOR):
        return frozenset()
    own = actor.scope_ids(Role.DISTRICT_REVIEWER)
    query = select(District.code).where(District.id.not_in(own))
    return frozenset(db.session.scalars(query))


def _whom(quota: Quota, key: str, districts: dict[str, str]) -> str:
    if quota.key is not None or not key:
        return quota_label(quota, districts)
    each = quota_label(quota, districts)
    return str(_("%(each)s: %(one)s", each=each, one=districts.get(key, key)))
