"""What feeds cost: polls of a running server, and building a feed that nothing has prepared.

All requests of one run go to the same server process over the same kept connections, in turn, so
that the machine's mood hits baseline and figure alike. The baseline is an empty view of a bare
Flask application in that process: no session, no hooks, no database.
"""

import datetime as dt
import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import update

from benchmarks.figures import Figure, report, seconds
from scheduler.app import create_app
from scheduler.calendars import feeds, links, services
from scheduler.calendars.entries import Audience, EntryDraft, EntryText, Scope, Subject
from scheduler.calendars.ical import FeedHead, render_feed, render_whole
from scheduler.calendars.models import Subscription
from scheduler.calendars.rendering import item_of
from scheduler.database import db, transaction

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 8
ROUND_SECONDS = 1.0
ROUNDS = 7
SUBSCRIPTIONS = 5_000
ENTRIES = 200
NOW = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)
ZONE = dt.timezone(dt.timedelta(hours=8))
PLAN = Scope("plan", "festival")
EXPECTED = {"empty": 200, "revalidation": 304, "whole": 200, "unknown": 404}


def application() -> Flask:
    """The product behind its door, with a bare Flask application at `/bare` beside it."""
    app = create_app(LOG_LEVEL="WARNING")
    bare = Flask("bare")
    bare.add_url_rule("/bare", "empty", lambda: "")
    through = app.wsgi_app

    def choose(environ: dict[str, Any], start_response: Any) -> Any:
        chosen = bare.wsgi_app if environ["PATH_INFO"] == "/bare" else through
        return chosen(environ, start_response)

    app.wsgi_app = choose  # type: ignore[method-assign]
    return app


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "INSTANCE_PATH": folder,
            "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{folder}/bench.db"),
            "RATELIMIT_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
        }
        app = application()
        with app.app_context():
            upgrade()
            built, feed_id = building(str(app.secret_key))
            feed = db.session.get_one(Subscription, feed_id)
            path = links.feed_path(feed, str(app.secret_key))
            requests = {
                "empty": request("/bare"),
                "revalidation": request(path, f'If-None-Match: "{feed.etag}"'),
                "whole": request(path, "Accept-Encoding: gzip"),
                "unknown": request("/calendars/unknown.ics"),
            }
            db.session.remove()
        return [*built, *polled(requests)]


def building(secret_key: str) -> tuple[list[Figure], int]:
    """Fill the database with a festival's feeds; what building costs, and one of the feeds."""
    people = [Audience("person", f"P{number}") for number in range(SUBSCRIPTIONS)]
    subjects = [Subject(person, {"en": "Festival"}, "Asia/Shanghai") for person in people]
    with transaction():
        made = links.personal_links(subjects, secret_key=secret_key, now=NOW)
    with transaction():
        services.publish(PLAN, drafts(people), now=NOW)
    figures = [assembly(), release(people), from_cold(made[people[0]].subscription_id)]
    db.session.rollback()
    return figures, made[people[0]].subscription_id


def assembly() -> Figure:
    """Joining stored octets beside rendering them, for the same feed, octet for octet."""
    entries = services.entries_of([Audience("everything", "all")], since=NOW)
    items = [item_of(entry, "en") for entry in entries]
    head = FeedHead("Festival", "", "Asia/Shanghai")
    stored = feeds.renderings_for([entry.id for entry in entries], "en")
    if render_feed(head, stored) != render_whole(head, items):
        raise SystemExit("the assembled feed is not the rendered one")
    rendering = seconds(lambda: render_whole(head, items), repeats=9)
    assembling = seconds(lambda: render_feed(head, stored), repeats=99)
    return Figure(
        f"assemble {len(items)} stored entries",
        assembling * 1000,
        "ms",
        f"icalendar renders {len(items)}",
        rendering * 1000,
        "≤ 0.02 × the baseline",
    )


def release(people: list[Audience]) -> Figure:
    moved = drafts(people, moved=1)
    began = time.perf_counter()
    with transaction():
        services.publish(PLAN, moved, now=NOW + dt.timedelta(days=1))
    took = time.perf_counter() - began
    name = f"release that moves 1 of {ENTRIES:,} entries, {SUBSCRIPTIONS:,} feeds"
    return Figure(name, took, "s", goal="≤ 2 s")


