"""Invitations, answers, readiness, leaving: states, mails, history, and what is refused."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Permission, Role, can
from scheduler.applications import services as entries
from scheduler.applications.entry_facts import missing_of
from scheduler.applications.guest_models import GuestPart, PartState
from scheduler.applications.guests import Refusal
from scheduler.applications.history_words import SCHOOL
from scheduler.applications.models import HistoryEntry, Member
from scheduler.applications.workflow import Refusal as WorkflowRefusal
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.delegations import services
from scheduler.delegations.services import Invitation
from scheduler.errors import Conflict, Refused
from scheduler.notifications.models import Mail
from scheduler.programmes.form_fields import FieldOwner
from tests import factories


def mails(session):
    return [
        (mail.code, mail.to_address) for mail in session.scalars(select(Mail).order_by(Mail.id))
    ]


def step(call, part, *words, actor):
    with transaction():
        return call(part, *words, version=part.version, actor=actor.actor, now=clock.now())


def invite(joint, school, **values):
    with transaction():
        return services.invite(
            joint.entry,
            school,
            Invitation(**values),
            actor=joint.lead_officer.actor,
            now=clock.now(),
        )


def refusal(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_an_invitation_is_mailed_answered_and_told_to_the_lead(joint, session):
    part = invite(joint, joint.neighbour, message="欢迎", pupils_asked=2)
    assert (part.state, part.pupils_asked, part.message) == (PartState.INVITED, 2, "欢迎")
    assert mails(session) == [("delegations.invited", joint.neighbour_officer.email)]
    assert joint.neighbour.id not in joint.entry.guest_school_ids
    step(services.accept, part, actor=joint.neighbour_officer)
    assert part.state is PartState.JOINED
    assert joint.neighbour.id in joint.entry.guest_school_ids
    assert mails(session)[1:] == [("delegations.accepted", joint.lead_officer.email)]
    changes = [
        each.changes for each in session.scalars(select(HistoryEntry).order_by(HistoryEntry.id))
    ]
    assert changes == [
        {f"{SCHOOL}邻校": [None, "invited"]},
        {f"{SCHOOL}邻校": ["invited", "joined"]},
    ]


def test_declining_needs_a_reason_and_can_be_followed_by_another_invitation(joint):
    part = invite(joint, joint.neighbour)
    decline = lambda words: step(services.decline, part, words, actor=joint.neighbour_officer)  # noqa: E731
    assert refusal(lambda: decline(" ")) is Refusal.REASON_MISSING
    decline("没有时间")
    assert (part.state, part.reason) == (PartState.DECLINED, "没有时间")
    again = invite(joint, joint.neighbour)
    assert (again.id, again.state, again.reason) == (part.id, PartState.INVITED, "")


def test_what_cannot_be_invited(joint, session):
    assert refusal(lambda: invite(joint, joint.lead)) is Refusal.OWN_SCHOOL
    assert refusal(lambda: invite(joint, joint.guest)) is Refusal.INVITED_ALREADY
    yesterday = clock.now().date() - dt.timedelta(days=2)
    late = lambda: invite(joint, joint.neighbour, answer_by=yesterday)  # noqa: E731
    assert refusal(late) is Refusal.DATE_PAST
    joint.category.is_joint = False
    session.commit()
    assert refusal(lambda: invite(joint, joint.neighbour)) is Refusal.NOT_JOINT
    joint.category.is_joint = True
    joint.entry.state = State.SUBMITTED
    session.commit()
    submitted = refusal(lambda: invite(joint, joint.neighbour))
    assert submitted is WorkflowRefusal.NOT_FROM_THIS_STATE
    assert session.scalars(select(GuestPart.school_id)).all() == [joint.guest.id, joint.other.id]


def test_after_its_day_an_invitation_is_no_longer_accepted(joint, frozen):
    part = invite(joint, joint.neighbour, answer_by=clock.now().date() + dt.timedelta(days=2))
    frozen(days=4)
    accept = lambda: step(services.accept, part, actor=joint.neighbour_officer)  # noqa: E731
    assert refusal(accept) is Refusal.ANSWER_TOO_LATE


def test_the_lead_submits_once_all_schools_are_ready(joint, session):
    assert [each.facts for each in missing_of(joint.entry)] == [{"schools": "天河小学, 海珠小学"}]

    def submit():
        with transaction():
            entries.submit(joint.entry, actor=joint.lead_officer.actor, now=clock.now())

    assert refusal(submit) is WorkflowRefusal.INCOMPLETE
    for part in (joint.part, joint.other_part):
        step(services.declare_ready, part, actor=joint.guest_officer)
    submit()
    assert joint.entry.state is State.SUBMITTED
    assert [code for code, _ in mails(session)] == [
        "delegations.ready",
        "delegations.ready",
        "delegations.news",
        "applications.submitted",
    ]


def test_a_part_without_pupils_is_not_ready(joint):
    part = invite(joint, joint.neighbour)
    step(services.accept, part, actor=joint.neighbour_officer)
    ready = lambda: step(services.declare_ready, part, actor=joint.neighbour_officer)  # noqa: E731
    assert refusal(ready) is Refusal.PART_EMPTY


def test_a_part_whose_pupils_lack_something_is_not_ready(joint, session):
    child = factories.person(joint.guest)
    member = factories.member(joint.entry, child)
    session.commit()
    ready = lambda: step(services.declare_ready, joint.part, actor=joint.guest_officer)  # noqa: E731
    assert refusal(ready) is Refusal.PART_INCOMPLETE
    factories.consent(child)
    field = factories.form_field(joint.programme, owner=FieldOwner.MEMBER, is_required=True)
    session.commit()
    assert refusal(ready) is Refusal.PART_INCOMPLETE
    for each in joint.entry.members:
        if each.person.school_id == joint.guest.id:
            each.answers = {field.code: "x"}
    session.commit()
    ready()
    assert (joint.part.state, member.answers) == (PartState.READY, {field.code: "x"})


def test_a_guest_that_leaves_takes_its_own_pupils_and_nobody_else(joint, session):
    joint.category.counts_persons = True
    joint.category.places, joint.category.places_taken = 3, 3
    joint.entry.state, joint.entry.places_held = State.ACCEPTED, 3
    joint.part.state = PartState.READY
    session.commit()
    before = joint.programme.roster_revision
    step(services.withdraw, joint.part, "流感", actor=joint.guest_officer)
    session.expire_all()
    schools = session.scalars(select(Member)).all()
    assert {member.person.school_id for member in schools} == {joint.lead.id, joint.other.id}
    assert len(schools) == 3
    assert joint.entry.guest_school_ids == [joint.other.id]
    assert (joint.entry.places_held, joint.category.places_taken) == (2, 2)
    assert joint.programme.roster_revision == before + 1
    assert mails(session) == [
        ("delegations.withdrawn", joint.lead_officer.email),
        ("delegations.left_with_a_place", joint.coordinator.email),
    ]
    told, noted = session.scalars(select(Mail).order_by(Mail.id)).all()
    assert (told.facts["pupils"], told.facts["least"], told.facts["reason"]) == (2, 3, "流感")
    assert (noted.facts["pupils"], noted.facts["least"]) == (2, 3)
    assert noted.facts["link"] == f"/applications/{joint.entry.ref}/case"


def test_coordinators_are_not_told_of_a_guest_that_leaves_before_there_is_a_place(joint, session):
    step(services.withdraw, joint.part, "流感", actor=joint.guest_officer)
    assert mails(session) == [("delegations.withdrawn", joint.lead_officer.email)]


def test_the_lead_takes_a_school_out_only_while_members_can_be_changed(joint, session):
    remove = lambda: step(services.remove, joint.part, "已满", actor=joint.lead_officer)  # noqa: E731
    joint.entry.state = State.SUBMITTED
    session.commit()
    assert refusal(remove) is WorkflowRefusal.NOT_FROM_THIS_STATE
    joint.entry.state = State.DRAFT
    session.commit()
    remove()
    assert joint.part.state is PartState.REMOVED
    assert mails(session) == [("delegations.removed", joint.guest_officer.email)]
    assert joint.entry.guest_school_ids == [joint.other.id]


def test_a_step_on_a_stale_page_is_refused(joint):
    old = joint.part.version
    step(services.declare_ready, joint.part, actor=joint.guest_officer)
    with pytest.raises(Conflict), transaction():
        services.withdraw(
            joint.part, "x", version=old, actor=joint.guest_officer.actor, now=clock.now()
        )


def test_nobody_decides_where_the_own_school_is_a_guest(joint, session):
    subject = joint.entry.subject
    both = factories.account(
        (Role.COORDINATOR, joint.programme), (Role.SCHOOL_OFFICER, joint.guest)
    )
    assert not can(both.actor, Permission.APPLICATION_DECIDE, subject)
    assert can(joint.coordinator.actor, Permission.APPLICATION_DECIDE, subject)
    assert not can(joint.guest_officer.actor, Permission.APPLICATION_READ, subject)
    session.rollback()
