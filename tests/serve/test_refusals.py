"""What stands in the way of a start is told in one sentence, and nothing is left running."""

import os
import socket

import pytest

from tests.support.servers import free_port, run_program


def start(tmp_path, **environment):
    return run_program(
        "-m",
        "scheduler.serve",
        env={**os.environ, "INSTANCE_PATH": str(tmp_path), "DEMO": "0", **environment},
    )


def test_a_taken_port_is_named_with_another_choice(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start(tmp_path, PORT=str(port))
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        (
            f"Cannot start: Port {port} on 127.0.0.1 is taken (Address already in use); stop what "
            f"uses it or choose another one, for example PORT={port + 1}.\n"
        ),
    )


def test_an_unreachable_database_is_named_without_its_password(tmp_path):
    port = free_port()
    address = f"postgresql+psycopg://somebody:hunter2@127.0.0.1:{port}/festival"
    done = start(tmp_path, PORT=str(free_port()), DATABASE_URL=address)
    shown = f"postgresql+psycopg://somebody:***@127.0.0.1:{port}/festival"
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot start: The database {shown} cannot be reached: ")
    assert "hunter2" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        (
            "PORT",
            "five",
            "A setting cannot be used: invalid literal for int() with base 10: 'five'.",
        ),
        ("PORT", "70000", "There is no port 70000; ports go up to 65535."),
        ("DATABASE_URL", "festival.db", "DATABASE_URL is no database address; it looks like "),
        ("DATABASE_URL", "mysql://somewhere/x", "DATABASE_URL"),
        ("MAIL_URL", "mail.example.org", "MAIL_URL must look like smtp+starttls://"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3", "The database sqlite:////nowhere/"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(tmp_path, setting, value, sentence):
    done = start(tmp_path, **({"PORT": str(free_port())} | {setting: value}))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot start: {sentence}")
    assert done.stderr.count("\n") == 1
