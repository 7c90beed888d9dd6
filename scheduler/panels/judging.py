"""What a reviewer does with a case: a draft, marks, or a conflict of interest. No Flask here."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.applications import levels
from scheduler.applications.models import Application
from scheduler.database import db, held
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.panels import assignments, history
from scheduler.panels.models import Assignment, Deed, Mark, Panel, PanelReviewer, Stage
from scheduler.panels.refusals import Refusal
from scheduler.panels.scoring import HUNDREDTHS
from scheduler.panels.services import record

LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Judgement:
    """Marks in hundredths by the criterion's number, and a comment, on the version that was seen.

    A draft may lack marks.
    """

    marks: Mapping[int, int]
    comment: str
    version: int
    is_draft: bool


def find_assignment(ref: str, actor: Actor) -> Assignment:
    """Return a reviewer's own case; anybody else's raises `NotFound`.

    So does one that a conflict of interest has ended, and one of a school for which the reviewer
    has come to act since.
    """
    found = db.session.scalar(
        select(Assignment)
        .join(Assignment.reviewer)
        .where(
            Assignment.ref == ref,
            Assignment.stage != Stage.CONFLICT,
            PanelReviewer.account_id == actor.account_id,
        )
        .options(
            joinedload(Assignment.panel).joinedload(Panel.level),
            joinedload(Assignment.application).joinedload(Application.category),
        )
    )
    if found is None or actor.account_id is None:
        raise NotFound
    own = assignments.own_schools([actor.account_id])[actor.account_id]
    if not own.isdisjoint(found.application.all_school_ids):
        raise NotFound
    return found


def is_open(assignment: Assignment, now: dt.datetime) -> bool:
    """Tell whether marks can still be given or changed."""
    panel = assignment.panel
    return (
        panel.closed_at is None
        and not levels.is_late(panel.level, now)
        and assignments.is_at_panel(panel, assignment.application)
    )


def judge(assignment: Assignment, judgement: Judgement, *, actor: Actor, now: dt.datetime) -> None:
    """Keep marks and comment, as a draft or for good; every step goes to the history.

    What was submitted may be corrected as long as the panel is open, but is no draft again.
    Raises `Conflict` for a stale version, and `Refused` for marks that are missing or out of
    range, a closed panel, and after the level's deadline; then nothing is changed.
    """
    assignment = _lock(assignment, now)
    if assignment.version != judgement.version:
        raise Conflict
    is_draft = judgement.is_draft and assignment.stage is not Stage.JUDGED
    _take_marks(assignment, judgement.marks, may_lack=is_draft)
    if len(judgement.comment) > LONGEST_TEXT:
        raise Refused(Refusal.COMMENT_TOO_LONG, field="comment", most=LONGEST_TEXT)
    assignment.comment = judgement.comment
    assignment.version += 1
    assignment.stage = Stage.DRAFT if is_draft else Stage.JUDGED
    assignment.judged_at = None if is_draft else now
    db.session.flush()
    deed = Deed.DRAFT if is_draft else Deed.SUBMIT
    history.note(assignment, deed, actor=actor, now=now, text=judgement.comment)
    db.session.flush()


def declare_conflict(
    assignment: Assignment, *, reason: str, actor: Actor, now: dt.datetime
) -> bool:
    """End a reviewer's case for a conflict of interest, and hand it on; marks no longer count.

    Returns whether somebody else has it now; otherwise the coordinator sees that it lacks one.
    """
    assignment = _lock(assignment, now)
    if not reason.strip():
        raise Refused(Refusal.REASON_MISSING, field="reason")
    assignment.stage = Stage.CONFLICT
    assignment.version += 1
    history.note(assignment, Deed.CONFLICT, actor=actor, now=now, text=reason[:LONGEST_TEXT])
    db.session.flush()
    is_handed_on = assignments.hand_on(assignment, actor=actor, now=now)
    facts = {"case": assignment.application.ref, "handed_on": is_handed_on}
    record("panel:conflict", assignment.panel, actor, now, **facts)
    return is_handed_on


def _lock(assignment: Assignment, now: dt.datetime) -> Assignment:
    held(Panel, assignment.panel_id)
    db.session.refresh(assignment)
    if assignment.stage is Stage.CONFLICT:
        raise NotFound
    if levels.is_late(assignment.panel.level, now):
        raise Refused(Refusal.TOO_LATE)
    if not is_open(assignment, now):
        raise Refused(Refusal.PANEL_CLOSED)
    return assignment


def _take_marks(assignment: Assignment, marks: Mapping[int, int], *, may_lack: bool) -> None:
    kept = {mark.criterion_id: mark for mark in assignment.marks}
    for criterion in assignment.panel.criteria:
        field = f"mark_{criterion.number}"
        given = marks.get(criterion.number)
        if given is None:
            if not may_lack:
                raise Refused(Refusal.MARK_MISSING, field=field)
            if criterion.id in kept:
                assignment.marks.remove(kept[criterion.id])
            continue
        if not 0 <= given <= criterion.max_mark * HUNDREDTHS:
            raise Refused(Refusal.MARK_OUT_OF_RANGE, field=field, most=criterion.max_mark)
        if criterion.id in kept:
            kept[criterion.id].hundredths = given
        else:
            assignment.marks.append(Mark(criterion_id=criterion.id, hundredths=given))
