"""An uploaded roster from upload to done; nothing of it stands among the entries before that.

The upload and what was found in it hold pupils' data: all is sealed, and removed at the end.
"""

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select, update

from scheduler.access.permissions import Actor, Permission, can
from scheduler.applications import services
from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.guests import Refusal
from scheduler.applications.import_places import (
    ENDED,
    demand_enterable,
    demand_part_enterable,
    part_of_import,
    waiting_of,
)
from scheduler.applications.models import ImportState, RosterImport
from scheduler.applications.roster_examination import Examination, examine
from scheduler.applications.roster_file import Progress
from scheduler.applications.roster_keeping import (
    ChangeLine,
    change_lines,
    changes_again,
    kept_changes,
    left_out,
)
from scheduler.applications.roster_stored import digest, load_stored, lock_pupils
from scheduler.applications.roster_writing import Writing, write_changes
from scheduler.applications.steps import lock_category
from scheduler.audit import services as audit
from scheduler.database import db, held
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job
from scheduler.organisations.models import School
from scheduler.people.sealing import Sealer
from scheduler.programmes.models import Category
from scheduler.spreadsheets.cells import CellProblem

READ_ROSTER = "applications.read_roster"
APPLY_ROSTER = "applications.apply_roster"
_CONTENT, _FINDINGS, _MARKED = (
    f"roster_import.{name}" for name in ("content", "findings", "marked")
)

KEPT_FOR = dt.timedelta(days=1)
"""An import that nobody confirmed is removed after this."""

MOST_WAITING = 5
"""So many uploads of a school wait in a category at once, each of up to 20 MB."""

_FILE_NAME_LENGTH = 200


