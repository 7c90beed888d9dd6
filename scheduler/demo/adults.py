"""The adults that the file lacks: leaders, conductors, accompanists, advisers of every group."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from scheduler.applications.models import MemberRole
from scheduler.demo.accounts import LEADERS_GROUP, SIGN_INS
from scheduler.demo.entries import Entry
from scheduler.demo.festival import Festival
from scheduler.demo.names import AdultName, adult_name, phone_number
from scheduler.demo.programme import CATEGORIES, WITH_ACCOMPANIST, WITH_CONDUCTOR
from scheduler.demo.writing import add_all
from scheduler.people.models import Person
from scheduler.people.sorting import sort_key

CONDUCTOR_CASE = "conductor_two_choirs:"
KIND_BY_CATEGORY: dict[str, str] = {category[0]: category[1] for category in CATEGORIES}
SMALL_KINDS = frozenset({"small_choir", "chamber"})


@dataclass(frozen=True)
class Team:
    """The adults of one group by what they do; one person may do several things."""

    roles: tuple[tuple[MemberRole, int], ...]


def add_teams(
    festival: Festival, entries: list[Entry], school_ids: dict[str, int], *, created_at: dt.datetime
) -> dict[str, Team]:
    """Add the adults of every entry; return the teams by the entry's key.

    The same person conducts the two choirs of the special case: one row, of the first's school.
    In small groups the leader is the adviser as well.
    """
    chance = random.Random(20270716)  # noqa: S311 - the same demo every time
    shared = _shared_conductors(festival)
    rows: list[dict[str, Any]] = []
    index_by_shared_name: dict[str, int] = {}
    plans: dict[str, list[tuple[MemberRole, int]]] = {}
    for entry in entries:
        plan: list[tuple[MemberRole, int]] = []
        for role in _roles(KIND_BY_CATEGORY[entry.kind]):
            name = shared.get(entry.key) if role is MemberRole.CONDUCTOR else None
            if name in index_by_shared_name:
                plan.append((role, index_by_shared_name[str(name)]))
                continue
            if name:
                index_by_shared_name[name] = len(rows)
            plan.append((role, len(rows)))
            rows.append(_adult(entry, role, name, festival, school_ids, chance, len(rows)))
        if KIND_BY_CATEGORY[entry.kind] in SMALL_KINDS:
            plan.append((MemberRole.ADVISER, plan[0][1]))
        plans[entry.key] = plan
    ids = add_all(Person, [{**row, "created_at": created_at} for row in rows])
    return {
        key: Team(tuple((role, ids[index]) for role, index in plan)) for key, plan in plans.items()
    }


def _shared_conductors(festival: Festival) -> dict[str, str]:
    return {
        group: case.removeprefix(CONDUCTOR_CASE)
        for case, groups in festival.special_cases.items()
        if case.startswith(CONDUCTOR_CASE)
        for group in groups
    }


def _roles(kind: str) -> list[MemberRole]:
    roles = [MemberRole.LEADER]
    if kind in WITH_CONDUCTOR:
        roles.append(MemberRole.CONDUCTOR)
    if kind in WITH_ACCOMPANIST:
        roles.append(MemberRole.ACCOMPANIST)
    return roles if kind in SMALL_KINDS else [*roles, MemberRole.ADVISER]


def _adult(
    entry: Entry,
    role: MemberRole,
    name: str | None,
    festival: Festival,
    school_ids: dict[str, int],
    chance: random.Random,
    number: int,
) -> dict[str, Any]:
    school = festival.schools[entry.school]
    own = AdultName(name) if name else adult_name(school, chance)
    is_leader = role is MemberRole.LEADER
    email = f"teacher.{number + 1:03}@schools.example" if is_leader else None
    if is_leader and entry.key == LEADERS_GROUP:
        own, email = AdultName(SIGN_INS[-1].name), SIGN_INS[-1].email
    return {
        "ref": f"T{number + 1:04}",
        "school_id": school_ids[entry.school],
        "name": own.name,
        "latin_name": own.latin_name,
        "sort_key": sort_key(own.name, own.latin_name),
        "is_adult": True,
        "email": email,
        "phone": phone_number(school.origin, number) if is_leader else None,
    }
