"""Calendars that nginx answers from its cache, with the configuration that is shipped.

One nginx process without TLS stands before one server process. The baseline is an empty view of a
bare Flask application in that server process, asked without nginx in the same rounds.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_migrate import upgrade

from benchmarks.feeds import NOW, PLAN, application, draft
from benchmarks.figures import Figure, processor_seconds, report
from benchmarks.polling import (
    ROUND_SECONDS,
    Requests,
    answer,
    connected,
    free_port,
    rates,
    request,
    requests_per_second,
    serving,
)
from scheduler.calendars import links, public_feeds, services
from scheduler.calendars.entries import Audience, Subject
from scheduler.calendars.models import Subscription
from scheduler.database import db, transaction
from scheduler.serve.processes import end_with_parent

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SHIPPED = Path(__file__).resolve().parent.parent / "deployment"
ENTRIES = 10
SUBSCRIBERS, SECONDS_BETWEEN_POLLS = 1_000_000, 3_600


def configuration(folder: Path, behind: int, port: int, *, keeps_private: bool) -> str:
    """Return what is shipped, with the places and ports of a trial, and without TLS.

    Raises KeyError when something that is to be replaced is not in the shipped file.
    """
    server = (SHIPPED / "nginx.conf").read_text()
    changes = {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "127.0.0.1:5000": f"127.0.0.1:{behind}",
        "ambassadors.example.org;": "localhost 127.0.0.1;",
        "/var/cache/nginx": str(folder),
        "/var/log/nginx": str(folder),
    }
    if keeps_private:
        changes["# include /etc/nginx/ambassador-private-feeds.conf;"] = (
            f"include {SHIPPED / 'nginx-private-feeds.conf'};"
        )
    lines = [line for line in server.splitlines(keepends=True) if "ssl_certificate" not in line]
    server = "".join(lines)
    for shipped, here in changes.items():
        if shipped not in server:
            raise KeyError(shipped)
        server = server.replace(shipped, here)
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    # A server that root starts would work as another user, to whom the folder is closed.
    user = "user root;" if os.geteuid() == 0 else ""
    return "\n".join(
        (
            f"daemon off; worker_processes 1; {user}",
            f"pid {folder}/pid; error_log {folder}/errors.log warn;",
            "events { worker_connections 64; }",
            "http {",
            "keepalive_requests 10000000;",  # a trial asks more often than people do
            *(f"{name}_temp_path {folder}/{name};" for name in temporary),
            server,
            "}",
        )
    )


@contextmanager
def in_front(
    folder: Path, behind: int, port: int, *, keeps_private: bool
) -> Iterator[subprocess.Popen[bytes]]:
    """Run nginx at the port, before what listens at `behind`, with its files in the folder."""
    settings = folder / "nginx.conf"
    settings.write_text(configuration(folder, behind, port, keeps_private=keeps_private))
    process = subprocess.Popen(
        [str(NGINX), "-p", str(folder), "-c", str(settings), "-e", str(folder / "errors.log")],
        preexec_fn=end_with_parent,  # noqa: PLW1509 - whoever starts it has one thread, or can wait
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def measure() -> list[Figure]:
    if NGINX is None:
        raise SystemExit("nginx is not installed here")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {
            "INSTANCE_PATH": name,
            "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
            "RATELIMIT_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
        }
        public, private = calendars()
        port = free_port()
        with (
            serving("benchmarks.feeds:application") as (behind, program),
            in_front(folder, behind, port, keeps_private=True) as nginx,
        ):
            direct, through = connected(behind), connected(port)
            tags = {path: tag_of(through[0], path) for path in (public, private)}
            held = {path: request(path, f"If-None-Match: {tags[path]}") for path in tags}
            polled = polls(direct, through, held[public], held[private], public)
            in_nginx = microseconds(nginx.pid, through, Requests([held[public]], 304))
            in_program = microseconds(program, direct, Requests([held[public]], 304))
        return [*polled, *costs(in_nginx, in_program)]


def calendars() -> tuple[str, str]:
    """Fill the database; the addresses of a public calendar and of a pupil's."""
    app = application()
    everybody, pupil = public_feeds.public_audience("festival"), Audience("person", "P1")
    with app.app_context():
        upgrade()
        secret = str(app.secret_key)
        with transaction():
            subject = Subject(pupil, {"en": "Festival"}, "Asia/Shanghai")
            link = links.personal_links([subject], secret_key=secret, now=NOW)[pupil]
            shown = Subject(everybody, {"en": "Festival"}, "Asia/Shanghai")
            public_feeds.open_feeds([shown], now=NOW)
            both = frozenset({everybody, pupil})
            entries = [draft(number, both, is_moved=False) for number in range(ENTRIES)]
            services.publish(PLAN, entries, now=NOW)
        feed = db.session.get_one(Subscription, link.subscription_id)
        private = links.feed_path(feed, secret)
        db.session.remove()
    return "/calendars/public/festival/en.ics", private


def tag_of(connection: socket.socket, path: str) -> str:
    """Ask for a calendar, so that nginx has it, and return its ETag."""
    connection.sendall(request(path))
    head = answer(connection).partition(b"\r\n\r\n")[0].decode()
    named = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    return {name.lower(): value for name, value in named.items()}["etag"]


def polls(
    direct: list[socket.socket],
    through: list[socket.socket],
    public: bytes,
    private: bytes,
    path: str,
) -> list[Figure]:
    found = rates(
        direct,
        {
            "empty": Requests([request("/bare")], 200),
            "public": Requests([public], 304, through),
            "private": Requests([private], 304, through),
            "whole": Requests([request(path, "Accept-Encoding: gzip")], 200, through),
        },
    )
    names = {
        "public": "nginx: 304 of a public calendar",
        "private": "nginx: 304 of a private one, kept for a minute",
        "whole": "nginx: 200 of a public one, stored gzip",
    }
    base = ("empty Flask view, without nginx", found["empty"])
    return [Figure(names[kind], found[kind], "requests/s", *base) for kind in names]


def microseconds(root: int, connections: list[socket.socket], requests: Requests) -> float:
    """Return the processor time of a process and its children for one of the requests."""
    before = processor_seconds(root)
    rate = requests_per_second(connections, requests)
    return (processor_seconds(root) - before) / (rate * ROUND_SECONDS) * 1e6


def costs(in_nginx: float, in_program: float) -> list[Figure]:
    """What one 304 takes, and what share of a processor a million hourly subscribers take."""
    a_second = SUBSCRIBERS / SECONDS_BETWEEN_POLLS
    name = f"{SUBSCRIBERS:,} subscribers, each once an hour: {a_second:.0f} a second"
    base = ("the program itself, without nginx", in_program)
    return [
        Figure("nginx: processor time of a 304", in_nginx, "µs", *base),
        Figure(
            name,
            a_second * in_nginx / 1e4,
            "% of a processor",
            base[0],
            a_second * in_program / 1e4,
        ),
    ]


if __name__ == "__main__":
    report(measure())
