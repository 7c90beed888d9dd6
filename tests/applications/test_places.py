"""Places are never exceeded, whatever happens at once and in whatever order; on both databases."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from scheduler.applications import decisions, services
from scheduler.applications.decisions import Decision
from scheduler.applications.fields import Field
from scheduler.applications.models import Application, HistoryEntry
from scheduler.applications.workflow import (
    DECISIONS,
    TRANSITIONS,
    Action,
    Refusal,
    State,
    available,
)
from scheduler.database import db, transaction
from scheduler.errors import Conflict, Refused
from scheduler.notifications.models import Mail
from scheduler.programmes.models import Programme
from tests.applications.making import NOW, make_category, make_entry, make_school

AT_ONCE = 50
PLACES = 8


@pytest.fixture
def rush(festival, app):
    """`run(function, arguments)`: every call in a thread, context and connection of its own."""

    def run(function, arguments):
        together = threading.Barrier(len(arguments))

        def one(argument):
            with app.app_context():
                together.wait()
                try:
                    with transaction():
                        return function(argument)
                except Refused as refused:
                    return refused.code
                except Conflict:
                    return "stale"

        db.session.commit()
        with ThreadPoolExecutor(len(arguments)) as pool:
            outcomes = list(pool.map(one, arguments))
        db.session.expire_all()
        return Counter(outcomes)

    return run


def accept(application_id, version, actor):
    application = db.session.get_one(Application, application_id)
    decided = decisions.decide(application, Decision(Action.ACCEPT, version), actor=actor, now=NOW)
    return decided.state


def states():
    query = select(Application.state, func.count()).group_by(Application.state)
    return dict(db.session.execute(query).all())


def test_fifty_decisions_at_once_give_exactly_the_places_there_are(festival, rush):
    festival.category.places = PLACES
    entries = [
        make_entry(festival.category, festival.school, state=State.SUBMITTED, pupils=0)
        for _ in range(AT_ONCE)
    ]
    actor = festival.coordinator.actor
    asked = [(entry.id, entry.version) for entry in entries]
    outcomes = rush(lambda each: accept(*each, actor), asked)
    assert outcomes == {State.ACCEPTED: PLACES, Refusal.NO_PLACE_LEFT: AT_ONCE - PLACES}
    assert states() == {State.ACCEPTED: PLACES, State.SUBMITTED: AT_ONCE - PLACES}
    assert festival.category.places_taken == PLACES
    # Whatever follows from an acceptance followed exactly as often.
    assert db.session.get_one(Programme, festival.programme.id).roster_revision == PLACES
    assert db.session.scalar(select(func.count()).select_from(Mail)) == PLACES
    assert db.session.scalar(select(func.count()).select_from(HistoryEntry)) == PLACES


def test_fifty_decisions_on_one_application_apply_once(festival, rush):
    entry = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    actor = festival.coordinator.actor
    outcomes = rush(lambda each: accept(*each, actor), [(entry.id, entry.version)] * AT_ONCE)
    assert outcomes == {State.ACCEPTED: 1, "stale": AT_ONCE - 1}
    assert festival.category.places_taken == 1


def test_places_of_the_waiting_list_are_given_once_each(festival, rush):
    entries = [
        make_entry(festival.category, festival.school, state=State.SUBMITTED, pupils=0)
        for _ in range(AT_ONCE)
    ]
    actor = festival.coordinator.actor

    def wait(each):
        application = db.session.get_one(Application, each[0])
        decision = Decision(Action.WAITLIST, each[1])
        return decisions.decide(application, decision, actor=actor, now=NOW).state

    outcomes = rush(wait, [(entry.id, entry.version) for entry in entries])
    assert outcomes == {State.WAITLISTED: AT_ONCE}
    positions = db.session.scalars(
        select(Application.waitlist_position).order_by(Application.waitlist_position)
    )
    assert list(positions) == list(range(1, AT_ONCE + 1))


def test_batches_over_the_same_categories_do_not_block_each_other(festival, rush):
    categories = [festival.category, make_category(festival.programme)]
    asked = []
    for turn in range(6):
        entries = [
            make_entry(category, festival.school, state=State.SUBMITTED, pupils=0)
            for category in (categories if turn % 2 else reversed(categories))
        ]
        asked.append([(entry.ref, Decision(Action.ACCEPT, entry.version)) for entry in entries])
    actor = festival.coordinator.actor

    def batch(each):
        outcomes = decisions.decide_many(each, actor=actor, now=NOW)
        return sum(outcome.error is None for outcome in outcomes)

    counted = rush(batch, asked)
    assert sum(given * times for given, times in counted.items()) == 4
    assert [category.places_taken for category in categories] == [2, 2]


def test_withdrawals_and_acceptances_at_once_keep_the_count(festival, rush):
    festival.category.places = PLACES
    accepted = [
        make_entry(festival.category, festival.school, state=State.ACCEPTED, pupils=0)
        for _ in range(PLACES)
    ]
    waiting = [
        make_entry(festival.category, festival.school, state=State.WAITLISTED, pupils=0)
        for _ in range(PLACES)
    ]
    school, staff = festival.officer.actor, festival.coordinator.actor

    def act(each):
        application_id, version, is_promotion = each
        if is_promotion:
            return accept(application_id, version, staff)
        application = db.session.get_one(Application, application_id)
        return services.withdraw(application, actor=school, now=NOW).state

    asked = [(entry.id, entry.version, False) for entry in accepted]
    asked += [(entry.id, entry.version, True) for entry in waiting]
    outcomes = rush(act, asked)
    assert outcomes[State.WITHDRAWN] == PLACES
    assert outcomes[State.ACCEPTED] + outcomes[Refusal.NO_PLACE_LEFT] == PLACES
    assert festival.category.places_taken == states().get(State.ACCEPTED, 0)


ENTRIES = 5
ACTIONS = sorted(DECISIONS | {Action.SUBMIT, Action.WITHDRAW, Action.REOPEN})
STEPS = st.lists(st.tuples(st.integers(0, ENTRIES - 1), st.sampled_from(ACTIONS)), max_size=40)


def act(festival, application, action):
    school = {"actor": festival.officer.actor, "now": NOW}
    if action is Action.SUBMIT:
        return services.submit(application, **school)
    if action is Action.WITHDRAW:
        return services.withdraw(application, **school)
    if action is Action.REOPEN:
        return services.reopen(application, **school)
    decision = Decision(action, application.version, "A reason.", (Field.PIECES,))
    return decisions.decide(application, decision, actor=festival.coordinator.actor, now=NOW)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_random_walks_keep_to_table_places_and_history(festival, steps):
    category = make_category(festival.programme, places=2)
    school = make_school()
    entries = [make_entry(category, school) for _ in range(ENTRIES)]
    db.session.commit()
    for number, action in steps:
        entry = entries[number]
        before, may = entry.state, action in available(entry.state)
        is_full = category.places_taken >= category.places
        try:
            with transaction():
                act(festival, entry, action)
        except Refused:
            assert not may or (action is Action.ACCEPT and is_full)
            assert entry.state is before
        else:
            assert may
            assert entry.state is TRANSITIONS[before, action]
        assert category.places_taken == sum(e.state is State.ACCEPTED for e in entries) <= 2
    for entry in entries:
        replayed = State.DRAFT
        for step in entry.history:
            assert step.from_state is replayed
            replayed = TRANSITIONS[replayed, step.action]
            assert step.to_state is replayed
        assert replayed is entry.state
