"""What if something is late: shown at once, kept by nobody, made a draft when it is chosen."""

import pytest
from sqlalchemy import func, select

from scheduler.scheduling.happenings.delays import Delay, what_if
from scheduler.scheduling.happenings.models import Happening, Repair
from scheduler.scheduling.models import Plan
from scheduler.scheduling.services import slots_of_plan
from tests import factories
from tests.factories import at

ADDRESS = "/programmes/small/delay"
HALL = {"late": "venue:HALL", "day": "2027-07-16", "since": "09:30", "minutes": "20"} | {
    "notice": "0",
    "seconds": "10",
}


@pytest.fixture
def client(sign_in, festival, published):
    return sign_in(festival.coordinator)


def slips(found):
    return [(slip.line.item.title, slip.minutes) for slip in found.slips]


def test_a_late_venue_lets_everything_behind_it_slip(festival, published):
    found = what_if(festival.programme, Delay(20, at(9, 30), venue=festival.hall))
    assert slips(found) == [("Hill Choir", 20), ("Lake Choir", 20)]
    assert (found.minutes, found.schools, found.broken) == (40, 2, 0)
    assert found.on_time_from is None


def test_the_gap_swallows_a_delay_in_the_small_room(festival, published):
    found = what_if(festival.programme, Delay(30, at(13), venue=festival.room))
    assert slips(found) == [("Hill Band", 30), ("Lake Band", 7)]
    short = what_if(festival.programme, Delay(10, at(13), venue=festival.room))
    assert slips(short) == [("Hill Band", 10)]
    assert short.on_time_from == at(14, 40)
    assert slips(what_if(festival.programme, Delay(10, at(15), venue=festival.room))) == []


def test_people_whose_second_group_then_clashes_are_told(festival, published):
    """The pupil of both Hill groups: choir ends 10:10, the band is called at 13:25."""
    found = what_if(festival.programme, Delay(180, at(9, 30), venue=festival.hall))
    texts = [text for slip in found.slips for text in slip.sentences] + found.standing_hit
    assert any("Hill Choir" in text and "Hill Band" in text for text in texts)
    assert found.broken >= 1


def test_a_late_coach_holds_up_its_own_groups_of_that_day(festival, published):
    found = what_if(festival.programme, Delay(15, at(12), school=festival.lake))
    assert slips(found) == [("Lake Band", 15)]
    assert found.asked == {"delay": {"groups": [festival.lake_band.ref], "minutes": 15}}
    assert slips(what_if(festival.programme, Delay(15, at(12, day=1), school=festival.lake))) == []


def test_the_page_keeps_nothing_and_then_makes_the_slip_a_draft(client, festival, session):
    assert client.get(ADDRESS).status_code == 200
    looked = client.post(ADDRESS, data=HALL)
    assert "20 min, from" in looked.page.text
    count = select(func.count()).select_from(Plan)
    assert session.scalar(count) == 1
    seen = looked.page.values()["seen"]
    changed = client.post(ADDRESS, data=HALL | {"minutes": "25", "seen": seen, "step": "slip"})
    assert (changed.status_code, session.scalar(count)) == (200, 1)
    made = client.post(ADDRESS, data=HALL | {"seen": seen, "step": "slip"})
    plan = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
    assert made.location == f"/plans/{plan.ref}/repair"
    starts = {s.item.title: s.starts_at for s in slots_of_plan(plan)}
    assert starts["Hill Choir"] == at(10, 20)
    assert (plan.moved, starts["Hill Band"]) == (2, at(14))
    assert "2 groups move" in client.get(made.location).page.text
    assert session.scalars(select(Happening)).all() == []


def test_a_repair_of_the_delay_is_compared_with_the_slip(client, festival, session):
    data = HALL | {"late": "venue:ROOM", "since": "13:00", "minutes": "30"}
    seen = client.post(ADDRESS, data=data).page.values()["seen"]
    started = client.post(ADDRESS, data=data | {"seen": seen, "step": "repair"})
    plan = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
    assert started.location == f"/plans/{plan.ref}/progress"
    assert session.get_one(Repair, plan.id).asked["slip"] == {
        "moved": 2,
        "minutes": 37,
        "broken": 1,  # the small room has one warm-up room, which both bands now need at once
    }
    assert plan.is_fewest
    assert plan.moved == 1
    page = client.get(f"/plans/{plan.ref}/repair").page.text
    assert "Everything slips" in page
    assert len(plan.slots) == 4


def test_a_slip_that_breaks_rules_shows_them_and_leads_to_a_repair(client, festival, session):
    data = HALL | {"late": "venue:ROOM", "since": "13:00", "minutes": "30"}
    seen = client.post(ADDRESS, data=data).page.values()["seen"]
    slip = client.post(ADDRESS, data=data | {"seen": seen, "step": "slip"}).location
    page = client.get(slip)
    assert "1 broken rule" in page.text
    said = (
        "Small Room has 1 warm-up rooms, but from Fri 16 July 2027 14:12 on 2 groups warm up there"
    )
    assert said in page.page.text
    started = client.post(f"{slip}/instead")
    mended = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
    assert started.location == f"/plans/{mended.ref}/progress"
    answer = client.get(f"/plans/{mended.ref}/repair")
    assert ("Everything slips" in answer.text, "cannot be published" in answer.text) == (
        True,
        False,
    )
    # A repair is none that could be asked to become one.
    assert client.post(f"/plans/{mended.ref}/repair/instead").status_code == 404


def test_bad_input_and_strangers(client, festival, sign_in):
    assert client.post(ADDRESS, data=HALL | {"minutes": "0"}).status_code == 422
    assert client.post(ADDRESS, data=HALL | {"late": "venue:NONE"}).status_code == 422
    for account in (festival.hill_officer, factories.coordinator(factories.programme())):
        answer = sign_in(account).post(ADDRESS, data=HALL)
        assert answer.status_code in {403, 404}
        assert "Hill Choir" not in answer.text
