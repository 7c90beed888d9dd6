"""The window opens for thousands of schools at once, driven over HTTP against two server processes.

Every officer has signed in with a password before (argon2 is meant to be slow, so signing in is
measured by itself); then all submit their finished entry for one of twenty first-come
categories, as fast as the server takes them. Afterwards the database is asked whether a place was
given twice, a submission lost, or one served out of order. The baseline is an empty page of the
same application in the same server processes, asked by the same client.

`RUSH_SCHOOLS` and `BENCH_DATABASE_URL` change size and database.
"""

import datetime as dt
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psutil
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from benchmarks.figures import Figure, report
from scheduler import clock
from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant
from scheduler.accounts.passwords import hashed
from scheduler.app import create_app
from scheduler.applications.models import Application, Member, MemberRole, Piece, Receipt
from scheduler.applications.workflow import State
from scheduler.database import db, transaction
from scheduler.demo.writing import add_all
from scheduler.organisations.models import Region, School
from scheduler.people.models import Consent, ConsentPurpose, Person
from scheduler.programmes.kinds import Allocation
from scheduler.programmes.models import Category, CategoryKind, Programme
from scheduler.serve.processes import allow_connections, job_worker, server

SCHOOLS = int(os.environ.get("RUSH_SCHOOLS", "1000"))
CATEGORIES = 20
PLACES = max(1, SCHOOLS // CATEGORIES // 2)
PUPILS = 5
CLIENTS = int(os.environ.get("RUSH_CLIENTS", "32"))
SIGN_INS = 40
PASSWORD = "a rush of two thousand schools"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PORT = 5987


@dataclass
class Client:
    """A browser's connection; it is opened anew for the rush, as the server closes idle ones."""

    connection: http.client.HTTPConnection = field(
        default_factory=lambda: http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
    )

    def ask(
        self, path: str, cookie: str = "", form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        headers = {"Cookie": cookie} if cookie else {}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        self.connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        return answer.status, page, kept_cookies(cookie, answer.headers.get_all("Set-Cookie") or ())


@dataclass
class Officer:
    """Somebody's browser: an address, a cookie, a token, and how long the answer took."""

    email: str
    ref: str
    client: Client = field(default_factory=Client)
    cookie: str = ""
    token: str = ""
    seconds: float = 0.0
    status: int = 0


def kept_cookies(before: str, new: Iterable[str]) -> str:
    """The cookie header of a browser after an answer."""
    jar = dict(each.split("=", 1) for each in before.split("; ") if each)
    jar |= dict(each.partition(";")[0].split("=", 1) for each in new)
    return "; ".join(f"{name}={value}" for name, value in jar.items())


def measure() -> list[Figure]:
    allow_connections()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "INSTANCE_PATH": folder,
            "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{folder}/bench.db"),
            "RATELIMIT_ENABLED": "0",
            "LOG_LEVEL": "ERROR",
            "PUBLIC_URL": f"http://127.0.0.1:{PORT}",
        }
        app = create_app()
        with app.app_context():
            upgrade()
            with transaction():
                officers = fill()
            db.session.remove()
        commands = (server("127.0.0.1", PORT, 2).command, job_worker().command)
        running = [subprocess.Popen(command) for command in commands]
        try:
            wait()
            with app.app_context():
                figures = [*signed_in(officers), *rushed(officers, running)]
        finally:
            for each in running:
                each.terminate()
            for each in running:
                each.wait(20)
        with app.app_context():
            check(officers)
            db.engine.dispose()
        return figures


def fill() -> list[Officer]:
    """A programme with first-come categories, and a complete draft of each school."""
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
    return [Officer(f"office{n}@school.example", refs[n]) for n in numbers]


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


def wait() -> None:
    for _ in range(300):
        try:
            if Client().ask("/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def signed_in(officers: list[Officer]) -> list[Figure]:
    """Sign in with passwords, all of them; how many a minute."""

    def sign_in(officer: Officer) -> None:
        client = officer.client
        status, page, cookie = client.ask("/sign-in")
        form = {"csrf_token": token_of(page), "email": officer.email, "password": PASSWORD}
        status, page, officer.cookie = client.ask("/sign-in", cookie, form)
        if status not in {302, 303}:
            raise SystemExit(f"signing in: {status}")
        _status, page, officer.cookie = client.ask(f"/applications/{officer.ref}", officer.cookie)
        officer.token = token_of(page)
        officer.client.connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(sign_in, officers))
    rate = 60 * len(officers) / (time.perf_counter() - began)
    return [Figure("sign-ins with password, and the entry's page", rate, "/min")]


