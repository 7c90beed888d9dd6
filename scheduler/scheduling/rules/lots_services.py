"""Lots for the running order: drawn by hand and typed in, or by a list and a seed that come later.

The draw is that of lotteries, text for text: whoever has list and seed comes to the same order
with `flask lottery verify` (docs/lottery.md).
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.lotteries.draw import ANY_OTHER, Entry
from scheduler.lotteries.entrants import NO_STRATUM
from scheduler.lotteries.lists import (
    LONGEST_SEED,
    FrozenList,
    drawn_from,
    is_typeable,
    list_text,
    one_line,
    utc_text,
)
from scheduler.programmes import writing
from scheduler.programmes.kinds import STAGED
from scheduler.programmes.models import Category, Programme
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.rules.lots_models import DrawnLots

FEWEST = 2


def lots_of(programme: Programme) -> dict[str, DrawnLots]:
    """Return the lots of a programme, by the code of their category."""
    query = (
        select(Category.code, DrawnLots)
        .join(DrawnLots.category)
        .where(Category.programme_id == programme.id)
        .order_by(Category.position, Category.id)
    )
    return {row.code: row.DrawnLots for row in db.session.execute(query)}


def staged_category(programme: Programme, code: str) -> Category:
    """Return a category whose groups perform on a stage; raises `NotFound`."""
    found = next((one for one in programme.categories if one.code == code), None)
    if found is None or found.kind not in STAGED:
        raise NotFound
    return found


def type_in(
    category: Category, numbers: Mapping[str, int], *, actor: Actor, now: dt.datetime
) -> DrawnLots:
    """Keep the lots that were drawn by hand: a number for each group's ref, the smallest first.

    Plans are then out of date. Refuses fewer than two groups, a number that two groups have, and
    what has been announced to be drawn by a seed.
    """
    _demand_none_yet(category)
    if len(numbers) < FEWEST:
        raise Refused(Refusal.LOTS_TOO_FEW)
    if len(set(numbers.values())) < len(numbers):
        raise Refused(Refusal.LOTS_DOUBLED)
    refs = sorted(numbers, key=lambda ref: numbers[ref])
    lots = DrawnLots(category_id=category.id, refs=refs, drawn_at=now)
    db.session.add(lots)
    return _drawn(lots, category, actor, now)


def announce(
    category: Category,
    refs: Collection[str],
    *,
    seed_source: str,
    seed_at: dt.datetime,
    actor: Actor,
    now: dt.datetime,
) -> DrawnLots:
    """Freeze the list of groups, to be drawn by what a source gives at `seed_at`.

    Everybody can read the list from now on. Refuses a time that is not ahead.
    """
    _demand_none_yet(category)
    if len(refs) < FEWEST:
        raise Refused(Refusal.LOTS_TOO_FEW)
    if seed_at <= now:
        raise Refused(Refusal.LOTS_SEED_PAST, field="seed_at")
    heads = {
        "lottery": f"running-order-{category.code}",
        "programme": category.programme.code,
        "frozen": utc_text(now),
        "seed-at": utc_text(seed_at),
        "seed-source": one_line(seed_source),
    }
    entries = tuple(Entry(ref, ref, category.code, NO_STRATUM) for ref in refs)
    text = list_text(FrozenList(heads, {(category.code, ANY_OTHER): len(refs)}, entries))
    lots = DrawnLots(category_id=category.id, refs=[], list_text=text, seed_at=seed_at)
    db.session.add(lots)
    db.session.flush()
    _record("programme:lots_announced", category, actor, now, groups=len(refs))
    return lots


def draw(category: Category, seed: str, *, actor: Actor, now: dt.datetime) -> DrawnLots:
    """Draw the order by the seed; refused before its time, and for what nobody could type again.

    Plans are then out of date. Raises `NotFound` unless a list is waiting for its seed.
    """
    writing.hold(category.programme)
    lots = _stored(category)
    if lots is None or lots.drawn_at or lots.list_text is None or lots.seed_at is None:
        raise NotFound
    if now < lots.seed_at:
        raise Refused(Refusal.LOTS_SEED_EARLY, field="seed")
    seed = one_line(seed)
    if not is_typeable(seed):
        raise Refused(Refusal.LOTS_SEED_UNREADABLE, field="seed", most=LONGEST_SEED)
    lots.seed, lots.drawn_at = seed, now
    lots.refs = [each.entry.receipt for each in drawn_from(lots.list_text, seed)]
    return _drawn(lots, category, actor, now)


def withdraw_lots(category: Category, *, actor: Actor, now: dt.datetime) -> None:
    """Take the lots of a category back, drawn or only announced; the audit log keeps the order."""
    writing.hold(category.programme)
    lots = _stored(category)
    if lots is None:
        raise NotFound
    _record("programme:lots_withdrawn", category, actor, now, order=lots.refs, seed=lots.seed)
    db.session.delete(lots)
    db.session.flush()
    if lots.drawn_at:
        writing.make_plans_stale(category.programme)


def later_groups(lots: DrawnLots, refs: Sequence[str]) -> list[str]:
    """Return the groups that have no lot, as they were accepted after the draw."""
    return [ref for ref in refs if ref not in lots.refs]


def _demand_none_yet(category: Category) -> None:
    writing.hold(category.programme)
    if _stored(category) is not None:
        raise Refused(Refusal.LOTS_ALREADY)


def _stored(category: Category) -> DrawnLots | None:
    return db.session.scalar(select(DrawnLots).where(DrawnLots.category_id == category.id))


def _drawn(lots: DrawnLots, category: Category, actor: Actor, now: dt.datetime) -> DrawnLots:
    db.session.flush()
    writing.make_plans_stale(category.programme)
    _record("programme:lots_drawn", category, actor, now, order=lots.refs, seed=lots.seed)
    return lots


def _record(
    action: str, category: Category, actor: Actor, now: dt.datetime, **facts: object
) -> None:
    writing.record(action, category.programme, actor, now, category=category.code, **facts)
