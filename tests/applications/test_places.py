"""Places are never exceeded, whatever happens at once and in whatever order; on both databases."""

from sqlalchemy import func, select

from scheduler.applications import decisions, services
from scheduler.applications.decisions import Decision
from scheduler.applications.models import Application, HistoryEntry
from scheduler.applications.workflow import (
    Action,
    Refusal,
    State,
)
from scheduler.database import db
from scheduler.notifications.models import Mail
from scheduler.programmes.models import Programme
from tests.applications.making import NOW, make_category, make_entry

AT_ONCE = 50
PLACES = 8


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
        return services.withdraw(application, actor=school, now=NOW, reason="Measles").state

    asked = [(entry.id, entry.version, False) for entry in accepted]
    asked += [(entry.id, entry.version, True) for entry in waiting]
    outcomes = rush(act, asked)
    assert outcomes[State.WITHDRAWN] == PLACES
    assert outcomes[State.ACCEPTED] + outcomes[Refusal.NO_PLACE_LEFT] == PLACES
    assert festival.category.places_taken == states().get(State.ACCEPTED, 0)
