"""Every code of the engine has a sentence, and the sentence fits the engine's facts."""

import pytest

from scheduler.applications.workflow import State
from scheduler.scheduling import services
from scheduler.scheduling.activities.planning import BOUNDS, PLACE_FOR
from scheduler.scheduling.engine.catalogue import RULE_BY_KIND
from scheduler.scheduling.engine.delay import DELAY
from scheduler.scheduling.engine.explain import explain
from scheduler.scheduling.engine.inputs import Shortage
from scheduler.scheduling.engine.present import NOTICE
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.happenings.absences import ABSENCE, RESERVE
from scheduler.scheduling.rule_texts import (
    BROKEN,
    FINDINGS,
    HAPPENED,
    RULES,
    Names,
    broken_sentence,
    reason_sentence,
)
from scheduler.scheduling.situation import ARRIVAL, PRIMARY_END, situation_of
from scheduler.scheduling.stated_texts import STATED_BROKEN, STATED_RULES
from scheduler.scheduling.verdict import GONE, LEFT, ROOM_NUMBER, broken_rules
from tests import factories
from tests.factories import at

BLOCKS = {"block_venues", "block_interrupted", "block_sessions", "block_idle"}


def test_every_rule_and_shortage_has_a_sentence():
    single = {str(rule) for rule in Rule} - {"block", "time_limit", "stated"}
    of_activities = {GONE, BOUNDS, PLACE_FOR}
    of_groups = {ARRIVAL, PRIMARY_END, ABSENCE, LEFT, ROOM_NUMBER, "party_overlap"}
    assert set(BROKEN) == single | BLOCKS | of_groups | of_activities
    reasons = {str(rule) for rule in Rule} - {"stated"} | {"time_limit_primary"}
    assert set(RULES) == reasons | {PLACE_FOR}
    assert set(HAPPENED) == {ABSENCE, NOTICE, RESERVE, DELAY, BOUNDS}
    assert set(STATED_BROKEN) == set(STATED_RULES) == set(RULE_BY_KIND)
    of_limits = {"stage_minutes_short_primary", "stage_minutes_short_stay"}
    assert set(FINDINGS) == {str(shortage) for shortage in Shortage} | of_limits


@pytest.fixture
def spoken(app):
    with app.test_request_context():
        yield


def test_a_thoroughly_broken_draft_is_told_in_full(festival, session, spoken):
    festival.choirs.is_primary = True
    factories.attendance_window(
        festival.programme, festival.hill.region, earliest_at=at(10), latest_at=at(20)
    )
    factories.venue_closure(festival.hall, at(10), at(10, 20))
    plan = factories.plan(festival.programme)
    factories.slot(plan, festival.hill_choir, festival.hall, at(10))
    factories.slot(plan, festival.lake_choir, festival.room, at(18, 40))
    factories.slot(plan, festival.hill_band, festival.hall, at(10, 5), minutes=12)
    gone = festival.group("Gone Band", festival.bands, festival.hill, 2)
    gone.state, gone.places_held = State.WITHDRAWN, 0
    factories.slot(plan, gone, festival.hall, at(15), minutes=12)
    session.commit()
    broken = broken_rules(plan, services.slots_of_plan(plan))
    names = Names(situation_of(festival.programme))
    told = [broken_sentence(one.code, one.ids, one.facts, names) for one in broken]
    assert {one.code for one in broken} >= {
        "left",
        "unplaced",
        "stage_overlap",
        "closure",
        "time_limit",
        "party_clash",
        "block",
    }
    assert not [text for text in told if "%(" in text or festival.hill_choir.ref in text]


def test_an_impossible_festival_is_explained_in_full(festival, session, spoken):
    for venue in festival.programme.venues:
        for hours in venue.hours:
            hours.closes_at = at(9, 50)
    session.commit()
    situation = situation_of(festival.programme)
    explanation = explain(situation.problem, seconds=20)
    assert explanation.verdict == "conflict"
    names = Names(situation)
    reasons = [*explanation.findings, *explanation.rules]
    told = [reason_sentence(str(r.code), r.ids, r.facts, names) for r in reasons]
    assert told
    assert not [text for text in told if "%(" in text]
