"""Waiting lists that move on: offers, deadlines, delegations that come in part, the log."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.applications import decisions, offer_tasks, offers, services
from scheduler.applications.decisions import Decision
from scheduler.applications.models import HistoryEntry
from scheduler.applications.workflow import Action, Refusal, State
from scheduler.database import db, transaction
from scheduler.errors import Conflict, Refused
from scheduler.notifications.models import Mail
from scheduler.programmes.approval import WaitlistOrder, WaitlistPolicy
from scheduler.texts import sentence
from tests.applications.making import (
    LATE,
    NOW,
    keep,
    make_category,
    make_entry,
    make_school,
    officer_of,
)

DAY = dt.timedelta(days=1)


def policy(festival, **values):
    return keep(WaitlistPolicy(programme_id=festival.programme.id, **values))


def waiting(festival, count, category=None, **values):
    category = category or festival.category
    return [
        make_entry(
            category,
            festival.school,
            state=State.WAITLISTED,
            waitlist_position=place,
            submitted_at=NOW - place * DAY,
            **values,
        )
        for place in range(1, count + 1)
    ]


def full(festival, category=None):
    category = category or festival.category
    return [
        make_entry(category, festival.school, state=State.ACCEPTED) for _ in range(category.places)
    ]


def withdraw(festival, entry):
    services.withdraw(entry, actor=festival.officer.actor, now=NOW, reason="Measles")


def decide(festival, entry, action, **values):
    decision = Decision(action, entry.version, "A reason.", **values)
    return decisions.decide(entry, decision, actor=festival.coordinator.actor, now=NOW)


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        function(*args, **kwargs)
    return refused.value.code


def actions(entry):
    query = select(HistoryEntry.action).where(HistoryEntry.application_id == entry.id)
    return list(db.session.scalars(query.order_by(HistoryEntry.id)))


def told():
    return [mail.code for mail in db.session.scalars(select(Mail).order_by(Mail.id))]


def test_a_freed_place_is_offered_to_the_first_in_line(festival):
    policy(festival, is_automatic=True, offer_hours=48)
    taken, line = full(festival), waiting(festival, 2)
    withdraw(festival, taken[0])
    assert [entry.state for entry in line] == [State.OFFERED, State.WAITLISTED]
    assert line[0].offer_ends_at == NOW + dt.timedelta(hours=48)
    assert festival.category.places_taken == 2


def test_the_school_is_told_of_the_offer_and_until_when(festival):
    policy(festival, is_automatic=True, offer_hours=48)
    taken, _line = full(festival), waiting(festival, 1)
    withdraw(festival, taken[0])
    assert told() == [
        "applications.withdrawn",
        "applications.place_given_up",
        "applications.offered",
    ]
    offer = db.session.scalars(select(Mail).where(Mail.code == "applications.offered")).one()
    assert offer.facts["deadline_at"] == "2027-03-03T08:00:00+00:00"


def test_by_hand_nothing_moves_by_itself(festival):
    taken, line = full(festival), waiting(festival, 1)
    withdraw(festival, taken[0])
    assert (line[0].state, festival.category.places_taken) == (State.WAITLISTED, 1)
    decide(festival, line[0], Action.OFFER)
    assert (line[0].state, festival.category.places_taken) == (State.OFFERED, 2)


def test_without_hours_the_place_is_given_at_once(festival):
    policy(festival, is_automatic=True, offer_hours=0)
    taken, line = full(festival), waiting(festival, 1)
    withdraw(festival, taken[0])
    assert line[0].state is State.ACCEPTED


def test_an_offer_is_taken_up(festival):
    full(festival)[0]
    festival.category.places = 3
    entry = waiting(festival, 1)[0]
    decide(festival, entry, Action.OFFER)
    offers.take_up(entry, actor=festival.officer.actor, now=NOW)
    assert (entry.state, entry.offer_ends_at, festival.category.places_taken) == (
        State.ACCEPTED,
        None,
        3,
    )


def test_an_offer_that_nobody_answers_passes_on(festival):
    policy(festival, is_automatic=True, offer_hours=48)
    taken, line = full(festival), waiting(festival, 2)
    withdraw(festival, taken[0])
    assert offers.lapse(now=NOW + 2 * DAY) == 1
    assert [entry.state for entry in line] == [State.WITHDRAWN, State.OFFERED]
    assert actions(line[0]) == [Action.OFFER, Action.LAPSE]
    news = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first().facts["entries"]
    assert [each["code"] for each in news] == [
        "applications.offer_lapsed",
        "applications.offered",
    ]


def test_an_offer_cannot_be_taken_after_its_end(festival):
    entry = waiting(festival, 1)[0]
    decide(festival, entry, Action.OFFER)
    late = {"actor": festival.officer.actor, "now": NOW + 3 * DAY}
    assert refusal(offers.take_up, entry, **late) is Refusal.OFFER_ENDED


def test_the_worker_ends_offers_each_minute(festival, frozen):
    entry = waiting(festival, 1)[0]
    decide(festival, entry, Action.OFFER)
    db.session.commit()
    frozen(2027, 3, 4, 8)
    offer_tasks.end_offers()
    db.session.refresh(entry)
    assert (entry.state, festival.category.places_taken) == (State.WITHDRAWN, 0)


def test_a_lapsed_entry_can_be_put_back_on_the_list(festival):
    entry = waiting(festival, 1)[0]
    decide(festival, entry, Action.OFFER)
    offers.lapse(now=NOW + 3 * DAY)
    decide(festival, entry, Action.WAITLIST)
    assert (entry.state, entry.waitlist_position) == (State.WAITLISTED, 1)


def test_no_more_is_offered_than_is_free(festival):
    full(festival)
    entry = waiting(festival, 1)[0]
    assert refusal(decide, festival, entry, Action.OFFER) is Refusal.NO_PLACE_LEFT


# Delegations


@pytest.fixture
def tour(festival):
    """Ten places for pupils; a delegation of six has taken its own."""
    category = make_category(festival.programme, places=10, counts_persons=True, max_members=40)
    first = make_entry(category, festival.school, pupils=6, state=State.SUBMITTED)
    decide(festival, first, Action.ACCEPT)
    return category


def test_a_delegation_takes_a_place_for_each_pupil(festival, tour):
    assert tour.places_taken == 6


def test_a_delegation_comes_with_all_or_not_at_all(festival, tour):
    entry = make_entry(tour, festival.school, pupils=5, state=State.WAITLISTED)
    assert refusal(decide, festival, entry, Action.OFFER) is Refusal.NO_PLACE_LEFT


def test_k_of_n_come_when_the_school_has_said_so(festival, tour):
    entry = make_entry(tour, festival.school, pupils=5, state=State.WAITLISTED, least_members=3)
    decide(festival, entry, Action.OFFER)
    assert (entry.places_held, tour.places_taken) == (4, 10)
    coming = [member.id for member in entry.members[:3]]
    offers.take_up(entry, actor=festival.officer.actor, now=NOW, coming=coming)
    pupils = [member.id for member in entry.members if member.role == "pupil"]
    assert (pupils, entry.places_held, tour.places_taken) == (coming, 3, 9)


@pytest.mark.parametrize("count", [0, 2, 5])
def test_neither_too_few_nor_too_many_can_be_named(festival, tour, count):
    entry = make_entry(tour, festival.school, pupils=5, state=State.WAITLISTED, least_members=3)
    decide(festival, entry, Action.OFFER)
    coming = [member.id for member in entry.members[:count]]
    school = {"actor": festival.officer.actor, "now": NOW}
    assert refusal(offers.take_up, entry, coming=coming, **school) is Refusal.COMING_OUT_OF_RANGE


def test_where_only_one_number_is_possible_the_refusal_says_it(festival, tour):
    entry = make_entry(tour, festival.school, pupils=5, state=State.WAITLISTED, least_members=4)
    decide(festival, entry, Action.OFFER)
    coming = [member.id for member in entry.members[:3]]
    with pytest.raises(Refused) as refused:
        offers.take_up(entry, coming=coming, actor=festival.officer.actor, now=NOW)
    assert refused.value.code is Refusal.COMING_EXACTLY
    assert sentence(refused.value.code, **refused.value.facts) == (
        "The number of pupils who come can only be exactly 4."
    )


def test_who_does_not_fit_is_passed_over_and_keeps_the_place_in_line(festival, tour):
    policy(festival, is_automatic=True, offer_hours=48)
    large = make_entry(tour, festival.school, pupils=12, state=State.WAITLISTED)
    small = make_entry(tour, festival.school, pupils=2, state=State.WAITLISTED)
    position = large.waitlist_position
    offers.promote(tour, now=NOW)
    assert (large.state, large.waitlist_position) == (State.WAITLISTED, position)
    assert small.state is State.OFFERED


def test_how_many_come_is_said_before_a_place_is_offered(festival, tour):
    entry = make_entry(tour, festival.school, pupils=5, state=State.WAITLISTED)
    school = {"actor": festival.officer.actor, "now": NOW}
    services.set_least_members(entry, 4, **school)
    assert entry.least_members == 4
    assert refusal(services.set_least_members, entry, 6, **school) is Refusal.COMING_OUT_OF_RANGE


# The order of the line


def test_a_list_by_submission_is_kept_in_that_order(festival):
    policy(festival, order=WaitlistOrder.SUBMITTED)
    early = make_entry(
        festival.category, festival.school, state=State.SUBMITTED, submitted_at=NOW - 9 * DAY
    )
    line = waiting(festival, 2)
    decide(festival, early, Action.WAITLIST)
    ranked = sorted([*line, early], key=lambda entry: entry.waitlist_position)
    assert ranked == [early, line[1], line[0]]


def test_a_move_in_line_stands_in_the_history_with_its_reason(festival):
    line = waiting(festival, 3)
    coordinator = {"actor": festival.coordinator.actor, "now": LATE}
    version = line[2].version
    offers.move(line[2], rank=1, reason="Twin of a group.", version=version, **coordinator)
    ranked = sorted(line, key=lambda entry: entry.waitlist_position)
    assert ranked == [line[2], line[0], line[1]]
    step = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert (step.action, step.reason) == (Action.MOVE, "Twin of a group.")


@pytest.mark.parametrize(
    ("rank", "reason", "code"),
    [
        (0, "Why.", Refusal.RANK_UNKNOWN),
        (4, "Why.", Refusal.RANK_UNKNOWN),
        (1, " ", Refusal.REASON_MISSING),
    ],
)
def test_a_move_needs_a_rank_and_a_reason(festival, rank, reason, code):
    entry = waiting(festival, 3)[2]
    values = {"version": entry.version, "actor": festival.coordinator.actor, "now": LATE}
    assert refusal(offers.move, entry, rank=rank, reason=reason, **values) is code


def test_a_move_on_an_old_page_is_refused(festival):
    entry = waiting(festival, 2)[1]
    values = {"version": entry.version - 1, "actor": festival.coordinator.actor, "now": LATE}
    with pytest.raises(Conflict):
        offers.move(entry, rank=1, reason="Why.", **values)


def test_many_withdrawals_at_once_offer_each_place_once(festival, rush):
    policy(festival, is_automatic=True, offer_hours=48)
    festival.category.places = 8
    taken, line = full(festival), waiting(festival, 20)
    actor = festival.officer.actor

    def leave(application_id):
        application = db.session.get_one(type(taken[0]), application_id)
        return services.withdraw(application, actor=actor, now=NOW, reason="Measles").state

    counted = rush(leave, [entry.id for entry in taken])
    assert counted == {State.WITHDRAWN: 8}
    assert [entry.state for entry in line] == [State.OFFERED] * 8 + [State.WAITLISTED] * 12
    assert festival.category.places_taken == 8


# Over HTTP


def test_an_officer_takes_the_place_on_the_entrys_page(festival, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    entry = waiting(festival, 1)[0]
    decide(festival, entry, Action.OFFER)
    db.session.commit()
    client = sign_in(festival.officer)
    for path in ("/", "/applications/my-school", f"/applications/{entry.ref}"):
        text = client.get(path).page.text
        assert "A place is held until Thu 4 March 2027 16:00 (UTC+8)." in text, path
    assert client.post(f"/applications/{entry.ref}/take-up").status_code == 303
    db.session.refresh(entry)
    assert entry.state is State.ACCEPTED


def test_the_history_says_why_an_entry_moved_by_itself(festival, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    policy(festival, is_automatic=True, offer_hours=48)
    taken, line = full(festival), waiting(festival, 1)
    withdraw(festival, taken[0])
    offers.lapse(now=NOW + 2 * DAY)
    db.session.commit()
    for reader, page in ((festival.coordinator, "/case"), (festival.officer, "")):
        text = sign_in(reader).get(f"/applications/{line[0].ref}{page}").page.text
        assert "By itself, at the end of the offer." in text
        assert (
            "By itself, under the published rule: a place was free, and of those in line this was "
            "the first entry that fits."
        ) in text


def test_the_history_of_a_decision_by_hand_says_nothing_of_its_own(festival, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    entry = waiting(festival, 1)[0]
    decide(festival, entry, Action.OFFER)
    db.session.commit()
    page = sign_in(festival.coordinator).get(f"/applications/{entry.ref}/case").page
    assert "By itself" not in page.text


def test_the_neighbour_takes_nothing(festival, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    entry = waiting(festival, 1)[0]
    decide(festival, entry, Action.OFFER)
    client = sign_in(officer_of(make_school()))
    assert client.post(f"/applications/{entry.ref}/take-up").status_code == 403
    db.session.refresh(entry)
    assert entry.state is State.OFFERED


def test_a_double_click_takes_the_place_once(festival, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    entry = waiting(festival, 1)[0]
    decide(festival, entry, Action.OFFER)
    client = sign_in(festival.officer)
    answers = [client.post(f"/applications/{entry.ref}/take-up").status_code for _ in range(2)]
    with transaction():
        db.session.refresh(festival.category)
    assert (answers, festival.category.places_taken) == ([303, 409], 1)
