"""Moves by hand: what they change, what they break, and when they are refused."""

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.scheduling import services
from scheduler.scheduling.board import editing
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.verdict import broken_rules
from tests.factories import at
from tests.scheduling.moving import put


def codes(plan):
    return sorted({one.code for one in broken_rules(plan, services.slots_of_plan(plan))})


def test_move_sets_all_times_from_the_stage_start(plan, festival, actor):
    slot = put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    assert (slot.warmup_starts_at, slot.warmup_ends_at) == (at(14, 55), at(15, 20))
    assert (slot.starts_at, slot.ends_at) == (at(15, 30), at(15, 42))
    assert slot.changeover_ends_at == at(15, 47)
    assert codes(plan) == []


def test_move_counts_the_edition_up(plan, festival, actor):
    before = plan.edition
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    assert plan.edition == before + 1


def test_move_of_a_group_that_was_moved_meanwhile_changes_nothing(plan, festival, actor):
    seen = plan.edition
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    with pytest.raises(Refused) as refused:
        put(plan, festival.lake_band, "ROOM", at(16), actor, edition=seen)
    assert refused.value.code is Refusal.CHANGED_MEANWHILE
    assert refused.value.facts == {"who": festival.coordinator.name}
    assert editing.slot_of(plan, festival.lake_band.ref).starts_at == at(15, 30)


def test_move_may_break_rules_and_says_which(plan, festival, actor):
    put(plan, festival.hill_choir, "ROOM", at(13, 5), actor)
    assert codes(plan) == ["block", "party_rest", "stage_size"]


def test_groups_that_warm_up_at_once_get_different_rooms(plan, festival, actor):
    put(plan, festival.lake_band, "HALL", at(10, 30), actor)
    rooms = [
        editing.slot_of(plan, group.ref).warmup_room
        for group in (festival.hill_choir, festival.lake_choir, festival.lake_band)
    ]
    assert rooms == [1, 2, 1]


@pytest.mark.parametrize(
    ("venue", "starts_at", "code"),
    [
        ("NOWHERE", at(15), Refusal.NO_SUCH_VENUE),
        ("ROOM", at(15, day=9), Refusal.OUTSIDE_DAYS),
        ("ROOM", at(15, day=-1), Refusal.OUTSIDE_DAYS),
    ],
)
def test_impossible_places_are_refused(plan, festival, actor, venue, starts_at, code):
    with pytest.raises(Refused) as refused:
        put(plan, festival.lake_band, venue, starts_at, actor)
    assert refused.value.code is code


def test_a_locked_group_is_not_moved(plan, festival, actor):
    with transaction():
        editing.set_lock(
            plan,
            application_ref=festival.lake_band.ref,
            is_locked=True,
            edition=plan.edition,
            actor=actor,
            now=clock.now(),
        )
    with pytest.raises(Refused) as refused:
        put(plan, festival.lake_band, "ROOM", at(15), actor)
    assert refused.value.code is Refusal.SLOT_LOCKED


def test_a_copy_leaves_the_first_draft_alone(plan, festival, actor, session):
    with transaction():
        twin = services.copy(plan, name="Second thoughts", actor=actor, now=clock.now())
    put(twin, festival.lake_band, "ROOM", at(15), actor)
    session.expire_all()
    assert editing.slot_of(plan, festival.lake_band.ref).starts_at == at(14, 40)
    assert editing.slot_of(twin, festival.lake_band.ref).starts_at == at(15)


def test_no_group_keeps_a_room_that_the_venue_does_not_have(plan, festival, actor):
    # For a moment three warm up at once in the hall, which has two rooms.
    put(plan, festival.lake_band, "HALL", at(10, 20), actor)
    assert editing.slot_of(plan, festival.lake_band.ref).warmup_room == 3
    put(plan, festival.lake_band, "HALL", at(13), actor)
    assert editing.slot_of(plan, festival.lake_band.ref).warmup_room == 1


def test_a_room_that_the_venue_has_lost_breaks_a_rule(plan, festival, session):
    editing.slot_of(plan, festival.lake_band.ref).warmup_room = 2
    session.commit()
    assert codes(plan) == ["room_number"]
