"""Many editors of one draft: no move is lost, what others did is told, one's own is undone."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.errors import Conflict, Refused
from scheduler.scheduling import services
from scheduler.scheduling.board import editing, undoing
from scheduler.scheduling.board.change_models import ChangeKind, PlanChange
from scheduler.scheduling.board.changes import latest_changes
from scheduler.scheduling.board.news import news_of
from scheduler.scheduling.refusals import Refusal
from tests import factories
from tests.factories import at
from tests.scheduling.moving import put


@pytest.fixture
def other(festival, session):
    """A second coordinator of the same programme."""
    account = factories.coordinator(festival.programme, name="Second Editor")
    session.commit()
    return account.actor


def undo(plan, actor):
    with transaction():
        step = undoing.to_undo(plan, actor)
        return undoing.undo(plan, change_id=step.id, actor=actor, now=clock.now())


def redo(plan, actor):
    with transaction():
        step = undoing.to_redo(plan, actor)
        return undoing.redo(plan, change_id=step.id, actor=actor, now=clock.now())


def places(plan):
    return {
        slot.item.title: (slot.venue.code, slot.starts_at, slot.is_locked)
        for slot in services.slots_of_plan(plan)
    }


def test_moves_of_different_groups_from_the_same_page_both_stand(plan, festival, actor, other):
    seen = plan.edition
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor, edition=seen)
    put(plan, festival.hill_band, "ROOM", at(13), other, edition=seen)
    assert places(plan)["Lake Band"] == ("ROOM", at(15, 30), False)
    assert places(plan)["Hill Band"] == ("ROOM", at(13), False)
    assert plan.edition == seen + 2


def test_the_same_group_is_moved_once_and_the_later_is_told_who_was_faster(
    plan, festival, actor, other
):
    seen = plan.edition
    put(plan, festival.lake_band, "ROOM", at(15, 30), other, edition=seen)
    with pytest.raises(Refused) as refused:
        put(plan, festival.lake_band, "ROOM", at(16), actor, edition=seen)
    assert refused.value.code is Refusal.CHANGED_MEANWHILE
    assert refused.value.facts == {"who": "Second Editor"}
    assert places(plan)["Lake Band"] == ("ROOM", at(15, 30), False)


def test_a_group_that_was_locked_meanwhile_is_not_moved(plan, festival, actor, other):
    seen = plan.edition
    with transaction():
        editing.lock_all(plan, is_locked=True, edition=seen, actor=other, now=clock.now())
    with pytest.raises(Refused):
        put(plan, festival.lake_band, "ROOM", at(16), actor, edition=seen)
    assert places(plan)["Lake Band"] == ("ROOM", at(14, 40), True)


def test_what_was_not_done_by_hand_makes_every_page_stale(plan, festival, actor, session):
    seen = plan.edition
    plan.touch(clock.now())
    session.commit()
    with pytest.raises(Conflict):
        put(plan, festival.lake_band, "ROOM", at(16), actor, edition=seen)


def test_an_edition_that_is_still_to_come_is_none(plan, festival, actor):
    with pytest.raises(Conflict):
        put(plan, festival.lake_band, "ROOM", at(16), actor, edition=plan.edition + 1)


def test_several_moves_are_undone_and_redone_in_order(plan, festival, actor, session):
    before = places(plan)
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    between = places(plan)
    with transaction():
        editing.take_out(
            plan,
            application_ref=festival.hill_band.ref,
            edition=plan.edition,
            actor=actor,
            now=clock.now(),
        )
    after = places(plan)
    undo(plan, actor)
    session.expire_all()
    assert places(plan) == between
    undo(plan, actor)
    assert (places(plan), undoing.to_undo(plan, actor)) == (before, None)
    redo(plan, actor)
    redo(plan, actor)
    session.expire_all()
    assert (places(plan), undoing.to_redo(plan, actor)) == (after, None)


def test_a_new_move_ends_what_could_be_redone(plan, festival, actor):
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    undo(plan, actor)
    put(plan, festival.hill_band, "ROOM", at(13), actor)
    assert undoing.to_redo(plan, actor) is None


def test_locks_are_undone_too(plan, festival, actor):
    before = places(plan)
    with transaction():
        editing.lock_all(plan, is_locked=True, edition=plan.edition, actor=actor, now=clock.now())
    undo(plan, actor)
    assert places(plan) == before


def test_each_undoes_only_their_own(plan, festival, actor, other):
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    put(plan, festival.hill_band, "ROOM", at(13), other)
    undo(plan, actor)
    assert places(plan)["Lake Band"] == ("ROOM", at(14, 40), False)
    assert places(plan)["Hill Band"] == ("ROOM", at(13), False)


def test_an_undo_never_overwrites_what_somebody_else_did_later(plan, festival, actor, other):
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    put(plan, festival.lake_band, "ROOM", at(16), other)
    with pytest.raises(Refused) as refused:
        undo(plan, actor)
    assert refused.value.code is Refusal.CHANGED_SINCE
    assert places(plan)["Lake Band"] == ("ROOM", at(16), False)


def test_who_is_no_longer_accepted_is_not_brought_back(plan, festival, actor, session):
    with transaction():
        editing.take_out(
            plan,
            application_ref=festival.lake_band.ref,
            edition=plan.edition,
            actor=actor,
            now=clock.now(),
        )
    festival.lake_band.state, festival.lake_band.places_held = State.WITHDRAWN, 0
    session.commit()
    with pytest.raises(Refused) as refused:
        undo(plan, actor)
    assert refused.value.code is Refusal.CHANGED_SINCE


def test_a_double_click_undoes_once(plan, festival, actor):
    put(plan, festival.hill_band, "ROOM", at(13), actor)
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    change = undo(plan, actor)
    with pytest.raises(Conflict), transaction():
        undoing.undo(plan, change_id=change.of_id, actor=actor, now=clock.now())
    assert places(plan)["Hill Band"] == ("ROOM", at(13), False)


def test_the_history_says_who_moved_what_from_where_to_where(plan, festival, actor, app):
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    undo(plan, actor)
    with app.test_request_context():
        told = news_of(plan, actor, since=None).history
    name = festival.coordinator.name
    assert [(each.who, each.what) for each in told] == [
        (name, "Undone – Lake Band: Fri 16 Jul 15:30 Small Room → Fri 16 Jul 14:40 Small Room"),
        (name, "Lake Band: Fri 16 Jul 14:40 Small Room → Fri 16 Jul 15:30 Small Room"),
    ]


def test_discarding_a_draft_takes_its_changes_along(plan, festival, actor, session):
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    undo(plan, actor)
    with transaction():
        services.discard(plan, actor=actor, now=clock.now())
    assert session.scalars(select(PlanChange)).all() == []


def test_the_poll_is_empty_until_something_changed(plan, festival, other, sign_in):
    client = sign_in(festival.coordinator)
    seen = plan.edition
    quiet = client.get(f"/plans/{plan.ref}/news?since={seen}")
    assert (quiet.status_code, quiet.text) == (204, "")
    put(plan, festival.lake_band, "ROOM", at(15, 30), other)
    loud = client.get(f"/plans/{plan.ref}/news?since={seen}")
    news = loud.page.one("div", **{"data-board-news": ""})
    assert " ".join("".join(news.itertext()).split()) == (
        "Second Editor: Lake Band: Fri 16 Jul 14:40 Small Room → Fri 16 Jul 15:30 Small Room"
    )
    slots = loud.page.all("li")
    marked = [li.get("data-slot") for li in slots if "slot-changed" in li.get("class", "")]
    assert marked == ["Lake Band"]
    assert client.get(f"/plans/{plan.ref}/news?since={plan.edition}").status_code == 204


def test_steps_by_form_say_what_they_do(plan, festival, actor, sign_in):
    client = sign_in(festival.coordinator)
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    board = client.get(f"/plans/{plan.ref}")
    assert "Undo: Lake Band: Fri 16 Jul 14:40 Small Room" in board.text
    form = {"edition": plan.edition, "change": latest_changes(plan)[0].id}
    assert client.post(f"/plans/{plan.ref}/undo", data=form).location == f"/plans/{plan.ref}"
    assert places(plan)["Lake Band"] == ("ROOM", at(14, 40), False)
    assert "Redo: Lake Band" in client.get(f"/plans/{plan.ref}").text
    client.post(f"/plans/{plan.ref}/redo", data=form)
    assert places(plan)["Lake Band"] == ("ROOM", at(15, 30), False)
    kinds = [change.kind for change in latest_changes(plan)]
    assert kinds == [ChangeKind.REDO, ChangeKind.UNDO, ChangeKind.MOVE]


def test_a_board_takes_as_many_queries_for_one_change_as_for_many(
    plan, festival, actor, sign_in, queries
):
    client = sign_in(festival.coordinator)
    counts = []
    for minute in (30, 35, 40):
        put(plan, festival.lake_band, "ROOM", at(15, minute), actor)
        queries.clear()
        client.get(f"/plans/{plan.ref}")
        counts.append(len(queries))
    assert counts[1:] == counts[:-1]
