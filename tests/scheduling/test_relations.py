"""What coordinators state about two groups: kept, shown, obeyed by the search, taken back."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.scheduling.engine.catalogue import DaysApart, InOrder, OneDay, OneVenue
from scheduler.scheduling.engine.search import solve
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.rules.relation_models import GroupRelation, RelationKind
from scheduler.scheduling.rules.relation_services import relations_of, state, withdraw
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.verdict import broken_rules, sentences
from tests import factories

PAGE = "/programmes/small/plans/relations"


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


@pytest.fixture
def stated(festival, actor):
    def add(kind, first, second, weight=None):
        with transaction():
            relation = state(
                festival.programme,
                kind,
                first,
                second,
                weight=weight,
                actor=actor,
                now=clock.now(),
            )
            return relation.id

    return add


def entered(one, other, **changes):
    return {
        "first": one.ref,
        "second": other.ref,
        "kind": "one_day",
        "strength": "holds",
        "weight": "120",
    } | changes


def test_each_statement_becomes_a_rule_of_the_engine(festival, stated):
    pair = (festival.hill_band, festival.lake_band)
    for kind, weight in zip(RelationKind, (None, 7, None, 9), strict=True):
        stated(kind, *pair, weight=weight)
    refs = tuple(group.ref for group in pair)
    rules = situation_of(festival.programme).problem.rules
    assert [(type(rule), rule.activities, rule.weight) for rule in rules] == [
        (OneDay, refs, None),
        (DaysApart, refs, 7),
        (OneVenue, refs, None),
        (InOrder, refs, 9),
    ]


def test_the_search_keeps_what_must_hold(festival, stated):
    """The bands warm up in one room: without the statement either could be first."""
    for first, second in (
        (festival.hill_band, festival.lake_band),
        (festival.lake_choir, festival.hill_choir),
    ):
        stated(RelationKind.BEFORE, first, second)
        problem = situation_of(festival.programme).problem
        plan = solve(problem, seconds=5, deterministic_limit=0.1).plan
        assert plan.by_activity[first.ref].start < plan.by_activity[second.ref].start


def test_a_draft_that_breaks_it_says_so(festival, stated, session, app):
    plan = festival.draft()
    session.commit()
    stated(RelationKind.BEFORE, festival.lake_choir, festival.hill_choir)
    with app.test_request_context():
        situation = situation_of(festival.programme)
        (broken,) = broken_rules(plan, plan.slots)
        assert sentences(situation, [broken]) == [
            "Lake Choir, Hill Choir do not begin in the order that was set."
        ]


def test_who_is_no_longer_accepted_is_under_no_rule(festival, stated, session):
    stated(RelationKind.ONE_DAY, festival.hill_band, festival.lake_band)
    festival.lake_band.state, festival.lake_band.places_held = State.WITHDRAWN, 0
    session.commit()
    assert situation_of(festival.programme).problem.rules == ()
    assert len(relations_of(festival.programme)) == 1


def test_stating_makes_plans_stale_and_leaves_a_trace(festival, stated, session):
    revision = festival.programme.roster_revision
    stated(RelationKind.ONE_VENUE, festival.hill_band, festival.lake_band, weight=30)
    assert festival.programme.roster_revision == revision + 1
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "programme:relation")
    ).one()
    assert entry.facts == {
        "kind": "one_venue",
        "first": festival.hill_band.ref,
        "second": festival.lake_band.ref,
        "weight": 30,
    }


def test_nothing_is_stated_twice_or_about_one_group(festival, stated):
    stated(RelationKind.BEFORE, festival.hill_band, festival.lake_band)
    with pytest.raises(Refused, check=lambda error: error.code == Refusal.STATED_ALREADY):
        stated(RelationKind.BEFORE, festival.lake_band, festival.hill_band)
    with pytest.raises(Refused, check=lambda error: error.code == Refusal.SAME_GROUP):
        stated(RelationKind.BEFORE, festival.hill_band, festival.hill_band)
    assert len(relations_of(festival.programme)) == 1


def test_it_is_taken_back_by_its_own_programme_only(festival, stated, session, actor):
    number = stated(RelationKind.BEFORE, festival.hill_band, festival.lake_band)
    other = factories.programme(code="other")
    session.commit()
    with pytest.raises(NotFound), transaction():
        withdraw(other, number, actor=actor, now=clock.now())
    revision = festival.programme.roster_revision
    with transaction():
        withdraw(festival.programme, number, actor=actor, now=clock.now())
    assert session.scalars(select(GroupRelation)).all() == []
    assert festival.programme.roster_revision == revision + 1


def test_the_page_states_lists_and_withdraws(client, festival):
    page = client.get(PAGE).get_data(as_text=True)
    assert "Nothing is stated yet" in page
    answer = client.post(
        PAGE,
        data=entered(festival.hill_band, festival.lake_band, strength="wish", weight="45"),
    )
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = client.get(PAGE).get_data(as_text=True)
    assert "Hill Band and Lake Band perform on the same day." in page
    assert "wished for, at a price of 45" in page
    (number,) = [one.id for one in relations_of(festival.programme)]
    assert client.post(f"{PAGE}/{number}/withdraw").status_code == 303
    assert "Nothing is stated yet" in client.get(PAGE).get_data(as_text=True)
    assert client.post(f"{PAGE}/{number}/withdraw").status_code == 404


def test_sent_twice_it_is_stated_once(client, festival):
    data = entered(festival.hill_band, festival.lake_band)
    assert client.post(PAGE, data=data).status_code == 303
    again = client.post(PAGE, data=data)
    assert again.status_code == 409
    assert "This is stated about these two groups already." in again.get_data(as_text=True)


@pytest.mark.parametrize(
    "changes",
    [{"first": "A-NOBODY"}, {"kind": "never"}, {"strength": "wish", "weight": "0"}],
)
def test_what_cannot_be_meant_is_refused(client, festival, changes):
    answer = client.post(PAGE, data=entered(festival.hill_band, festival.lake_band, **changes))
    assert answer.status_code == 422
    assert relations_of(festival.programme) == []


def test_a_price_is_not_asked_of_what_must_hold(client, festival):
    data = entered(festival.hill_band, festival.lake_band, weight="")
    assert client.post(PAGE, data=data).status_code == 303
    assert [one.weight for one in relations_of(festival.programme)] == [None]


def test_a_waiting_group_cannot_be_chosen(client, festival, session):
    other = factories.application(
        festival.choirs, festival.lake, group_name="Waits", state=State.SUBMITTED
    )
    session.commit()
    answer = client.post(PAGE, data=entered(festival.hill_band, other))
    assert answer.status_code == 422


def test_schools_do_not_see_it(sign_in, festival):
    assert sign_in(festival.hill_officer).get(PAGE).status_code == 403


def test_what_was_stated_last_time_is_offered_when_both_groups_have_come_again(
    festival, stated, session, sign_in
):
    number = stated(RelationKind.ONE_DAY, festival.hill_band, festival.lake_band, weight=30)
    stated(RelationKind.BEFORE, festival.hill_choir, festival.lake_choir)
    day = festival.programme.starts_on + dt.timedelta(days=364)
    later = factories.programme(code="later", starts_on=day, ends_on=day)
    factories.series(festival.programme, later)
    bands = factories.category(later, code="bands", places=5)
    again = {"state": State.ACCEPTED, "pupils": 3}
    hill = factories.application(bands, festival.hill, group_name="Hill Band", **again)
    lake = factories.application(bands, festival.lake, group_name="Lake Band", **again)
    factories.application(bands, festival.hill, group_name="Lake Choir", **again)
    coordinator = factories.coordinator(later, email="later@city.example")
    session.commit()
    client = sign_in(coordinator)
    page = client.get("/programmes/later/plans/relations").text
    assert "Hill Band and Lake Band perform on the same day." in page
    assert "begins before" not in page
    for other in ("999999", str(number + 1)):
        answer = client.post(f"/programmes/later/plans/relations/{other}/again")
        assert answer.status_code == 404
    again_page = f"/programmes/later/plans/relations/{number}/again"
    assert client.post(again_page).status_code == 303
    (kept,) = relations_of(later)
    assert (kept.kind, kept.first, kept.second, kept.weight) == (
        RelationKind.ONE_DAY,
        hill,
        lake,
        30,
    )
    assert client.post(again_page).status_code == 404
    answer = client.post(f"/programmes/small/plans/relations/{number}/again")
    assert answer.status_code in {403, 404}
