"""What feeds cost: polls of a running server, a release, and building what nothing has prepared.

The baseline of polls is an empty view of a bare Flask application in the same server process: no
session, no hooks, no database. BENCH_TOKENS says among how many calendars polls are spread, for
example "1000,100000"; BENCH_ROUND_SECONDS how long each round is.
"""

import datetime as dt
import os
import random
import socket
import tempfile
import time
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select, update

from benchmarks.figures import Figure, report, seconds
from benchmarks.polling import Requests, connected, rates, request, serving
from scheduler.app import create_app
from scheduler.calendars import contents, feeds, links, services, tokens
from scheduler.calendars.entries import Audience, EntryDraft, EntryText, Scope, Subject
from scheduler.calendars.ical import FeedHead, render_feed, render_whole
from scheduler.calendars.models import Subscription
from scheduler.calendars.rendering import item_of
from scheduler.database import db, transaction

TOKENS = [int(count) for count in os.environ.get("BENCH_TOKENS", "1000,100000,1000000").split(",")]
MOST_POLLED = 20_000
"""Among how many different calendars the polls of one run are spread."""
SUBSCRIPTIONS = int(os.environ.get("BENCH_SUBSCRIPTIONS", "5000"))
ENTRIES = 2_000
ASSEMBLED = 200
PORTION = 10_000
FILLING, FILLING_TAG = "filling", "0" * 32
NOW = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)
ZONE = dt.timezone(dt.timedelta(hours=8))
PLAN = Scope("plan", "festival")


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
            path = links.feed_path(db.session.get_one(Subscription, feed_id), str(app.secret_key))
            db.session.remove()
            with serving("benchmarks.feeds:application") as (port, _):
                polled = stored_figures(connected(port), path)
                for count in TOKENS:
                    fill_up(count)  # takes longer than the server keeps connections
                    polled += tokens_figures(connected(port), count)
        return [*built, *polled]


def building(secret_key: str) -> tuple[list[Figure], int]:
    """Fill the database with a festival's feeds; what building costs, and one of the feeds."""
    people = [Audience("person", f"P{number}") for number in range(SUBSCRIPTIONS)]
    subjects = [Subject(person, {"en": "Festival"}, "Asia/Shanghai") for person in people]
    with transaction():
        made = links.personal_links(subjects, secret_key=secret_key, now=NOW)
    with transaction():
        services.publish(PLAN, drafts(people), now=NOW)
    figures = [assembly(), *release(people), from_cold(made[people[0]].subscription_id)]
    db.session.rollback()
    return figures, made[people[0]].subscription_id


def assembly() -> Figure:
    """Joining stored octets beside rendering them, for the same feed, octet for octet."""
    entries = services.entries_of([Audience("everything", "all")], since=NOW)[:ASSEMBLED]
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


def release(people: list[Audience]) -> list[Figure]:
    """How long it takes to move one entry, and how many feeds differ afterwards."""
    moved = drafts(people, moved=1)
    before = etags()
    began = time.perf_counter()
    with transaction():
        services.publish(PLAN, moved, now=NOW + dt.timedelta(days=1))
    took = time.perf_counter() - began
    touched = len(before.items() - etags().items())
    entry = services.standing_entry(PLAN, moved[0].key)
    holding = len(contents.feeds_with([entry.id])) if entry else 0
    name = f"release that moves 1 of {ENTRIES:,} entries, {SUBSCRIPTIONS:,} feeds"
    return [
        Figure(name, took, "s", goal="≤ 2 s"),
        Figure("feeds it touches", touched, "feeds", "that contain it", holding, "the same"),
    ]


def etags() -> dict[int, str]:
    rows = db.session.execute(select(Subscription.id, Subscription.etag))
    return {row.id: row.etag for row in rows}


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
    """A festival; each entry has a hundredth of the people, the first `moved` an hour later."""
    return [
        draft(number, frozenset(people[number % 100 :: 100]), is_moved=number < moved)
        for number in range(ENTRIES)
    ]


def draft(number: int, people: frozenset[Audience], *, is_moved: bool) -> EntryDraft:
    minutes = number + (60 if is_moved else 0)
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


def tokens_figures(connections: list[socket.socket], count: int) -> list[Figure]:
    """Polls of any of so many calendars, beside the empty view in the same rounds."""
    held = f'If-None-Match: "{FILLING_TAG}"'
    polled = random.Random(count).choices(range(count), k=min(count, MOST_POLLED))
    found = rates(
        connections,
        {
            "empty": Requests([request("/bare")], 200),
            "revalidation": Requests(
                [request(f"/calendars/filling-{number}.ics", held) for number in polled], 304
            ),
        },
    )
    return [
        Figure(
            f"poll: 304, of {count:,} tokens",
            found["revalidation"],
            "requests/s",
            "empty Flask view",
            found["empty"],
            "≥ 0.8 × the baseline",
        )
    ]


def fill_up(count: int) -> None:
    """Add calendars, which hold nothing, until there are so many besides those of the festival."""
    there = db.session.scalar(select(func.count()).where(Subscription.nonce == FILLING)) or 0
    with transaction():
        for start in range(there, count, PORTION):
            rows = [filling(number) for number in range(start, min(start + PORTION, count))]
            db.session.execute(insert(Subscription), rows)


def filling(number: int) -> dict[str, Any]:
    return {
        "token_digest": tokens.digest(f"filling-{number}"),
        "nonce": FILLING,
        "audience_kind": FILLING,
        "audience_key": str(number),
        "names": {"en": "Filling"},
        "locale": "en",
        "zone": "Asia/Shanghai",
        "etag": FILLING_TAG,
        "created_at": NOW,
        "modified_at": NOW,
    }


def stored_figures(connections: list[socket.socket], path: str) -> list[Figure]:
    """What a stored feed and an address that is none cost, beside the empty view."""
    found = rates(
        connections,
        {
            "empty": Requests([request("/bare")], 200),
            "gzip": Requests([request(path, "Accept-Encoding: gzip")], 200),
            "br": Requests([request(path, "Accept-Encoding: gzip, br")], 200),
            "unknown": Requests([request("/calendars/unknown.ics")], 404),
        },
    )
    base = ("empty Flask view", found["empty"])
    goal = "≥ 0.6 × the baseline"
    return [
        Figure("poll: 200, stored gzip", found["gzip"], "requests/s", *base, goal),
        Figure("poll: 200, stored brotli", found["br"], "requests/s", *base, goal),
        Figure("poll: unknown token", found["unknown"], "requests/s", *base),
    ]


if __name__ == "__main__":
    report(measure())
