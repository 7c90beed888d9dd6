"""Polls of a running server of one process: how many requests a second it answers, by kind.

All kinds of one run go to the same process over the same kept connections, in turn, so that the
machine's mood hits baseline and figure alike.
"""

import os
import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import cast

from scheduler.serve.processes import end_with_parent

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 8
ROUND_SECONDS = float(os.environ.get("BENCH_ROUND_SECONDS", "1"))
ROUNDS = 7


class Requests:
    """Requests of one kind, sent one after another and over again, and the status they get.

    They are sent over connections of their own where these are not the run's.
    """

    def __init__(
        self, octets: Sequence[bytes], status: int, over: list[socket.socket] | None = None
    ) -> None:
        self.first = octets[0]
        self.status = status
        self.over = over
        self._next = cycle(octets)

    def __next__(self) -> bytes:
        return next(self._next)


@contextmanager
def serving(factory: str) -> Iterator[tuple[int, int]]:
    """Run the application that the factory makes; its port, and the number of its process."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4",
        "--log-level", "warning", factory,
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
    )
    try:
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def connected(port: int) -> list[socket.socket]:
    """Return connections to the server, which stay open, once it listens."""
    return [connect(port) for _ in range(CONNECTIONS)]


def rates(connections: list[socket.socket], requests: Mapping[str, Requests]) -> dict[str, float]:
    """Return the median rate of each kind; ends the program if one is answered otherwise."""
    statuses = {
        name: status((kind.over or connections)[0], kind.first) for name, kind in requests.items()
    }
    if statuses != {name: kind.status for name, kind in requests.items()}:
        raise SystemExit(f"unexpected answers: {statuses}")
    found: dict[str, list[float]] = {name: [] for name in requests}
    for number in range(ROUNDS + 1):
        for name, kind in requests.items():
            rate = requests_per_second(kind.over or connections, kind)
            if number:  # the first round warms up
                found[name].append(rate)
    return {name: statistics.median(each) for name, each in found.items()}


def request(path: str, *headers: str) -> bytes:
    """Return a GET in octets."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: benchmark/1", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def connect(port: int) -> socket.socket:
    """Return a connection to the server, once it listens."""
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=30)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(connection: socket.socket, octets: bytes) -> int:
    """Return what a request is answered with."""
    connection.sendall(octets)
    return int(answer(connection)[9:12])


def answer(connection: socket.socket) -> bytes:
    """Read one whole answer and return it; ends the program if the server closes before."""
    received = b""
    while not is_whole(received):
        more = connection.recv(262_144)
        if not more:
            raise SystemExit("the server closed the connection")
        received += more
    return received


def is_whole(received: bytes) -> bool:
    """Tell whether an answer has come to its end."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    at = received.lower().find(b"content-length: ", 0, end)
    if at < 0:
        return True
    return len(received) >= end + 4 + int(received[at + 16 : received.index(b"\r", at)])


def requests_per_second(connections: list[socket.socket], requests: Requests) -> float:
    """Keep one request under way on each connection for a while."""
    ready = selectors.DefaultSelector()
    for connection in connections:
        ready.register(connection, selectors.EVENT_READ)
        connection.sendall(next(requests))
    answered = 0
    began = time.perf_counter()
    while time.perf_counter() - began < ROUND_SECONDS:
        for key, _ in ready.select():
            connection = cast("socket.socket", key.fileobj)
            answer(connection)
            connection.sendall(next(requests))
            answered += 1
    took = time.perf_counter() - began
    for connection in connections:
        answer(connection)
    ready.close()
    return answered / took
