"""The festival's way of approval: four levels, their quotas, and what was nominated so far."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import update

from scheduler.applications.models import Application, Nomination
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.demo.entries import Entry
from scheduler.demo.festival import Festival
from scheduler.demo.programme import at_local_hour
from scheduler.demo.writing import add_all
from scheduler.programmes.approval import (
    ApprovalLevel,
    Dimension,
    LevelKind,
    Quota,
    WaitlistOrder,
    WaitlistPolicy,
)

CLOSES_IN_DAYS = {LevelKind.DISTRICT: 76, LevelKind.CITY: 97, LevelKind.ORGANISER: 104}
"""Sixteen days after entry closes the district has decided, then the city, then the organiser."""

QUOTAS = (
    (LevelKind.SCHOOL, Dimension.SCHOOL, 4),
    (LevelKind.DISTRICT, Dimension.DISTRICT, 20),
    (LevelKind.CITY, Dimension.ANY, 64),
)
WAITS_AT = {"G62": LevelKind.ORGANISER, "G63": LevelKind.ORGANISER, "G64": LevelKind.CITY,
            "G65": LevelKind.DISTRICT}  # fmt: skip
"""Where the entries are that are still on their way."""

NOMINATED = frozenset({State.ACCEPTED, State.WAITLISTED})
ORDER = (LevelKind.SCHOOL, LevelKind.DISTRICT, LevelKind.CITY, LevelKind.ORGANISER)


def add_approval(
    festival: Festival,
    entries: Iterable[Entry],
    *,
    programme_id: int,
    application_ids: dict[str, int],
    now: dt.datetime,
) -> None:
    """Add levels, quotas and the waiting list's rule, and put every entry where it stands."""
    level_ids = _add_levels(festival, programme_id, now)
    rows = [
        {"level_id": level_ids[kind], "dimension": dimension, "places": places, "position": 1}
        for kind, dimension, places in QUOTAS
    ]
    kinds = [kind for kind, _dimension, _places in QUOTAS]
    quota_ids = dict(zip(kinds, add_all(Quota, rows), strict=True))
    policy = {
        "programme_id": programme_id,
        "order": WaitlistOrder.LISTED,
        "is_automatic": False,
        "offer_hours": 72,
    }
    add_all(WaitlistPolicy, [policy])
    for key, kind in WAITS_AT.items():
        db.session.execute(
            update(Application)
            .where(Application.id == application_ids[key])
            .values(level_id=level_ids[kind])
        )
    add_all(
        Nomination,
        [
            {
                "application_id": application_ids[entry.key],
                "level_id": level_ids[kind],
                "quota_id": quota_ids.get(kind),
                "quota_key": _key(kind, entry, festival),
                "at": now - dt.timedelta(days=7),
            }
            for entry in entries
            for kind in _passed(entry, festival)
        ],
    )


def _add_levels(festival: Festival, programme_id: int, now: dt.datetime) -> dict[LevelKind, int]:
    zone = ZoneInfo(festival.zone)
    rows = [
        {
            "programme_id": programme_id,
            "kind": kind,
            "position": position,
            "closes_at": at_local_hour(now + dt.timedelta(days=CLOSES_IN_DAYS[kind]), 18, zone)
            if kind in CLOSES_IN_DAYS
            else None,
            "is_blind": kind is LevelKind.CITY,
        }
        for position, kind in enumerate(ORDER, start=1)
    ]
    return dict(zip(ORDER, add_all(ApprovalLevel, rows), strict=True))


def _passed(entry: Entry, festival: Festival) -> list[LevelKind]:
    """Return the levels that have nominated an entry; schools abroad have no district."""
    if entry.state in NOMINATED:
        passed: tuple[LevelKind, ...] = ORDER if entry.state is State.ACCEPTED else ORDER[:-1]
    elif entry.key in WAITS_AT:
        passed = ORDER[: ORDER.index(WAITS_AT[entry.key])]
    else:
        passed = ()
    has_district = _district(entry, festival)
    return [kind for kind in passed if has_district or kind is not LevelKind.DISTRICT]


def _district(entry: Entry, festival: Festival) -> str:
    return (festival.schools[entry.school].division or "").partition(" ")[0]


def _key(kind: LevelKind, entry: Entry, festival: Festival) -> str:
    if kind is LevelKind.SCHOOL:
        return entry.school
    return _district(entry, festival) if kind is LevelKind.DISTRICT else ""
