"""The window opens for 5,000 schools at once, over HTTP against two server processes and a worker.

Some officers sign in with their password before (argon2 is meant to be slow, so signing in is
measured by itself, on a sample), the others get the session that this would begin. Then all press
the button at the same moment, each on a connection of its own, for one of twenty first-come
categories. Meanwhile a few officers open their entry's page again and again. Afterwards the
database is asked whether a place was given twice, a submission lost, or one served out of order.

`RUSH_SCHOOLS`, `RUSH_SIGN_INS` (how many sign in with a password), `RUSH_LOOKERS` (how many look
at pages meanwhile) and `BENCH_DATABASE_URL` change it.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psutil
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from benchmarks.figures import Figure, own_seconds, processor_seconds, report
from benchmarks.rush_entries import PLACES, fill
from benchmarks.rush_officers import PORT, Browser, Officer, begin_sessions, submit_all
from scheduler.app import create_app
from scheduler.applications.models import Application, Receipt
from scheduler.applications.workflow import State
from scheduler.database import db, transaction
from scheduler.programmes.models import Category
from scheduler.serve.processes import allow_connections, job_worker, server

SIGN_INS = int(os.environ.get("RUSH_SIGN_INS", "200"))
LOOKERS = int(os.environ.get("RUSH_LOOKERS", "4"))
AT_ONCE = 32
START_SECONDS = 600


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
                officers = [Officer(*each) for each in fill()]
            db.session.remove()
        commands = {
            "servers": server("127.0.0.1", PORT, 2).command,
            "worker": job_worker().command,
        }
        running = {name: subprocess.Popen(command) for name, command in commands.items()}
        try:
            wait()
            figures = signed_in(app, officers) + rushed(app, officers, running)
        finally:
            for each in running.values():
                each.terminate()
            for each in running.values():
                each.wait(20)
        with app.app_context():
            check(officers)
            db.engine.dispose()
        return figures


def wait() -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(OSError):
            if Browser().ask("/readyz")[0] == 200:
                return
        time.sleep(0.1)
    raise SystemExit("the server and the worker did not start")


def signed_in(app: Flask, officers: list[Officer]) -> list[Figure]:
    """Sign in: a sample with passwords, and how many of them a minute; the others without."""
    sample, others = officers[:SIGN_INS], officers[SIGN_INS:]
    rate = rate_of(lambda number: sample[number].sign_in(number), len(sample))
    begin_sessions(app, others)
    looks = timed(lambda number: sample[number].look(), len(sample))
    name = f"sign-ins with password, and the entry's page, {len(sample)} of {len(officers)}"
    return [
        Figure(name, rate, "/min"),
        *quantiles("an entry's page before the rush, one at a time", looks),
    ]


def rushed(
    app: Flask, officers: list[Officer], running: dict[str, subprocess.Popen[bytes]]
) -> list[Figure]:
    empty_rate = rate_of(lambda number: officers[number].ask_nothing(), len(officers))
    spent = spent_by(running)
    lookers = Lookers(officers[:LOOKERS])
    began = time.perf_counter()
    asyncio.run(submit_all(officers[LOOKERS:]))
    accepted = time.perf_counter() - began
    looks = lookers.stop()
    with app.app_context():
        wait_until_served()
    served = time.perf_counter() - began
    each = {
        name: 1000 * (seconds - spent[name]) / len(officers)
        for name, seconds in spent_by(running).items()
    }
    answered = officers[LOOKERS:]
    wrong = [officer.status for officer in answered if officer.status != 303]
    if wrong:
        raise SystemExit(f"{len(wrong)} submissions were not taken: {sorted(set(wrong))}")
    rates = 60 * len(answered) / accepted, 60 * len(answered) / served
    return [
        Figure("submissions accepted, with a receipt", rates[0], "/min",
               "health page, no database", empty_rate, "≥ 10,000 /min"),
        Figure("the same until the last had a place or a place in line", rates[1], "/min"),
        *(Figure(f"processor time for one, {name}", value, "ms") for name, value in each.items()),
        *quantiles("answer to a submission", [officer.seconds for officer in answered]),
        *quantiles(f"an entry's page during the rush, {LOOKERS} at a time", looks),
    ]  # fmt: skip


class Lookers:
    """Some officers who open their entry's page again and again until they are stopped."""

    def __init__(self, officers: Sequence[Officer]) -> None:
        self._is_over = threading.Event()
        self._pool = ThreadPoolExecutor(max(1, len(officers)))
        self._all = [self._pool.submit(self._look, officer) for officer in officers]

    def _look(self, officer: Officer) -> list[float]:
        taken = []
        while not self._is_over.is_set():
            began = time.perf_counter()
            officer.look()
            taken.append(time.perf_counter() - began)
        return taken

    def stop(self) -> list[float]:
        self._is_over.set()
        self._pool.shutdown()
        return [seconds for one in self._all for seconds in one.result()]


def wait_until_served() -> None:
    """Return when nobody waits for an answer any more."""
    waiting = select(func.count()).where(Receipt.served_at.is_(None))
    while db.session.scalar(waiting):
        db.session.rollback()
        time.sleep(0.05)
    db.session.rollback()


def spent_by(running: dict[str, subprocess.Popen[bytes]]) -> dict[str, float]:
    """What programs have spent so far: those started, this one, and PostgreSQL's, if it is used."""
    spent = {name: processor_seconds(each.pid) for name, each in running.items()}
    spent["clients"] = time.process_time()
    if os.environ["DATABASE_URL"].startswith("postgresql"):
        every = psutil.process_iter(["name"])
        spent["PostgreSQL"] = sum(
            own_seconds(each) for each in every if each.info["name"] == "postgres"
        )
    return spent


def rate_of(work: Callable[[int], object], count: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, range(count)))
    return 60 * count / (time.perf_counter() - began)


def timed(work: Callable[[int], object], count: int) -> list[float]:
    taken = []
    for number in range(count):
        began = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - began)
    return taken


def quantiles(name: str, seconds: Sequence[float]) -> list[Figure]:
    if not seconds:
        return []
    ordered = sorted(seconds)
    return [
        Figure(f"{name}, p50", 1000 * statistics.median(ordered), "ms"),
        Figure(f"{name}, p99 of {len(ordered)}", 1000 * ordered[int(len(ordered) * 0.99)], "ms"),
    ]


def check(officers: list[Officer]) -> None:
    """0 oversold, 0 lost, 0 double, in the order of the receipts; or the run is void."""
    count = len(officers) - LOOKERS
    numbers = select(Category.id, Category.places_taken).where(Category.places_taken > 0)
    taken = dict(db.session.execute(numbers).all())
    accepted = dict(
        db.session.execute(
            select(Application.category_id, func.count())
            .where(Application.state == State.ACCEPTED)
            .group_by(Application.category_id)
        ).all()
    )
    if accepted != taken or max(taken.values()) > PLACES:
        raise SystemExit("places were given twice")
    if db.session.scalar(select(func.count(Receipt.id))) != count:
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
    if db.session.scalar(text(steps)) != 2 * count:
        raise SystemExit("a step was lost or taken twice")


if __name__ == "__main__":
    report(measure())
    sys.exit(0)
