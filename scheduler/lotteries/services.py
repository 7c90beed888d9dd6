"""What a coordinator does with a lottery: set up, freeze, draw. Applying it is `applying`."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from scheduler.access.permissions import Actor
from scheduler.applications.bulk import insert_rows
from scheduler.applications.steps import lock_category
from scheduler.audit import services as audit
from scheduler.database import db, held
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.lotteries import notices
from scheduler.lotteries.draw import ANY_OTHER, Entry, Place, waiting_numbers
from scheduler.lotteries.entrants import Entrant, counts_by_place, entrants_of
from scheduler.lotteries.lists import (
    LONGEST_SEED,
    FrozenList,
    digest_of,
    drawn_from,
    is_typeable,
    list_text,
    one_line,
    utc_text,
)
from scheduler.lotteries.models import Bundles, Lottery, LotteryEntry, LotteryState, Strata
from scheduler.lotteries.refusals import Refusal
from scheduler.programmes.kinds import Allocation
from scheduler.programmes.models import Category, Names, Programme
from scheduler.references import new_reference

RECEIPT_LENGTH = 10


@dataclass(frozen=True)
class LotteryDetails:
    """What stands in a lottery's form. `seed_at` is when the source will give the seed."""

    names: Names
    category_ids: tuple[int, ...]
    strata: Strata
    bundles: Bundles
    seed_source: str
    seed_at: dt.datetime
    reason: str | None = None


def find(ref: str) -> Lottery:
    """Return the lottery; raises `NotFound`."""
    lottery = db.session.scalar(select(Lottery).where(Lottery.ref == ref))
    if lottery is None:
        raise NotFound
    return lottery


def find_public(ref: str) -> Lottery:
    """Return a lottery that everybody may read; raises `NotFound`."""
    lottery = find(ref)
    if not lottery.is_public:
        raise NotFound
    return lottery


def add(
    programme: Programme,
    details: LotteryDetails,
    *,
    actor: Actor,
    now: dt.datetime,
    ref: str | None = None,
) -> Lottery:
    """Begin a lottery; nobody but the coordinators sees it before the freeze."""
    lottery = Lottery(
        ref=ref or new_reference("L"),
        programme=programme,
        state=LotteryState.DRAFT,
        places={},
        created_at=now,
    )
    _fill(lottery, details, now)
    db.session.add(lottery)
    db.session.flush()
    _record("lottery:add", lottery, actor, now)
    return lottery


