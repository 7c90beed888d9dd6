"""The board with 500 groups: how long its page, a try and a move take, how large it is.

A generated programme: 40 stages on five days, a category for each, schools with five groups, and
pupils of whom every tenth is in two groups. Asked in one process through the whole application, as
a coordinator; a move is the form that the board's script sends, with the marks of what it shows,
and is answered with the lanes that differ.

`BOARD_GROUPS` and `BENCH_DATABASE_URL` change size and database.
"""

import datetime as dt
import gzip
import os
import re
import secrets
import tempfile

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select
from werkzeug.test import TestResponse

from benchmarks.figures import Figure, report, seconds
from scheduler import clock
from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant, SignInSession
from scheduler.accounts.tokens import hash_of
from scheduler.app import create_app
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.database import db, transaction
from scheduler.demo.writing import add_all
from scheduler.organisations.models import Region, School
from scheduler.people.models import Person
from scheduler.programmes.models import Category, CategoryKind, Programme, Venue, VenueHours
from scheduler.scheduling.models import Plan, PlanState, Slot

GROUPS = int(os.environ.get("BOARD_GROUPS", "500"))
STAGES = max(1, GROUPS // 12)
DAYS = 5
GROUPS_OF_A_SCHOOL = 5
PUPILS = 20
FIRST_DAY = dt.datetime(2027, 7, 16, tzinfo=dt.UTC)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FRAME = re.compile(r'data-frame="(\w+)"')
LANE = re.compile(r'data-mark="(\w+)"')
DIFFERING = re.compile(r'data-mark="(\w+)"\s+data-at="(\d+)"')
EDITION = re.compile(r'name="edition" value="(\d+)"')


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "INSTANCE_PATH": folder,
            "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{folder}/bench.db"),
            "RATELIMIT_ENABLED": "0",
            "LOG_LEVEL": "ERROR",
        }
        app = create_app()
        with app.app_context():
            upgrade()
            with transaction():
                programme = a_programme()
                refs = some_groups(programme)
                plan = a_draft(programme, refs)
                token = a_coordinator(programme)
            db.session.remove()
        figures = asked(signed_in(app, token), plan, refs)
        with app.app_context():
            db.engine.dispose()
        return figures


def a_programme() -> Programme:
    now = clock.now()
    programme = Programme(
        code="many", names={"en": "Many"}, starts_on=FIRST_DAY.date(),
        ends_on=FIRST_DAY.date() + dt.timedelta(days=DAYS - 1),
        entry_opens_at=now - dt.timedelta(days=2), entry_closes_at=now - dt.timedelta(days=1),
        created_at=now,
    )  # fmt: skip
    db.session.add(programme)
    for number in range(STAGES):
        category = Category(
            programme=programme, code=f"C{number:02}", names={"en": f"Category {number}"},
            kind=CategoryKind.CHOIR, position=number, places=20, min_members=2, max_members=60,
            max_minutes=10, changeover_minutes=5,
        )  # fmt: skip
        venue = Venue(
            programme=programme, code=f"V{number:02}", name=f"Stage {number}", seats=500,
            stage_capacity=80, warmup_rooms=2,
        )  # fmt: skip
        venue.hours = [
            VenueHours(opens_at=opened, closes_at=opened + dt.timedelta(hours=11))
            for opened in (FIRST_DAY + dt.timedelta(days=day, hours=1) for day in range(DAYS))
        ]
        db.session.add_all([category, venue])
    db.session.flush()
    return programme


