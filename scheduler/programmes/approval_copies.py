"""What an edition's copy takes over of the way of approval and the waiting list's rule."""

from scheduler.database import db
from scheduler.programmes.approval import ApprovalLevel, Quota, WaitlistPolicy
from scheduler.programmes.approval_services import levels_of, waitlist_policy
from scheduler.programmes.editions import EditionCopy, on_copy


def copy_approval(copy: EditionCopy) -> None:
    """Copy levels with their quotas and moved deadlines, and the rule of the waiting list."""
    for level in levels_of(copy.source):
        closes = level.closes_at
        db.session.add(
            ApprovalLevel(
                programme=copy.edition,
                kind=level.kind,
                position=level.position,
                closes_at=copy.shift.window(closes).at if closes else None,
                may_return=level.may_return,
                is_blind=level.is_blind,
                concerns=level.concerns,
                quotas=[_quota(quota, copy) for quota in level.quotas],
            )
        )
    policy = waitlist_policy(copy.source)
    db.session.add(
        WaitlistPolicy(
            programme_id=copy.edition.id,
            order=policy.order,
            is_automatic=policy.is_automatic,
            offer_hours=policy.offer_hours,
        )
    )


def _quota(quota: Quota, copy: EditionCopy) -> Quota:
    return Quota(
        dimension=quota.dimension,
        key=quota.key,
        category=copy.categories[quota.category_id] if quota.category_id else None,
        places=quota.places,
        position=quota.position,
    )


on_copy(copy_approval)
