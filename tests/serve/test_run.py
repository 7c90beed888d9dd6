"""What `make run` starts: server and worker, killed, stopped and started again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from scheduler.serve.processes import end_with_parent
from tests.support import databases
from tests.support.servers import free_port, get, run_program, wait_until_answers

pytestmark = pytest.mark.slow


@pytest.fixture
def address(database, request, tmp_path):
    """An empty database of this test's own, in the program's own notation."""
    if database.kind == "sqlite":
        return f"sqlite:///{tmp_path / 'run.sqlite3'}"
    server = request.getfixturevalue("postgresql_server")
    name = f"run_{request.getfixturevalue('worker_id')}"
    return databases.PostgresqlDatabase(server, name).url


@pytest.fixture
def start(address, tmp_path):
    """A function that starts everything and waits until it is ready; gives process, URL, output."""
    started = []

    def run(**variables):
        port = free_port()
        environment = {
            **os.environ,
            "INSTANCE_PATH": str(tmp_path / "instance"),
            "DATABASE_URL": address,
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
            **variables,
        }
        output = tmp_path / f"output-{len(started)}.txt"
        with output.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "scheduler.serve"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,
            )
        started.append(process)
        wait_until_answers(f"http://127.0.0.1:{port}/readyz", process, output)
        while "Ctrl-C stops it." not in output.read_text():
            time.sleep(0.05)
        return process, f"http://127.0.0.1:{port}", output

    yield run
    for process in started:
        stop(process)


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    return process.wait()


def child_running(process, module):
    """The direct child that runs the module."""
    (found,) = [one for one in psutil.Process(process.pid).children() if module in _line(one)]
    return found


def test_a_first_start_its_accidents_its_end_and_a_second_start(start, tmp_path):
    """One life of an installation: each start loads the program in four processes."""
    process, url, output = start()
    it_printed_where_it_runs_and_how_the_first_administrator_gets_in(url, output)
    killed_ones_come_back(process, url)
    secret = (tmp_path / "instance" / "secret-key").read_text()
    after_ctrl_c_nothing_is_left_running(process)
    _, url, _ = start(SERVER_WORKERS="1")
    assert (tmp_path / "instance" / "secret-key").read_text() == secret
    assert json.loads(get(f"{url}/readyz").text) == {
        "database": True,
        "migrations": True,
        "worker": True,
    }


def it_printed_where_it_runs_and_how_the_first_administrator_gets_in(url, output):
    said = output.read_text()
    assert f"Ambassador Scheduler runs at {url}" in said
    link = next(word for word in said.split() if word.startswith(f"{url}/") and len(word) > 40)
    assert get(link).status == 200


def killed_ones_come_back(process, url):
    """The job worker and one of the server's processes are killed at once."""
    worker = child_running(process, "scheduler.serve.jobs")
    server = child_running(process, "granian")
    web = server.children()
    worker.kill()
    web[0].kill()
    worker.wait()
    while True:
        ours = psutil.Process(process.pid).children()
        is_back = any("scheduler.serve.jobs" in _line(one) for one in ours)
        if is_back and len([one for one in server.children() if one.is_running()]) == len(web):
            break
        time.sleep(0.1)
    wait_until_answers(f"{url}/readyz", process)


def after_ctrl_c_nothing_is_left_running(process):
    children = psutil.Process(process.pid).children(recursive=True)
    assert stop(process) == 0
    psutil.wait_procs(children, timeout=10)
    assert [child for child in children if child.is_running()] == []


def test_the_demo_can_be_signed_in_to(start, database, address, tmp_path):
    if database.kind != "sqlite":
        pytest.skip("tests/demo loads the demo on PostgreSQL; the start is tested on it above")
    process, url, output = start(DEMO="1", SERVER_WORKERS="1")
    said = output.read_text()
    roles = ("administrator", "Coordinator", "Reviewer", "Officer", "Leader")
    assert [role for role in roles if role not in said] == []
    email, password = next(line.split()[-2:] for line in said.splitlines() if "Coordinator" in line)
    assert sign_in(url, email, password) == url + "/"
    stop(process)
    its_database_is_not_started_as_another(address, tmp_path)


def its_database_is_not_started_as_another(address, tmp_path):
    """Passwords that everybody knows stay with the demo."""
    variables = {"INSTANCE_PATH": str(tmp_path / "instance"), "DATABASE_URL": address}
    variables |= {"PORT": str(free_port()), "DEMO": "0", "LOG_LEVEL": "ERROR"}
    done = run_program("-m", "scheduler.serve", env={**os.environ, **variables})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Cannot start: This database holds the demo, whose passwords ")


def sign_in(url, email, password):
    """Sign in with a real browser's means; where that leads."""
    import re
    from http.cookiejar import CookieJar
    from urllib.parse import urlencode
    from urllib.request import HTTPCookieProcessor, build_opener

    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(f"{url}/sign-in") as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode()).group(1)
    form = urlencode({"email": email, "password": password, "csrf_token": token}).encode()
    with browser.open(f"{url}/sign-in", form) as answer:
        return answer.url


def _line(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.cmdline()
    return []
