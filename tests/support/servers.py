"""Real processes for tests: the web server with two workers, the job worker, a mail server."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from scheduler.serve.processes import end_with_parent

START_SECONDS = 180


@dataclass
class LiveServer:
    url: str
    environment: dict[str, str]


@pytest.fixture(scope="session")
def _processes():
    """Servers and workers by name, ended with the session."""
    started = {}
    yield started
    for process, _ in started.values():
        _end(process)


@pytest.fixture
def live_server(app, _processes):
    """The application served by granian with two worker processes, on the test's database."""
    from scheduler.serve.processes import server

    kind = app.config["DATABASE_URL"].partition(":")[0]
    if ("server", kind) not in _processes:
        port = free_port()
        environment = _environment(app, port)
        process = subprocess.Popen(
            server("127.0.0.1", port, 2).command, env=environment, preexec_fn=end_with_parent
        )
        live = LiveServer(f"http://127.0.0.1:{port}", environment)
        _processes["server", kind] = (process, live)
        wait_until_answers(f"{live.url}/healthz", process)
    return _processes["server", kind][1]


@pytest.fixture
def live_worker(live_server, database, _processes):
    """The job worker, beside the live server. Between tests that ask for it, it stands still."""
    from scheduler.serve.processes import job_worker

    kind = database.kind
    if ("worker", kind) not in _processes:
        process = subprocess.Popen(
            job_worker().command, env=live_server.environment, preexec_fn=end_with_parent
        )
        _processes["worker", kind] = (process, None)
    process = _processes["worker", kind][0]
    process.send_signal(signal.SIGCONT)
    yield process
    with database.nobody_writes():
        process.send_signal(signal.SIGSTOP)


@pytest.fixture
def smtp_server():
    """A real SMTP server; `messages` holds what was delivered to it."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Message

    class Inbox(Message):
        def __init__(self):
            super().__init__()
            self.messages = []

        def handle_message(self, message):
            self.messages.append(message)

    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    inbox.url = f"smtp://127.0.0.1:{controller.port}"
    yield inbox
    controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_answers(url, process=None, output=None):
    """Return when the address answers 200; fail when the process ends or nothing comes."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            said = output.read_text() if output else ""
            pytest.fail(f"the server ended with code {process.returncode}\n{said}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"{url} did not answer within {START_SECONDS} s")


@dataclass
class Answer:
    status: int
    text: str


def get(url, headers=None):
    """One request without a session; any status is an answer."""
    request = urllib.request.Request(url, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Answer(answer.status, answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read().decode())


@contextmanager
def start_server(command, port, **options):
    """Run a program that serves at the port, until the block ends; gives the file of its output."""
    place = Path(tempfile.mkstemp(prefix="output-")[1])
    with place.open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, preexec_fn=end_with_parent, **options
        )
    try:
        wait_until_answers(f"http://127.0.0.1:{port}/healthz", process, place)
        yield place
    finally:
        _end(process)


def _environment(app, port):
    return {
        **os.environ,
        "DATABASE_URL": app.config["DATABASE_URL"],
        "INSTANCE_PATH": app.config["INSTANCE_PATH"],
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RATELIMIT_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def _end(process):
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run_program(*arguments, **options):
    """Run a program of ours to its end; returns the completed process with its text."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, **options
    )
