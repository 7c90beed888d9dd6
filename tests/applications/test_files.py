"""Files that answer a field: judged by content, sealed, scanned, read only by who may."""

import datetime as dt
import io
import os
import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scheduler.applications import file_services
from scheduler.applications.file_checks import (
    FileCode,
    FileLimits,
    checked_file,
    download_name,
    media_type_of,
)
from scheduler.applications.file_storage import current_store
from scheduler.applications.models import HistoryEntry, StoredFile
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.errors import Refused
from scheduler.programmes.form_fields import AskedWhen, Audience, FieldKind, FieldOwner
from tests import factories

PDF = b"%PDF-1.7\nQuxi Neverseen's papers\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 13 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20 + b"\xff\xd9"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")],
)
def test_a_file_is_what_its_content_is(content, kind):
    assert media_type_of(content) == kind


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\x00 a program", FileCode.OTHER_KIND),
        (b"<html><script>alert(1)</script>%PDF-1.7 %%EOF", FileCode.OTHER_KIND),
        (b"GIF89a", FileCode.OTHER_KIND),
        (b"PK\x03\x04", FileCode.OTHER_KIND),
        (PDF[:-8], FileCode.INCOMPLETE),
        (PNG[:-12], FileCode.INCOMPLETE),
        (JPEG[:-2], FileCode.INCOMPLETE),
        (b"", FileCode.EMPTY),
        (PDF + b"x" * 100, FileCode.TOO_LARGE),
    ],
)
def test_other_files_are_refused_whatever_their_name(content, code, tmp_path):
    with pytest.raises(Refused) as refused:
        checked_file("paper.pdf", content, FileLimits(120, "", tmp_path))
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\papers\\护照.PDF", "护照.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("..", "file.pdf"),
        ("", "file.pdf"),
        ("x" * 400 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_fit_for_a_download(name, kept):
    assert download_name(name, "application/pdf") == kept


def scanner(folder, body):
    script = folder / "scanner.py"
    script.write_text(body, encoding="utf-8")
    return f"{sys.executable} {script}"


def test_the_scanner_gets_a_copy_that_is_gone_afterwards(tmp_path):
    seen = tmp_path / "seen"
    command = scanner(
        tmp_path,
        f"import sys, shutil; shutil.copy(sys.argv[1], {str(seen)!r})",
    )
    folder = tmp_path / "scan"
    assert checked_file("a.pdf", PDF, FileLimits(1000, command, folder)).content == PDF
    assert seen.read_bytes() == PDF
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("raise SystemExit(1)", FileCode.SCAN_REFUSED),
        ("import os; os.kill(os.getpid(), 9)", FileCode.SCAN_REFUSED),
        (None, FileCode.SCAN_FAILED),
    ],
)
def test_what_the_scanner_refuses_or_cannot_say_is_not_kept(tmp_path, body, code):
    command = str(tmp_path / "nothing-here") if body is None else scanner(tmp_path, body)
    with pytest.raises(Refused) as refused:
        checked_file("a.pdf", PDF, FileLimits(1000, command, tmp_path / "scan"))
    assert refused.value.code is code
    assert list((tmp_path / "scan").iterdir()) == []


@pytest.fixture
def place(session):
    """A draft with a file about the group and one about each pupil."""
    programme = factories.programme()
    category = factories.category(programme)
    school = factories.school()
    group = factories.application(category, school, pupils=2)
    made = SimpleNamespace(
        programme=programme, school=school, group=group, pupil=group.members[0],
        paper=factories.form_field(programme, code="paper", kind=FieldKind.FILE, is_required=True),
        passport=factories.form_field(
            programme, code="passport", kind=FieldKind.FILE, owner=FieldOwner.MEMBER
        ),
        officer=factories.officer(school), coordinator=factories.coordinator(programme),
    )  # fmt: skip
    session.commit()
    return made


@pytest.fixture
def officer(place, sign_in):
    return sign_in(place.officer)


def send(client, place, content=PDF, name="stamped form.pdf", *, field="paper", person=None):
    base = f"/applications/{place.group.ref}"
    base += f"/members/{person.person.ref}" if person else ""
    data = {f"{field}-file": (io.BytesIO(content), name)}
    return client.post(f"{base}/fields/{field}/file", data=data, content_type="multipart/form-data")


def kept(session):
    session.expire_all()
    return session.scalars(select(StoredFile).order_by(StoredFile.id)).all()


def path_of(stored):
    return current_store().folder / stored.place[:2] / stored.place


def test_a_file_is_sent_kept_sealed_and_read_back(officer, place, session):
    assert "stamped" not in officer.get(f"/applications/{place.group.ref}/answers").text
    answer = send(officer, place)
    assert (answer.status_code, answer.location) == (
        303,
        f"/applications/{place.group.ref}/answers",
    )
    (stored,) = kept(session)
    assert place.group.answers == {"paper": stored.ref}
    path = path_of(stored)
    assert b"Quxi" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "stamped" not in str(path)
    assert Path(os.environ["INSTANCE_PATH"]) in path.parents
    page = officer.get(f"/applications/{place.group.ref}").text
    assert f"/files/{stored.ref}" in page
    assert "stamped form.pdf" in page
    back = officer.get(f"/files/{stored.ref}")
    assert back.data == PDF
    assert back.headers["Content-Type"] == "application/pdf"
    assert back.headers["Content-Disposition"].startswith("attachment;")
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in back.headers["Content-Security-Policy"]
    assert back.headers["Cache-Control"] == "no-store"
    read = session.scalars(select(AuditEntry).where(AuditEntry.action == "read:file")).one()
    assert (read.account_id, read.subject_ref) == (place.officer.id, stored.ref)
    step = session.scalars(select(HistoryEntry)).one()
    assert step.changes == {"form:paper": [None, None]}


