"""Decisions of coordinators: places, waiting list, grounds, stale pages, many at once."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scheduler.access.permissions import Role, ScopeKind
from scheduler.applications import decisions, services
from scheduler.applications.decisions import Decision
from scheduler.applications.fields import Field
from scheduler.applications.models import Application, HistoryEntry
from scheduler.applications.steps import LONGEST_TEXT
from scheduler.applications.workflow import Action, Refusal, State
from scheduler.database import db
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.notifications.models import Mail
from tests.applications.making import (
    LATE,
    coordinator_of,
    make_district,
    make_entry,
    make_programme,
    make_school,
    officer_of,
    reviewer_of,
)

REASONS = {Action.REJECT: "Too many groups.", Action.RETURN: "Please shorten."}


@pytest.fixture
def submitted(festival):
    return make_entry(festival.category, festival.school, state=State.SUBMITTED)


def decide(application, action, actor, **values):
    default = {"version": application.version, "reason": REASONS.get(action)}
    if action is Action.RETURN:
        default["fields"] = (Field.PIECES,)
    decision = Decision(action, **(default | values))
    return decisions.decide(application, decision, actor=actor.actor, now=LATE)


def refusal(*args, **kwargs):
    with pytest.raises(Refused) as refused:
        decide(*args, **kwargs)
    return refused.value.code, refused.value.field


def queued():
    return [
        (mail.code, mail.facts["reason"])
        for mail in db.session.scalars(select(Mail).order_by(Mail.id))
    ]


def test_accepting_takes_a_place_and_makes_plans_old(festival, submitted):
    decide(submitted, Action.ACCEPT, festival.coordinator)
    db.session.refresh(festival.programme)
    assert (submitted.state, submitted.decided_at) == (State.ACCEPTED, LATE)
    assert (festival.category.places_taken, festival.programme.roster_revision) == (1, 1)
    assert queued() == [("applications.accepted", "")]


def test_no_place_is_given_twice(festival, submitted):
    for _ in range(festival.category.places):
        make_entry(festival.category, festival.school, state=State.ACCEPTED)
    assert refusal(submitted, Action.ACCEPT, festival.coordinator) == (Refusal.NO_PLACE_LEFT, None)
    db.session.rollback()


def test_the_database_itself_refuses_one_place_too_many(festival):
    festival.category.places_taken = festival.category.places + 1
    with pytest.raises(IntegrityError, match="places_not_exceeded"):
        db.session.flush()
    db.session.rollback()


def test_the_waiting_list_is_appended_to(festival):
    entries = [
        make_entry(festival.category, festival.school, state=State.SUBMITTED) for _ in range(3)
    ]
    for entry in entries:
        decide(entry, Action.WAITLIST, festival.coordinator)
    decide(entries[0], Action.REJECT, festival.coordinator)
    decide(entries[0], Action.WAITLIST, festival.coordinator)
    assert [entry.waitlist_position for entry in entries] == [4, 2, 3]


def test_a_promoted_group_leaves_the_waiting_list(festival, submitted):
    decide(submitted, Action.WAITLIST, festival.coordinator)
    decide(submitted, Action.ACCEPT, festival.coordinator)
    assert (submitted.state, submitted.waitlist_position) == (State.ACCEPTED, None)
    assert festival.category.places_taken == 1


def test_returning_marks_fields_and_carries_the_message(festival, submitted):
    fields = (Field.PIECES, Field.CONDUCTOR)
    decide(submitted, Action.RETURN, festival.coordinator, fields=fields)
    assert (submitted.state, submitted.returned_fields, submitted.returned_message) == (
        State.RETURNED,
        ["conductor", "pieces"],
        "Please shorten.",
    )
    assert submitted.decided_at is None
    assert queued() == [("applications.returned", "Please shorten.")]


@pytest.mark.parametrize(
    ("action", "changes", "expected"),
    [
        (Action.REJECT, {"reason": ""}, (Refusal.REASON_MISSING, "reason")),
        (Action.REJECT, {"reason": None}, (Refusal.REASON_MISSING, "reason")),
        (Action.RETURN, {"reason": ""}, (Refusal.MESSAGE_MISSING, "reason")),
        (Action.RETURN, {"fields": ()}, (Refusal.FIELDS_MISSING, "fields")),
        (Action.ACCEPT, {"reason": "x" * (LONGEST_TEXT + 1)}, (Refusal.TEXT_TOO_LONG, "reason")),
        (Action.WITHDRAW, {}, (Refusal.NOT_FROM_THIS_STATE, None)),
        (Action.SUBMIT, {}, (Refusal.NOT_FROM_THIS_STATE, None)),
    ],
)
def test_a_decision_needs_its_grounds(festival, submitted, action, changes, expected):
    assert refusal(submitted, action, festival.coordinator, **changes) == expected


@pytest.mark.parametrize("action", [Action.WAITLIST, Action.REJECT])
def test_taking_a_place_away_needs_a_reason(festival, action):
    application = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    assert refusal(application, action, festival.coordinator, reason=None) == (
        Refusal.REASON_MISSING,
        "reason",
    )


def test_a_decision_on_a_stale_page_applies_nothing(festival, submitted):
    seen = submitted.version
    services.reopen(submitted, actor=festival.officer.actor, now=festival.programme.entry_opens_at)
    with pytest.raises(Conflict):
        decide(submitted, Action.ACCEPT, festival.coordinator, version=seen)
    assert (submitted.state, festival.category.places_taken) == (State.DRAFT, 0)


def test_a_change_of_the_roster_makes_the_page_stale(festival):
    entry = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    seen = entry.version
    services.note_edit(entry, actor=festival.officer.actor, now=LATE, changes={"members": [3, 4]})
    with pytest.raises(Conflict):
        decide(entry, Action.ACCEPT, festival.coordinator, version=seen)


def test_only_coordinators_of_the_programme_decide(festival, submitted):
    strangers = [festival.officer, coordinator_of(make_programme())]
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            decide(submitted, Action.ACCEPT, stranger)
    assert submitted.state is State.SUBMITTED


def test_nobody_decides_on_the_own_school(festival, submitted):
    both = coordinator_of(
        festival.programme, (Role.SCHOOL_OFFICER, ScopeKind.SCHOOL, festival.school)
    )
    with pytest.raises(NotAllowed):
        decide(submitted, Action.ACCEPT, both)


def test_many_decisions_each_have_their_own_outcome(festival):
    entries = [
        make_entry(festival.category, festival.school, state=State.SUBMITTED) for _ in range(4)
    ]
    draft = make_entry(festival.category, festival.school)
    stale = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    asked = [(each.ref, Decision(Action.ACCEPT, each.version)) for each in (*entries, draft)]
    asked += [(stale.ref, Decision(Action.ACCEPT, stale.version - 1)), ("A-NONE", asked[0][1])]
    outcomes = decisions.decide_many(asked, actor=festival.coordinator.actor, now=LATE)
    full = (Refused, Refusal.NO_PLACE_LEFT)
    assert [
        outcome.error and (type(outcome.error), getattr(outcome.error, "code", None))
        for outcome in outcomes
    ] == [
        None,
        None,
        full,
        full,
        (Refused, Refusal.NOT_FROM_THIS_STATE),
        (Conflict, None),
        (NotFound, None),
    ]


def test_what_is_refused_among_many_leaves_no_trace(festival):
    entries = [
        make_entry(festival.category, festival.school, state=State.SUBMITTED) for _ in range(3)
    ]
    asked = [(each.ref, Decision(Action.ACCEPT, each.version)) for each in entries]
    decisions.decide_many(asked, actor=festival.coordinator.actor, now=LATE)
    db.session.commit()
    rows = db.session.execute(
        select(Application.state, Application.version).order_by(Application.id)
    )
    assert [tuple(row) for row in rows] == [
        (State.ACCEPTED, 2),
        (State.ACCEPTED, 2),
        (State.SUBMITTED, 1),
    ]
    assert len(db.session.scalars(select(HistoryEntry)).all()) == 2
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.code, mail.facts["count"]) == ("applications.several", 2)


def test_a_district_reviewer_does_not_decide(festival, submitted):

    district = make_district()
    festival.school.district = district
    db.session.flush()
    with pytest.raises(NotAllowed):
        decide(submitted, Action.ACCEPT, reviewer_of(district))


def test_officers_of_other_schools_hear_nothing(festival, submitted):

    officer_of(make_school())
    decide(submitted, Action.REJECT, festival.coordinator)
    addresses = db.session.scalars(select(Mail.to_address)).all()
    assert addresses == [festival.officer.email]
