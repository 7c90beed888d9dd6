"""A part of a day called off: its groups move into reserve times or are suspended."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.notifications.models import Mail
from scheduler.scheduling.happenings import reserves
from scheduler.scheduling.happenings.models import Happening, HappeningKind, Repair, ReserveTime
from scheduler.scheduling.models import Plan, PlanState
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases.publishing import preview
from scheduler.scheduling.services import slots_of_plan
from scheduler.scheduling.situation import situation_of
from tests import factories
from tests.factories import at

ADDRESS = "/programmes/small/typhoon"
MORNING = {"day": "2027-07-16", "part": "morning", "way": "move", "notice": "0", "seconds": "10"}


@pytest.fixture
def client(sign_in, festival, published):
    return sign_in(festival.coordinator)


def keep(festival, actor, venue, start, end):
    with transaction():
        return reserves.add_reserve(
            festival.programme, venue, start, end, actor=actor, now=clock.now()
        )


@pytest.fixture
def reserve(festival, actor, published):
    return keep(festival, actor, festival.hall, at(10, day=1), at(12, day=1))


def newest(session):
    return session.scalars(select(Plan).order_by(Plan.id.desc())).first()


def test_a_reserve_time_is_no_open_time_before_it_is_opened(festival, reserve, session):
    before = situation_of(festival.programme).problem.venue_by_id["HALL"].windows
    assert len(before) == 1
    reserve.opened_at = clock.now()
    session.commit()
    after = situation_of(festival.programme).problem.venue_by_id["HALL"].windows
    assert after[:1] == before
    assert [window.minutes for window in after] == [660, 120]


def test_the_morning_moves_into_the_reserve_times_after_a_second_confirmation(
    client, festival, reserve, session
):
    mails = len(session.scalars(select(Mail)).all())
    looked = client.post(ADDRESS, data=MORNING)
    assert "Hill Choir" in looked.page.text
    assert "Hill Band" not in looked.page.text
    assert session.scalars(select(Happening)).all() == []
    seen = looked.page.values()["seen"]
    started = client.post(ADDRESS, data=MORNING | {"seen": seen, "step": "confirm"})
    plan = newest(session)
    assert started.location == f"/plans/{plan.ref}/progress"
    assert plan.state is PlanState.DRAFT
    starts = {slot.item.title: slot.starts_at for slot in slots_of_plan(plan)}
    assert (starts.pop("Hill Band"), starts.pop("Lake Band")) == (at(14), at(14, 40))
    assert sorted(starts) == ["Hill Choir", "Lake Choir"]
    assert all(at(10, 35, day=1) <= start < at(12, day=1) for start in starts.values())
    assert (plan.moved, plan.is_fewest) == (2, True)
    closed = [(h.kind, h.venue.code, h.ends_at) for h in session.scalars(select(Happening))]
    assert closed == [(HappeningKind.VENUE_OUT, code, at(13)) for code in ("HALL", "ROOM")]
    assert preview(plan, now=clock.now()).broken == []
    assert len(session.scalars(select(Mail)).all()) == mails


def test_what_does_not_fit_stays_without_a_time_and_is_listed(
    client, festival, actor, published, session
):
    keep(festival, actor, festival.hall, at(10, day=1), at(10, 52, day=1))
    seen = client.post(ADDRESS, data=MORNING).page.values()["seen"]
    client.post(ADDRESS, data=MORNING | {"seen": seen, "step": "confirm"})
    plan = newest(session)
    made = session.get_one(Repair, plan.id)
    assert len(made.left_out) == made.left_out_bound == 1
    page = client.get(f"/plans/{plan.ref}/repair").page.text
    assert "1 group has no time" in page
    assert "What is cancelled goes into the reserve times." in page


def test_only_suspended_the_release_is_kept_without_them(client, festival, published, session):
    data = MORNING | {"way": "suspend"}
    seen = client.post(ADDRESS, data=data).page.values()["seen"]
    made = client.post(ADDRESS, data=data | {"seen": seen, "step": "confirm"})
    plan = newest(session)
    assert made.location == f"/plans/{plan.ref}/repair"
    names = [slot.item.title for slot in slots_of_plan(plan)]
    assert names == ["Hill Band", "Lake Band"]
    seen = preview(plan, now=clock.now())
    assert (seen.broken, len(seen.difference.cancelled)) == ([], 2)


def test_it_refuses_without_reserve_and_where_nobody_is_hit(client, festival, published, session):
    looked = client.post(ADDRESS, data=MORNING)
    assert "Enter one first" in looked.page.text
    seen = looked.page.values()["seen"]
    refused = client.post(ADDRESS, data=MORNING | {"seen": seen, "step": "confirm"})
    assert refused.status_code == 409
    assert session.scalars(select(Happening)).all() == []
    later = MORNING | {"day": "2027-07-17", "way": "suspend"}
    seen = client.post(ADDRESS, data=later).page.values()["seen"]
    nobody = client.post(ADDRESS, data=later | {"seen": seen, "step": "confirm"})
    assert (nobody.status_code, "Nobody is hit" in nobody.page.text) == (409, True)


def test_what_was_chosen_since_has_to_be_looked_at_first(client, festival, reserve, session):
    seen = client.post(ADDRESS, data=MORNING).page.values()["seen"]
    other = client.post(ADDRESS, data=MORNING | {"part": "day", "seen": seen, "step": "confirm"})
    assert (other.status_code, session.scalars(select(Happening)).all()) == (200, [])
    assert "Hill Band" in other.page.text


def test_reserve_times_are_added_and_removed_on_their_page(client, festival, session):
    address = "/programmes/small/reserves"
    data = {"venue": "HALL", "day": "2027-07-17", "since": "10:00", "until": "12:00"}
    assert client.post(address, data=data).status_code == 303
    assert client.post(address, data=data).status_code == 409
    assert client.post(address, data=data | {"until": "09:00"}).status_code == 409
    assert client.post(address, data=data | {"since": ""}).status_code == 422
    made = session.scalars(select(ReserveTime)).one()
    assert (made.starts_at, made.ends_at) == (at(10, day=1), at(12, day=1))
    assert "in reserve" in client.get(address).page.text
    assert client.post(f"{address}/remove", data={"reserve": made.id}).status_code == 303
    assert session.scalars(select(ReserveTime)).all() == []
    assert client.post(f"{address}/remove", data={"reserve": 99}).status_code == 404


def test_another_programmes_reserve_time_is_none_of_ours(festival, reserve, actor, session):
    other = factories.programme()
    session.commit()
    with pytest.raises(NotFound), transaction():
        reserves.remove_reserve(other, reserve.id, actor=actor, now=clock.now())
    with pytest.raises(Refused) as order, transaction():
        reserves.add_reserve(
            festival.programme, festival.hall, at(12), at(11), actor=actor, now=clock.now()
        )
    assert order.value.code is Refusal.STRETCH_ORDER


def test_it_is_for_coordinators_of_this_programme(festival, published, sign_in):
    for account in (festival.hill_officer, factories.coordinator(factories.programme())):
        client = sign_in(account)
        for address in (ADDRESS, "/programmes/small/reserves"):
            answer = client.post(address, data=MORNING)
            assert answer.status_code in {403, 404}
            assert "Hill Choir" not in answer.text
