"""The pages of activities, and the pages of planning with an activity in them."""

import pytest
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.errors import NotFound
from scheduler.scheduling.activities.models import Attendance, PlannedActivity
from scheduler.scheduling.activities.services import find_activity
from scheduler.scheduling.items import turns_of
from scheduler.scheduling.models import Slot
from scheduler.scheduling.placing import place
from scheduler.scheduling.services import is_stale
from tests import factories
from tests.factories import at
from tests.scheduling.releasing import release

FORM = {
    "kind": "rehearsal",
    "name": "终场合唱走台",
    "name_en": "Closing choir, stage rehearsal",
    "minutes": "30",
    "setup_minutes": "5",
    "clear_minutes": "10",
    "invited": "chosen",
    "category": "",
    "attendance": "everybody",
    "staff": "none",
    "times": "1",
    "before": "any",
    "earliest_at": "2027-07-16T15:00",
    "latest_at": "2027-07-16T18:00",
    "venues": ["HALL"],
}
PAGE = "/programmes/small/activities"


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


@pytest.fixture
def form(festival):
    return {**FORM, "chosen": [festival.hill_choir.ref, festival.lake_choir.ref]}


def test_it_is_added_changed_and_removed(client, festival, form, session):
    plan = festival.draft()
    session.commit()
    assert client.post(f"{PAGE}/new", data=form).location == PAGE
    (made,) = session.scalars(select(PlannedActivity))
    assert (made.name, made.names, made.minutes, made.earliest_at) == (
        "终场合唱走台",
        {"en": "Closing choir, stage rehearsal"},
        30,
        at(15),
    )
    assert {group.group_name for group in made.groups} == {"Hill Choir", "Lake Choir"}
    session.refresh(festival.programme)
    assert is_stale(plan)
    listed = client.get(PAGE).text
    assert all(
        text in listed
        for text in ("Closing choir, stage rehearsal", "2 groups", "Great Hall", "set-up 5 min")
    )
    assert "Nobody" not in listed
    shown = client.get(f"{PAGE}/{made.ref}").page
    assert shown.one("input", name="earliest_at").get("value") == "2027-07-16T15:00"
    client.post(f"{PAGE}/{made.ref}", data={**form, "invited": "all", "minutes": "45"})
    session.expire_all()
    assert (made.minutes, made.chosen, len(made.groups)) == (45, [], 4)
    client.post(f"{PAGE}/{made.ref}/remove")
    client.get(PAGE)  # takes the message
    assert "Nothing beside the performances yet" in client.get(PAGE).text
    deeds = session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.action.like("activity:%"))
        .order_by(AuditEntry.id)
    )
    assert list(deeds) == ["activity:add", "activity:change", "activity:remove"]


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"minutes": ""}, "Please fill this in."),
        ({"minutes": "0"}, "Please enter a whole number from 1 to 720."),
        ({"name": " "}, "Please fill this in."),
        ({"kind": "party"}, "Not a valid choice."),
        ({"chosen": []}, "Choose the groups that take part."),
        ({"chosen": ["A-NOBODY"]}, "is not a valid choice"),
        ({"invited": "category"}, "Choose the category whose groups take part."),
        ({"invited": "none"}, "Somebody has to take part: groups, or some of the staff."),
        ({"latest_at": "2027-07-16T15:10"}, "there are not the 30 minutes that it takes"),
        ({"latest_at": "1066-01-01T10:00"}, "Please check the year"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_lost(client, form, session, wrong, text):
    answer = client.post(f"{PAGE}/new", data={**form, **wrong})
    assert answer.status_code == 422
    assert text in answer.text
    assert answer.page.one("input", name="name_en").get("value") == FORM["name_en"]
    assert session.scalars(select(PlannedActivity)).all() == []


def test_who_saves_second_sees_what_was_changed(client, festival, form, session):
    made = factories.activity(festival.programme, name="Meeting")
    session.commit()
    seen = client.get(f"{PAGE}/{made.ref}").page.one("input", name="seen").get("value")
    made.minutes = 50
    session.commit()
    answer = client.post(f"{PAGE}/{made.ref}", data={**form, "seen": seen})
    assert answer.status_code == 422
    assert "to: 50" in answer.text


def test_it_is_found_within_its_programme_only(festival, session):
    made = factories.activity(festival.programme)
    factories.programme(code="other")
    session.commit()
    with pytest.raises(NotFound):
        find_activity("other", made.ref)


@pytest.fixture
def rehearsal(festival, plan, session):
    """A rehearsal of both choirs, in the draft."""
    made = factories.activity(
        festival.programme,
        festival.hill_choir,
        festival.lake_choir,
        name="Closing rehearsal",
        attendance=Attendance.EVERYBODY,
        setup_minutes=10,
    )
    slot = Slot.of(turns_of(made)[0], warmup_room=0)
    place(slot, programme=plan.programme, venue=festival.hall, starts_at=at(16))
    plan.slots.append(slot)
    session.commit()
    return made


def test_the_pages_of_a_draft_show_it(client, plan, rehearsal):
    board = client.get(f"/plans/{plan.ref}")
    assert board.page.one("li", id=f"slot-{rehearsal.ref}").get("data-slot") == "Closing rehearsal"
    slot = client.get(f"/plans/{plan.ref}/slots/{rehearsal.ref}").text
    assert "Warm-up" not in slot
    assert "Hill School, Lake School" in slot
    for page in ("people", "slots/{ref}/elsewhere", "slots/{ref}/swap", "publish"):
        answer = client.get(f"/plans/{plan.ref}/{page.format(ref=rehearsal.ref)}")
        assert (answer.status_code, "Closing rehearsal" in answer.text) == (200, True), page


def test_one_that_waits_for_a_place_is_placed_by_form(client, plan, festival, session):
    made = factories.activity(festival.programme, name="Leaders' meeting")
    session.commit()
    assert client.get(f"/plans/{plan.ref}/slots/{made.ref}").status_code == 200
    client.post(
        f"/plans/{plan.ref}/slots/{made.ref}",
        data={"venue": "HALL", "starts_at": "2027-07-16T16:00", "edition": plan.edition},
    )
    session.expire_all()
    slot = next(slot for slot in plan.slots if slot.item.ref == made.ref)
    assert (slot.venue.code, slot.starts_at) == ("HALL", at(16))


def test_the_published_timetable_shows_it_without_a_person(
    client, sign_in, festival, plan, rehearsal, actor, app, session
):
    release(plan, actor, secret_key=app.secret_key)
    session.commit()
    officer = sign_in(festival.hill_officer)
    for address in ("", "/schools/HILL", "/venues/HALL"):
        page = officer.get(f"/programmes/small/timetable{address}").text
        assert "Closing rehearsal" in page
        assert festival.twice.name not in page
    whole = officer.get("/programmes/small/timetable?category=bands").text
    assert "Closing rehearsal" not in whole
