"""Who can sign in to the demo: one person per role, an officer for every school, a neighbour.

Only the accounts in `SIGN_INS` have a password. It is the same for all and no secret, which is why
nothing outside the demo ever calls this module, and nobody signs in with it unless `DEMO` is on.
"""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from scheduler.access.permissions import SCOPE_BY_ROLE, Role
from scheduler.accounts.models import DEMO_MARK, Account, RoleGrant
from scheduler.accounts.passwords import hashed
from scheduler.demo.festival import Festival
from scheduler.demo.names import adult_name
from scheduler.demo.writing import add_all

PASSWORD = "little-ambassadors"  # noqa: S105 - of invented people, printed at every start

OFFICERS_SCHOOL = "S05"
NEIGHBOUR_SCHOOL = "S01"
REVIEWERS_DISTRICT = "440112"
LEADERS_GROUP = "G11"


@dataclass(frozen=True)
class SignIn:
    """A demo account that a visitor may use."""

    email: str
    name: str
    role: Role
    locale: str
    label: str


SIGN_INS = (
    SignIn("admin@demo.example", "Alex Wen", Role.PLATFORM_ADMINISTRATOR, "en",
           "Platform administrator"),
    SignIn("coordinator@demo.example", "何嘉慧", Role.COORDINATOR, "en",
           "Coordinator of the festival"),
    SignIn("reviewer@demo.example", "罗志远", Role.DISTRICT_REVIEWER, "zh_Hans",
           "Reviewer of Huangpu District"),
    SignIn("city@demo.example", "梁思齐", Role.CITY_REVIEWER, "zh_Hans",
           "Reviewer of the city, who judges blind"),
    SignIn("officer@demo.example", "钟晓岚", Role.SCHOOL_OFFICER, "en",
           "Officer of school S05"),
    SignIn("neighbour@demo.example", "潘雅琴", Role.SCHOOL_OFFICER, "en",
           "Officer of the neighbour school S01"),
    SignIn("leader@demo.example", "叶思远", Role.TEAM_LEADER, "zh_Hans",
           "Leader of group G11"),
)  # fmt: skip
COORDINATOR = SIGN_INS[1]
OFFICER_BY_SCHOOL = {OFFICERS_SCHOOL: SIGN_INS[4], NEIGHBOUR_SCHOOL: SIGN_INS[5]}


@dataclass(frozen=True)
class Staff:
    """Accounts that the history of applications speaks of."""

    coordinator_id: int
    officer_ids: dict[str, int]
    officer_names: dict[str, str]


def add_staff(
    festival: Festival,
    school_ids: dict[str, int],
    district_ids: dict[str, int],
    programme_id: int,
    *,
    created_at: dt.datetime,
) -> Staff:
    """Add the accounts with their roles; the team leader's is granted with the applications."""
    signers = [_row(person, created_at) for person in SIGN_INS]
    ids = dict(zip((s.email for s in SIGN_INS), add_all(Account, signers), strict=True))
    chance = random.Random(440112)  # noqa: S311 - the same demo every time
    names = {
        key: OFFICER_BY_SCHOOL[key].name
        if key in OFFICER_BY_SCHOOL
        else adult_name(school, chance).name
        for key, school in festival.schools.items()
    }
    others = [key for key in names if key not in OFFICER_BY_SCHOOL]
    rows = [
        {
            "ref": f"{DEMO_MARK}{key}",
            "email": f"office.{key.lower()}@schools.example",
            "name": names[key],
            "locale": festival.schools[key].locale,
            "created_at": created_at,
        }
        for key in others
    ]
    officer_ids = dict(zip(others, add_all(Account, rows), strict=True))
    officer_ids |= {key: ids[officer.email] for key, officer in OFFICER_BY_SCHOOL.items()}
    admin, coordinator, reviewer, city = (ids[person.email] for person in SIGN_INS[:4])
    grants = [
        _grant(admin, Role.PLATFORM_ADMINISTRATOR, 0, created_at),
        _grant(coordinator, Role.COORDINATOR, programme_id, created_at),
        _grant(city, Role.CITY_REVIEWER, programme_id, created_at),
        _grant(reviewer, Role.DISTRICT_REVIEWER, district_ids[REVIEWERS_DISTRICT], created_at),
    ]
    grants += [
        _grant(account_id, Role.SCHOOL_OFFICER, school_ids[key], created_at)
        for key, account_id in officer_ids.items()
    ]
    add_all(RoleGrant, grants)
    return Staff(coordinator, officer_ids, names)


def grant_leader(leader_id: int, application_id: int, *, granted_at: dt.datetime) -> None:
    """Let the demo's team leader see the group."""
    add_all(RoleGrant, [_grant(leader_id, Role.TEAM_LEADER, application_id, granted_at)])


def _row(person: SignIn, created_at: dt.datetime) -> dict[str, Any]:
    return {
        "ref": f"{DEMO_MARK}{person.email.partition('@')[0].upper()}"[:16],
        "email": person.email,
        "name": person.name,
        "locale": person.locale,
        "password_hash": hashed(PASSWORD),
        "created_at": created_at,
    }


def _grant(account_id: int, role: Role, scope_id: int, granted_at: dt.datetime) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "role": role,
        "scope": SCOPE_BY_ROLE[role],
        "scope_id": scope_id,
        "granted_at": granted_at,
    }
