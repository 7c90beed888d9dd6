"""The rules a programme chooses: kept, copied, shown to the right people, and obeyed."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.audit.models import AuditEntry
from scheduler.database import transaction
from scheduler.scheduling.engine import Weights
from scheduler.scheduling.engine.catalogue import CompactDays, OneDay, OneVenue
from scheduler.scheduling.rule_texts import Names
from scheduler.scheduling.rules.earlier_edition import early_before
from scheduler.scheduling.rules.models import PlanningRule
from scheduler.scheduling.rules.offered import OFFERS, Choice, RuleCode, Strength
from scheduler.scheduling.rules.services import choices_of, choose
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.verdict import broken_rules, sentences
from tests import factories
from tests.factories import at

WEEK = dt.timedelta(days=7)
PAGE = "/programmes/small/plans/rules"
DEFAULTS = {code: offer.default for code, offer in OFFERS.items()}


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


def entered(**changes):
    """What the page sends when it is saved as it is, but for these changes."""
    form = {}
    for code, offer in OFFERS.items():
        form[f"strength_{code}"] = str(offer.default.strength)
        if offer.usual_weight is not None:
            form[f"weight_{code}"] = str(offer.usual_weight)
        if offer.default.minutes is not None:
            form[f"minutes_{code}"] = str(offer.default.minutes)
    return form | changes


def chosen(festival, actor, **changes):
    with transaction():
        new = DEFAULTS | {RuleCode(code): choice for code, choice in changes.items()}
        choose(festival.programme, new, actor=actor, now=clock.now())


def test_without_a_choice_everything_is_as_it_always_was(festival):
    problem = situation_of(festival.programme).problem
    assert (problem.weights, problem.rules) == (Weights(), ())
    assert [block.id for block in problem.blocks] == ["bands", "choirs"]


def test_what_is_chosen_reaches_the_engine(festival, actor):
    chosen(
        festival,
        actor,
        block=Choice(Strength.OFF),
        waiting=Choice(Strength.OFF),
        venue_moves=Choice(Strength.WISH, 70),
        one_day=Choice(Strength.HOLDS),
        one_venue=Choice(Strength.WISH, 9),
    )
    problem = situation_of(festival.programme).problem
    hill = (festival.hill_choir.ref, festival.hill_band.ref)
    lake = (festival.lake_choir.ref, festival.lake_band.ref)
    assert problem.blocks == ()
    assert problem.weights == Weights(waiting=0, venue_moves=70)
    assert {(type(rule), rule.weight) for rule in problem.rules} == {(OneDay, None), (OneVenue, 9)}
    assert {tuple(sorted(rule.activities)) for rule in problem.rules} == {
        tuple(sorted(hill)),
        tuple(sorted(lake)),
    }


def test_arrival_and_evening_can_be_switched_off(festival, actor, session):
    festival.choirs.is_primary = True
    factories.attendance_window(
        festival.programme, festival.hill.region, earliest_at=at(10), latest_at=at(20)
    )
    session.commit()
    codes = {limit.code for limit in situation_of(festival.programme).problem.time_limits}
    assert codes == {"region_attendance", "primary_latest_end"}
    chosen(festival, actor, primary_latest_end=Choice(Strength.OFF))
    codes = {limit.code for limit in situation_of(festival.programme).problem.time_limits}
    assert codes == {"region_attendance"}


def test_a_draft_that_breaks_a_chosen_rule_says_so(festival, actor, session, app):
    plan = festival.draft()
    session.commit()
    chosen(festival, actor, one_venue=Choice(Strength.HOLDS))
    broken = broken_rules(plan, plan.slots)
    assert [(one.code, one.facts["venues"]) for one in broken] == [
        ("stated", ("HALL", "ROOM")),
        ("stated", ("HALL", "ROOM")),
    ]


def test_only_what_differs_is_kept_and_plans_are_out_of_date(festival, actor, session):
    revision = festival.programme.roster_revision
    chosen(festival, actor, waiting=Choice(Strength.WISH, 3))
    rows = session.scalars(select(PlanningRule)).all()
    assert [(row.code, row.is_on, row.weight) for row in rows] == [("waiting", True, 3)]
    assert festival.programme.roster_revision == revision + 1
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "programme:planning_rules")
    ).one()
    assert entry.facts == {"before": {"waiting": ["wish", 1]}, "after": {"waiting": ["wish", 3]}}
    chosen(festival, actor, waiting=Choice(Strength.WISH, 3))
    assert festival.programme.roster_revision == revision + 1
    chosen(festival, actor)
    assert session.scalars(select(PlanningRule)).all() == []
    assert choices_of(festival.programme) == DEFAULTS


def test_the_page_keeps_what_was_entered(client, festival):
    page = client.get(PAGE)
    assert page.status_code == 200
    answer = client.post(
        PAGE,
        data=entered(strength_one_day="holds", strength_waiting="wish", weight_waiting="12"),
    )
    assert (answer.status_code, answer.location) == (303, "/programmes/small/plans")
    kept = choices_of(festival.programme)
    assert kept[RuleCode.ONE_DAY] == Choice(Strength.HOLDS)
    assert kept[RuleCode.WAITING] == Choice(Strength.WISH, 12)
    assert {code for code in kept if kept[code] != DEFAULTS[code]} == {"one_day", "waiting"}


def test_minutes_count_only_where_the_rule_does(client, festival):
    wrong = client.post(PAGE, data=entered(strength_few_early="holds", minutes_few_early="0"))
    assert wrong.status_code == 422
    assert 'id="minutes_few_early-error"' in wrong.text
    for strength, minutes in (("holds", "45"), ("off", "a lot")):
        form = entered(strength_few_early=strength, minutes_few_early=minutes)
        assert client.post(PAGE, data=form).status_code == 303
        kept = choices_of(festival.programme)[RuleCode.EARLY]
        assert kept == Choice(Strength(strength), minutes=45 if strength == "holds" else 60)


def test_early_slots_are_shared_out_within_an_edition_and_with_the_one_before(
    festival, actor, published, session
):
    choice = Choice(Strength.WISH, 5, minutes=180)
    chosen(festival, actor, few_early=choice)
    hill = tuple(sorted((festival.hill_choir.ref, festival.hill_band.ref)))
    lake = tuple(sorted((festival.lake_choir.ref, festival.lake_band.ref)))

    def shares(programme):
        rules = situation_of(programme).problem.rules
        return {(rule.activities, rule.most, rule.early_minutes, rule.weight) for rule in rules}

    assert shares(festival.programme) == {(hill, 1, 180, 5), (lake, 1, 180, 5)}
    assert early_before(festival.programme, 180) == set()
    later = factories.programme(
        code="later",
        starts_on=festival.programme.starts_on + WEEK,
        ends_on=festival.programme.ends_on + WEEK,
    )
    factories.series(festival.programme, later)
    session.commit()
    opened = min(hour.opens_at for hour in festival.hall.hours)
    begun = int((at(10) - opened).total_seconds()) // 60
    assert early_before(later, begun) == set()
    assert early_before(later, begun + 1) == {"HILL"}
    assert early_before(later, begun + 16) == {"HILL", "LAKE"}


def test_a_jury_of_two_categories_can_be_given_compact_days(festival, actor, session):
    juror = factories.staff_member(festival.choirs, festival.bands, name="Wong")
    factories.staff_member(programme=festival.programme, name="Nobody")
    session.commit()
    chosen(festival, actor, compact_days=Choice(Strength.WISH, 3, minutes=60))
    situation = situation_of(festival.programme)
    (rule,) = situation.problem.rules
    assert (type(rule), rule.weight, rule.pause_minutes) == (CompactDays, 3, 60)
    assert (rule.id, rule.with_warm_up) == (f"compact {juror.ref}", False)
    assert Names(situation).people([rule.id]) == "Wong"
    chosen(festival, actor, compact_days=Choice(Strength.HOLDS, minutes=60))
    plan = festival.draft()
    session.commit()
    (broken,) = broken_rules(plan, plan.slots)
    assert broken.facts["minutes"] > 60
    assert sentences(situation, [broken])[0].startswith("Wong would have ")


@pytest.mark.parametrize("price", ["0", "-3", "10001", "a lot", ""])
def test_a_price_that_is_none_is_refused_beside_the_field(client, festival, price):
    answer = client.post(PAGE, data=entered(weight_waiting=price))
    assert answer.status_code == 422
    assert 'id="weight_waiting-error"' in answer.text
    assert choices_of(festival.programme) == DEFAULTS


def test_a_price_does_not_matter_where_the_rule_is_no_wish(client, festival):
    answer = client.post(PAGE, data=entered(strength_waiting="off", weight_waiting="a lot"))
    assert answer.status_code == 303
    assert choices_of(festival.programme)[RuleCode.WAITING] == Choice(Strength.OFF)


def test_a_strength_that_the_rule_cannot_have_is_refused(client, festival):
    answer = client.post(PAGE, data=entered(strength_waiting="holds", strength_block="wish"))
    assert answer.status_code == 422
    assert 'id="strength_waiting-error"' in answer.text
    assert 'id="strength_block-error"' in answer.text
    assert choices_of(festival.programme) == DEFAULTS


def test_whoever_comes_second_sees_what_was_chosen_meanwhile(client, festival, actor):
    page = client.get(PAGE).text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0].replace("&#34;", '"')
    chosen(festival, actor, one_day=Choice(Strength.HOLDS))
    answer = client.post(PAGE, data=entered(strength_waiting="off") | {"seen": seen})
    assert answer.status_code == 409
    assert 'id="strength_one_day-error"' in answer.text
    assert choices_of(festival.programme)[RuleCode.WAITING] == DEFAULTS[RuleCode.WAITING]


def test_the_rules_are_for_coordinators_of_this_programme(festival, sign_in, session):
    other = factories.coordinator(factories.programme(code="other"), email="other@city.example")
    session.commit()
    for account in (other, festival.hill_officer):
        assert sign_in(account).get(PAGE).status_code in {403, 404}
        assert sign_in(account).post(PAGE, data=entered()).status_code in {403, 404}


def test_the_next_edition_begins_with_the_same_rules(festival, actor, session):
    from scheduler.programmes.editions import copy_edition
    from scheduler.programmes.moving import Shift

    chosen(festival, actor, one_day=Choice(Strength.WISH, 5), block=Choice(Strength.OFF))
    with transaction():
        edition = copy_edition(
            festival.programme,
            "next",
            {"en": "Next"},
            Shift(364, 364, 1, "Asia/Shanghai"),
            actor=actor,
            now=clock.now(),
        )
    kept = choices_of(edition)
    assert kept == choices_of(festival.programme)
    assert kept[RuleCode.ONE_DAY] == Choice(Strength.WISH, 5)
