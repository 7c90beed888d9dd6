"""What was changed since a level last decided, and the approval of that alone.

A level's view of an entry is kept when the entry goes back to its school: by whoever returns it,
and by the levels that had passed it on. When it comes back, what differs waits at the level that
returned it, and before that at lower levels, in their order, for changes that concern them.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from scheduler.access.permissions import Actor
from scheduler.applications import levels
from scheduler.applications.change_content import (
    changed_marks,
    content_of,
    opened,
    sealed,
    with_old,
)
from scheduler.applications.change_models import LastDecidedOn
from scheduler.applications.corrections import unchanged_by_id
from scheduler.applications.fields import Field
from scheduler.applications.models import Application, Nomination
from scheduler.applications.steps import Step, lock_application, take
from scheduler.applications.turn import demand_turn
from scheduler.applications.workflow import Action, Refusal, State, transition
from scheduler.database import db
from scheduler.errors import Conflict, Refused
from scheduler.people.keys import current_sealer
from scheduler.programmes.approval import ApprovalLevel, Concern, LevelKind

Rows = dict[int | None, LastDecidedOn]

CONCERN_BY_FIELD = {
    Field.NAME: Concern.GROUP,
    Field.VOICING: Concern.GROUP,
    Field.EQUIPMENT: Concern.GROUP,
    Field.INTRODUCTION: Concern.GROUP,
    Field.PIECES: Concern.WORKS,
    Field.MEMBERS: Concern.PEOPLE,
    Field.LEADER: Concern.PEOPLE,
    Field.CONDUCTOR: Concern.PEOPLE,
    Field.ACCOMPANIST: Concern.PEOPLE,
    Field.ADVISERS: Concern.PEOPLE,
    Field.CHAPERONES: Concern.PEOPLE,
}


def rows_of(application: Application) -> Rows:
    """Return what is kept of each level's view, by the level's key."""
    query = select(LastDecidedOn).where(LastDecidedOn.application_id == application.id)
    return {row.level_id: row for row in db.session.scalars(query)}


def open_fields(application: Application) -> list[str]:
    """Return the changed fields that wait for approval where the entry is now."""
    row = rows_of(application).get(application.level_id)
    return list(row.open_fields) if row is not None else []


def is_passed(application: Application) -> bool:
    """Tell whether the level that has its turn passed the entry on before, so that it does not
    decide anew, but approves what was changed.
    """
    return application.level_id in _passed(application)


# Going back to the school


def keep_for_return(
    application: Application,
    level: ApprovalLevel | None,
    marked: Collection[str],
    *,
    now: dt.datetime,
) -> None:
    """Keep what the entry holds before a level returns it; called while the entry is locked.

    What was changed before and is not approved waits on: of those fields the level keeps the
    values that it had approved.
    """
    sealer = current_sealer()
    content = content_of(application, sealer)
    rows = rows_of(application)
    level_id = level.id if level is not None else None
    own = rows.pop(application.level_id, None)
    kept = dict(content)
    if own is None:
        own = add_row(application, level_id, now)
    else:
        before = opened(own.content, sealer)
        if application.state is State.ACCEPTED:
            before = with_old(content, before)
        kept |= {mark: before.get(mark) for mark in own.open_fields}
        own.level_id = level_id
    own.content, own.taken_at = sealed(kept, sealer), now
    own.marked, own.is_asking, own.approved_fields = sorted(marked), True, []
    for other_id in _passed(application) - rows.keys() - {level_id}:
        add_row(application, other_id, now).content = sealed(content, sealer)
    for row in (own, *rows.values()):
        row.wait_for([])
    db.session.flush()


def keep_for_reopening(application: Application, *, now: dt.datetime) -> None:
    """Keep what the entry holds before its school makes it a draft again.

    All levels decide anew; those that had seen it are shown what became different.
    """
    if application.state is not State.SUBMITTED:
        return
    sealer = current_sealer()
    rows = rows_of(application)
    content = sealed(content_of(application, sealer), sealer)
    for level_id in ({application.level_id} | _passed(application)) - rows.keys():
        add_row(application, level_id, now).content = content
    for row in rows.values():
        row.is_asking, row.marked, row.approved_fields = False, [], []
        row.wait_for([])
    db.session.flush()


def add_row(application: Application, level_id: int | None, now: dt.datetime) -> LastDecidedOn:
    """Begin to keep what a level sees of an entry; its content comes from the caller."""
    row = LastDecidedOn(
        application_id=application.id,
        level_id=level_id,
        marked=[],
        untouched=[],
        is_asking=False,
        approved_fields=[],
        open_fields=[],
        open_count=0,
        taken_at=now,
    )
    db.session.add(row)
    return row


# Coming back


def turn_after_return(application: Application) -> ApprovalLevel | None:
    """Let what was changed wait for approval; return the level that has its turn.

    That is the lowest one that is concerned by a change, else the one that returned the entry.
    """
    rows = rows_of(application)
    if not rows:
        return levels.level_after_submission(application)
    sealer = current_sealer()
    content = content_of(application, sealer)
    way = levels.way_of(application)
    concerns = {level.id: frozenset(level.concerns) for level in way}
    untouched = unchanged_by_id([application]).get(application.id, ())
    for level_id, row in rows.items():
        row.untouched = [mark for mark in row.marked if mark in untouched]
        changed = changed_marks(opened(row.content, sealer), content)
        if level_id is not None and not row.is_asking:
            changed = [m for m in changed if concern_of(m) in concerns.get(level_id, ())]
        row.wait_for(changed)
    db.session.flush()
    return _turn(application, way, rows)


def turn_after_recall(application: Application) -> ApprovalLevel | None:
    """Do the same for a return that is taken back: nothing is asked of the school any more."""
    following = turn_after_return(application)
    own = rows_of(application).get(application.level_id)
    if own is not None and own.open_fields:
        own.marked, own.untouched = [], []
    elif own is not None:
        db.session.delete(own)
    return following


def concern_of(mark: str) -> Concern:
    """Return what a changed field is about."""
    return CONCERN_BY_FIELD[Field(mark)] if mark in set(Field) else Concern.ANSWERS


def _turn(
    application: Application, way: Sequence[ApprovalLevel], rows: Rows
) -> ApprovalLevel | None:
    for level in way:
        row = rows.get(level.id)
        if row is not None and (row.is_asking or row.open_fields):
            return level
    return application.level


# Deciding


def approve(
    application: Application,
    fields: Iterable[str],
    *,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Application:
    """Approve changed fields, and nothing else of the entry.

    Once all are approved, a level that had passed the entry on is done with it: it goes to the
    next one that is concerned, and in the end to the one that returned it, which decides on. The
    history says what was approved. Raises `NotAllowed`, `Conflict` or `Refused`.
    """
    application = lock_application(application.id)
    demand_turn(actor, application, now)
    if application.version != version:
        raise Conflict
    transition(application.state, Action.APPROVE_CHANGES)
    rows = rows_of(application)
    row = rows.get(application.level_id)
    chosen = [mark for mark in (row.open_fields if row else ()) if mark in set(fields)]
    if row is None or not chosen:
        raise Refused(Refusal.NO_CHANGE_CHOSEN)
    done_with(row, chosen, application.state)
    # The row is written whatever the clock says, so that its version rises.
    flag_modified(application, "changed_at")
    step = Step(Action.APPROVE_CHANGES, actor, now, fields=tuple(chosen))
    if row.open_fields or application.state is not State.SUBMITTED:
        return take(application, step)
    return take(application, step, level=_level_after_approval(application, row, rows))


def done_with(row: LastDecidedOn, fields: Collection[str], state: State) -> None:
    """Let these fields wait no longer; after the last of them nothing is kept any more."""
    row.approved_fields = [*row.approved_fields, *fields]
    row.wait_for([mark for mark in row.open_fields if mark not in fields])
    if not row.open_fields:
        db.session.delete(row)
        return
    if state is not State.ACCEPTED:
        return
    # What an accepted group changes next is compared with what was approved now.
    sealer = current_sealer()
    kept = opened(row.content, sealer)
    row.content = sealed({m: value for m, value in kept.items() if m not in fields}, sealer)


def _level_after_approval(
    application: Application, row: LastDecidedOn, rows: Rows
) -> ApprovalLevel | None:
    rest = {level_id: each for level_id, each in rows.items() if each is not row}
    if not is_passed(application):
        return application.level
    following = _turn(application, levels.way_of(application), rest)
    if following is None or following.id == application.level_id:
        return levels.level_after(application)
    return following


def settle(application: Application, action: Action, *, approves: bool) -> tuple[str, ...]:
    """Prepare a decision on an entry with open changes; return the fields that it approves.

    Passing on, accepting or waitlisting approves what is open. Raises `Refused` if that was not
    looked at (`approves`), and for a level that has passed the entry on before: it approves the
    changes instead.
    """
    if application.state is not State.SUBMITTED or action is Action.RETURN:
        return ()
    rows = rows_of(application)
    own = rows.get(application.level_id)
    waiting = list(own.open_fields) if own is not None else []
    if action is Action.NOMINATE and own is not None and is_passed(application):
        raise Refused(Refusal.APPROVE_INSTEAD)
    if action is Action.REJECT:
        waiting = []
    if waiting and not approves:
        raise Refused(Refusal.CHANGES_OPEN, fields=len(waiting))
    if own is not None and action is Action.NOMINATE:
        db.session.delete(own)
    return tuple(waiting)


def forget(*applications: Application) -> None:
    """Keep nothing more of what levels saw: the entries are decided, or out."""
    ids = [each.id for each in applications]
    db.session.execute(delete(LastDecidedOn).where(LastDecidedOn.application_id.in_(ids)))


def _passed(application: Application) -> set[int | None]:
    """Return the levels of reviewers that have passed the entry on."""
    query = (
        select(Nomination.level_id)
        .join(ApprovalLevel, ApprovalLevel.id == Nomination.level_id)
        .where(
            Nomination.application_id == application.id,
            ApprovalLevel.kind.not_in((LevelKind.SCHOOL, LevelKind.ORGANISER)),
        )
    )
    return set(db.session.scalars(query))
