"""Random walks of several entries at once: places, quotas and history hold whatever is done."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from scheduler.access.permissions import Role, ScopeKind
from scheduler.applications import decisions, offers, services
from scheduler.applications.decisions import Decision
from scheduler.applications.fields import Field
from scheduler.applications.levels import key_of, quota_of
from scheduler.applications.models import Nomination
from scheduler.applications.workflow import (
    DECISIONS,
    HOLDS_PLACE,
    SCHOOL_ACTIONS,
    TRANSITIONS,
    Action,
    Refusal,
    State,
    available,
)
from scheduler.database import db, transaction
from scheduler.errors import NotAllowed, Refused
from scheduler.organisations.models import Region
from scheduler.programmes.approval import Dimension, LevelKind, WaitlistPolicy
from tests.applications.making import (
    LATE,
    NOW,
    city_reviewer_of,
    coordinator_of,
    declare,
    make_category,
    make_district,
    make_entry,
    make_levels,
    make_quota,
    make_school,
    reviewer_of,
)

ENTRIES = 5
ACTIONS = sorted((SCHOOL_ACTIONS | DECISIONS | {Action.LAPSE}) - {Action.EDIT})
STEPS = st.lists(st.tuples(st.integers(0, ENTRIES - 1), st.sampled_from(ACTIONS)), max_size=40)
WALKS = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
BY_RULE = {
    Action.ACCEPT: {Refusal.NO_PLACE_LEFT, Refusal.NO_QUOTA_LEFT, Refusal.NOT_THE_LAST_LEVEL},
    Action.OFFER: {Refusal.NO_PLACE_LEFT, Refusal.NO_QUOTA_LEFT},
    Action.NOMINATE: {Refusal.LAST_LEVEL, Refusal.NO_QUOTA_LEFT},
    Action.WAITLIST: {Refusal.NOT_THE_LAST_LEVEL, Refusal.NOT_FROM_THIS_STATE},
    Action.CONFIRM: {Refusal.CONFIRMED_ALREADY},
    Action.SUBMIT: {Refusal.NO_QUOTA_LEFT},
}
"""What may refuse an action that the table allows."""


def act(crowd, application, action):
    school = {"actor": crowd.officer.actor, "now": NOW}
    match action:
        case Action.SUBMIT:
            services.submit(application, **school)
        case Action.WITHDRAW:
            services.withdraw(application, **school, reason="Measles")
        case Action.REOPEN:
            services.reopen(application, **school)
        case Action.TAKE_UP:
            offers.take_up(application, **school)
        case Action.CONFIRM:
            services.confirm(application, **school)
        case Action.LAPSE:
            application.offer_ends_at = NOW if application.state is State.OFFERED else None
            offers.lapse(now=NOW)
        case _:
            actor = crowd.actor_of(application).actor
            decision = Decision(action, application.version, "A reason.", (Field.PIECES,))
            decisions.decide(application, decision, actor=actor, now=NOW)


def walk(crowd, steps):
    category = make_category(crowd.programme, places=2)
    entries = [make_entry(category, crowd.school) for _ in range(ENTRIES)]
    db.session.commit()
    for number, action in steps:
        entry = entries[number]
        before, may = entry.state, action in available(entry.state)
        try:
            with transaction():
                act(crowd, entry, action)
        except Refused as refused:
            assert not may or refused.code in BY_RULE[action]
            assert entry.state is before
        else:
            assert may or action is Action.LAPSE
            if may and not crowd.moves_on:
                assert entry.state is TRANSITIONS[before, action]
        check_places(category, entries)
    for entry in entries:
        check_history(entry)


def check_places(category, entries):
    assert category.places_taken == sum(entry.places_held for entry in entries) <= 2
    assert [entry.places_held > 0 for entry in entries] == [
        entry.state in HOLDS_PLACE for entry in entries
    ]
    places = [entry.waitlist_position for entry in entries if entry.waitlist_position]
    assert len(places) == len(set(places))


def check_history(entry):
    replayed = State.DRAFT
    for step in entry.history:
        assert step.from_state is replayed
        replayed = TRANSITIONS[replayed, step.action]
        assert step.to_state is replayed
    assert replayed is entry.state


@pytest.fixture
def alone(festival):
    """The organiser decides alone."""
    return SimpleNamespace(
        programme=festival.programme,
        school=make_school(),
        officer=festival.officer,
        actor_of=lambda _application: festival.coordinator,
        moves_on=False,
    )


@WALKS
@given(steps=STEPS)
def test_table_places_and_history_hold(alone, steps):
    walk(alone, steps)


@WALKS
@given(steps=STEPS)
def test_they_hold_too_when_the_waiting_list_moves_on_by_itself(alone, steps):
    policy = WaitlistPolicy(programme_id=alone.programme.id, is_automatic=True, offer_hours=24)
    if offers.policy_of(alone.programme.id).id is None:
        db.session.add(policy)
    alone.moves_on = True
    walk(alone, steps)


@pytest.fixture
def way(festival):
    """Four levels, each with a quota that is smaller than the crowd."""
    district = make_district()
    levels = make_levels(festival.programme)
    make_quota(levels[LevelKind.SCHOOL], Dimension.SCHOOL, places=4)
    make_quota(levels[LevelKind.DISTRICT], Dimension.DISTRICT, places=3)
    make_quota(levels[LevelKind.CITY], Dimension.ANY, places=2)
    make_quota(levels[LevelKind.ORGANISER], Dimension.REGION, places=1)
    people = {
        LevelKind.DISTRICT: reviewer_of(district),
        LevelKind.CITY: city_reviewer_of(festival.programme),
    }

    def actor_of(application):
        is_under_review = application.state in {State.SUBMITTED, State.RETURNED}
        kind = application.level.kind if is_under_review and application.level else None
        return people.get(kind, festival.coordinator)

    return SimpleNamespace(
        programme=festival.programme,
        school=make_school(district=district),
        officer=festival.officer,
        actor_of=actor_of,
        levels=levels,
        moves_on=False,
    )


@WALKS
@given(steps=STEPS)
def test_no_quota_of_any_level_is_ever_exceeded(way, steps):
    walk(way, steps)
    rows = db.session.execute(
        select(Nomination.quota_id, Nomination.quota_key, func.count()).group_by(
            Nomination.quota_id, Nomination.quota_key
        )
    )
    places = {quota.id: quota.places for level in way.levels.values() for quota in level.quotas}
    assert [count for quota_id, _key, count in rows if count > places[quota_id]] == []


def test_nobody_acts_out_of_turn(way, festival):
    entry = make_entry(festival.category, way.school)
    db.session.commit()
    with transaction():
        services.submit(entry, actor=festival.officer.actor, now=NOW)
    decision = Decision(Action.NOMINATE, entry.version)
    with pytest.raises(Refused) as refused:
        decisions.decide(entry, decision, actor=festival.coordinator.actor, now=NOW)
    assert refused.value.code is Refusal.DISTRICTS_TURN
    assert entry.level.kind is LevelKind.DISTRICT


def test_who_does_not_see_an_entry_is_not_told_whose_turn_it_is(way, festival):
    """An entry comes into the city's list with the district's nomination, and into no other's."""
    entry = make_entry(festival.category, way.school)
    db.session.commit()
    with transaction():
        services.submit(entry, actor=festival.officer.actor, now=NOW)
    decision = Decision(Action.NOMINATE, entry.version)
    city, neighbour = city_reviewer_of(festival.programme), reviewer_of(make_district())
    own = coordinator_of(festival.programme, (Role.SCHOOL_OFFICER, ScopeKind.SCHOOL, way.school))
    for account in (city, neighbour, own, festival.officer):
        with pytest.raises(NotAllowed):
            decisions.decide(entry, decision, actor=account.actor, now=NOW)
    decisions.decide(entry, decision, actor=way.actor_of(entry).actor, now=NOW)
    decision = Decision(Action.NOMINATE, entry.version)
    district = reviewer_of(way.school.district)
    with pytest.raises(Refused) as refused:
        decisions.decide(entry, decision, actor=district.actor, now=NOW)
    assert refused.value.code is Refusal.CITYS_TURN


