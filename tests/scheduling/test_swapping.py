"""Two groups change places: judged together before, one step after, refused as moves are."""

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.scheduling.board import editing, undoing
from scheduler.scheduling.refusals import Refusal
from tests import factories
from tests.factories import at


def swap(plan, group, other, actor, edition=None):
    with transaction():
        editing.swap(
            plan,
            application_ref=group.ref,
            other_ref=other.ref,
            edition=edition or plan.edition,
            actor=actor,
            now=clock.now(),
        )


def where(plan, group):
    slot = editing.slot_of(plan, group.ref)
    return slot.venue.code, slot.starts_at, slot.ends_at


def test_two_groups_change_places_and_keep_their_lengths(plan, festival, actor):
    swap(plan, festival.lake_choir, festival.hill_band, actor)
    assert where(plan, festival.lake_choir) == ("ROOM", at(14), at(14, 10))
    assert where(plan, festival.hill_band) == ("HALL", at(10, 15), at(10, 27))


def test_a_swap_is_one_step_back_and_one_again(plan, festival, actor):
    swap(plan, festival.lake_choir, festival.hill_band, actor)
    with transaction():
        change = undoing.to_undo(plan, actor)
        undoing.undo(plan, change_id=change.id, actor=actor, now=clock.now())
    assert where(plan, festival.lake_choir) == ("HALL", at(10, 15), at(10, 25))
    assert where(plan, festival.hill_band) == ("ROOM", at(14), at(14, 12))
    with transaction():
        undoing.redo(plan, change_id=change.id, actor=actor, now=clock.now())
    assert where(plan, festival.lake_choir)[0] == "ROOM"
    assert where(plan, festival.hill_band)[0] == "HALL"


def test_if_either_was_moved_meanwhile_neither_moves(plan, festival, actor, session):
    other = factories.coordinator(festival.programme, name="Ann Other")
    session.commit()
    seen = plan.edition
    with transaction():
        editing.move(
            plan,
            application_ref=festival.hill_band.ref,
            venue_code="ROOM",
            starts_at=at(16),
            edition=seen,
            actor=other.actor,
            now=clock.now(),
        )
    with pytest.raises(Refused) as refused:
        swap(plan, festival.lake_choir, festival.hill_band, actor, edition=seen)
    assert (refused.value.code, refused.value.facts) == (
        Refusal.CHANGED_MEANWHILE,
        {"who": "Ann Other"},
    )
    assert where(plan, festival.lake_choir)[:2] == ("HALL", at(10, 15))


@pytest.mark.parametrize("which", ["hill_band", "lake_choir"])
def test_what_is_locked_is_not_swapped(plan, festival, actor, session, which):
    editing.slot_of(plan, getattr(festival, which).ref).is_locked = True
    session.commit()
    with pytest.raises(Refused) as refused:
        swap(plan, festival.lake_choir, festival.hill_band, actor)
    assert refused.value.code is Refusal.SLOT_LOCKED


def test_no_group_is_swapped_with_itself_or_with_one_without_a_place(plan, festival, actor):
    with pytest.raises(Refused) as refused:
        swap(plan, festival.lake_choir, festival.lake_choir, actor)
    assert refused.value.code is Refusal.SWAPPED_WITH_ITSELF
    late = festival.group("Late Band", festival.bands, festival.lake, 2)
    with pytest.raises(NotFound):
        swap(plan, festival.lake_choir, late, actor)


def test_the_page_judges_both_together_and_swaps(plan, festival, sign_in, session):
    editing.slot_of(plan, festival.lake_band.ref).is_locked = True
    session.commit()
    client = sign_in(festival.coordinator)
    slot = f"/plans/{plan.ref}/slots/{festival.hill_choir.ref}"
    assert f'href="{slot}/swap"' in client.get(slot).text
    options = client.get(f"{slot}/swap").page.one("select", id="filter-other")
    assert [" ".join(option.text.split()) for option in options] == [
        "Please choose",
        "Lake Choir · Fri 16 Jul 10:15 Great Hall",
        "Hill Band · Fri 16 Jul 14:00 Small Room",
    ]
    judged = client.get(f"{slot}/swap?other={festival.hill_band.ref}").text
    assert "Hill Choir needs a stage for 9, but the stage of Small Room holds 6." in judged
    form = {"other": festival.hill_band.ref, "edition": plan.edition}
    there = f"/plans/{plan.ref}#slot-{festival.hill_choir.ref}"
    assert client.post(f"{slot}/swap", data=form).location == there
    assert where(plan, festival.hill_choir)[:2] == ("ROOM", at(14))
    assert where(plan, festival.hill_band)[:2] == ("HALL", at(10))


def test_a_group_without_a_place_has_no_page_for_a_swap(plan, festival, sign_in, session):
    late = festival.group("Late Band", festival.bands, festival.lake, 2)
    session.commit()
    client = sign_in(festival.coordinator)
    assert client.get(f"/plans/{plan.ref}/slots/{late.ref}/swap").status_code == 404
    assert "/swap" not in client.get(f"/plans/{plan.ref}/slots/{late.ref}").text
