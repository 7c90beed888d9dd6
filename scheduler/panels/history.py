"""The history of judgements: written beside each step, and only ever added to."""

import datetime as dt

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.panels.models import Assignment, Deed, JudgementEntry


def note(
    assignment: Assignment, deed: Deed, *, actor: Actor, now: dt.datetime, text: str = ""
) -> None:
    """Add a step with the marks as they stand after it."""
    number_by_id = {each.id: each.number for each in assignment.panel.criteria}
    db.session.add(
        JudgementEntry(
            panel_id=assignment.panel_id,
            application_id=assignment.application_id,
            reviewer_account_id=assignment.reviewer.account_id,
            account_id=actor.account_id,
            at=now,
            deed=deed,
            marks={
                str(number_by_id[mark.criterion_id]): mark.hundredths
                for mark in sorted(assignment.marks, key=lambda mark: mark.criterion_id)
            },
            text=text,
        )
    )
