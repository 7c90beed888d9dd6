"""First come, first served: submissions get receipts, and places are given in their order.

Whoever is taken in while nobody waits is served in the same transaction (`arrivals`). Otherwise a
submission is committed with its receipt, and all that wait are served in a transaction of their
own. Both hold the categories' locks: the order is that of the receipts whatever process they came
through, and nobody is served twice. Who waits is in the database: a killed process loses nobody.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import OperationalError

from scheduler import clock
from scheduler.access.permissions import ANONYMOUS
from scheduler.applications import notices
from scheduler.applications.models import Application, Receipt
from scheduler.applications.steps import Step, locked_applications, prepare
from scheduler.applications.sums import added_up_together
from scheduler.applications.workflow import Action, State
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.programmes.models import Category
from scheduler.task_queue import wake
from scheduler.turns import Busy

AT_ONCE = 100
"""So many are served under one lock; then whoever else wants it has a turn."""

TURNS = 2
"""So often one request serves; what has come meanwhile is then left to the worker."""

PATIENCE_MILLISECONDS = 3000
"""So long a request waits for others' locks when it acts for many."""

RUSH, RUSH_LASTS = 20, dt.timedelta(seconds=2)
"""It is a rush when so many have come within so short a time."""


def hold_categories(application_ids: Collection[int]) -> None:
    """Hold the entries' categories against those who serve, until the transaction ends.

    So whoever serves sees every number that was drawn so far, and no lower one comes after a
    higher one was served.
    """
    query = _categories_of(application_ids)
    db.session.execute(query.with_for_update(read=True, key_share=True))


def lock_categories_of(application_ids: Collection[int]) -> None:
    """Hold the entries' categories against everybody, as those who serve do."""
    db.session.execute(_categories_of(application_ids).with_for_update())


def _categories_of(application_ids: Collection[int]) -> Select[int]:
    arriving = select(Application.category_id).where(Application.id.in_(application_ids))
    return select(Category.id).where(Category.id.in_(arriving)).order_by(Category.id)


def give_receipt(application: Application, *, now: dt.datetime) -> None:
    """Note that a submission has arrived. The number says how many came before it.

    The category must be held (`hold_categories`, `lock_categories_of`).
    """
    db.session.add(
        Receipt(application_id=application.id, category_id=application.category_id, at=now)
    )


def serve_arrived(applications: Sequence[Application], *, now: dt.datetime) -> bool:
    """Give places to those who have just handed in, unless somebody waits before one of them.

    Their categories must be locked, and nothing of them flushed yet: the submission and what came
    of it are then written at once. Returns False if others are first (`serve_soon`).
    """
    category_ids = sorted({each.category_id for each in applications})
    before = select(Receipt.id).where(
        Receipt.category_id.in_(category_ids), Receipt.served_at.is_(None)
    )
    if db.session.scalar(before.limit(1)) is not None:
        return False
    unwritten = (each for each in db.session.new if isinstance(each, Receipt))
    receipts = {receipt.application_id: receipt for receipt in unwritten}
    _serve_all([(receipts[each.id], each) for each in applications], category_ids, now)
    return True


def serve_soon() -> None:
    """Serve whoever waits, in a transaction of its own.

    What lasts too long for a request is left to the worker.
    """
    for _turn in range(TURNS):
        served = _serve_patiently()
        if served is not None and served < AT_ONCE:
            return
    wake("serve")


def wait_only_a_little() -> None:
    """Let this transaction fail soon if others hold what it needs.

    On SQLite it has begun already, and waits for nobody any more.
    """
    if db.session.connection().dialect.name == "postgresql":
        limit = f"{PATIENCE_MILLISECONDS}ms"
        db.session.execute(select(func.set_config("lock_timeout", limit, True)))  # noqa: FBT003


def _serve_patiently() -> int | None:
    """Return how many were served; None if others kept the database busy too long."""
    try:
        with transaction():
            wait_only_a_little()
            return serve(now=clock.now())
    except (OperationalError, Busy):
        return None


def serve(*, now: dt.datetime) -> int:
    """Give places to those who wait, the lowest receipts first; return how many were served.

    Whoever finds no place goes on the waiting list, in the same order. Holds the categories' locks
    until the commit. A submission that was taken back meanwhile is passed over.
    """
    category_ids = _lock_categories()
    line = _line(category_ids)
    _serve_all(line, category_ids, now)
    db.session.flush()
    return len(line)


def _serve_all(
    line: Iterable[tuple[Receipt, Application]], category_ids: list[int], now: dt.datetime
) -> None:
    ends = _ends_of_lists(category_ids)
    # Every step is the same few rows: they are written together, in as few statements.
    with db.session.no_autoflush, notices.one_mail_each(now=now), added_up_together():
        for receipt, application in line:
            receipt.served_at = now
            if application.state is State.SUBMITTED:
                _serve(application, ends, now)


def _lock_categories() -> list[int]:
    """Hold every category in which somebody waits; no receipt is added to them meanwhile."""
    waiting = select(Receipt.category_id).where(Receipt.served_at.is_(None))
    query = select(Category).where(Category.id.in_(waiting)).order_by(Category.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    return [category.id for category in db.session.scalars(query)]


def _line(category_ids: list[int]) -> list[tuple[Receipt, Application]]:
    """Return who is served now, in the order of arrival, each held until the commit."""
    query = (
        locked_applications()
        .join(Receipt, Receipt.application_id == Application.id)
        .add_columns(Receipt)
        .where(Receipt.category_id.in_(category_ids), Receipt.served_at.is_(None))
        .order_by(Receipt.id)
        .limit(AT_ONCE)
        .execution_options(populate_existing=True)
    )
    return [(receipt, application) for application, receipt in db.session.execute(query)]


def _ends_of_lists(category_ids: list[int]) -> dict[int, int]:
    """Return the last position of each category's waiting list."""
    query = (
        select(Application.category_id, func.max(Application.waitlist_position))
        .where(Application.category_id.in_(category_ids))
        .group_by(Application.category_id)
    )
    return {category_id: last or 0 for category_id, last in db.session.execute(query)}


def take_back(application: Application, *, now: dt.datetime) -> None:
    """Let go of the place in the order: the entry is a draft again, or withdrawn."""
    db.session.execute(
        update(Receipt)
        .where(Receipt.application_id == application.id, Receipt.served_at.is_(None))
        .values(served_at=now)
    )


def is_rush(*, now: dt.datetime) -> bool:
    """Say whether so many submit just now that what can wait should."""
    newest = select(Receipt.at).order_by(Receipt.id.desc())
    earlier = db.session.scalar(newest.offset(RUSH - 1).limit(1))
    return earlier is not None and earlier > now - RUSH_LASTS


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


def _serve(application: Application, ends: dict[int, int], now: dt.datetime) -> None:
    action = Action.ACCEPT
    try:
        prepare(application, Step(action, ANONYMOUS, now), decided_at=now)
    except Refused:  # no place, a delegation larger than what is left, or a quota used up
        action = Action.WAITLIST
        ends[application.category_id] += 1
        position = ends[application.category_id]
        step = Step(action, ANONYMOUS, now)
        prepare(application, step, decided_at=now, waitlist_position=position)
    notices.tell_decision(application, action, now=now, reason=None)