def from_cold(feed_id: int) -> Figure:
    """A feed built as after a change: nothing in the session, the stored octets forgotten."""

    def build() -> None:
        forget = update(Subscription).where(Subscription.id == feed_id).values(etag="")
        db.session.execute(forget)
        db.session.expunge_all()
        feeds.rebuild([feed_id], now=NOW)

    took = seconds(build, repeats=25)
    size = len(db.session.get_one(Subscription, feed_id).body)
    return Figure(f"personal feed from cold ({size:,} octets)", took * 1000, "ms", goal="≤ 15 ms")


def drafts(people: list[Audience], moved: int = 0) -> list[EntryDraft]:
    """A festival; each entry has a twentieth of the people, the first `moved` an hour later."""
    return [
        draft(number, frozenset(people[number % 20 :: 20]), is_moved=number < moved)
        for number in range(ENTRIES)
    ]


def draft(number: int, people: frozenset[Audience], *, is_moved: bool) -> EntryDraft:
    minutes = 5 * number + (60 if is_moved else 0)
    begins = dt.datetime(2027, 4, 10, 8, tzinfo=ZONE) + dt.timedelta(minutes=minutes)
    english = EntryText(
        f"Performance: choir {number}",
        "Main hall, City Theatre, 1 Qingbo Road, Guangzhou",
        ("Warm-up in Room 2, half an hour before",),
        "Performance",
    )
    chinese = EntryText(
        f"演出:第{number}合唱团",
        "大厅, 星海音乐厅, 晴波路1号, 广州",
        ("提前半小时在2号热身室热身",),
        "演出",
    )
    return EntryDraft(
        key=f"performance:{number}",
        starts_at=begins,
        ends_at=begins + dt.timedelta(minutes=25),
        zone="Asia/Shanghai",
        texts={"en": english, "zh_Hans": chinese},
        audiences=people | {Audience("everything", "all")},
        url="https://scheduler.example.org/programmes/festival",
        geo=(23.113042, 113.319031),
    )


def polled(requests: dict[str, bytes]) -> list[Figure]:
    """Poll a server of one process with each request in turn; return the rates."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4",
        "--log-level", "warning", "benchmarks.feeds:application",
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        connections = [connect(port) for _ in range(CONNECTIONS)]
        statuses = {name: status(connections[0], octets) for name, octets in requests.items()}
        if statuses != EXPECTED:
            raise SystemExit(f"unexpected answers: {statuses}")
        rates: dict[str, list[float]] = {name: [] for name in requests}
        for number in range(ROUNDS + 1):
            for name, octets in requests.items():
                rate = requests_per_second(connections, octets)
                if number:  # the first round warms up
                    rates[name].append(rate)
    finally:
        server.terminate()
        server.wait()
    return figures_of({name: statistics.median(found) for name, found in rates.items()})


def figures_of(rates: dict[str, float]) -> list[Figure]:
    base = ("empty Flask view", rates["empty"])
    return [
        Figure("poll: 304", rates["revalidation"], "requests/s", *base, "≥ 0.6 × the baseline"),
        Figure("poll: 200, stored gzip", rates["whole"], "requests/s", *base),
        Figure("poll: unknown token", rates["unknown"], "requests/s", *base),
    ]


def request(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: benchmark/1", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def connect(port: int) -> socket.socket:
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=30)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(connection: socket.socket, octets: bytes) -> int:
    connection.sendall(octets)
    return int(answer(connection)[9:12])


def answer(connection: socket.socket) -> bytes:
    """Read one whole answer and return it."""
    received = connection.recv(262_144)
    while not is_whole(received):
        received += connection.recv(262_144)
    return received


def is_whole(received: bytes) -> bool:
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    at = received.lower().find(b"content-length: ", 0, end)
    if at < 0:
        return True
    return len(received) >= end + 4 + int(received[at + 16 : received.index(b"\r", at)])


def requests_per_second(connections: list[socket.socket], octets: bytes) -> float:
    """Keep one request under way on each connection for a while."""
    ready = selectors.DefaultSelector()
    for connection in connections:
        ready.register(connection, selectors.EVENT_READ)
        connection.sendall(octets)
    answered = 0
    began = time.perf_counter()
    while time.perf_counter() - began < ROUND_SECONDS:
        for key, _ in ready.select():
            connection = cast("socket.socket", key.fileobj)
            answer(connection)
            connection.sendall(octets)
            answered += 1
    took = time.perf_counter() - began
    for connection in connections:
        answer(connection)
    ready.close()
    return answered / took


if __name__ == "__main__":
    report(measure())
