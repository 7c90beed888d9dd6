"""The two jobs of an import: reading and checking an upload, and writing a confirmed one.

Both may be killed and begun again: the first writes only what it found, the second everything or
nothing in one transaction.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from scheduler import clock
from scheduler.accounts.models import Account
from scheduler.applications import file_services, import_services
from scheduler.applications.current_form import current_form
from scheduler.applications.file_storage import current_store
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.import_services import APPLY_ROSTER, READ_ROSTER, ImportRefusal
from scheduler.applications.import_words import mark_words, problem_sentence
from scheduler.applications.models import ImportState, RosterImport, StoredFile
from scheduler.applications.roster_examination import Examination
from scheduler.database import db, transaction
from scheduler.errors import NotAllowed, Refused
from scheduler.jobs.running import Report, work
from scheduler.jobs.texts import add_title
from scheduler.people.keys import current_sealer
from scheduler.spreadsheets.marking import marked_workbook

add_title(READ_ROSTER, _l("Checking the workbook"), can_stop=False)
add_title(APPLY_ROSTER, _l("Applying the changes"), can_stop=False)


@work(READ_ROSTER)
def read_roster(report: Report, *, ref: str, is_renewed: bool = False) -> dict[str, Any]:
    """Read the upload, mark what is wrong in it, and keep what was found."""
    sealer = current_sealer()
    with _collecting_later():
        found = import_services.find(ref)
        if found.state is not ImportState.READING:
            return {}
        today = clock.today(found.programme.timezone)
        form = current_form(found.category, found.school)
        examination = import_services.examine_import(
            found, sealer, today=today, form=form, progress=report.advance
        )
        marked = _marked(found, examination, form) if examination.has_errors else None
        with transaction():
            import_services.keep_findings(
                import_services.find(ref), examination, marked, sealer, is_renewed=is_renewed
            )
    return {}


@work(APPLY_ROSTER)
def apply_roster(report: Report, *, ref: str) -> dict[str, Any]:
    """Write a preview for whoever confirmed it; if the entries have changed since, make a new one.

    Whatever else stands in the way, the import goes back to its preview and says so: it can be
    confirmed again, checked again, or thrown away.
    """
    with _collecting_later():
        try:
            with transaction():
                found = import_services.find(ref)
                if found.state is not ImportState.APPLYING:
                    return {}
                is_done = _apply(found, report.account_id)
        except Refused as refusal:
            _go_back(ref, refusal)
            return {}
        except Exception:
            _go_back(ref, Refused(ImportRefusal.NOT_APPLIED))
            raise
    if not is_done:
        read_roster(report, ref=ref, is_renewed=True)
    return {}


def _apply(found: RosterImport, account_id: int | None) -> bool:
    account = db.session.get_one(Account, account_id or found.account_id)
    if not account.is_active:
        raise NotAllowed
    form = current_form(found.category, found.school)
    return import_services.apply(found, account.actor, current_sealer(), now=clock.now(), form=form)


def _go_back(ref: str, refusal: Refused) -> None:
    with transaction():
        import_services.keep_refusal(import_services.find(ref), refusal)


def remove_old_uploads() -> None:
    """Remove what nobody confirmed in a day."""
    with transaction():
        import_services.remove_old(now=clock.now())


def remove_files_left_behind() -> None:
    """Remove stored files that no answer names."""
    file_services.remove_left_behind(current_store(), StoredFile.place, now=clock.now())


def _marked(found: RosterImport, examination: Examination, form: FormPlan) -> bytes | None:
    if examination.workbook is None:
        return None
    content = import_services.opened_content(found, current_sealer())
    with force_locale(found.locale):
        return marked_workbook(
            content,
            examination.workbook,
            examination.problems,
            mark_words(),
            partial(problem_sentence, sheets=form.sheets),
        )


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Let the garbage collector rest: a roster is a million small objects without cycles, and
    looking through them again and again takes a quarter of the job's time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
