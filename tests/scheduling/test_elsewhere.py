"""Why a group stands here and what another place would cost, as its coordinators read it."""

import datetime as dt
import html
import json
import re

import pytest

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.scheduling.board import editing
from scheduler.scheduling.board.changes import latest_changes
from scheduler.scheduling.board.undoing import to_undo, undo
from scheduler.scheduling.models import PlanState
from scheduler.scheduling.verdict import broken_rules
from tests import factories
from tests.factories import at


@pytest.fixture
def draft(festival, session):
    plan = festival.draft()
    session.commit()
    return plan


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


def address(plan, group, **asked):
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return f"/plans/{plan.ref}/slots/{group.ref}/elsewhere" + (f"?{query}" if query else "")


def text_of(answer, status=200):
    assert answer.status_code == status
    return " ".join(answer.get_data(as_text=True).split())


def test_the_page_says_what_holds_a_group(client, festival, draft):
    page = text_of(client.get(address(draft, festival.hill_choir)))
    assert "Hill Choir" in page
    assert (
        f"{festival.choirs.names['en']} is heard in one block, in one venue, by one jury." in page
    )
    assert "Groups stand on a stage that is large enough for them (Small Room)." in page
    assert "The best place of each venue and day" in page
    # Both choirs take equally long, so they can change places.
    assert "Groups that could change places with it, and no rule breaks" in page
    assert "Lake Choir" in page


def test_a_place_that_breaks_nothing_is_told_with_its_price(client, festival, draft):
    page = text_of(
        client.get(address(draft, festival.lake_choir, venue="HALL", starts_at="2027-07-16T10:30"))
    )
    assert "While all others stay" in page
    assert "Juries wait 15 min longer." in page
    assert "If others give way" not in page
    assert 'name="starts_at" value="2027-07-16T10:30"' in page


def test_a_taken_place_says_who_would_give_way(client, festival, draft):
    page = text_of(
        client.get(address(draft, festival.lake_choir, venue="HALL", starts_at="2027-07-16T10:00"))
    )
    assert "overlap on the stage of Great Hall" in page
    assert "1 other group has to move; fewer are not enough." in page


def test_what_no_giving_way_helps_is_said(client, festival, draft):
    page = text_of(
        client.get(address(draft, festival.hill_choir, venue="ROOM", starts_at="2027-07-16T10:00"))
    )
    assert "because of the place itself" in page
    assert "needs a stage for 9, but the stage of Small Room holds 6." in page


def test_a_locked_group_is_judged_as_if_unlocked_and_cannot_be_moved(
    client, festival, draft, session
):
    slot = next(s for s in draft.slots if s.application_id == festival.lake_choir.id)
    slot.is_locked = True
    session.commit()
    page = text_of(
        client.get(address(draft, festival.lake_choir, venue="HALL", starts_at="2027-07-16T10:30"))
    )
    assert "what would be true if it were unlocked" in page
    assert "Move it there" not in page
    assert "is not where it is locked" not in page


def test_a_group_without_a_time_is_told_where_it_could_go(client, festival, draft, session):
    late = festival.group("Late Choir", festival.choirs, festival.lake, 4)
    session.commit()
    page = text_of(client.get(address(draft, late)))
    assert "This group has no time yet." in page
    assert "Great Hall" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"venue": "HALL"},
        {"venue": "ATTIC", "starts_at": "2027-07-16T10:30"},
        {"venue": "HALL", "starts_at": "2028-07-17T10:30"},
        {"venue": "HALL", "starts_at": "noon"},
    ],
)
def test_what_cannot_be_meant_is_refused(client, festival, draft, asked):
    page = text_of(client.get(address(draft, festival.lake_choir, **asked)), 422)
    assert 'aria-invalid="true"' in page
    assert "While all others stay" not in page


def test_only_accepted_groups_of_a_draft_are_asked_about(client, festival, draft, session):
    stranger = factories.application(
        festival.choirs, festival.lake, group_name="Waits", state=State.SUBMITTED
    )
    session.commit()
    assert client.get(address(draft, stranger)).status_code == 404
    draft.state = PlanState.IMPOSSIBLE
    session.commit()
    assert client.get(address(draft, festival.hill_choir)).status_code == 404


def test_schools_and_other_coordinators_do_not_see_it(sign_in, festival, draft):
    client = sign_in(festival.hill_officer)
    assert client.get(address(draft, festival.hill_choir)).status_code == 403


