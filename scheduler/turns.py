"""Writers of an SQLite file take turns: who waits is let in as soon as the one before is done.

SQLite itself lets its writers ask again and again, after ever longer pauses: in a rush some would
starve. Here one thread of each process asks, a thousand times a second.
"""

import fcntl
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT_SECONDS = 20.0
"""So long somebody waits for the turn; then the page says that it is busy."""

PAUSE_SECONDS = 0.001

_lock_by_file: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class Busy(Exception):  # noqa: N818 - it is no error of anybody
    """The database's writers kept each other busy for too long; nothing was done."""


@contextmanager
def turn(database: str) -> Iterator[None]:
    """Hold the one turn to write into a database file; raises `Busy` if it does not come.

    The kernel ends the turn of a process that is killed.
    """
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    lock = _lock_by_file[database]
    if not lock.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise Busy
    try:
        place = os.open(f"{database}-turns", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            _wait(place, until)
            yield
        finally:
            os.close(place)
    finally:
        lock.release()


def _wait(place: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Busy from None
            time.sleep(PAUSE_SECONDS)
        else:
            return