def some_groups(programme: Programme) -> list[str]:
    """Accepted groups in the order of their stages, with pupils; every tenth is in two of them."""
    now = clock.now()
    categories = [category.id for category in programme.categories]
    schools = add_all(
        School,
        [
            {"code": f"S{n:03}", "name": f"School {n}", "region": Region.GUANGZHOU, "stages": ["P"]}
            for n in range(-(-GROUPS // GROUPS_OF_A_SCHOOL))
        ],
    )
    refs = [f"A-BOARD{number:04}" for number in range(GROUPS)]
    applications = add_all(
        Application,
        [
            {
                "ref": refs[n], "programme_id": programme.id,
                "category_id": categories[n % STAGES], "school_id": schools[n % len(schools)],
                "group_name": f"Group {n}", "state": State.ACCEPTED, "version": 1,
                "created_at": now, "changed_at": now, "returned_fields": [], "places_held": 1,
            }
            for n in range(GROUPS)
        ],
    )  # fmt: skip
    add_pupils(schools, applications, now)
    return refs


def add_pupils(schools: list[int], applications: list[int], now: dt.datetime) -> None:
    people = add_all(
        Person,
        [
            {
                "ref": f"P-{group}-{number}", "school_id": schools[place % len(schools)],
                "name": f"Pupil {number}", "sort_key": "", "is_adult": False,
                "birth_on": dt.date(2016, 3, 1), "created_at": now,
            }
            for place, group in enumerate(applications)
            for number in range(PUPILS)
        ],
    )  # fmt: skip
    entered = [(people[n], applications[n // PUPILS]) for n in range(len(people))]
    step = len(schools)  # the school's next group
    entered += [
        (people[n], applications[n // PUPILS + step])
        for n in range(0, len(people), 10)
        if n // PUPILS + step < len(applications)
    ]
    add_all(
        Member,
        [
            {
                "application_id": application, "person_id": person, "role": MemberRole.PUPIL,
                "position": place,
            }
            for place, (person, application) in enumerate(entered)
        ],
    )  # fmt: skip


def a_draft(programme: Programme, refs: list[str]) -> str:
    """Each category on its own stage, three groups in the hour, as many days as it takes."""
    now = clock.now()
    plan = Plan(
        ref="T-BOARD", programme=programme, name="#1", state=PlanState.DRAFT,
        roster_revision=programme.roster_revision, created_at=now, changed_at=now,
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    ids = {one.ref: one.id for one in db.session.execute(select(Application.ref, Application.id))}
    add_all(
        Slot,
        [
            slot_values(plan.id, ids[ref], programme.venues[number % STAGES].id, number // STAGES)
            for number, ref in enumerate(refs)
        ],
    )
    return plan.ref


def slot_values(plan: int, application: int, venue: int, turn: int) -> dict[str, object]:
    begin = FIRST_DAY + dt.timedelta(days=turn // 3 % DAYS, hours=2, minutes=20 * (turn % 3))
    return {
        "plan_id": plan, "application_id": application, "venue_id": venue,
        "warmup_room": turn % 2 + 1, "warmup_starts_at": begin - dt.timedelta(minutes=35),
        "warmup_ends_at": begin - dt.timedelta(minutes=10), "starts_at": begin,
        "ends_at": begin + dt.timedelta(minutes=10),
        "changeover_ends_at": begin + dt.timedelta(minutes=15), "is_locked": False,
    }  # fmt: skip


def a_coordinator(programme: Programme) -> str:
    """Add an account with an open session; return its token."""
    now, token = clock.now(), secrets.token_urlsafe(16)
    account = Account(email="board@example.org", name="Coordinator", locale="en", created_at=now)
    account.grants.append(
        RoleGrant(
            role=Role.COORDINATOR, scope=ScopeKind.PROGRAMME, scope_id=programme.id, granted_at=now
        )
    )
    db.session.add(account)
    db.session.flush()
    expires_at = now + dt.timedelta(hours=12)
    db.session.add(
        SignInSession(
            account_id=account.id, token_hash=hash_of(token), created_at=now, expires_at=expires_at
        )
    )
    return token


def signed_in(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def asked(client: FlaskClient, plan: str, refs: list[str]) -> list[Figure]:
    board = f"/plans/{plan}"
    place = f"{board}/slots/{refs[7]}"
    wish = {"venue": "V01", "starts_at": "2027-07-17T15:00"}
    page = ok(client.get(board)).get_data()
    moves = iter(range(1_000))

    show = page.decode()
    lanes, sizes = LANE.findall(show), []

    def move() -> None:
        part = getattr(move, "part", show)
        form = {
            "csrf_token": found(TOKEN, part), "edition": found(EDITION, part), "venue": "V01",
            "starts_at": f"2027-07-17T15:{next(moves) % 60:02}",
            "frame": found(FRAME, part), "lanes": "".join(lanes),
        }  # fmt: skip
        answer = ok(client.post(place, data=form, headers={"X-Board": "1"}))
        move.part = answer.text  # type: ignore[attr-defined]
        sizes.append(len(answer.data))
        for mark, at in DIFFERING.findall(answer.text):
            lanes[int(at)] = mark

    return [
        Figure("the board's page", 1000 * seconds(lambda: ok(client.get(board))), "ms"),
        Figure("its size", len(page) / 1000, "KB"),
        Figure("its size, compressed", len(gzip.compress(page)) / 1000, "KB"),
        Figure("a move, with the lanes that differ as the answer", 1000 * seconds(move), "ms"),
        Figure("the size of that answer", sizes[-1] / 1000, "KB"),
        Figure(
            "a place tried while a group is carried",
            1000 * seconds(lambda: ok(client.get(f"{place}/try", query_string=wish))),
            "ms",
        ),
    ]


def found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match is not None
    return match[1]


def ok(answer: TestResponse) -> TestResponse:
    assert answer.status_code == 200, answer.status
    return answer


if __name__ == "__main__":
    report(measure())
