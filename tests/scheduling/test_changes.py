"""What a release does to each group, with the old place beside the new one, listed four ways."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.audit.models import AuditEntry
from scheduler.scheduling.board import editing
from scheduler.scheduling.releases.change_rows import By, by_of, choices_of, rows_of
from scheduler.scheduling.releases.differences import against_release, between, of_release
from scheduler.scheduling.releases.publishing import preview
from tests import factories
from tests.factories import at
from tests.reports.conftest import ask, cells
from tests.scheduling.releasing import release


@pytest.fixture
def plan(festival, session, actor):
    """Release 1, and a draft that moves the bands to the hall, cancels a choir, adds a band."""
    plan = festival.draft()
    session.commit()
    release(plan, actor)
    for group in (festival.lake_choir, festival.hill_band, festival.lake_band):
        session.delete(editing.slot_of(plan, group.ref))
    session.flush()
    new = festival.group("Lake Trio", festival.bands, festival.lake, 3)
    bands = {festival.hill_band: at(14), festival.lake_band: at(14, 40), new: at(15, 20)}
    for group, starts_at in bands.items():
        factories.slot(plan, group, festival.hall, starts_at, minutes=12)
    festival.lake_choir.state, festival.lake_choir.places_held = "withdrawn", 0
    plan.touch(clock.now())
    session.commit()
    return plan


def told(changes):
    return [
        (
            change.item.title,
            change.kind.value,
            *(line and (line.venue.code, line.starts_at) for line in (change.was, change.now)),
        )
        for change in changes
    ]


EXPECTED = [
    ("Lake Choir", "cancelled", ("HALL", at(10, 15)), None),
    ("Hill Band", "moved", ("ROOM", at(14)), ("HALL", at(14))),
    ("Lake Band", "moved", ("ROOM", at(14, 40)), ("HALL", at(14, 40))),
    ("Lake Trio", "new", None, ("HALL", at(15, 20))),
]


def test_preview_and_release_tell_both_places(plan, festival, actor, session):
    seen = preview(plan, now=clock.now())
    assert told(seen.changes) == EXPECTED
    assert seen.texts_only == []
    assert told(of_release(release(plan, actor))) == EXPECTED
    assert against_release(festival.programme, plan.slots) == []


def test_another_warm_up_room_is_a_move_and_a_name_is_not(plan, festival, actor, session):
    release(plan, actor)
    festival.hill_choir.group_name = "Hill Singers"
    editing.slot_of(plan, festival.lake_band.ref).warmup_room = 2
    session.commit()
    seen = preview(plan, now=clock.now())
    assert [each[:2] for each in told(seen.changes)] == [("Lake Band", "moved")]
    assert [change.texts["en"].summary for change in seen.texts_only] == [
        "Performance: Hill Singers"
    ]


def test_a_change_stands_under_each_school_and_both_venues(plan, festival, session):
    changes = preview(plan, now=clock.now()).changes
    under = {
        by: [(r.under, r.change.item.title) for r in rows_of(changes, by)]
        for by in (By.SCHOOL, By.VENUE)
    }
    lake = ["Lake Choir", "Lake Band", "Lake Trio"]
    assert under == {
        By.SCHOOL: [("Hill School", "Hill Band"), *(("Lake School", each) for each in lake)],
        By.VENUE: [
            *(("Great Hall", each) for each in ("Lake Choir", "Hill Band", *lake[1:])),
            ("Small Room", "Hill Band"),
            ("Small Room", "Lake Band"),
        ],
    }


def test_nothing_differs_from_itself(plan):
    assert between(plan.slots, plan.slots) == []


def test_by_person_names_whom_it_concerns_and_is_noted(plan, festival, sign_in, session):
    festival.twice.name = "Twice Everywhere"
    quiet = festival.hill_band.members[0].person
    quiet.name = "Refused Nowhere"
    factories.consent(quiet, is_granted=False)
    factories.member(festival.hill_choir, factories.person(festival.hill, name="Unmoved Singer"))
    session.commit()
    page = sign_in(festival.coordinator).get(f"/plans/{plan.ref}/publish?by=person").text
    names = ("Twice Everywhere", "Refused Nowhere", "Unmoved Singer")
    assert [name in page for name in names] == [True, False, False]
    reading = select(AuditEntry.facts).where(AuditEntry.action == "read:release")
    assert session.scalars(reading).all() == [{"people": 19}]


def test_people_are_offered_only_to_whom_may_read_their_names(app):
    with app.test_request_context():
        assert (by_of("person", names_people=False), by_of("person", names_people=True)) == (
            By.TIME,
            By.PERSON,
        )
        assert "person" not in dict(choices_of(names_people=False))


def test_five_hundred_changes_come_in_pages(festival, actor, sign_in, session):
    plan = festival.draft()
    for number in range(120):
        group = factories.application(
            festival.choirs, festival.lake, group_name=f"Choir {number:03}", state="accepted"
        )
        factories.slot(plan, group, festival.hall, at(8, number % 60, day=number // 60))
    session.commit()
    client = sign_in(festival.coordinator)
    first, last = (
        client.get(f"/plans/{plan.ref}/publish?by=school&page={page}").text.partition('id="list"')[
            2
        ]
        for page in (1, 3)
    )
    assert "124 entries" in first
    assert ("Choir 000" in first, "Choir 000" in last) == (True, False)


def test_the_list_is_exported_as_it_is_grouped(plan, festival, actor, sign_in, session):
    release(plan, actor)
    client = sign_in(festival.coordinator)
    rows = cells(ask(client, "timetable-changes", "small/2", filters="by=venue"))
    assert (len(rows), rows[0][:4]) == (7, ["Venue", "Group", "School", "What changes"])
    assert rows[5][:4] == ["Small Room", "Hill Band", "Hill School", "Moved"]
    assert (rows[5][6], rows[5][11]) == ("Small Room", "Great Hall")
    strange = ask(client, "timetable-changes", "small/" + "9" * 40)
    other = ask(sign_in(festival.lake_officer), "timetable-changes", "small/2")
    assert (strange.status_code, other.status_code) == (404, 403)