class ImportRefusal(StrEnum):
    """Why an upload is not taken, or not applied; sentences in `import_words`."""

    TOO_MANY_WAITING = "import_too_many_waiting"
    NOT_APPLIED = "import_not_applied"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the reading job found: every problem, every line of the preview, drafts left out."""

    problems: tuple[CellProblem, ...]
    lines: tuple[ChangeLine, ...]
    left_out: tuple[str, ...] = ()


def find(ref: str) -> RosterImport:
    """Return the import; raises `NotFound`."""
    found = db.session.scalar(select(RosterImport).where(RosterImport.ref == ref))
    if found is None:
        raise NotFound
    return found


def begin(
    actor: Actor,
    *,
    school: School,
    category: Category,
    file_name: str,
    content: bytes,
    locale: str,
    sealer: Sealer,
    now: dt.datetime,
    part: GuestPart | None = None,
) -> RosterImport:
    """Keep an upload, sealed, to be read by a job (`start_job`).

    With a `part` the school is a guest of its entry, and brings its own pupils alone. Raises
    `Refused` outside the entry window unless an entry of the school was returned, while the guest's
    part is closed, and while as many uploads as may do wait already.
    """
    if part is None:
        demand_enterable(school, category, now)
    else:
        demand_part_enterable(part, now)
    waiting = select(func.count()).where(*waiting_of(school, category, part))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Refused(ImportRefusal.TOO_MANY_WAITING, most=MOST_WAITING)
    roster_import = RosterImport(
        ref=secrets.token_urlsafe(12),
        programme_id=category.programme_id,
        category=category,
        school=school,
        part_id=part.id if part else None,
        account_id=actor.account_id,
        locale=locale,
        file_name=file_name[-_FILE_NAME_LENGTH:],
        content=sealer.seal_bytes(content, field=_CONTENT),
        state=ImportState.READING,
        created_at=now,
    )
    db.session.add(roster_import)
    db.session.flush()
    return roster_import


def start_job(
    roster_import: RosterImport,
    kind: str,
    *,
    account_id: int | None,
    result_url: str,
    now: dt.datetime,
) -> Job:
    """Start the job that reads or applies the import for the account; it leads to `result_url`."""
    job = jobs.start(
        kind,
        account_id=account_id,
        now=now,
        result_url=result_url,
        ref=roster_import.ref,
    )
    roster_import.job_id = job.id
    db.session.flush()
    return job


def examine_import(
    roster_import: RosterImport,
    sealer: Sealer,
    *,
    today: dt.date,
    form: FormPlan = PLAIN,
    progress: Progress | None = None,
) -> Examination:
    """Read the upload and compare it with what is stored; writes nothing."""
    part = part_of_import(roster_import)
    return examine(
        opened_content(roster_import, sealer),
        school=roster_import.school,
        category=roster_import.category,
        sealer=sealer,
        today=today,
        form=form,
        progress=progress,
        entry=part.application if part else None,
    )


def opened_content(roster_import: RosterImport, sealer: Sealer) -> bytes:
    """Return the uploaded bytes; raises `NotFound` once they are removed."""
    if roster_import.content is None:
        raise NotFound
    return sealer.open_bytes(roster_import.content, field=_CONTENT)


def keep_findings(
    roster_import: RosterImport,
    examination: Examination,
    marked: bytes | None,
    sealer: Sealer,
    *,
    is_renewed: bool = False,
) -> None:
    """Keep what was found, sealed, and move the import on to its problems or its preview.

    `is_renewed` says that a preview was confirmed, but no longer true.
    """
    changes = None if examination.has_errors else examination.changes
    found = {
        "problems": [problem.as_json() for problem in examination.problems],
        "changes": None if changes is None else kept_changes(changes),
    }
    roster_import.findings = sealer.seal_bytes(json.dumps(found).encode(), field=_FINDINGS)
    roster_import.marked = marked and sealer.seal_bytes(marked, field=_MARKED)
    roster_import.base_digest = examination.base_digest
    roster_import.counts = {
        "errors": sum(problem.is_error for problem in examination.problems),
        "warnings": sum(not problem.is_error for problem in examination.problems),
        "is_marked": marked is not None,
        "is_renewed": is_renewed,
        **(changes.counts() if changes else {}),
    }
    roster_import.state = ImportState.PROBLEMS if changes is None else ImportState.PREVIEW
    db.session.flush()


def findings(roster_import: RosterImport, sealer: Sealer) -> Findings:
    """Return what was found, empty while the import is being read and after its end."""
    found = _opened_findings(roster_import, sealer)
    if found is None:
        return Findings((), ())
    problems = tuple(CellProblem.from_json(problem) for problem in found["problems"])
    if found["changes"] is None:
        return Findings(problems, ())
    return Findings(problems, tuple(change_lines(found["changes"])), left_out(found["changes"]))


def _opened_findings(roster_import: RosterImport, sealer: Sealer) -> dict[str, Any] | None:
    if roster_import.findings is None:
        return None
    found: dict[str, Any] = json.loads(sealer.open_bytes(roster_import.findings, field=_FINDINGS))
    return found


def marked_workbook_of(roster_import: RosterImport, sealer: Sealer) -> bytes:
    """Return the upload with the bad cells marked; raises `NotFound` if there is none."""
    if roster_import.marked is None:
        raise NotFound
    return sealer.open_bytes(roster_import.marked, field=_MARKED)


def preview_version(roster_import: RosterImport) -> str:
    """Return what changes whenever the preview is made anew; empty while there is none."""
    found = roster_import.findings
    return "" if found is None else sha256(found).hexdigest()[:32]


def confirm(
    roster_import: RosterImport, version: str, *, withdraws_left_out: bool = False
) -> RosterImport:
    """Take the preview of that version as confirmed, once.

    Drafts that the workbook does not have stay as they are, unless the officer says otherwise.
    Raises `Conflict` if the import shows another preview, or none, by now.
    """
    _lock(roster_import)
    is_shown = secrets.compare_digest(preview_version(roster_import), version)
    if roster_import.state is not ImportState.PREVIEW or not is_shown:
        raise Conflict
    roster_import.state = ImportState.APPLYING
    roster_import.counts = {**roster_import.counts, "withdraws_left_out": withdraws_left_out}
    db.session.flush()
    return roster_import


def _lock(roster_import: RosterImport) -> None:
    """Hold the import until the transaction ends, as it is now."""
    db.session.refresh(
        roster_import, ["state", "job_id", "findings", "counts"], with_for_update=True
    )


def is_at_work(roster_import: RosterImport) -> bool:
    """Tell whether a job reads or applies the import, or will."""
    job = db.session.get(Job, roster_import.job_id) if roster_import.job_id else None
    return job is not None and job.is_live


def keep_refusal(roster_import: RosterImport, refusal: Refused) -> None:
    """Go back to the preview and say why it could not be applied."""
    _lock(roster_import)
    if roster_import.state is not ImportState.APPLYING:
        return
    facts = {key: str(value) for key, value in refusal.facts.items()}
    kept = {"code": str(refusal.code), "facts": facts}
    roster_import.counts = {**roster_import.counts, "refusal": kept}
    roster_import.state = ImportState.PREVIEW
    db.session.flush()


def discard(roster_import: RosterImport, *, now: dt.datetime) -> None:
    """Throw an upload away; raises `Conflict` while it is being applied, or after its end."""
    _lock(roster_import)
    is_applied = roster_import.state is ImportState.APPLYING and is_at_work(roster_import)
    if roster_import.state in ENDED or is_applied:
        raise Conflict
    end(roster_import, ImportState.FAILED, now=now)


def read_again(roster_import: RosterImport) -> RosterImport:
    """Put an import back to its reading; raises `Conflict` after its end, or while a job has it.

    Raises `Refused` for a guest school that takes no part in the entry any more.
    """
    _lock(roster_import)
    if roster_import.state in ENDED or is_at_work(roster_import):
        raise Conflict
    part = part_of_import(roster_import)
    if part is not None and not part.takes_part:
        raise Refused(Refusal.PART_ENDED)
    return _back_to_reading(roster_import)


def _back_to_reading(roster_import: RosterImport) -> RosterImport:
    roster_import.state = ImportState.READING
    db.session.flush()
    return roster_import


def apply(
    roster_import: RosterImport,
    actor: Actor,
    sealer: Sealer,
    *,
    now: dt.datetime,
    form: FormPlan = PLAIN,
) -> bool:
    """Write the confirmed preview, if what is stored is still what it was made of.

    Returns False, and goes back to the reading, if the entries have changed since: what was
    confirmed is not what would happen. Raises `NotAllowed` if the officer has lost the school,
    `Refused` if a guest's part has been closed meanwhile, `Conflict` if somebody else has ended
    the import.
    """
    _lock(roster_import)
    if roster_import.state is not ImportState.APPLYING:
        raise Conflict
    school, category = roster_import.school, roster_import.category
    if not can(actor, Permission.APPLICATION_ENTER, school.subject):
        raise NotAllowed
    lock_pupils(school)
    lock_category(category.id)
    part = part_of_import(roster_import)
    entry = None
    if part is not None:
        entry = services.lock(part.application)
        demand_part_enterable(held(GuestPart, part.id), now)
    stored = load_stored(school, category, sealer, form, entry)
    found = _opened_findings(roster_import, sealer)
    if found is None or digest(stored, form) != roster_import.base_digest:
        _back_to_reading(roster_import)
        return False
    changes = changes_again(found["changes"], stored)
    if not roster_import.counts.get("withdraws_left_out"):
        changes = changes.keeping_left_out()
        roster_import.counts = {**roster_import.counts, **changes.counts()}
    writing = Writing(actor, school, category, sealer, now, form)
    # Who of a guest's pupils come first is said on the part's page, not by the order of rows.
    write_changes(changes, writing, keeps_order=part is not None)
    end(roster_import, ImportState.DONE, now=now)
    audit.record(
        "roster:import",
        account_id=actor.account_id,
        subject_type="school",
        subject_ref=school.code,
        now=now,
        category=category.code,
        counts=roster_import.counts,
        **({"entry": entry.ref} if entry else {}),
    )
    return True


def end(roster_import: RosterImport, state: ImportState, *, now: dt.datetime) -> None:
    """Close an import and remove everything of the upload."""
    roster_import.state = state
    roster_import.finished_at = now
    roster_import.content = roster_import.findings = roster_import.marked = None
    db.session.flush()


def remove_old(*, now: dt.datetime) -> int:
    """Remove uploads that nobody confirmed in a day; return how many."""
    removed = db.session.execute(
        update(RosterImport)
        .where(RosterImport.state.not_in(ENDED), RosterImport.created_at < now - KEPT_FOR)
        .values(state=ImportState.FAILED, finished_at=now, content=None, findings=None, marked=None)
    )
    return int(removed.rowcount)  # type: ignore[attr-defined]
