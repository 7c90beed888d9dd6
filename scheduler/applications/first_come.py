"""First come, first served: submissions get receipts, and places are given in their order.

A submission is committed with its receipt before places are given, and whoever has just submitted
serves all that wait, under the category's lock. So a rush costs one short turn each, the order is
that of the receipts whatever process they came through, and nobody is served twice.
"""

import datetime as dt

from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from scheduler.access.permissions import ANONYMOUS
from scheduler.applications import notices
from scheduler.applications.models import Application, Receipt
from scheduler.applications.steps import Step, lock_application, lock_category, take
from scheduler.applications.workflow import Action, State
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.programmes.models import Category

AT_ONCE = 100
"""So many are served under one lock; then the next in line takes over."""

PATIENCE_MILLISECONDS = 3000
"""So long a request waits for its turn to serve; after that it shows its place in the order."""


def give_receipt(application: Application, *, now: dt.datetime) -> Receipt:
    """Note that a submission has arrived. The number says how many came before it."""
    receipt = Receipt(application_id=application.id, category_id=application.category_id, at=now)
    db.session.add(receipt)
    db.session.flush()
    return receipt


def serve(category_id: int, *, now: dt.datetime) -> int:
    """Give places to those who wait, the lowest receipt first; return how many were served.

    Whoever finds no place goes on the waiting list, in the same order. Holds the category's lock
    until the commit. A submission that was taken back meanwhile is passed over.
    """
    lock_category(category_id)
    waiting = db.session.scalars(
        select(Receipt)
        .where(Receipt.category_id == category_id, Receipt.served_at.is_(None))
        .order_by(Receipt.id)
        .limit(AT_ONCE)
    ).all()
    with notices.one_mail_each(now=now):
        for receipt in waiting:
            _serve(lock_application(receipt.application_id), now)
            receipt.served_at = now
    db.session.flush()
    return len(waiting)


def serve_soon(category_id: int, *, now: dt.datetime) -> bool:
    """Serve the category in a transaction of its own; False if others kept it busy too long.

    Whoever is busy with it, or comes next, serves this submission too.
    """
    try:
        with transaction():
            if db.session.connection().dialect.name == "postgresql":
                limit = f"{PATIENCE_MILLISECONDS}ms"
                db.session.execute(select(func.set_config("lock_timeout", limit, True)))  # noqa: FBT003
            serve(category_id, now=now)
    except OperationalError:
        return False
    return True


def serve_all(*, now: dt.datetime) -> int:
    """Serve every category in which somebody waits; return how many were served."""
    query = select(Receipt.category_id).where(Receipt.served_at.is_(None)).distinct()
    ids = list(db.session.scalars(query.order_by(Receipt.category_id)))
    with notices.one_mail_each(now=now):
        return sum(serve(category_id, now=now) for category_id in ids)


def take_back(application: Application, *, now: dt.datetime) -> None:
    """Let go of the place in the order: the entry is a draft again, or withdrawn."""
    db.session.execute(
        update(Receipt)
        .where(Receipt.application_id == application.id, Receipt.served_at.is_(None))
        .values(served_at=now)
    )


def receipt_of(application: Application) -> Receipt | None:
    """Return the receipt of the newest submission, if it was given one."""
    query = select(Receipt).where(Receipt.application_id == application.id)
    return db.session.scalars(query.order_by(Receipt.id.desc()).limit(1)).first()


def before(receipt: Receipt) -> int:
    """Return how many submissions are served before this one."""
    query = select(func.count()).where(
        Receipt.category_id == receipt.category_id,
        Receipt.served_at.is_(None),
        Receipt.id < receipt.id,
    )
    return db.session.scalar(query) or 0


def _serve(application: Application, now: dt.datetime) -> None:
    if application.state is not State.SUBMITTED:
        return
    action = Action.ACCEPT if _has_room(application.category) else Action.WAITLIST
    try:
        take(application, Step(action, ANONYMOUS, now), decided_at=now)
    except Refused:  # a delegation larger than what is left
        action = Action.WAITLIST
        take(application, Step(action, ANONYMOUS, now), decided_at=now)
    notices.tell_decision(application, action, now=now, reason=None)


def _has_room(category: Category) -> bool:
    return category.places_free > 0
