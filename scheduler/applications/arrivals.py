"""Who submits to a first-come category while others do is taken in together with them.

When a window opens, thousands press the same button. One request of each process at a time sits at
the desk and calls the line: it takes in all who have come by then and serves them (`first_come`),
in one transaction with a few statements for all of them. The others only wait for their answer,
and hold no connection to the database meanwhile. The busier it is, the more are taken in at once.
"""

import datetime as dt
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.applications import changes, first_come
from scheduler.applications.completeness import Missing
from scheduler.applications.entry_facts import missing_by_id
from scheduler.applications.models import Application
from scheduler.applications.services import demand_submittable, hand_in
from scheduler.applications.steps import flush, id_of, locked_applications
from scheduler.audit.request_id import current_request_id, on_behalf_of
from scheduler.database import db, transaction
from scheduler.errors import NotFound, SchedulerError
from scheduler.turns import Busy

_desk = threading.Lock()
_line: "deque[Arrival]" = deque()


@dataclass(eq=False)
class Arrival:
    """A submission that waits for its turn; `at` decides whether it came within the window."""

    application_id: int
    actor: Actor
    at: dt.datetime
    request_id: str | None
    is_in_line: bool = True
    is_answered: bool = False
    refusal: SchedulerError | None = None


def submit(application: Application, *, actor: Actor) -> None:
    """Hand in an entry of a first-come category, and serve it if that does not take too long.

    Commits. Raises what `services.submit` raises; then nothing of this entry was changed.
    """
    arrival = Arrival(id_of(application), actor, clock.now(), current_request_id())
    db.session.rollback()
    _line.append(arrival)
    with _desk:
        while arrival.is_in_line:
            _call_the_line()
    if not arrival.is_answered:
        _take_in_alone(arrival)
    if arrival.refusal is not None:
        raise arrival.refusal


def _call_the_line() -> None:
    """Take everybody in together and serve them. Where that fails, each is left to itself."""
    called = [_line.popleft() for _ in range(min(len(_line), first_come.AT_ONCE))]
    for each in called:
        each.is_in_line = False
    # One that others hold, or that cannot be stored, must not keep the rest.
    is_several = len(called) > 1
    with suppress(SQLAlchemyError, SchedulerError, Busy) if is_several else nullcontext():
        _take_in(called)


def _take_in_alone(arrival: Arrival) -> None:
    """Take one in whom the others did not wait for.

    Its entry is waited for before its category is held: else everybody would wait with it.
    """
    with transaction():
        _held([arrival])
    _take_in([arrival])


def _take_in(arrivals: Sequence[Arrival]) -> None:
    """Answer all of them after one commit: who came first has the lower receipt.

    They have their places by then, unless others wait before them; those are served first.
    """
    with transaction():
        if len(arrivals) > 1:
            first_come.wait_only_a_little()
        first_come.lock_categories_of([each.application_id for each in arrivals])
        entries = _held(arrivals)
        missing = missing_by_id(list(entries.values()))
        with db.session.no_autoflush:
            refusals = [_hand_in(each, entries, missing) for each in arrivals]
            answers = list(zip(arrivals, refusals, strict=True))
            taken = [entries[each.application_id] for each, refusal in answers if refusal is None]
            is_served = first_come.serve_arrived(taken, now=clock.now())
        changes.forget(*taken)
        flush()
    for arrival, refusal in answers:
        arrival.refusal = refusal
        arrival.is_answered = True
    if not is_served:
        first_come.serve_soon()


def _held(arrivals: Sequence[Arrival]) -> dict[int, Application]:
    """Return the entries as they are now, held until the commit in the order that all keep."""
    ids = [each.application_id for each in arrivals]
    query = locked_applications().where(Application.id.in_(ids)).order_by(Application.id)
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return {application.id: application for application in found}


def _hand_in(
    arrival: Arrival,
    entries: dict[int, Application],
    missing: dict[int, tuple[Missing, ...]],
) -> SchedulerError | None:
    """Hand the entry in, or return what speaks against it."""
    entry = entries.get(arrival.application_id)
    if entry is None:
        return NotFound()
    try:
        demand_submittable(entry, missing[entry.id], now=arrival.at)
    except SchedulerError as refusal:
        return refusal
    with on_behalf_of(arrival.request_id):
        hand_in(entry, actor=arrival.actor, now=arrival.at)
    return None