def test_a_program_named_like_a_paper_is_refused_beside_its_field(officer, place, session):
    answer = send(officer, place, b"MZ\x90\x00", "paper.pdf")
    assert answer.status_code == 422
    assert "paper-file-error" in answer.text
    assert kept(session) == []
    session.refresh(place.group)
    assert place.group.answers == {}


def test_nothing_chosen_is_said(officer, place):
    answer = officer.post(f"/applications/{place.group.ref}/fields/paper/file")
    assert answer.status_code == 422
    assert "A file is missing. Please choose one." in answer.text


def test_the_limits_are_settings(officer, place, session, app, tmp_path):
    app.config["MAX_FILE_BYTES"] = 10
    try:
        assert send(officer, place).status_code == 422
    finally:
        app.config["MAX_FILE_BYTES"] = 10 * 2**20
    app.config["FILE_SCAN_COMMAND"] = scanner(tmp_path, "raise SystemExit(3)")
    try:
        assert "something harmful" in send(officer, place).text
    finally:
        app.config["FILE_SCAN_COMMAND"] = ""
    assert kept(session) == []


def test_a_new_file_replaces_the_old_one_and_its_bytes(officer, place, session):
    send(officer, place)
    (old,) = kept(session)
    gone = path_of(old)
    send(officer, place, PNG, "second.jpg")
    (new,) = kept(session)
    assert (new.file_name, new.media_type) == ("second.png", "image/png")
    assert not gone.exists()
    assert path_of(new).exists()
    path = path_of(new)
    answer = officer.post(f"/applications/{place.group.ref}/fields/paper/remove-file")
    assert answer.status_code == 303
    assert kept(session) == []
    assert not path.exists()
    assert place.group.answers == {}
    again = officer.post(f"/applications/{place.group.ref}/fields/paper/remove-file")
    assert again.status_code == 404


def test_a_needed_file_is_missing_until_it_is_there(officer, place):
    page = f"/applications/{place.group.ref}"
    assert "is not answered." in officer.get(page).text
    send(officer, place)
    label = f"“{place.paper.names['en']}” is not answered."
    assert label not in officer.get(page).text


def test_a_file_about_a_pupil_is_read_by_officers_and_staff_alone(officer, place, session, sign_in):
    district = factories.district()
    place.school.district = district
    session.commit()
    assert send(officer, place, field="passport", person=place.pupil).status_code == 303
    (stored,) = kept(session)
    assert place.pupil.answers == {"passport": stored.ref}
    assert sign_in(place.coordinator).get(f"/files/{stored.ref}").data == PDF
    other_school = factories.officer(factories.school())
    other_programme = factories.coordinator(factories.programme())
    leader, reviewer = factories.leader(place.group), factories.reviewer(district)
    for reader in (other_school, other_programme, leader, reviewer, factories.administrator()):
        answer = sign_in(reader).get(f"/files/{stored.ref}")
        assert answer.status_code == 403
        assert b"Quxi" not in answer.data
    audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "read:file")).all()
    assert [entry.account_id for entry in audited] == [place.coordinator.id]


def test_what_only_staff_ask_is_not_the_schools_to_read(officer, place, session, sign_in):
    secret = factories.form_field(
        place.programme, code="secret", kind=FieldKind.FILE, audience=Audience.STAFF
    )
    session.commit()
    assert send(officer, place, field="secret").status_code == 404
    assert send(sign_in(place.coordinator), place, field="secret").status_code == 303
    (stored,) = kept(session)
    assert stored.field_code == secret.code
    assert officer.get(f"/files/{stored.ref}").status_code == 403
    assert f"/files/{stored.ref}" not in officer.get(f"/applications/{place.group.ref}").text


def test_files_are_sent_only_while_they_are_asked(officer, place, session):
    place.group.state = State.SUBMITTED
    session.commit()
    assert send(officer, place).status_code == 404
    factories.form_field(
        place.programme, code="visa", kind=FieldKind.FILE, asked_when=AskedWhen.ACCEPTED
    )
    place.group.state, place.group.places_held = State.ACCEPTED, 1
    session.commit()
    assert send(officer, place).status_code == 404
    assert send(officer, place, field="visa").status_code == 303


def test_exchanged_bytes_do_not_open(officer, place, session):
    send(officer, place)
    send(officer, place, PNG, field="passport", person=place.pupil)
    first, second = kept(session)
    path_of(first).write_bytes(path_of(second).read_bytes())
    assert officer.get(f"/files/{first.ref}").status_code == 404
    assert officer.get(f"/files/{second.ref}").data == PNG


def test_lost_bytes_are_not_found(officer, place, session):
    send(officer, place)
    (stored,) = kept(session)
    path_of(stored).unlink()
    assert officer.get(f"/files/{stored.ref}").status_code == 404


def test_bytes_without_a_row_are_removed_after_a_day(officer, place, session):
    send(officer, place, field="passport", person=place.pupil)
    (stored,) = kept(session)
    store, path = current_store(), path_of(stored)
    officer.post(
        f"/applications/{place.group.ref}/members/{place.pupil.person.ref}/remove", data={}
    )
    assert kept(session) == []
    now = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    file_services.remove_left_behind(store, StoredFile.place, now=now + dt.timedelta(hours=23))
    assert path.exists()
    file_services.remove_left_behind(store, StoredFile.place, now=now + dt.timedelta(hours=25))
    assert not path.exists()
