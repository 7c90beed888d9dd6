"""Substitutions after acceptance: a school asks, whoever decides on the entry approves or rejects.

The group keeps its place all the while. Until the approval its members, their calendars and their
consents are as they were; what was asked is sealed, and gone once it is decided.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select

from scheduler.access.permissions import Actor
from scheduler.applications import levels, services, substitution_mails
from scheduler.applications.answer_services import find_own_member
from scheduler.applications.history_words import SUBSTITUTION
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.roster_stored import lock_pupils
from scheduler.applications.roster_writing import Writing
from scheduler.applications.steps import LONGEST_TEXT, Step, note
from scheduler.applications.substitution_effects import replace_member
from scheduler.applications.substitution_entering import Wish, chosen, entering, index_of, sealed
from scheduler.applications.substitution_models import Substitution, SubstitutionState
from scheduler.applications.workflow import Action, Refusal, State, transition
from scheduler.database import db, held
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused, SchedulerError
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.date_services import substitutions_until
from scheduler.programmes.local_times import wall_time
from scheduler.programmes.models import Programme
from scheduler.spreadsheets.cells import CellProblem


class SubstitutionRefusal(StrEnum):
    """Why a member cannot be substituted."""

    TOO_LATE = "substitution_too_late"
    PENDING_ALREADY = "substitution_pending_already"
    COMING_ALREADY = "substitution_coming_already"
    TOO_MANY = "substitution_too_many"
    TOO_MANY_OF_SCHOOL = "substitution_too_many_of_school"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision on the version of a request that was seen; a rejection says why."""

    is_approved: bool
    version: int
    reason: str | None = None


def ask(
    application: Application, leaving_ref: str, wish: Wish, writing: Writing
) -> tuple[Substitution, tuple[CellProblem, ...]]:
    """Ask for a pupil of the writing school to be substituted; nothing changes yet.

    The coordinators are told, and of a guest school's request the school that leads the entry.

    Returns the request and what deserves a look. Raises `Refused` after the date for it, while
    another request for the same member or with the same pupil waits, beyond the programme's limit,
    and for whatever the entry form would refuse.
    """
    lock_pupils(writing.school)
    application = services.lock(application)
    demand_open(application, writing.now)
    if not wish.reason.strip():
        raise Refused(Refusal.REASON_MISSING, field="reason")
    if len(wish.reason) > LONGEST_TEXT:
        raise Refused(Refusal.TEXT_TOO_LONG, field="reason", most=LONGEST_TEXT)
    leaving = find_own_member(application, writing.school, leaving_ref)
    coming = chosen(wish.coming, writing.school)
    record, _, found = entering(application, wish.values, coming, writing)
    index = index_of(record, writing.sealer)
    _demand_unasked(application, leaving, index)
    _demand_within_limit(application, writing.school)
    asked = Substitution(
        application=application,
        leaving_id=leaving.person_id,
        coming=coming,
        coming_index=index,
        content=sealed(wish, record, writing.sealer),
        account_id=writing.actor.account_id or 0,
        asked_at=writing.now,
    )
    db.session.add(asked)
    db.session.flush()
    _note(asked, Action.ASK_SUBSTITUTION, writing.actor, writing.now)
    substitution_mails.tell_of_request(asked, substitution_mails.ASKED, now=writing.now)
    return asked, found


def drop(substitution: Substitution, *, actor: Actor, now: dt.datetime) -> None:
    """Take a request back; the group stays as it is. Raises `Conflict` if it was decided on."""
    services.lock(substitution.application)
    substitution = held(Substitution, substitution.id)
    if substitution.state is not SubstitutionState.PENDING:
        raise Conflict
    _note(substitution, Action.DROP_SUBSTITUTION, actor, now)
    _end(substitution, SubstitutionState.WITHDRAWN, now)
    substitution_mails.tell_of_request(substitution, substitution_mails.DROPPED, now=now)


def decide(
    substitution: Substitution, verdict: Verdict, writing: Writing, *, secret_key: str | bytes
) -> Substitution:
    """Approve or reject a request, and tell the school.

    Approved, one member is replaced by the other: the calendar of whoever left no longer has the
    group, whoever came has no consents but the own ones, and a confirmation of the group is taken
    back while a required one is missing. Raises `NotAllowed`, `Conflict` (somebody decided or took
    the request back) or `Refused`, also if the pupil could not be entered any more.
    """
    lock_pupils(writing.school)
    application = services.lock(substitution.application)
    substitution = held(Substitution, substitution.id)
    if not levels.may_decide(writing.actor, application, writing.now):
        raise NotAllowed
    if (substitution.state, substitution.version) != (SubstitutionState.PENDING, verdict.version):
        raise Conflict
    reason = (verdict.reason or "").strip()
    if len(reason) > LONGEST_TEXT:
        raise Refused(Refusal.TEXT_TOO_LONG, field="reason", most=LONGEST_TEXT)
    if verdict.is_approved:
        transition(application.state, Action.SUBSTITUTE)
        replace_member(substitution, writing, secret_key)
        action, state = Action.SUBSTITUTE, SubstitutionState.APPROVED
    else:
        if not reason:
            raise Refused(Refusal.REASON_MISSING, field="reason")
        action, state = Action.REFUSE_SUBSTITUTION, SubstitutionState.REJECTED
    _note(substitution, action, writing.actor, writing.now, reason or None)
    _end(substitution, state, writing.now)
    substitution_mails.tell_school(substitution, reason, now=writing.now)
    return substitution


