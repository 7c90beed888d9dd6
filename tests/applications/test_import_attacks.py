"""An import that is pulled about: by colleagues, by a second window, by a file that breaks it."""

import io
import zipfile

import openpyxl
import pytest
from sqlalchemy import select, update

from scheduler.accounts.models import Account
from scheduler.applications import import_services
from scheduler.applications.import_services import APPLY_ROSTER, MOST_WAITING, READ_ROSTER
from scheduler.applications.models import Application, HistoryEntry, ImportState, RosterImport
from scheduler.audit.models import AuditEntry
from scheduler.database import db
from scheduler.jobs.models import Job, JobState
from tests import factories
from tests.applications.test_imports import (
    TWO,
    address,
    confirm,
    latest,
    names,
    officer,
    place,
    pupil,
    upload,
    version,
    workbook,
)
from tests.spreadsheets import files

__all__ = ["officer", "place"]


def with_escape(escape):
    """A roster whose group's name holds an escape that programs write for a character."""
    group = "Choir-mark"
    content = workbook([pupil("陈子涵", group=group), pupil("李思睿", group=group)], (group,))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return files.zipped(
        {name: part.replace(b"Choir-mark", b"Choir" + escape) for name, part in parts.items()}
    )


@pytest.mark.parametrize("escape", [b"_x0000_", b"_xD800_", b"_x0007_"])
def test_characters_that_nothing_can_store_are_problems_of_their_cell(
    officer, place, session, escape
):
    page = upload(officer, place, with_escape(escape))
    answer = officer.get(page)
    assert answer.status_code == 200
    assert "character that cannot be stored" in answer.text
    assert latest(session).state is ImportState.PROBLEMS
    marked = openpyxl.load_workbook(io.BytesIO(officer.get(f"{page}/marked-workbook").data))
    assert marked["队伍"]["A2"].comment is not None
    assert session.scalars(select(Application)).all() == []


def test_an_import_that_cannot_be_applied_can_be_confirmed_again(
    officer, place, session, monkeypatch
):
    page = upload(officer, place, workbook(TWO))

    def fail(*_arguments):
        raise ValueError("something that nobody thought of")

    with monkeypatch.context() as broken:
        broken.setattr(import_services, "write_changes", fail)
        confirm(officer, page)
    assert latest(session).state is ImportState.PREVIEW
    assert session.scalars(select(Job).where(Job.kind == APPLY_ROSTER)).one().state == "failed"
    assert "could not be applied" in officer.get(page).text
    assert names(session) == []
    confirm(officer, page)
    assert names(session) == ["李思睿", "陈子涵"]


def test_an_import_whose_worker_is_gone_for_good_can_be_thrown_away(officer, place, session):
    page = upload(officer, place, workbook(TWO))
    found = latest(session)
    found.state = ImportState.APPLYING
    job = session.get(Job, found.job_id)
    job.state = JobState.RUNNING
    session.commit()
    assert officer.post(f"{page}/discard").status_code == 409
    job.state = JobState.FAILED
    session.commit()
    assert "Throw this upload away" in officer.get(page).text
    assert officer.post(f"{page}/discard").status_code == 303
    assert latest(session).content is None


def test_only_the_preview_that_was_looked_at_can_be_confirmed(officer, place, session, sign_in):
    page = upload(officer, place, workbook(TWO))
    seen = version(officer, page)
    factories.person(place["school"], name="新来的")
    session.commit()
    colleague = sign_in(factories.officer(place["school"]))
    assert colleague.post(f"{page}/check-again").status_code == 303
    for shown in (seen, "", "x" * 32):
        assert officer.post(f"{page}/confirm", data={"preview": shown}).status_code == 409
    assert officer.post(f"{page}/confirm").status_code == 409
    assert names(session) == ["新来的"]
    assert latest(session).state is ImportState.PREVIEW
    confirm(officer, page)
    assert names(session) == ["新来的", "李思睿", "陈子涵"]


@pytest.mark.parametrize("state", [ImportState.APPLYING, ImportState.READING])
def test_an_upload_that_a_job_has_is_not_checked_again(officer, place, session, state):
    page = upload(officer, place, workbook(TWO))
    found = latest(session)
    found.state = state
    session.get(Job, found.job_id).state = JobState.QUEUED
    session.commit()
    assert officer.post(f"{page}/check-again").status_code == 409
    assert latest(session).state is state
    assert len(session.scalars(select(Job).where(Job.kind == READ_ROSTER)).all()) == 1


def test_uploads_that_nobody_confirms_do_not_pile_up(officer, place, session):
    for _ in range(MOST_WAITING):
        last = upload(officer, place, workbook(TWO))
    file = {"file": (io.BytesIO(workbook(TWO)), "roster.xlsx")}
    answer = officer.post(address(place), data=file)
    assert answer.status_code == 409
    assert "5 uploads already" in answer.text
    assert len(session.scalars(select(RosterImport)).all()) == MOST_WAITING
    other = dict(place, category=factories.category(place["programme"]))
    session.commit()
    upload(officer, other, workbook(TWO))
    officer.post(f"{last}/discard")
    upload(officer, place, workbook(TWO))


def test_what_is_applied_is_recorded_under_who_confirmed_it(officer, place, session, sign_in):
    page = upload(officer, place, workbook(TWO))
    colleague = factories.officer(place["school"])
    confirm(sign_in(colleague), page)
    assert session.scalars(select(HistoryEntry.account_id)).all() == [colleague.id]
    audit = select(AuditEntry.account_id).where(AuditEntry.action == "roster:import")
    assert session.scalars(audit).all() == [colleague.id]


def test_whoever_was_shut_out_before_the_job_ran_changes_nothing(
    officer, place, session, monkeypatch
):
    page = upload(officer, place, workbook(TWO))
    start_job = import_services.start_job

    def shut_out_meanwhile(*arguments, **values):
        close = update(Account).where(Account.id == values["account_id"])
        db.session.execute(close.values(deactivated_at=values["now"]))
        return start_job(*arguments, **values)

    monkeypatch.setattr(import_services, "start_job", shut_out_meanwhile)
    confirm(officer, page)
    assert latest(session).state is ImportState.PREVIEW
    assert names(session) == []