def test_the_way_leads_from_the_school_to_the_organiser(way, festival):
    entry = make_entry(festival.category, way.school)
    db.session.commit()
    services.submit(entry, actor=festival.officer.actor, now=NOW)
    passed = []
    for _ in range(2):
        passed.append(entry.level.kind)
        decision = Decision(Action.NOMINATE, entry.version)
        decisions.decide(entry, decision, actor=way.actor_of(entry).actor, now=NOW)
    decision = Decision(Action.ACCEPT, entry.version)
    decisions.decide(entry, decision, actor=festival.coordinator.actor, now=LATE)
    assert passed == [LevelKind.DISTRICT, LevelKind.CITY]
    assert (entry.state, entry.level) == (State.ACCEPTED, None)
    used = db.session.scalars(select(Nomination).order_by(Nomination.id))
    assert [(row.level_id, row.quota_key) for row in used] == [
        (level.id, key)
        for level, key in zip(
            way.levels.values(),
            (way.school.code, way.school.district.code, "", "GZ"),
            strict=True,
        )
    ]


def test_a_returned_entry_goes_back_to_whoever_returned_it(way, festival):
    entry = make_entry(festival.category, way.school)
    services.submit(entry, actor=festival.officer.actor, now=NOW)
    nominate = Decision(Action.NOMINATE, entry.version)
    decisions.decide(entry, nominate, actor=way.actor_of(entry).actor, now=NOW)
    back = Decision(Action.RETURN, entry.version, "Please shorten.", (Field.PIECES,))
    decisions.decide(entry, back, actor=way.actor_of(entry).actor, now=NOW)
    services.submit(entry, actor=festival.officer.actor, now=LATE)
    assert (entry.state, entry.level.kind) == (State.SUBMITTED, LevelKind.CITY)


