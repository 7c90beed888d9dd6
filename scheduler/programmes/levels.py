"""The showcase levels of a programme: named in each language, the highest first. No Flask here."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, select

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.programmes import writing
from scheduler.programmes.models import Names, OutcomeLevel, Programme
from scheduler.programmes.refusals import Refusal

DEFAULT_NAMES: tuple[Names, ...] = (
    {"en": "First showcase level", "zh_Hans": "一等展示等级", "zh_Hant_HK": "一等展演等級"},
    {"en": "Second showcase level", "zh_Hans": "二等展示等级", "zh_Hant_HK": "二等展演等級"},
    {"en": "Third showcase level", "zh_Hans": "三等展示等级", "zh_Hant_HK": "三等展演等級"},
)


def default_levels() -> list[OutcomeLevel]:
    """Return the levels with which a programme begins, not stored yet."""
    return [
        OutcomeLevel(position=position, names=dict(names))
        for position, names in enumerate(DEFAULT_NAMES, start=1)
    ]


def levels_of(programme: Programme) -> list[OutcomeLevel]:
    """Return the levels, the highest first."""
    query = select(OutcomeLevel).where(OutcomeLevel.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(OutcomeLevel.position, OutcomeLevel.id)))


def set_levels(
    programme: Programme,
    levels: Sequence[tuple[int | None, Names]],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Make these the programme's levels, in this order; an id keeps the level that has it.

    Levels left out are removed; refuses those that a group has been given. Raises `NotFound` for
    an id of another programme.
    """
    stored = {level.id: level for level in levels_of(programme)}
    before = [(level.id, level.names) for level in stored.values()]
    kept = {key for key, _names in levels if key is not None}
    if not kept <= stored.keys():
        raise NotFound
    if before == list(levels):
        return
    for position, (key, names) in enumerate(levels, start=1):
        if key is None:
            db.session.add(OutcomeLevel(programme_id=programme.id, position=position, names=names))
        else:
            stored[key].position, stored[key].names = position, names
    writing.flush_or_refuse(Refusal.LEVEL_IN_USE)
    _remove(stored.keys() - kept)
    writing.record("programme:levels", programme, actor, now, levels=len(levels))


def _remove(keys: set[int]) -> None:
    with writing.refusing(Refusal.LEVEL_IN_USE):
        db.session.execute(delete(OutcomeLevel).where(OutcomeLevel.id.in_(keys)))
