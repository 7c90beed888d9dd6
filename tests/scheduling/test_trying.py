"""A place that is tried: the rules it would break, in words, and nothing changed by asking."""

import re

import pytest

from scheduler.errors import NotFound, Refused
from scheduler.scheduling.board import editing
from scheduler.scheduling.board.trying import Tried, try_place
from scheduler.scheduling.models import PlanState
from scheduler.scheduling.refusals import Refusal
from tests import factories
from tests.factories import at


def tried(plan, group, venue, starts_at):
    return try_place(plan, application_ref=group.ref, venue_code=venue, starts_at=starts_at)


def address(plan, group):
    return f"/plans/{plan.ref}/slots/{group.ref}/try"


def test_a_free_place_breaks_nothing_and_tells_the_difference_in_cost(plan, festival, app):
    # The bands' jury and stage sit idle for 20 minutes more.
    with app.test_request_context():
        assert tried(plan, festival.lake_band, "ROOM", at(15)) == Tried([], 20 * 5 + 20 * 2)


def test_the_present_place_costs_the_same(plan, festival, app):
    with app.test_request_context():
        assert tried(plan, festival.lake_band, "ROOM", at(14, 40)) == Tried([], 0)


def test_a_taken_place_is_told_in_the_rules_own_words(plan, festival, app):
    with app.test_request_context():
        found = tried(plan, festival.lake_band, "ROOM", at(14, 5))
    (said,) = [text for text in found.broken if "overlap" in text]
    assert said.endswith("overlap on the stage of Small Room by 12 min.")
    assert ("Hill Band" in said, "Lake Band" in said) == (True, True)


def test_what_was_broken_before_and_is_none_of_the_groups_business_is_not_told(
    plan, festival, session, app
):
    # The two choirs now overlap, whatever becomes of the band.
    editing.slot_of(plan, festival.lake_choir.ref).starts_at = at(10, 5)
    session.commit()
    with app.test_request_context():
        assert tried(plan, festival.lake_band, "ROOM", at(15)).broken == []


def test_a_group_without_a_time_is_tried_without_a_cost(plan, festival, session, app):
    late = festival.group("Late Band", festival.bands, festival.lake, 2)
    session.commit()
    with app.test_request_context():
        assert tried(plan, late, "ROOM", at(15, 20)) == Tried([], None)


def test_trying_changes_nothing(plan, festival, session, app):
    before = plan.edition
    with app.test_request_context():
        tried(plan, festival.lake_band, "HALL", at(10))
    assert not session.dirty
    session.expire_all()
    slot = editing.slot_of(plan, festival.lake_band.ref)
    assert (plan.edition, slot.venue.code, slot.starts_at) == (before, "ROOM", at(14, 40))


def test_what_a_move_refuses_cannot_be_tried(plan, festival):
    with pytest.raises(Refused) as refused:
        tried(plan, festival.lake_band, "ROOM", at(10, day=9))
    assert refused.value.code is Refusal.OUTSIDE_DAYS


def test_nothing_is_tried_in_a_plan_that_is_no_draft(festival, session):
    plan = factories.plan(festival.programme, state=PlanState.IMPOSSIBLE)
    session.commit()
    with pytest.raises(Refused) as refused:
        tried(plan, festival.lake_band, "ROOM", at(10))
    assert refused.value.code is Refusal.NOT_A_DRAFT


def test_a_group_of_another_programme_is_not_found(plan, session):
    stranger = factories.application(
        factories.category(factories.programme()), factories.school(), state="accepted"
    )
    session.commit()
    with pytest.raises(NotFound):
        tried(plan, stranger, "ROOM", at(10))


def test_the_answer_is_a_piece_of_a_page(plan, festival, sign_in):
    client = sign_in(festival.coordinator)
    wish = {"venue": "ROOM", "starts_at": "2027-07-16T15:00"}
    answer = client.get(address(plan, festival.lake_band), query_string=wish)
    assert answer.status_code == 200
    words = " ".join(re.sub("<.*?>", " ", answer.text).split())
    assert words == "Breaks no rule here. Costs 140 more."


@pytest.mark.parametrize(
    ("wish", "status", "text"),
    [
        ({}, 422, "There is no such place."),
        ({"venue": "NOWHERE", "starts_at": "2027-07-16T15:00"}, 422, "There is no such place."),
        ({"venue": "ROOM", "starts_at": "2027-08-16T15:00"}, 409, "not within the programme"),
    ],
)
def test_a_place_that_is_none_says_so(plan, festival, sign_in, wish, status, text):
    client = sign_in(festival.coordinator)
    answer = client.get(address(plan, festival.lake_band), query_string=wish)
    assert (answer.status_code, text in answer.text) == (status, True)
