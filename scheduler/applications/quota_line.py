"""How far down an order of entries places and quotas reach, if everybody were passed on."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import func, select

from scheduler.applications import levels
from scheduler.applications.models import Application, Nomination
from scheduler.database import db
from scheduler.programmes.approval import ApprovalLevel, LevelKind, Quota


def within_quota(level: ApprovalLevel | None, candidates: Iterable[Application]) -> dict[int, bool]:
    """Walk down the order until quotas or places are used up; tell it of each, by its key.

    Whoever is over a quota is passed over, and others may follow. Places count where the last
    level decides, or where there are no levels.
    """
    level_id = level.id if level is not None else None
    quotas = list(
        db.session.scalars(select(Quota).where(Quota.level_id == level_id).order_by(Quota.position))
    )
    used = _used(level_id)
    is_last = level is None or level.kind is LevelKind.ORGANISER
    taken: Counter[int] = Counter()
    found: dict[int, bool] = {}
    for each in candidates:
        fitting = levels.first_quota(quotas, each.school, each.category)
        key = (fitting[0].id, fitting[1]) if fitting else None
        has_quota = fitting is None or key is None or used[key] < fitting[0].places
        has_place = not is_last or taken[each.category_id] < each.category.places_free
        found[each.id] = has_quota and has_place
        if found[each.id]:
            taken[each.category_id] += 1
            if key is not None:
                used[key] += 1
    return found


def reached(flags: Iterable[bool | None]) -> int:
    """Return how many from the top are within, without a gap."""
    count = 0
    for is_within in flags:
        if not is_within:
            break
        count += 1
    return count


def _used(level_id: int | None) -> Counter[tuple[int, str]]:
    rows = db.session.execute(
        select(Nomination.quota_id, Nomination.quota_key, func.count())
        .where(Nomination.level_id == level_id, Nomination.quota_id.is_not(None))
        .group_by(Nomination.quota_id, Nomination.quota_key)
    )
    found: Counter[tuple[int, str]] = Counter()
    for quota_id, key, count in rows:
        found[quota_id or 0, key] = count
    return found
