"""The supervisor keeps its children alive, gives up on hopeless ones, and stops them all."""

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from scheduler.serve import processes
from scheduler.serve.processes import Child, Supervisor
from tests.support.servers import free_port

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def supervisor(monkeypatch):
    """A supervisor in a thread, with quick eyes; signals stay with the test's own process."""
    monkeypatch.setattr(processes, "WATCH_SECONDS", 0.02)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    made = []

    def supervise(*children):
        one = Supervisor(list(children), address=("127.0.0.1", free_port()), announce=lambda: None)
        codes = []
        thread = threading.Thread(target=lambda: codes.append(one.run()))
        thread.start()
        made.append((one, thread))
        return one, thread, codes

    yield supervise
    for one, thread in made:
        one.stopping.set()
        thread.join()


def _until(condition):
    while not condition():
        time.sleep(0.01)


def test_a_killed_child_is_started_again(supervisor, capfd):
    child = Child("sleeper", SLEEPER)
    supervisor(child)
    _until(lambda: child.process)
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    _until(lambda: child.process.pid != first)
    assert psutil.pid_exists(child.process.pid)
    assert "The sleeper ended (code -9); starting it again." in capfd.readouterr().err


def test_stopping_ends_every_child(supervisor):
    children = [Child("one", SLEEPER), Child("two", SLEEPER, signal.SIGINT)]
    one, thread, codes = supervisor(*children)
    _until(lambda: all(child.process for child in children))
    one.stopping.set()
    thread.join()
    assert codes == [0]
    assert [child.ended is None for child in children] == [False, False]


DEAF = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(600)
"""


def test_a_child_that_ignores_the_request_is_killed(supervisor, monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.3)
    is_deaf = tmp_path / "deaf"
    child = Child("deaf", [sys.executable, "-c", DEAF, str(is_deaf)])
    one, thread, _ = supervisor(child)
    _until(is_deaf.exists)
    one.stopping.set()
    thread.join()
    assert child.ended == -signal.SIGKILL


def test_a_child_that_never_starts_is_given_up(supervisor, capfd):
    _, thread, codes = supervisor(Child("broken", [sys.executable, "-c", "raise SystemExit(3)"]))
    thread.join()
    assert codes == [1]
    assert (
        "The broken ended 5 times right after its start (code 3); giving up."
        in capfd.readouterr().err
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_children_end_when_their_supervisor_is_killed(tmp_path):
    code = (
        "from scheduler.serve.processes import Child;"
        f"child = Child('sleeper', {SLEEPER!r}); child.start();"
        "print(child.process.pid, flush=True); child.process.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with parent.stdout as output:
        child = psutil.Process(int(output.readline()))
    parent.kill()
    parent.wait()
    child.wait()
    assert not child.is_running()
