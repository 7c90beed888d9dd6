"""Keeps the server and the job worker running until somebody says stop."""

import contextlib
import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

# A child that ends within this many seconds of its start was not able to start at all.
SETTLED_SECONDS = 5.0
FALSE_STARTS_ALLOWED = 5
STOP_SECONDS = 15.0
WATCH_SECONDS = 0.5

# Browsers keep their connections open. Beyond so many, new ones wait until others are closed: it
# must be far above the people who look at a page at once, or a rush shuts everybody out.
CONNECTIONS = 16384

# So many requests does each process have in hand. Most of them wait: in a rush, for whoever takes
# their submission in together with the others (`applications/arrivals.py`).
THREADS = 16

_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A program that is started again whenever it ends by itself."""

    name: str
    command: list[str]
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    false_starts: int = 0

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches only us, and we stop it in order."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
        )

    @property
    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return None if self.process is None else self.process.poll()


def end_with_parent() -> None:
    """Ask Linux to end this child when its parent is killed, which could stop nothing itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def allow_connections() -> None:
    """Let this program's children hold as many connections as the system allows it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def server(host: str, port: int, workers: int) -> Child:
    """The production web server: `workers` processes, each replaced when it dies."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory",
        "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(THREADS), "--backlog", "4096",
        "--backpressure", str(CONNECTIONS // workers),
        "--respawn-failed-workers", "--respawn-interval", "0.5",
        # Below errors it would only warn of more threads than processors, at each start.
        "--workers-kill-timeout", "10", "--no-ws", "--log-level", "error",
        "scheduler.app:create_app",
    ]  # fmt: skip
    return Child("server", command)


def job_worker() -> Child:
    """The program that runs jobs: plans, large imports, mails."""
    # SIGINT lets a running job finish; what is cut off later is taken up again at the next start.
    return Child("job worker", [sys.executable, "-m", "scheduler.serve.jobs"], signal.SIGINT)


@dataclass
class Supervisor:
    """Starts the children, starts those again that die, and stops all of them together."""

    children: list[Child]
    address: tuple[str, int]
    announce: Callable[[], None]
    stopping: threading.Event = field(default_factory=threading.Event)
    is_announced: bool = False

    def run(self) -> int:
        """Return 0 after an ordered stop, 1 when a child could not be kept alive."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: self.stopping.set())
        try:
            for child in self.children:
                child.start()
            while not self.stopping.wait(WATCH_SECONDS):
                alive = [self._is_alive(child) for child in self.children]
                if not all(alive):
                    return 1
                if not self.is_announced and self._answers():
                    self.is_announced = True
                    self.announce()
        finally:
            self._stop()
        return 0

    def _answers(self) -> bool:
        host, port = self.address
        reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound here
        try:
            with socket.create_connection((reached, port), timeout=WATCH_SECONDS):
                return True
        except OSError:
            return False

    def _is_alive(self, child: Child) -> bool:
        code = child.ended
        if code is None:
            return True
        lasted = time.monotonic() - child.started
        child.false_starts = child.false_starts + 1 if lasted < SETTLED_SECONDS else 0
        if child.false_starts >= FALSE_STARTS_ALLOWED:
            print(
                f"The {child.name} ended {child.false_starts} times right after its start "
                f"(code {code}); giving up.",
                file=sys.stderr,
            )
            return False
        print(f"The {child.name} ended (code {code}); starting it again.", file=sys.stderr)
        child.start()
        return True

    def _stop(self) -> None:
        running = [
            child.process for child in self.children if child.process and child.ended is None
        ]
        for child in self.children:
            if child.process and child.ended is None:
                child.process.send_signal(child.stop_signal)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
