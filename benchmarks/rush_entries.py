"""A programme whose entry window is open, and a finished entry of each school in it."""

import datetime as dt
import os

from scheduler import clock
from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant
from scheduler.accounts.passwords import hashed
from scheduler.applications.models import Application, Member, MemberRole, Piece
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.demo.writing import add_all
from scheduler.organisations.models import Region, School
from scheduler.people.models import Consent, ConsentPurpose, Person
from scheduler.programmes.kinds import Allocation
from scheduler.programmes.models import Category, CategoryKind, Programme

SCHOOLS = int(os.environ.get("RUSH_SCHOOLS", "5000"))
CATEGORIES = 20
PLACES = max(1, SCHOOLS // CATEGORIES // 2)
PUPILS = 5
PASSWORD = "a rush of five thousand schools"


def fill() -> list[tuple[int, str]]:
    """Add everything; return each school's officer's account and the reference of its entry."""
    now = clock.now()
    programme = Programme(
        code="rush", names={"en": "Rush"}, starts_on=dt.date(2027, 7, 16),
        ends_on=dt.date(2027, 7, 18), entry_opens_at=now - dt.timedelta(hours=1),
        entry_closes_at=now + dt.timedelta(days=1), created_at=now,
    )  # fmt: skip
    db.session.add(programme)
    db.session.flush()
    categories = add_all(
        Category,
        [
            {
                "programme_id": programme.id, "code": f"C{number}", "names": {"en": f"C{number}"},
                "kind": CategoryKind.CHOIR, "position": number, "places": PLACES,
                "min_members": 2, "max_members": 60, "max_minutes": 10, "changeover_minutes": 5,
                "allocation": Allocation.FIRST_COME,
            }
            for number in range(CATEGORIES)
        ],
    )  # fmt: skip
    numbers = range(SCHOOLS)
    schools = add_all(
        School,
        [
            {"code": f"R{n:05}", "name": f"School {n}", "region": Region.GUANGZHOU, "stages": ["P"]}
            for n in numbers
        ],
    )
    password = hashed(PASSWORD)
    accounts = add_all(
        Account,
        [
            {
                "ref": f"RUSH-{n:05}", "email": f"office{n}@school.example", "name": f"Officer {n}",
                "locale": "en", "password_hash": password, "created_at": now,
            }
            for n in numbers
        ],
    )  # fmt: skip
    add_all(
        RoleGrant,
        [
            {
                "account_id": account, "role": Role.SCHOOL_OFFICER, "scope": ScopeKind.SCHOOL,
                "scope_id": school, "granted_at": now,
            }
            for account, school in zip(accounts, schools, strict=True)
        ],
    )  # fmt: skip
    refs = [f"A-RUSH{n:05}" for n in numbers]
    applications = add_all(
        Application,
        [
            {
                "ref": refs[n], "programme_id": programme.id,
                "category_id": categories[n % CATEGORIES], "school_id": schools[n],
                "group_name": "Choir", "state": State.DRAFT, "version": 1, "created_at": now,
                "changed_at": now, "returned_fields": [], "places_held": 0,
            }
            for n in numbers
        ],
    )  # fmt: skip
    add_people(schools, applications, now)
    return list(zip(accounts, refs, strict=True))


def add_people(schools: list[int], applications: list[int], now: dt.datetime) -> None:
    people = add_all(
        Person,
        [
            {
                "ref": f"P-{school}-{number}", "school_id": school, "name": f"Pupil {number}",
                "sort_key": "", "is_adult": number == PUPILS, "birth_on": dt.date(2016, 3, 1),
                "created_at": now,
            }
            for school in schools
            for number in range(PUPILS + 1)
        ],
    )  # fmt: skip
    add_all(
        Member,
        [
            {
                "application_id": applications[place // (PUPILS + 1)], "person_id": person,
                "role": MemberRole.LEADER if place % (PUPILS + 1) == PUPILS else MemberRole.PUPIL,
                "position": place % (PUPILS + 1),
            }
            for place, person in enumerate(people)
        ],
    )  # fmt: skip
    add_all(
        Consent,
        [
            {
                "person_id": person, "purpose": ConsentPurpose.PARTICIPATION, "is_granted": True,
                "given_at": now,
            }
            for person in people
        ],
    )  # fmt: skip
    add_all(
        Piece,
        [
            {"application_id": each, "position": 1, "title": "Song", "duration_seconds": 200}
            for each in applications
        ],
    )