def decide_many(
    programme: Programme,
    verdicts: Sequence[tuple[str, Verdict]],
    writing_of: Callable[[Substitution], Writing],
    *,
    secret_key: str | bytes,
) -> list[tuple[str, Application | None, SchedulerError | None]]:
    """Decide on each request of the programme for itself; return the reference, entry and error.

    What is refused leaves no trace and does not hold up the others.
    """
    verdict_by_ref = dict(verdicts)
    query = (
        select(Substitution)
        .join(Application, Substitution.application_id == Application.id)
        .outerjoin(Substitution.leaving)
        .where(Substitution.ref.in_(verdict_by_ref), Application.programme_id == programme.id)
        # Everybody locks schools and entries in one order, so that nobody waits for each other.
        .order_by(
            func.coalesce(Person.school_id, Application.school_id), Application.id, Substitution.id
        )
    )
    outcomes: list[tuple[str, Application | None, SchedulerError | None]] = []
    for asked in db.session.scalars(query).all():
        error: SchedulerError | None = None
        try:
            with db.session.begin_nested():
                writing = writing_of(asked)
                decide(asked, verdict_by_ref[asked.ref], writing, secret_key=secret_key)
        except SchedulerError as refusal:
            error = refusal
        outcomes.append((asked.ref, asked.application, error))
    known = {ref for ref, _, _ in outcomes}
    return outcomes + [(ref, None, NotFound()) for ref in verdict_by_ref if ref not in known]


def demand_open(application: Application, now: dt.datetime) -> None:
    """Raise `Refused` unless members of the group can be substituted now."""
    transition(application.state, Action.ASK_SUBSTITUTION)
    until = substitutions_until(application.programme)
    if now >= until:
        zone = application.programme.timezone
        shown = f"{wall_time(until, zone):%Y-%m-%d %H:%M}"
        raise Refused(SubstitutionRefusal.TOO_LATE, until=shown)


def share_of(programme: Programme, pupils: int) -> int | None:
    """Return how many of so many pupils may be substituted, at least one; None without a limit."""
    percent = programme.substitution_percent
    return None if percent is None else max(1, pupils * percent // 100)


def most_substitutions(application: Application, school: School) -> int | None:
    """Return how many pupils of the group may be substituted in all; None without a limit.

    In an entry of several schools each has a number of its own, by its own pupils, at least one: no
    school uses up what another one may need.
    """
    query = select(func.count(Member.id)).where(
        Member.application_id == application.id, Member.role == MemberRole.PUPIL
    )
    if application.category.is_joint:
        query = query.join(Person, Member.person_id == Person.id)
        query = query.where(Person.school_id == school.id)
    return share_of(application.programme, db.session.scalar(query) or 0)


def count_substitutions(application: Application, school: School) -> int:
    """Return how many members were substituted, or may be if what is asked for is approved.

    In an entry of several schools the school's own are counted.
    """
    counted = (SubstitutionState.PENDING, SubstitutionState.APPROVED)
    query = select(func.count(Substitution.id)).where(
        Substitution.application_id == application.id, Substitution.state.in_(counted)
    )
    if application.category.is_joint:
        # Whoever left may be erased by now; whoever came is of the same school.
        known = func.coalesce(Substitution.leaving_id, Substitution.coming_id)
        query = query.join(Person, Person.id == known).where(Person.school_id == school.id)
    return db.session.scalar(query) or 0


def _demand_unasked(application: Application, leaving: Member, index: str) -> None:
    # Only of the own school's: whom another one wants to bring is told to nobody by a refusal.
    waiting = db.session.execute(
        select(Substitution.leaving_id, Substitution.coming_index)
        .join(Substitution.leaving)
        .where(
            Substitution.application_id == application.id,
            Substitution.state == SubstitutionState.PENDING,
            Person.school_id == leaving.person.school_id,
        )
    ).all()
    if any(leaving_id == leaving.person_id for leaving_id, _ in waiting):
        raise Refused(SubstitutionRefusal.PENDING_ALREADY)
    if any(coming_index == index for _, coming_index in waiting):
        raise Refused(SubstitutionRefusal.COMING_ALREADY)


def _demand_within_limit(application: Application, school: School) -> None:
    most = most_substitutions(application, school)
    if most is not None and count_substitutions(application, school) >= most:
        is_joint = application.category.is_joint
        codes = SubstitutionRefusal
        raise Refused(codes.TOO_MANY_OF_SCHOOL if is_joint else codes.TOO_MANY, most=most)


def _end(substitution: Substitution, state: SubstitutionState, now: dt.datetime) -> None:
    substitution.state = state
    substitution.content = None
    substitution.decided_at = now
    db.session.flush()


def _note(
    substitution: Substitution,
    action: Action,
    actor: Actor,
    now: dt.datetime,
    reason: str | None = None,
) -> None:
    """Write a step of the request into the entry's history: by reference, names can be erased."""
    people = (substitution.leaving, substitution.coming)
    change = {SUBSTITUTION: [person.ref if person else None for person in people]}
    note(substitution.application, Step(action, actor, now, reason), State.ACCEPTED, change)
