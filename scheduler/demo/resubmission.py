"""Entries that were returned: one came back with a part changed, one its school has to change."""

import datetime as dt

from sqlalchemy import select

from scheduler.accounts.models import Account
from scheduler.applications import decisions, services
from scheduler.applications.changes import keep_for_return
from scheduler.applications.decisions import Decision
from scheduler.applications.fields import Field
from scheduler.applications.models import Application, Piece
from scheduler.applications.workflow import Action
from scheduler.database import db
from scheduler.demo.accounts import Staff

RESUBMITTED = "G62"
STILL_RETURNED = "G65"
RETURNED_BEFORE = dt.timedelta(days=2)
MESSAGE = "请补上第一首作品的作曲者，并核对节目简介。"


def resubmit(staff: Staff, *, now: dt.datetime) -> None:
    """Return the entry, change a work for the school, and submit it again, without any mail."""
    entry = _entry(RESUBMITTED)
    coordinator = _account(staff.coordinator_id)
    officer = _account(staff.officer_ids[entry.school.code])
    then = now - RETURNED_BEFORE
    back = Decision(Action.RETURN, entry.version, MESSAGE, (Field.PIECES, Field.INTRODUCTION))
    decisions.decide(entry, back, actor=coordinator.actor, now=then, is_quiet=True)
    piece = db.session.scalars(
        select(Piece).where(Piece.application_id == entry.id).order_by(Piece.position).limit(1)
    ).one()
    before, piece.composer = piece.composer, "Traditional, arr. Chan Wing Wah"
    changes = {str(Field.PIECES): [before, piece.composer]}
    services.note_edit(entry, actor=officer.actor, now=then, changes=changes)
    at = then + dt.timedelta(hours=5)
    services.submit(entry, actor=officer.actor, now=at, is_quiet=True)


def keep_returned() -> None:
    """Keep what the district saw of the entry that it returned: it is shown what became different.

    The entry was loaded as returned; a decision would have kept it.
    """
    entry = _entry(STILL_RETURNED)
    keep_for_return(entry, entry.level, entry.returned_fields, now=entry.changed_at)


def _entry(ref: str) -> Application:
    return db.session.scalars(select(Application).where(Application.ref == ref)).one()


def _account(account_id: int) -> Account:
    return db.session.get_one(Account, account_id)