def change(
    lottery: Lottery, details: LotteryDetails, *, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Take over the details of a draft; other categories or strata need their places anew."""
    lottery = _locked(lottery, version, LotteryState.DRAFT, Refusal.NOT_A_DRAFT)
    before = (lottery.strata, {category.id for category in lottery.categories})
    _fill(lottery, details, now)
    if before != (lottery.strata, set(details.category_ids)):
        lottery.places = {}
    db.session.flush()
    _record("lottery:change", lottery, actor, now)


def remove(lottery: Lottery, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a draft; what was frozen stays for ever."""
    lottery = _locked(lottery, None, LotteryState.DRAFT, Refusal.NOT_A_DRAFT)
    db.session.delete(lottery)
    db.session.flush()
    _record("lottery:remove", lottery, actor, now)


def set_places(
    lottery: Lottery,
    places: Mapping[Place, int],
    *,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Say how many places are kept for each stratum and how many are open to any other.

    Raises `Refused` if a category would give away more than it has free.
    """
    lottery = _locked(lottery, version, LotteryState.DRAFT, Refusal.NOT_A_DRAFT)
    _demand_free(lottery, places)
    nested: dict[str, dict[str, int]] = {}
    for (category, stratum), count in places.items():
        nested.setdefault(category, {})[stratum] = count
    lottery.places = nested
    db.session.flush()
    _record("lottery:places", lottery, actor, now, places=nested)


def places_of(lottery: Lottery, counts: Mapping[Place, int]) -> dict[Place, int]:
    """Return the places as they stand; what was not said yet is all free ones, for any other."""
    free = {category.code: category.places_free for category in lottery.categories}
    stored: dict[str, dict[str, int]] = lottery.places
    return {
        (category, stratum): stored.get(category, {}).get(
            stratum, free[category] if stratum == ANY_OTHER and category not in stored else 0
        )
        for category, stratum in counts
    }


def freeze(
    lottery: Lottery,
    *,
    version: int,
    seen: int,
    actor: Actor,
    now: dt.datetime,
    new_receipt: Callable[[], str] | None = None,
    is_quiet: bool = False,
) -> Lottery:
    """Fix the entrants, give each a receipt, and publish the list with its SHA-256.

    From now on nothing can be changed, and everybody can read it; each school is mailed the
    receipts of its entries, and reads that places are drawn. Earlier lotteries of these categories
    that were not carried out are replaced. `seen` is the number of entrants on the page that was
    decided on. Raises `Conflict` or `Refused`.
    """
    lottery = _locked(lottery, version, LotteryState.DRAFT, Refusal.NOT_A_DRAFT)
    for category_id in sorted(category.id for category in lottery.categories):
        lock_category(category_id).allocation = Allocation.LOTTERY
    if lottery.seed_at <= now:
        raise Refused(Refusal.SEED_NOT_IN_FUTURE, field="seed_at")
    entrants = entrants_of(lottery)
    if not entrants:
        raise Refused(Refusal.NO_ENTRANTS)
    if len(entrants) != seen:
        raise Refused(Refusal.ENTRANTS_CHANGED, seen=seen, count=len(entrants))
    places = places_of(lottery, counts_by_place(lottery, entrants))
    _demand_free(lottery, places)
    earlier = earlier_lotteries(lottery)
    if earlier and not lottery.reason:
        raise Refused(Refusal.REASON_NEEDED)
    _replace(earlier, lottery)
    entries = _with_receipts(entrants, new_receipt or _new_receipt)
    text = list_text(FrozenList(_heads(lottery, now), places, tuple(e for _id, e in entries)))
    _keep_entries(lottery, entries)
    lottery.state, lottery.frozen_at = LotteryState.FROZEN, now
    lottery.list_text, lottery.list_digest = text, digest_of(text)
    db.session.flush()
    _record(
        "lottery:freeze", lottery, actor, now, entrants=len(entrants), sha256=lottery.list_digest
    )
    if not is_quiet:
        notices.tell_receipts(lottery, now=now)
    return lottery


def earlier_lotteries(lottery: Lottery) -> list[Lottery]:
    """Return the published lotteries of any of these categories; a new one must say why."""
    ids = [category.id for category in lottery.categories]
    query = (
        select(Lottery)
        .where(
            Lottery.id != lottery.id,
            Lottery.state != LotteryState.DRAFT,
            Lottery.categories.any(Category.id.in_(ids)),
        )
        .order_by(Lottery.frozen_at, Lottery.id)
    )
    return list(db.session.scalars(query))


def draw(
    lottery: Lottery, *, seed: str, reference: str, version: int, actor: Actor, now: dt.datetime
) -> Lottery:
    """Draw with the seed that the stated source has given; everybody can read the result at once.

    Raises `Refused` before the stated time, or for a seed that not everybody could type again.
    """
    lottery = _locked(lottery, version, LotteryState.FROZEN, Refusal.NOT_FROZEN)
    if now < lottery.seed_at:
        raise Refused(Refusal.SEED_TOO_EARLY)
    seed = one_line(seed)
    if not is_typeable(seed):
        raise Refused(Refusal.SEED_UNREADABLE, field="seed", most=LONGEST_SEED)
    drawn = drawn_from(lottery.list_text or "", seed)
    numbers = waiting_numbers(drawn)
    id_by_receipt: dict[str, int] = dict(
        db.session.execute(
            select(LotteryEntry.receipt, LotteryEntry.id).where(
                LotteryEntry.lottery_id == lottery.id
            )
        ).all()
    )
    rows = [
        {
            "id": id_by_receipt[each.entry.receipt],
            "rank": each.rank,
            "outcome": each.outcome,
            "place_of": each.place_of,
            "number": numbers.get(each.entry.receipt),
        }
        for each in drawn
    ]
    db.session.execute(update(LotteryEntry), rows)
    lottery.state, lottery.drawn_at = LotteryState.DRAWN, now
    lottery.seed, lottery.seed_reference = seed, one_line(reference)
    db.session.flush()
    _record("lottery:draw", lottery, actor, now, seed=seed, reference=lottery.seed_reference)
    return lottery


def _locked(
    lottery: Lottery, version: int | None, state: LotteryState, refusal: Refusal
) -> Lottery:
    lottery = held(Lottery, lottery.id)
    if lottery.state is not state:
        raise Refused(refusal)
    if version is not None and lottery.version != version:
        raise Conflict
    return lottery


def _fill(lottery: Lottery, details: LotteryDetails, now: dt.datetime) -> None:
    categories = db.session.scalars(
        select(Category)
        .where(Category.id.in_(details.category_ids), Category.programme_id == lottery.programme.id)
        .order_by(Category.position)
    ).all()
    if not categories:
        raise Refused(Refusal.NO_CATEGORY, field="categories")
    if details.seed_at <= now:
        raise Refused(Refusal.SEED_NOT_IN_FUTURE, field="seed_at")
    lottery.names = details.names
    lottery.categories = list(categories)
    lottery.strata, lottery.bundles = details.strata, details.bundles
    lottery.seed_source, lottery.seed_at = one_line(details.seed_source), details.seed_at
    lottery.reason = details.reason or None


def _demand_free(lottery: Lottery, places: Mapping[Place, int]) -> None:
    for category in lottery.categories:
        wanted = sum(count for (code, _stratum), count in places.items() if code == category.code)
        if wanted > category.places_free:
            raise Refused(
                Refusal.TOO_MANY_PLACES,
                category=category.code,
                wanted=wanted,
                free=category.places_free,
            )
    if not any(places.values()):
        raise Refused(Refusal.NO_PLACES)


def _replace(earlier: list[Lottery], lottery: Lottery) -> None:
    for each in earlier:
        if each.state in {LotteryState.FROZEN, LotteryState.DRAWN}:
            each.state, each.replaced_by = LotteryState.REPLACED, lottery


def _new_receipt() -> str:
    return new_reference("R", RECEIPT_LENGTH)


def _with_receipts(
    entrants: list[Entrant], new_receipt: Callable[[], str]
) -> list[tuple[int, Entry]]:
    """Return each entrant's entry with its application; a unit is named by its first receipt."""
    receipts = [new_receipt() for _entrant in entrants]
    unit_by_bundle: dict[int, str] = {}
    for entrant, receipt in zip(entrants, receipts, strict=True):
        unit_by_bundle[entrant.bundle] = min(receipt, unit_by_bundle.get(entrant.bundle, receipt))
    return [
        (
            entrant.application_id,
            Entry(receipt, unit_by_bundle[entrant.bundle], entrant.category, entrant.stratum),
        )
        for entrant, receipt in zip(entrants, receipts, strict=True)
    ]


def _keep_entries(lottery: Lottery, entries: list[tuple[int, Entry]]) -> None:
    insert_rows(
        LotteryEntry,
        [
            {
                "lottery_id": lottery.id,
                "application_id": application_id,
                "receipt": entry.receipt,
                "unit": entry.unit,
                "category_code": entry.category,
                "stratum": entry.stratum,
            }
            for application_id, entry in entries
        ],
    )


def _heads(lottery: Lottery, now: dt.datetime) -> dict[str, str]:
    return {
        "lottery": lottery.ref,
        "programme": lottery.programme.code,
        "frozen": utc_text(now),
        "seed-at": utc_text(lottery.seed_at),
        "seed-source": lottery.seed_source,
    }


def _record(action: str, lottery: Lottery, actor: Actor, now: dt.datetime, **facts: Any) -> None:
    audit.record(
        action,
        account_id=actor.account_id,
        subject_type="lottery",
        subject_ref=lottery.ref,
        now=now,
        **facts,
    )
