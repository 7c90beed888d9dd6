"""The feeds as they were last sent, one file each: polls are answered from them without a database.

The files have the digests of tokens for names, so the folder opens no calendar to anybody who has
no address; what is in them is readable by this program's user alone.
"""

import datetime as dt
import json
import logging
import os
import secrets
from pathlib import Path
from typing import NamedTuple

from scheduler import paths
from scheduler.calendars.encodings import Encoding, decoded
from scheduler.database import after_commit, db

MOST_FILES = 50_000
MOST_OCTETS = 500_000_000
"""Beyond these the feeds go of which there was no new version for longest."""
SWEEP_EVERY = 1_000
"""So many files does a process write before it looks at how many there are."""

_ENDED = "ended_feeds"
_log = logging.getLogger(__name__)


class Served(NamedTuple):
    """What was sent, and what a poll needs to know of it."""

    subscription_id: int
    etag: str
    modified_at: dt.datetime
    encoding: Encoding
    octets: bytes

    @property
    def plain(self) -> bytes:
        """The feed itself, without the encoding in which it was sent."""
        return decoded(self.octets, self.encoding)


class LastServed:
    """The folder of an installation; its processes share it."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        most_files: int = MOST_FILES,
        most_octets: int = MOST_OCTETS,
        sweep_every: int = SWEEP_EVERY,
    ) -> None:
        self._folder = folder or paths.instance() / "feeds"
        self._most_files = most_files
        self._most_octets = most_octets
        self._sweep_every = sweep_every
        self._etag_by_digest: dict[str, str] = {}
        self._written = 0

    def has(self, digest: str, etag: str) -> bool:
        """Tell whether this process has kept that version already."""
        return self._etag_by_digest.get(digest) == etag

    def keep(self, digest: str, served: Served) -> None:
        """Keep what was sent instead of what was sent before; a full disk is told in the log."""
        if len(self._etag_by_digest) >= self._most_files:
            self._etag_by_digest.clear()
        self._etag_by_digest[digest] = served.etag
        try:
            self._write(self._place(digest), served)
            self._written += 1
            if self._written % self._sweep_every == 0:
                self.sweep()
        except OSError:
            _log.warning("a feed could not be kept for times without a database", exc_info=True)

    def read(self, digest: str) -> Served | None:
        """Return what was last sent; None if nothing is kept, or nothing that can be read."""
        try:
            head, _, octets = self._place(digest).read_bytes().partition(b"\n")
            facts = json.loads(head)
            return Served(
                facts["subscription_id"],
                facts["etag"],
                dt.datetime.fromisoformat(facts["modified_at"]),
                Encoding(facts["encoding"]),
                octets,
            )
        except (OSError, ValueError, KeyError):
            return None

    def forget(self, digest: str) -> None:
        """Keep nothing of a feed that has ended."""
        self._etag_by_digest.pop(digest, None)
        self._place(digest).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what is too much, the oldest versions first."""
        octets = 0
        for number, (_, size, place) in enumerate(sorted(self._files(), reverse=True), start=1):
            octets += size
            if number > self._most_files or octets > self._most_octets:
                place.unlink(missing_ok=True)

    def _files(self) -> list[tuple[int, int, Path]]:
        found = []
        for place in self._folder.glob("??/*"):
            try:
                facts = place.stat()
            except FileNotFoundError:  # another process sweeps as well
                continue
            found.append((facts.st_mtime_ns, facts.st_size, place))
        return found

    def _write(self, place: Path, served: Served) -> None:
        """Write beside the place and move it there: readers see the one version or the other."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        facts = {
            "subscription_id": served.subscription_id,
            "etag": served.etag,
            "modified_at": served.modified_at.isoformat(),
            "encoding": served.encoding,
        }
        beside = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(
                os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as it:
                it.write(json.dumps(facts).encode() + b"\n" + served.octets)
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def forget_with_commit(digest: str) -> None:
    """Keep nothing of a feed once the transaction that ends it is committed."""
    db.session().info.setdefault(_ENDED, set()).add(digest)
    after_commit(_forget_ended)


def _forget_ended() -> None:
    kept = LastServed()
    for digest in db.session().info.pop(_ENDED, ()):
        kept.forget(digest)
