"""Files that answer a field: sealed under the instance folder, named at random, found by a row."""

import datetime as dt
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from scheduler.applications.answer_services import (
    Answering,
    answers_of,
    hold,
    save_answers,
)
from scheduler.applications.file_checks import CheckedFile
from scheduler.applications.models import Application, Member, StoredFile
from scheduler.database import after_commit, db
from scheduler.errors import NotFound
from scheduler.people.sealing import Sealer
from scheduler.programmes.form_fields import FieldSpec

LEFT_BEHIND_AFTER = dt.timedelta(days=1)
"""A file without a row is removed after this: its transaction was rolled back long ago."""


@dataclass(frozen=True, slots=True)
class FileStore:
    """The folder for files, outside everything that is served."""

    folder: Path

    def keep(self, sealed: bytes) -> str:
        """Write the bytes under a new random name and return it; nothing is overwritten."""
        place = secrets.token_hex(24)
        path = self._path(place)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        return place

    def read(self, place: str) -> bytes:
        """Return the bytes; raises `NotFound` if they are gone."""
        try:
            return self._path(place).read_bytes()
        except FileNotFoundError:
            raise NotFound from None

    def remove(self, place: str) -> None:
        """Remove the file, if it is there."""
        self._path(place).unlink(missing_ok=True)

    def places(self, *, before: dt.datetime) -> set[str]:
        """Return the names of files that were written before an instant."""
        return {
            path.name
            for path in self.folder.glob("??/*")
            if dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC) < before
        }

    def _path(self, place: str) -> Path:
        return self.folder / place[:2] / place


def find_file(ref: str) -> StoredFile:
    """Return the file's row; raises `NotFound`."""
    found = db.session.scalar(select(StoredFile).where(StoredFile.ref == ref))
    if found is None:
        raise NotFound
    return found


def keep_file(
    application: Application,
    member: Member | None,
    spec: FieldSpec,
    checked: CheckedFile,
    answering: Answering,
    store: FileStore,
) -> StoredFile:
    """Keep a file as the answer to the field; the one before it is removed with the commit.

    Raises `Refused` where the field may not be answered now; then nothing stays behind.
    """
    application = hold(application, member)
    before = _current(application, member, spec, answering.sealer)
    ref = secrets.token_urlsafe(16)
    save_answers(application, member, ((spec.code, ref),), [spec], answering)
    made = store_file(application, member, ref, spec.code, checked, answering, store)
    forget_file(before, store)
    db.session.flush()
    return made


def store_file(
    application: Application,
    member: Member | None,
    ref: str,
    code: str,
    checked: CheckedFile,
    answering: Answering,
    store: FileStore,
) -> StoredFile:
    """Seal the bytes under their own reference and note them; what they stand for is the caller's.

    A rollback leaves bytes behind that are swept at night.
    """
    made = StoredFile(
        ref=ref,
        application_id=application.id,
        member_id=member.id if member is not None else None,
        field_code=code,
        place=store.keep(answering.sealer.seal_bytes(checked.content, field=_field(ref))),
        file_name=checked.name,
        media_type=checked.media_type,
        size_bytes=len(checked.content),
        account_id=answering.actor.account_id,
        created_at=answering.now,
    )
    db.session.add(made)
    return made


def remove_file(
    application: Application,
    member: Member | None,
    spec: FieldSpec,
    answering: Answering,
    store: FileStore,
) -> None:
    """Take the file back; raises `NotFound` if there is none, `Refused` if it must stay now."""
    application = hold(application, member)
    before = _current(application, member, spec, answering.sealer)
    if before is None:
        raise NotFound
    save_answers(application, member, (), [spec], answering)
    forget_file(before, store)
    db.session.flush()


def content_of(stored: StoredFile, sealer: Sealer, store: FileStore) -> bytes:
    """Return the file as it was uploaded; raises `NotFound` if its bytes are gone or others."""
    try:
        return sealer.open_bytes(store.read(stored.place), field=_field(stored.ref))
    except InvalidTag:
        raise NotFound from None


def remove_left_behind(
    store: FileStore, column: InstrumentedAttribute[str], *, now: dt.datetime
) -> int:
    """Remove bytes that no row names in the column: of removed rows, and of what was rolled back.

    Each store has rows of its own; `column` holds their places.
    """
    places = store.places(before=now - LEFT_BEHIND_AFTER)
    known = set(db.session.scalars(select(column))) if places else set()
    for place in places - known:
        store.remove(place)
    return len(places - known)


def _current(
    application: Application, member: Member | None, spec: FieldSpec, sealer: Sealer
) -> StoredFile | None:
    ref = dict(answers_of(application, member, sealer)).get(spec.code)
    if ref is None:
        return None
    return db.session.scalar(select(StoredFile).where(StoredFile.ref == ref))


def forget_file(stored: StoredFile | None, store: FileStore) -> None:
    """Remove a file's row, and its bytes with the commit."""
    if stored is not None:
        place = stored.place
        db.session.delete(stored)
        after_commit(lambda: store.remove(place))


def _field(ref: str) -> str:
    """Bind the sealed bytes to their row: exchanged files do not open."""
    return f"stored_file.{ref}"
