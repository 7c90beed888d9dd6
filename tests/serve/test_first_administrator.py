"""The empty start at a terminal: it asks, says what is wrong, asks again, and asks only once."""

import fcntl
import os
import pty
import subprocess
import sys
import termios

import pytest


class Terminal:
    """A program at a terminal of its own."""

    def __init__(self, arguments, environment):
        self.screen = ""
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)

    def answer(self, question, text):
        """Wait for the question, then type."""
        while not self.screen.endswith(question):
            self._read()
        self.screen += "⏎"
        os.write(self._ours, f"{text}\n".encode())

    def end(self):
        """Read to the end; the exit code."""
        while self._read():
            pass
        os.close(self._ours)
        return self.process.wait()

    def _read(self):
        try:
            read = os.read(self._ours, 4096).decode()
        except OSError:  # Linux's way to say that nobody is at the other end any more
            read = ""
        assert read or self.process.wait() == 0, self.screen
        self.screen += read.replace("\r\n", "\n")
        return bool(read)


@pytest.fixture
def terminal(tmp_path):
    def start():
        environment = {**os.environ, "INSTANCE_PATH": str(tmp_path), "DEMO": "0"}
        return Terminal(["-m", "scheduler.serve", "prepare"], environment)

    return start


def test_it_asks_until_the_answers_are_good_and_then_never_again(terminal):
    first = terminal()
    for password, again in (
        ("one good long word", "another long word"),
        ("short", "short"),
        ("one good long word", "one good long word"),
    ):
        first.answer("Name: ", "Somebody")
        first.answer("E-mail: ", "somebody@bureau.example.org")
        first.answer("Password: ", password)
        first.answer("Password, again: ", again)
    assert first.end() == 0
    assert "The two passwords differ; please try again." in first.screen
    assert first.screen.count("Name: ") == 3
    assert "The first administrator is somebody@bureau.example.org." in first.screen
    assert "one good long word" not in first.screen

    second = terminal()
    assert (second.end(), "Name: " in second.screen) == (0, False)
