"""The sums that steps of applications change: places taken, and the programme's roster revision.

The database adds up. Steps that are written together change each sum once.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value

from scheduler.applications import levels
from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.programmes.approval import ApprovalLevel, LevelKind
from scheduler.programmes.models import Category, Programme

_HELD = "held_sums"


@dataclass(slots=True)
class _Held:
    places: Counter[int] = field(default_factory=Counter)
    programmes: set[int] = field(default_factory=set)
    last_levels: dict[int, ApprovalLevel | None] = field(default_factory=dict)


@contextmanager
def added_up_together() -> Iterator[None]:
    """Change each sum once for all steps inside, at the end; their categories are held by then.

    What is loaded follows at once. An error inside changes none.
    """
    info = db.session().info
    held = info[_HELD] = _Held()
    try:
        yield
    finally:
        del info[_HELD]
    _add_places(held.places)
    for programme_id in sorted(held.programmes):
        raise_roster_revision(programme_id)


def count_places(category: Category, gained: int) -> None:
    """Let the database add up; what is loaded follows, without being read again."""
    total = category.places_taken + gained
    held = _held()
    if held is None:
        _add_places({category.id: gained})
    else:
        held.places[category.id] += gained
    set_committed_value(category, "places_taken", total)


def raise_roster_revision(programme_id: int) -> None:
    """Tell plans made so far that who performs, or with whom, has changed since."""
    held = _held()
    if held is not None:
        held.programmes.add(programme_id)
        return
    db.session.execute(
        update(Programme)
        .where(Programme.id == programme_id)
        .values(roster_revision=Programme.roster_revision + 1)
    )


def last_level(application: Application) -> ApprovalLevel | None:
    """Return the organiser's level of the programme, whose quotas a place counts against."""
    held = _held()
    if held is None:
        return levels.level_of_kind(application, LevelKind.ORGANISER)
    programme_id = application.programme_id
    if programme_id not in held.last_levels:
        found = levels.level_of_kind(application, LevelKind.ORGANISER)
        held.last_levels[programme_id] = found
    return held.last_levels[programme_id]


def _held() -> _Held | None:
    held: _Held | None = db.session().info.get(_HELD)
    return held


def _add_places(gained: Mapping[int, int]) -> None:
    """Add up all categories in one go, in the order in which they are locked."""
    if not gained:
        return
    statement = (
        update(Category)
        .where(Category.id == bindparam("category"))
        .values(places_taken=Category.places_taken + bindparam("gained"))
    )
    rows = [{"category": key, "gained": number} for key, number in sorted(gained.items())]
    db.session.connection().execute(statement, rows)
