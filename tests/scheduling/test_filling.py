"""Planning again from what stands: the missing are placed, as few others as possible move."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.calendars.models import CalendarEntry
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.programmes.approval import LevelKind
from scheduler.scheduling import services
from scheduler.scheduling.board import editing
from scheduler.scheduling.models import Plan, PlanMethod, PlanState, Release
from scheduler.scheduling.standing import standing_of
from scheduler.scheduling.verdict import broken_rules
from tests import factories
from tests.applications.making import city_reviewer_of, make_levels
from tests.factories import at
from tests.scheduling.releasing import release


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


def places(plan):
    return {
        slot.item.title: (slot.venue.code, slot.starts_at) for slot in services.slots_of_plan(plan)
    }


def again(festival, actor, session, **values):
    with transaction():
        plan = services.begin(
            festival.programme, actor=actor, now=clock.now(), seconds=10, **values
        )
    session.expire_all()
    return plan


def accept_another(festival, session):
    group = festival.group("Late Choir", festival.choirs, festival.lake, 4)
    session.commit()
    return group


@pytest.fixture
def newcomer(festival, session):
    return accept_another(festival, session)


@pytest.mark.parametrize("method", [PlanMethod.KEEP, PlanMethod.FILL])
def test_a_group_that_is_new_is_placed_and_nobody_moves(
    festival, plan, newcomer, actor, session, method
):
    before = places(plan)
    made = again(festival, actor, session, based_on=plan, method=method)
    after = places(made)
    assert after.pop(newcomer.group_name)[0] == "HALL"
    assert (after, made.moved, made.made_from) == (before, 0, plan.name)
    assert broken_rules(made, services.slots_of_plan(made)) == []


def test_what_was_published_is_kept_although_its_draft_was_changed_since(
    festival, plan, actor, session
):
    release(plan, actor)
    newcomer = accept_another(festival, session)
    before = places(plan)
    put(plan, festival.lake_band, "ROOM", at(16), actor)
    published = session.scalars(select(Release)).one()
    made = again(festival, actor, session, based_on=published, method=PlanMethod.KEEP)
    after = places(made)
    del after[newcomer.group_name]
    assert (after, made.made_from, made.is_fewest) == (before, "R1", True)


def test_only_what_has_to_move_moves_when_a_venue_is_closed(festival, plan, actor, session):
    factories.venue_closure(festival.room, at(14, 30), at(15))
    session.commit()
    before = places(plan)
    made = again(festival, actor, session, based_on=plan, method=PlanMethod.KEEP)
    moved = {name for name, place in places(made).items() if place != before[name]}
    assert (moved, made.moved, made.is_fewest) == ({"Lake Band"}, 1, True)


def test_nothing_is_moved_even_if_a_group_finds_no_place(festival, plan, actor, session):
    factories.venue_closure(festival.room, at(14, 30), at(15))
    session.commit()
    made = again(festival, actor, session, based_on=plan, method=PlanMethod.FILL)
    assert (made.state, places(plan)["Lake Band"]) == (PlanState.IMPOSSIBLE, ("ROOM", at(14, 40)))


def test_a_locked_group_that_has_left_holds_nothing(festival, plan, actor, session):
    editing.slot_of(plan, festival.lake_band.ref).is_locked = True
    festival.lake_band.state, festival.lake_band.places_held = State.REJECTED, 0
    session.commit()
    made = again(festival, actor, session, based_on=plan, method=PlanMethod.KEEP)
    assert set(places(made)) == {"Hill Choir", "Lake Choir", "Hill Band"}


def put(plan, group, venue, starts_at, actor):
    with transaction():
        return editing.move(
            plan,
            application_ref=group.ref,
            venue_code=venue,
            starts_at=starts_at,
            edition=plan.edition,
            actor=actor,
            now=clock.now(),
        )


def test_a_group_without_a_time_is_placed_by_hand(plan, newcomer, festival, actor):
    slot = put(plan, newcomer, "HALL", at(10, 30), actor)
    assert (slot.starts_at, slot.warmup_starts_at, slot.warmup_room) == (at(10, 30), at(9, 55), 1)
    assert broken_rules(plan, services.slots_of_plan(plan)) == []


def test_only_accepted_groups_of_the_programme_are_placed(plan, festival, actor, session):
    waiting = factories.application(festival.choirs, festival.hill, state=State.SUBMITTED)
    other = factories.programme()
    elsewhere = factories.application(
        factories.category(other), festival.hill, state=State.ACCEPTED
    )
    session.commit()
    for group in (waiting, elsewhere):
        with pytest.raises(NotFound):
            put(plan, group, "HALL", at(15), actor)


def test_all_are_locked_and_unlocked_at_once(plan, festival, actor):
    def lock(*, is_locked):
        with transaction():
            return editing.lock_all(
                plan, is_locked=is_locked, edition=plan.edition, actor=actor, now=clock.now()
            )

    assert (lock(is_locked=True), lock(is_locked=True)) == (4, 0)
    with pytest.raises(Refused):
        put(plan, festival.lake_band, "ROOM", at(16), actor)
    assert (lock(is_locked=False), lock(is_locked=False)) == (4, 0)


def test_the_default_keeps_what_is_published(client, plan, festival, actor, session):
    release(plan, actor)
    accept_another(festival, session)
    page = client.get("/programmes/small/plans").text
    checked = page.partition('value="keep"')[0].rpartition("<input")[2]
    assert "checked" in checked + page.partition('value="keep"')[2].partition(">")[0]
    assert page.index('value="release"') < page.index(f'value="{plan.ref}"')
    before = places(plan)
    client.post("/programmes/small/plans", data={"seconds": 10, "seed": 1})
    made = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
    assert {name: place for name, place in places(made).items() if name in before} == before


def test_a_rejected_group_is_called_by_name_and_can_be_taken_out(
    client, plan, festival, actor, session
):
    release(plan, actor)
    festival.lake_band.state, festival.lake_band.places_held = State.REJECTED, 0
    session.commit()
    sentence = "Lake Band is no longer accepted, but still has a time."
    for page in ("/programmes/small/plans", f"/plans/{plan.ref}", f"/plans/{plan.ref}/publish"):
        assert sentence in client.get(page).text
    url = f"/plans/{plan.ref}/slots/{festival.lake_band.ref}/remove"
    board = f"/plans/{plan.ref}#slot-{festival.lake_band.ref}"
    assert client.post(url, data={"edition": plan.edition}).location == board
    made = release(plan, actor)
    assert (made.difference["cancelled"], made.difference["unchanged"]) == (1, 3)


def test_the_last_group_can_be_unpublished(client, plan, festival, actor, session):
    release(plan, actor)
    groups = [slot.application for slot in services.slots_of_plan(plan)]
    for group in groups:
        group.state, group.places_held = State.WITHDRAWN, 0
    session.commit()
    page = client.get("/programmes/small/plans")
    assert "No group has been accepted yet" in page.text
    refused = client.post("/programmes/small/plans", data={"seconds": 10, "seed": 1})
    assert refused.location == "/programmes/small/plans"
    for group in groups:
        client.post(f"/plans/{plan.ref}/slots/{group.ref}/remove", data={"edition": plan.edition})
    client.post(f"/plans/{plan.ref}/publish", data={"edition": plan.edition, "notes": ""})
    session.expire_all()
    assert all(entry.is_cancelled for entry in session.scalars(select(CalendarEntry)))
    assert standing_of(festival.programme).problems == []


def test_a_release_that_no_longer_fits_raises_the_alarm(
    client, plan, festival, actor, session, sign_in
):
    release(plan, actor)
    assert standing_of(festival.programme).problems == []
    factories.venue_closure(festival.room, at(0), at(0, day=1))
    session.commit()
    text = "Hill Band would be in Small Room while it is closed"
    for page in ("/", "/programmes/small/plans", "/programmes/small/timetable"):
        assert text in client.get(page).text, page
    for account in (festival.hill_officer, festival.lake_officer):
        assert text not in sign_in(account).get("/programmes/small/timetable").text


def test_whoever_rejects_a_published_group_is_warned_before_and_after(
    client, plan, festival, actor, session
):
    festival.bands.places_taken = 2
    session.commit()
    case = f"/applications/{festival.lake_band.ref}/case"
    assert "published timetable" not in client.get(case).text
    release(plan, actor)
    assert "This group stands in the published timetable: Fri 16 July 2027" in client.get(case).text
    decision = {"action": "reject", "version": festival.lake_band.version, "reason": "Too loud."}
    answer = client.post(
        f"/applications/{festival.lake_band.ref}/decision",
        data={f"reject-{key}": value for key, value in decision.items()} | decision,
        follow_redirects=True,
    )
    assert "Lake Band still stands in the published timetable." in answer.text
    assert "not accepted, but still stands" in client.get(case).text


@pytest.mark.parametrize("is_blind", [False, True])
def test_a_reviewer_is_not_told_to_plan_nor_a_blind_one_when_it_plays(
    plan, festival, actor, session, sign_in, is_blind
):
    release(plan, actor)
    levels = make_levels(festival.programme)
    levels[LevelKind.CITY].is_blind = is_blind
    band = festival.lake_band
    band.state, band.places_held, band.level = State.SUBMITTED, 0, levels[LevelKind.CITY]
    session.commit()
    reviewer = sign_in(city_reviewer_of(festival.programme))
    text = reviewer.get(f"/applications/{band.ref}/case").page.text
    assert ("not accepted, but still stands" in text) is not is_blind
    answer = reviewer.post(
        f"/applications/{band.ref}/decision",
        data={"action": "nominate", "version": band.version},
        follow_redirects=True,
    )
    assert "Nominated to the next level" in answer.text
    assert "still stands in the published timetable." not in answer.text
