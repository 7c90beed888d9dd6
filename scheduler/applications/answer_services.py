"""Answers to coordinators' fields alone: after acceptance, by leaders, by staff, and files."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.applications import services
from scheduler.applications.answers_kept import kept_answers, opened_answers
from scheduler.applications.form_plan import (
    AnswerPairs,
    FormPlan,
    changed_answers,
    merged,
    pairs,
)
from scheduler.applications.later_changes import note_later
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.roster_stored import lock_pupils
from scheduler.applications.workflow import Refusal
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.people.sealing import Sealer
from scheduler.programmes.form_fields import Audience, FieldKind, FieldSpec

_PERSONAL = frozenset({FieldKind.PERSON, FieldKind.FILE})
"""Kinds of which the history says only that they changed."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers with which form, and when."""

    actor: Actor
    form: FormPlan
    sealer: Sealer
    now: dt.datetime


def find_member(application: Application, person_ref: str) -> Member:
    """Return a pupil of the group; raises `NotFound`."""
    found = db.session.scalar(
        select(Member)
        .join(Person, Member.person_id == Person.id)
        .where(
            Member.application_id == application.id,
            Member.role == MemberRole.PUPIL,
            Person.ref == person_ref,
        )
    )
    if found is None:
        raise NotFound
    return found


def find_own_member(application: Application, school: School, person_ref: str) -> Member:
    """Return the school's own pupil in the group; raises `NotFound` for other schools', too."""
    found = find_member(application, person_ref)
    if found.person.school_id != school.id:
        raise NotFound
    return found


def answers_of(application: Application, member: Member | None, sealer: Sealer) -> AnswerPairs:
    """Return the answers of the group, or of one of its members."""
    if member is None:
        return pairs(application.answers)
    return pairs(opened_answers(member.answers, sealer))


def answers_seen(answers: AnswerPairs, sealer: Sealer) -> str:
    """Return the fingerprint of stored answers, from which nothing of them can be had."""
    return sealer.index(repr(answers), field="seen")


def hold(application: Application, member: Member | None) -> Application:
    """Return the application as it is now, with the member; nobody else changes them meanwhile.

    A roster that is being applied writes members as it read them: it is waited for.
    """
    if member is not None:
        lock_pupils(member.person.school)
    application = services.lock(application)
    if member is not None:
        db.session.refresh(member)
    return application


def save_answers(
    application: Application,
    member: Member | None,
    given: AnswerPairs,
    specs: Sequence[FieldSpec],
    answering: Answering,
    *,
    seen: str | None = None,
) -> Application:
    """Store the answers to these fields; what is blank is taken back. Others stay.

    The change is a step of the application's history; raises `Refused` where it may not be changed
    now, `Refused(CHANGED_MEANWHILE)` if what is stored is not what was `seen`. Staff answer their
    own fields in every state.
    """
    application = hold(application, member)
    before = answers_of(application, member, answering.sealer)
    if seen and seen != answers_seen(before, answering.sealer):
        raise Refused(Refusal.CHANGED_MEANWHILE)
    marks = [spec.mark for spec in specs]
    changed = changed_answers(before, given, marks)
    if not changed:
        return application
    spec_by_mark = {spec.mark: spec for spec in specs}
    _demand_open(application, [spec_by_mark[mark] for mark, _, _ in changed], answering)
    after = merged(dict(before), given, marks)
    if member is None:
        application.answers = after
    else:
        member.answers = kept_answers(after, answering.form.sealed_codes, answering.sealer)
    if any(spec.audience is not Audience.STAFF for spec in specs):
        ref = member.person.ref if member is not None else None
        note_later(application, [(mark, ref, old) for mark, old, _ in changed], now=answering.now)
    services.note_edit(
        application,
        actor=answering.actor,
        now=answering.now,
        changes={
            mark: [None, None]
            if member is not None or spec_by_mark[mark].kind in _PERSONAL
            else [old, new]
            for mark, old, new in changed
        },
    )
    return application


def _demand_open(
    application: Application, specs: Iterable[FieldSpec], answering: Answering
) -> None:
    marks = answering.form.editable_marks(application.state, application.returned_fields)
    asked = {spec.mark for spec in specs if spec.audience is not Audience.STAFF}
    if asked:
        services.demand_editable(application, now=answering.now, fields=asked, form_marks=marks)
