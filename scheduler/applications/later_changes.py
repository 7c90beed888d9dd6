"""What a school changes of an accepted entry: coordinators approve it, or undo it, field by field.

Only answers that fields ask of accepted groups can be changed then. A first answer is what was
asked for and needs nobody's approval; another one than was given before does.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from scheduler.access.permissions import Actor
from scheduler.applications import change_mails, changes, levels
from scheduler.applications.answers_kept import kept_answers, opened_answers
from scheduler.applications.change_content import (
    changed_marks,
    content_of,
    opened,
    sealed,
    with_old,
)
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.roster_changes import RosterChanges
from scheduler.applications.roster_stored import lock_pupils
from scheduler.applications.steps import Step, lock_application, note
from scheduler.applications.workflow import Action, Refusal, State, transition
from scheduler.database import db
from scheduler.errors import Conflict, NotAllowed, Refused
from scheduler.people.keys import current_sealer
from scheduler.people.models import Person
from scheduler.programmes.form_fields import FieldKind, FieldOwner, FieldSpec, code_of, is_mark

Old = list[tuple[str, str | None, str | None]]
"""Mark, reference of the pupil whom the answer is about (None: the group), answer before."""


def note_later(application: Application, old: Old, *, now: dt.datetime) -> None:
    """Let changed answers of an accepted entry wait for approval; called once they are written.

    What was approved last stays the basis, however often the school changes it again.
    """
    given = [each for each in old if each[2] is not None]
    if application.state is not State.ACCEPTED or not given:
        return
    db.session.flush()
    sealer = current_sealer()
    row = changes.rows_of(application).get(None) or changes.add_row(application, None, now)
    kept = opened(row.content, sealer) if row.content else {}
    for mark, person_ref, before in given:
        if person_ref is None:
            kept.setdefault(mark, before)
        else:
            kept.setdefault(mark, {}).setdefault(person_ref, before)
    row.content = sealed(kept, sealer)
    current = content_of(application, sealer)
    row.wait_for([m for m in changed_marks(with_old(current, kept), current) if m in kept])
    if not row.open_fields:
        db.session.delete(row)
    db.session.flush()


def old_answers(roster: RosterChanges) -> Mapping[int, Old]:
    """Return what a roster changes of answers that were given before, by the group's key."""
    found: defaultdict[int, Old] = defaultdict(list)
    for group in roster.groups:
        if group.stored is not None:
            given = dict(group.stored.record.answers)
            marks = [changed.key for changed in group.fields if is_mark(changed.key)]
            found[group.stored.id] += [(mark, None, given.get(code_of(mark))) for mark in marks]
    pupils = [each for each in roster.members if each.stored is not None and each.fields]
    ref_by_id = _refs([each.stored.person_id for each in pupils if each.stored])
    for pupil in pupils:
        if pupil.stored is None:
            continue
        given = dict(pupil.stored.values["answers"])
        ref = ref_by_id[pupil.stored.person_id]
        marks = [changed.key for changed in pupil.fields if is_mark(changed.key)]
        found[pupil.stored.group_id] += [(mark, ref, given.get(code_of(mark))) for mark in marks]
    return found


def undo(
    application: Application,
    fields: Iterable[str],
    form: FormPlan,
    *,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Application:
    """Put back the answers that were approved last; the history says of which fields.

    The school is told by mail. Raises `Refused` for files: the one before is gone.
    """
    lock_pupils(application.school)
    application = lock_application(application.id)
    if not levels.may_decide(actor, application, now):
        raise NotAllowed
    if application.version != version:
        raise Conflict
    transition(application.state, Action.UNDO_CHANGES)
    row = changes.rows_of(application).get(application.level_id)
    chosen = [mark for mark in (row.open_fields if row else ()) if mark in set(fields)]
    if row is None or not chosen:
        raise Refused(Refusal.NO_CHANGE_CHOSEN)
    specs = [form.spec_by_mark[mark] for mark in chosen]
    if any(spec.kind is FieldKind.FILE for spec in specs):
        raise Refused(Refusal.CANNOT_UNDO)
    kept = opened(row.content, current_sealer())
    for spec in specs:
        _put_back(application, spec, kept[spec.mark], form)
    changes.done_with(row, chosen, application.state)
    application.changed_at = now
    flag_modified(application, "changed_at")
    step = Step(Action.UNDO_CHANGES, actor, now, fields=tuple(chosen))
    note(application, step, application.state)
    change_mails.tell_undone(application, specs, now=now)
    return application


def _refs(person_ids: list[int]) -> dict[int, str]:
    if not person_ids:
        return {}
    rows = db.session.execute(select(Person.id, Person.ref).where(Person.id.in_(person_ids)))
    return {row.id: row.ref for row in rows}


def _put_back(application: Application, spec: FieldSpec, old: Any, form: FormPlan) -> None:
    if spec.owner is FieldOwner.GROUP:
        application.answers = {**application.answers, spec.code: old}
        return
    sealer = current_sealer()
    for member in _members(application, old):
        answers = opened_answers(member.answers, sealer)
        answers[code_of(spec.mark)] = old[member.person.ref]
        member.answers = kept_answers(answers, form.sealed_codes, sealer)


def _members(application: Application, old: Mapping[str, str]) -> list[Member]:
    """Return the pupils who are still in the group."""
    query = (
        select(Member)
        .join(Person, Member.person_id == Person.id)
        .where(
            Member.application_id == application.id,
            Member.role == MemberRole.PUPIL,
            Person.ref.in_(old),
        )
    )
    return list(db.session.scalars(query))
