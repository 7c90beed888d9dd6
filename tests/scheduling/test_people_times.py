"""People × time: who is where, how long they wait, which rule their day breaks, who may look."""

import pytest
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.scheduling.board import editing
from tests import factories
from tests.factories import at
from tests.scheduling.releasing import release
from tests.support.pages import text_of


@pytest.fixture
def plan(festival, session):
    """The pupil in two groups, a teacher who conducts two, and somebody in one only."""
    festival.twice.name = "Twice Everywhere"
    festival.hill_choir.members[1].person.name = "Once Alone"
    teacher = next(m.person for m in festival.lake_choir.members if m.person.is_adult)
    teacher.name = "Teacher of Both"
    factories.member(festival.lake_band, teacher, role="conductor")
    plan = festival.draft()
    session.commit()
    return plan


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


def rows(client, path):
    page = client.get(path).page
    return [text_of(row) for body in page.all("tbody") for row in body.iter("tr")]


def test_only_who_is_in_several_groups_is_listed(client, plan):
    (teacher, twice) = sorted(rows(client, f"/plans/{plan.ref}/people"), key=len)
    assert "Twice Everywhere" in twice
    assert "Teacher of Both" in teacher


def test_a_day_tells_warm_up_stage_way_and_what_is_free(client, plan):
    (twice,) = rows(client, f"/plans/{plan.ref}/people?whose=pupils")
    assert "09:25–10:10 Hill Choir, Great Hall (Warm-up 09:25, On stage 10:00)" in twice
    # From the end on stage at 10:10 to the warm-up at 13:25; twenty minutes are the way.
    assert "way 20 min, then 175 min free" in twice
    assert "13:25–14:12 Hill Band, Small Room (Warm-up 13:25, On stage 14:00)" in twice


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("whose=adults", ["Teacher of Both"]),
        ("q=everywhere", ["Twice Everywhere"]),
        ("q=lake+sch", ["Teacher of Both"]),
        ("q=%25", []),
        ("day=2027-07-17", ["Teacher of Both", "Twice Everywhere"]),  # no such day: the first
        ("whose=schools", ["Hill School", "Lake School"]),
        ("whose=schools&q=hill", ["Hill School"]),
    ],
)
def test_the_list_is_narrowed_on_the_server(client, plan, asked, found):
    shown = rows(client, f"/plans/{plan.ref}/people?{asked}")
    names = ("Hill School", "Lake School", "Once Alone", "Teacher of Both", "Twice Everywhere")
    heads = [next((name for name in names if row.strip().startswith(name)), None) for row in shown]
    assert sorted(filter(None, heads)) == found
    assert len([row for row in shown if "Nobody" not in row]) == len(found)


def test_jurors_are_shown_in_turns(client, plan, festival, session):
    juror = factories.staff_member(festival.choirs, festival.bands, name="Ada Judge")
    factories.staff_hours(juror, at(9), at(14, 5))
    factories.staff_member(factories.category(festival.programme), name="Idle Judge")
    session.commit()
    (shown,) = rows(client, f"/plans/{plan.ref}/people?whose=staff")
    assert "Ada Judge" in shown
    words = " ".join(shown.split())
    assert "10:00–10:25 Great Hall, 2 groups" in words
    assert "way 20 min, then 195 min free 14:00–14:12 Small Room, 1 group" in words
    # Who is not there any more cannot hear the bands.
    assert words.count("Ada Judge") > 1
    assert rows(client, f"/plans/{plan.ref}/people?whose=staff&q=Idle") == []


def test_who_is_in_two_places_is_marked_with_the_rule(client, plan, festival, session):
    slot = editing.slot_of(plan, festival.hill_band.ref)
    session.delete(slot)
    session.flush()
    factories.slot(plan, festival.hill_band, festival.room, at(10, 5), minutes=12)
    session.commit()
    (twice,) = rows(client, f"/plans/{plan.ref}/people?whose=pupils")
    (teacher,) = rows(client, f"/plans/{plan.ref}/people?whose=adults")
    assert "1 person is in Hill" in twice
    assert "overlaps by 40 minutes" in twice
    assert "at once" not in teacher


def test_whose_guardian_refuses_is_not_shown(client, plan, festival, session):
    factories.consent(festival.twice, is_granted=False)
    session.commit()
    assert "Twice Everywhere" not in client.get(f"/plans/{plan.ref}/people").text


def test_a_release_is_shown_as_it_was_published_and_reading_is_noted(
    client, plan, festival, actor, session
):
    release(plan, actor)
    page = client.get("/programmes/small/releases/1/people").text
    assert "Twice Everywhere" in page
    noted = select(AuditEntry.facts).where(AuditEntry.action == "read:people-times")
    assert session.scalars(noted).all() == [{"people": 2}]


def test_names_are_for_coordinators_of_this_programme(plan, festival, actor, sign_in, session):
    release(plan, actor)
    elsewhere = factories.coordinator(factories.programme())
    session.commit()
    for account in (festival.hill_officer, festival.lake_officer, elsewhere):
        for path in (f"/plans/{plan.ref}/people", "/programmes/small/releases/1/people"):
            answer = sign_in(account).get(path)
            assert (answer.status_code, "Twice" in answer.text) == (403, False)