def test_the_slot_page_leads_there(client, festival, draft):
    page = text_of(client.get(f"/plans/{draft.ref}/slots/{festival.hill_choir.ref}"))
    assert address(draft, festival.hill_choir) in page


def test_moving_from_the_page_is_the_boards_own_move(client, festival, draft, session):
    answer = client.post(
        f"/plans/{draft.ref}/slots/{festival.lake_choir.ref}",
        data={"venue": "HALL", "starts_at": "2027-07-16T10:30", "edition": draft.edition},
    )
    assert answer.status_code == 303
    session.expire_all()
    slot = next(s for s in draft.slots if s.application_id == festival.lake_choir.id)
    assert slot.starts_at == at(10, 30)


def button(page):
    """What the button "Move all of these" sends."""
    form = html.unescape(page.split('/give-way"', 1)[1].split("</form>")[0])
    found = dict(re.findall(r'name="(moves|edition)"\s+value=\'?"?(.*?)"?\'?>', form))
    return {"moves": found["moves"], "edition": found["edition"]}


@pytest.fixture
def taken(client, festival, draft):
    """What the page offers for the lake's choir at ten, where the hill's choir stands."""
    asked = address(draft, festival.lake_choir, venue="HALL", starts_at="2027-07-16T10:00")
    return button(client.get(asked).text)


def places(plan):
    return {slot.application.group_name: (slot.venue.code, slot.starts_at) for slot in plan.slots}


def test_others_give_way_in_one_step_that_one_undoing_takes_back(
    client, festival, draft, taken, session, actor
):
    before = places(draft)
    asked = {ref: (venue, dt.datetime.fromisoformat(when)) for ref, venue, when in
             json.loads(taken["moves"])}  # fmt: skip
    assert asked[festival.lake_choir.ref] == ("HALL", at(10))
    answer = client.post(f"/plans/{draft.ref}/give-way", data=taken)
    assert (answer.status_code, answer.location) == (303, f"/plans/{draft.ref}")
    session.expire_all()
    by_ref = {slot.application.ref: (slot.venue.code, slot.starts_at) for slot in draft.slots}
    assert {ref: by_ref[ref] for ref in asked} == asked
    assert broken_rules(draft, draft.slots) == []
    change = to_undo(draft, actor)
    assert [ref for ref, _was, _now in change.moves] == list(asked)
    assert client.post(f"/plans/{draft.ref}/give-way", data=taken).status_code == 303
    assert len(latest_changes(draft)) == 1
    with transaction():
        undo(draft, change_id=change.id, actor=actor, now=clock.now())
    assert places(draft) == before


def test_moves_that_would_now_break_a_rule_are_refused_whole(
    client, festival, draft, taken, session, actor
):
    """Somebody has put the bands where the choirs were to go: other groups, yet in the way."""
    for band, minute in ((festival.hill_band, 0), (festival.lake_band, 30)):
        with transaction():
            editing.move(
                draft,
                application_ref=band.ref,
                venue_code="HALL",
                starts_at=at(10, minute),
                edition=draft.edition,
                actor=actor,
                now=clock.now(),
            )
    before = places(draft)
    answer = client.post(f"/plans/{draft.ref}/give-way", data=taken, follow_redirects=True)
    assert "these moves would now break a rule" in answer.text
    session.expire_all()
    assert places(draft) == before


@pytest.mark.parametrize(
    "moves", ["", "[", "{}", "7", "[[1,2]]", '[["A","HALL","soon"]]', '[["A","HALL",null]]',
              '[["NOBODY","HALL","2027-07-16T02:00:00+00:00"]]',
              '[["NOBODY","MOON","2027-07-16T02:00:00+00:00"]]'],
)  # fmt: skip
def test_what_no_page_wrote_moves_nobody(client, draft, session, moves):
    before = places(draft)
    data = {"moves": moves, "edition": draft.edition}
    assert client.post(f"/plans/{draft.ref}/give-way", data=data).status_code == 303
    session.expire_all()
    assert places(draft) == before


def test_nobody_else_makes_others_give_way(sign_in, festival, draft, taken):
    answer = sign_in(festival.hill_officer).post(f"/plans/{draft.ref}/give-way", data=taken)
    assert answer.status_code in {403, 404}
    assert places(draft)["Lake Choir"] == ("HALL", at(10, 15))
