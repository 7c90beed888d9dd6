"""Note in the audit log who looked at minors' records (domain.md section 7.2, R10)."""

from typing import TypeVar

from flask import Flask, after_this_request, current_app
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import current_actor
from scheduler.applications.models import Application, StoredFile
from scheduler.audit import services as audit
from scheduler.database import db, transaction
from scheduler.organisations.models import School
from scheduler.people.consent_models import PaperScan
from scheduler.programmes.models import Programme

Answer = TypeVar("Answer", bound=Response)


def note_reading(application: Application, *, people: int) -> None:
    """Note that the members of a group are shown, once the page is made and before it is sent.

    It is a transaction of its own, because requests that read write nothing themselves. A page
    whose reading cannot be noted is not shown.
    """
    _note("read:members", "application", application.ref, people)


def note_case_copy(application: Application, *, people: int) -> None:
    """Note that a case leaves the site as a PDF with so many people, as `note_reading` does."""
    _note("read:case-pdf", "application", application.ref, people)


def note_school_reading(school: School, *, people: int) -> None:
    """Note that pupils of a school leave the site in a workbook, as `note_reading` does."""
    _note("read:workbook", "school", school.code, people)


def note_programme_reading(
    programme: Programme, *, people: int, action: str = "read:certificates"
) -> None:
    """Note that names of a programme's pupils are shown together, as `note_reading` does."""
    _note(action, "programme", programme.code, people)


def note_file_reading(stored: StoredFile) -> None:
    """Note that a file is sent, as `note_reading` does."""
    _note("read:file", "file", stored.ref, 1)


def note_scan_reading(scan: PaperScan) -> None:
    """Note that a scan of signed papers is sent, as `note_reading` does."""
    _note("read:scan", "scan", scan.ref, 1)


def note_consent_reading(school: School, *, people: int, action: str = "read:consents") -> None:
    """Note that consents or health notes of a school's pupils are shown, as `note_reading` does."""
    _note(action, "school", school.code, people)


def _note(action: str, subject_type: str, subject_ref: str, people: int) -> None:
    reader = current_actor().account_id
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001

    def note(response: Answer) -> Answer:
        # The page is made: its connection goes back before another one is asked for.
        db.session.rollback()
        with app.app_context(), transaction():
            audit.record(
                action,
                account_id=reader,
                subject_type=subject_type,
                subject_ref=subject_ref,
                now=clock.now(),
                people=people,
            )
        return response

    after_this_request(note)