def rushed(officers: list[Officer], running: list[subprocess.Popen[bytes]]) -> list[Figure]:
    def submit(officer: Officer) -> None:
        client = officer.client
        began = time.perf_counter()
        form = {"csrf_token": officer.token}
        path = f"/applications/{officer.ref}/submit"
        officer.status, _page, _cookie = client.ask(path, officer.cookie, form)
        officer.seconds = time.perf_counter() - began

    def empty(officer: Officer) -> None:
        officer.client.ask("/healthz")
        officer.client.connection.close()

    empty_rate = rate_of(empty, officers)
    spent = processor_seconds(running)
    began = time.perf_counter()
    rate = rate_of(submit, officers)
    wait_until_served()
    in_all = 60 * len(officers) / (time.perf_counter() - began)
    each = 1000 * (processor_seconds(running) - spent) / len(officers)
    times = sorted(officer.seconds for officer in officers)
    wrong = [officer.status for officer in officers if officer.status != 303]
    if wrong:
        raise SystemExit(f"{len(wrong)} submissions were not taken: {sorted(set(wrong))}")
    return [
        Figure("submissions accepted, with a receipt", rate, "/min",
               "health page, no database", empty_rate, "≥ 10,000 /min"),
        Figure("the same until the last had a place or a place in line", in_all, "/min"),
        Figure("processor time of the servers and the job worker for one of them", each, "ms"),
        Figure("answer to a submission, p50", 1000 * statistics.median(times), "ms"),
        Figure("answer to a submission, p99", 1000 * times[int(len(times) * 0.99)], "ms"),
    ]  # fmt: skip


def wait_until_served() -> None:
    """Return when nobody waits for an answer any more."""
    waiting = select(func.count()).where(Receipt.served_at.is_(None))
    while db.session.scalar(waiting):
        db.session.rollback()
        time.sleep(0.05)
    db.session.rollback()


def processor_seconds(running: list[subprocess.Popen[bytes]]) -> float:
    """What the started programs and their children have spent so far."""
    roots = [psutil.Process(each.pid) for each in running]
    every = [one for root in roots for one in (root, *root.children(recursive=True))]
    return float(sum(one.cpu_times().user + one.cpu_times().system for one in every))


def rate_of(work: object, officers: list[Officer]) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, officers))  # type: ignore[arg-type]
    return 60 * len(officers) / (time.perf_counter() - began)


def token_of(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise SystemExit("a page without a form")
    return found.group(1)


def check(officers: list[Officer]) -> None:
    """0 oversold, 0 lost, 0 double, in the order of the receipts; or the run is void."""
    taken = dict(db.session.execute(select(Category.id, Category.places_taken)).all())
    accepted = dict(
        db.session.execute(
            select(Application.category_id, func.count())
            .where(Application.state == State.ACCEPTED)
            .group_by(Application.category_id)
        ).all()
    )
    if accepted != taken or max(taken.values()) > PLACES:
        raise SystemExit("places were given twice")
    if db.session.scalar(select(func.count(Receipt.id))) != len(officers):
        raise SystemExit("a submission was lost or counted twice")
    rows = db.session.execute(
        select(Receipt.category_id, Application.state)
        .join(Application, Application.id == Receipt.application_id)
        .order_by(Receipt.category_id, Receipt.id)
    ).all()
    for category_id in taken:
        states = [state for key, state in rows if key == category_id]
        if states != sorted(states, key=lambda state: state is not State.ACCEPTED):
            raise SystemExit("somebody was served out of order")
    steps = "SELECT count(*) FROM history_entry WHERE action IN ('submit', 'accept', 'waitlist')"
    if db.session.scalar(text(steps)) != 2 * len(officers):
        raise SystemExit("a step was lost or taken twice")


if __name__ == "__main__":
    report(measure())
    sys.exit(0)