def test_a_withdrawn_entry_frees_every_quota(way, festival):
    entry = make_entry(festival.category, way.school)
    services.submit(entry, actor=festival.officer.actor, now=NOW)
    nominate = Decision(Action.NOMINATE, entry.version)
    decisions.decide(entry, nominate, actor=way.actor_of(entry).actor, now=NOW)
    services.withdraw(entry, actor=festival.officer.actor, now=NOW, reason="Measles")
    assert db.session.scalar(select(func.count(Nomination.id))) == 0
    assert entry.level is None


def test_after_its_deadline_the_organiser_decides_for_a_level(way, festival):
    way.levels[LevelKind.DISTRICT].closes_at = LATE
    entry = make_entry(festival.category, way.school)
    services.submit(entry, actor=festival.officer.actor, now=NOW)
    reviewer = way.actor_of(entry).actor
    decision = Decision(Action.NOMINATE, entry.version)
    with pytest.raises(Refused) as refused:
        decisions.decide(entry, decision, actor=reviewer, now=LATE)
    assert refused.value.code is Refusal.ORGANISERS_TURN
    decisions.decide(entry, decision, actor=festival.coordinator.actor, now=LATE)
    assert entry.level.kind is LevelKind.CITY


def test_a_level_that_may_not_return_does_not(way, festival):
    way.levels[LevelKind.DISTRICT].may_return = False
    entry = make_entry(festival.category, way.school)
    services.submit(entry, actor=festival.officer.actor, now=NOW)
    back = Decision(Action.RETURN, entry.version, "Please shorten.", (Field.PIECES,))
    with pytest.raises(Refused) as refused:
        decisions.decide(entry, back, actor=way.actor_of(entry).actor, now=NOW)
    assert refused.value.code is Refusal.LEVEL_MAY_NOT_RETURN


def test_a_school_without_a_district_begins_with_the_city(way, festival):
    entry = make_entry(festival.category, make_school())
    services.submit(entry, actor=festival.officer.actor, now=NOW)
    assert entry.level.kind is LevelKind.CITY


def test_the_first_quota_that_fits_counts_and_any_other_comes_last(way, festival):
    level = way.levels[LevelKind.ORGANISER]
    region = level.quotas[0]
    other = make_quota(level, Dimension.ANY, places=5)
    own = make_quota(level, Dimension.SCHOOL, key=way.school.code, places=1)
    own.position, region.position, other.position = 1, 2, 0
    level.quotas.sort(key=lambda quota: quota.position)
    entry = make_entry(festival.category, way.school)
    assert quota_of(level, entry) == (own, way.school.code)
    elsewhere = make_entry(festival.category, make_school(region=Region.HONG_KONG))
    assert quota_of(level, elsewhere)[1] == "HK"


@pytest.mark.parametrize(
    ("stages", "is_primary", "expected"),
    [
        (["P", "J"], True, "P"),
        (["P", "J"], False, "J"),
        (["J", "H"], False, "H"),
        ([], False, None),
    ],
)
def test_a_group_counts_with_its_stage(festival, stages, is_primary, expected):
    school = make_school(stages=stages)
    category = make_category(festival.programme, is_primary=is_primary)
    assert key_of(Dimension.STAGE, school, category) == expected


def test_a_group_is_confirmed_once_all_consents_are_there(festival):
    entry = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    declare(entry.members[0].person, is_granted=False)
    school = {"actor": festival.officer.actor, "now": NOW}
    with pytest.raises(Refused) as refused:
        services.confirm(entry, **school)
    assert (refused.value.code, refused.value.facts) == (Refusal.CONSENTS_MISSING, {"pupils": 1})
    declare(entry.members[0].person)
    assert services.confirm(entry, **school).confirmed_at == NOW
