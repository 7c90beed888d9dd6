"""The itinerary reaches the calendars of those it is for, with right instants and no more."""

import datetime as dt

import icalendar
import pytest
from sqlalchemy import select

from scheduler.access.permissions import ScopeKind
from scheduler.accounts.duty_calendars import holders_of
from scheduler.applications.member_links import audience_of, subject_of
from scheduler.applications.published import group_audience, leave_timetable, school_audience
from scheduler.audit.models import AuditEntry
from scheduler.calendars import links
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.itineraries import publishing, services
from scheduler.itineraries.entries import drafts_of
from scheduler.itineraries.kinds import ItemKind
from scheduler.itineraries.refusals import Refusal
from scheduler.itineraries.shifting import Reach
from scheduler.people.models import ConsentPurpose
from scheduler.programmes.kinds import CategoryKind
from tests import factories
from tests.itineraries.conftest import HOME, wall

SECRET = "0" * 64
NOW = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def publish(tour):
    """A function that publishes what the page would show."""

    def run(notes="", mark=None, now=NOW):
        return publishing.publish(
            tour.programme,
            notes=notes,
            mark=mark or publishing.preview(tour.programme).mark,
            actor=tour.coordinator.actor,
            now=now,
            secret_key=SECRET,
        )

    return run


def feed_of(audience, locale="en"):
    """The events of an audience's calendar by their headings."""
    link = links.personal_link(audience)
    feed = link.subscription if link else links.shared_feed(audience, locale)
    calendar = icalendar.Calendar.from_ical(feed.body)
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def times(event):
    return event["DTSTART"].dt, event["DTEND"].dt


def test_flights_stand_in_a_pupils_calendar_by_the_right_instants_and_both_clocks(tour, publish):
    tour.flight_out()
    tour.flight_back()
    publish()
    events = feed_of(audience_of(tour.a.members[0].person))
    assert {name: times(event) for name, event in events.items()} == {
        "Flight to London": (
            dt.datetime(2027, 3, 20, 5, 30, tzinfo=dt.UTC),
            dt.datetime(2027, 3, 20, 19, 15, tzinfo=dt.UTC),
        ),
        "Flight home": (
            dt.datetime(2027, 3, 28, 20, 40, tzinfo=dt.UTC),
            dt.datetime(2027, 3, 29, 8, 50, tzinfo=dt.UTC),
        ),
    }
    day = "Sat 20 March 2027"
    assert str(events["Flight to London"]["DESCRIPTION"]).split("\n") == [
        f"{day} 13:30 (Shanghai time, UTC+8) – {day} 19:15 (London time, UTC+0)",
        "Guangzhou (CAN) → London (LHR)",
        "Number: ZX801",
        "Under way: 13 h 45 min",
        tour.programme.names["en"],
    ]
    assert "Under way: 12 h 10 min" in str(events["Flight home"]["DESCRIPTION"])
    assert "(London time, UTC+1)" in str(events["Flight home"]["DESCRIPTION"])
    assert str(events["Flight home"]["LOCATION"]) == "London (LHR)"


def test_everybody_has_what_is_for_all_and_for_the_own_group_and_nothing_else(tour, publish):
    tour.item(wall(21, 9), wall(21, 10), name="Orientation")
    tour.item(wall(22, 9), wall(22, 15), tour.a, name="School of A")
    tour.item(wall(22, 9), wall(22, 15), tour.b, name="School of B")
    publish()
    expected = {
        audience_of(tour.a.members[0].person): {"Orientation", "School of A"},
        audience_of(tour.b.members[-1].person): {"Orientation", "School of B"},
        school_audience("HOME"): {"Orientation", "School of A"},
        group_audience(tour.b): {"Orientation", "School of B"},
    }
    assert {audience: set(feed_of(audience)) for audience in expected} == expected
    staff = {
        draft.texts["en"].summary: draft.audiences
        for draft in drafts_of(
            tour.programme, services.items_of(tour.programme), services.tour_groups(tour.programme)
        )
    }
    assert holders_of(ScopeKind.PROGRAMME, tour.programme.id) in staff["School of A"]
    assert holders_of(ScopeKind.APPLICATION, tour.a.id) in staff["School of A"]
    assert holders_of(ScopeKind.APPLICATION, tour.b.id) not in staff["School of A"]
    assert holders_of(ScopeKind.SCHOOL, tour.other.id) not in staff["School of A"]


def test_no_contact_no_name_and_no_host_stands_in_any_calendar(tour, publish):
    tour.item(
        wall(24, 18),
        wall(24, 19),
        kind=ItemKind.HAND_OVER,
        name="Meeting the families",
        contact="Mrs Zebra, +44 20 7946 0000",
    )
    publish()
    for locale in ("en", "zh_Hans", "zh_Hant_HK"):
        body = links.shared_feed(group_audience(tour.a), locale).body.decode()
        assert "SUMMARY:" in body
        for secret in ("Zebra", "7946", *(m.person.name for m in tour.a.members)):
            assert secret not in body


@pytest.mark.parametrize("purpose", [ConsentPurpose.PARTICIPATION, ConsentPurpose.CALENDAR])
def test_whoever_refuses_has_no_calendar(tour, publish, purpose):
    child, other = (member.person for member in tour.a.members[:2])
    factories.consent(child, purpose=purpose, programme_id=tour.programme.id, is_granted=False)
    tour.item(wall(21, 9), wall(21, 10), name="Orientation")
    publish()
    assert links.personal_link(audience_of(child)) is None
    assert set(feed_of(audience_of(other))) == {"Orientation"}


def test_whoever_leaves_the_group_loses_it_at_once_and_whoever_comes_has_it(tour, publish):
    leaving = tour.a.members[0].person
    coming = factories.person(tour.school)
    tour.item(wall(21, 9), wall(21, 10), name="Orientation")
    tour.item(wall(22, 9), wall(22, 15), tour.a, name="School of A")
    publish()
    before = feed_of(group_audience(tour.b))
    db.session.delete(tour.a.members[0])
    db.session.flush()
    joins = audience_of(coming)
    assert leave_timetable(tour.a, [leaving], joins=joins, now=NOW)
    assert links.personal_link(audience_of(leaving)) is None
    links.personal_links([subject_of(coming)], secret_key=SECRET, now=NOW)
    assert set(feed_of(joins)) == {"Orientation", "School of A"}
    assert feed_of(group_audience(tour.b)) == before
    assert publishing.preview(tour.programme).difference.new == ()


def test_a_move_counts_up_a_removal_is_told_and_the_rest_stays_to_the_octet(tour, publish):
    tour.item(wall(21, 9), wall(21, 10), name="Kept")
    moved = tour.item(wall(22, 9), wall(22, 10), name="Moved")
    gone = tour.item(wall(23, 9), wall(23, 10), name="Gone")
    publish()
    first = feed_of(group_audience(tour.a))
    services.delay(moved, 60, Reach.ITEM, {moved.ref}, actor=tour.coordinator.actor, now=NOW)
    services.remove_item(gone, actor=tour.coordinator.actor, now=NOW)
    second = publish(notes="Later", now=NOW + dt.timedelta(hours=1))
    events = feed_of(group_audience(tour.a))
    assert (second.number, second.notes) == (2, "Later")
    assert second.difference == {"new": 0, "changed": 1, "cancelled": 1, "unchanged": 1}
    assert {name: (e["SEQUENCE"], str(e["STATUS"])) for name, e in events.items()} == {
        "Kept": (0, "CONFIRMED"),
        "Moved": (1, "CONFIRMED"),
        "Cancelled: Gone": (1, "CANCELLED"),
    }
    assert events["Kept"].to_ical() == first["Kept"].to_ical()
    assert events["Moved"]["UID"] == first["Moved"]["UID"]


def test_a_change_of_law_moves_what_is_not_over_to_the_same_wall_time(tour, publish):
    """What was typed is the wall time: another zone's law stands for one that changes."""
    item = tour.item(wall(28, 9), wall(28, 10), name="Museum")
    publish()
    item.starts_zone = item.ends_zone = "Atlantic/Reykjavik"  # as London without summer time
    assert publish(now=NOW + dt.timedelta(hours=1)).difference["changed"] == 1
    assert times(feed_of(group_audience(tour.a))["Museum"]) == (
        dt.datetime(2027, 3, 28, 9, tzinfo=dt.UTC),
        dt.datetime(2027, 3, 28, 10, tzinfo=dt.UTC),
    )


def test_what_nobody_has_seen_and_what_changes_nothing_is_not_published(tour, publish):
    tour.item(wall(21, 9), wall(21, 10), name="Orientation")
    mark = publishing.preview(tour.programme).mark
    tour.item(wall(22, 9), wall(22, 10), name="Entered meanwhile")
    with pytest.raises(Refused) as refused:
        publish(mark=mark)
    assert refused.value.code is Refusal.CHANGED_MEANWHILE
    publish()
    with pytest.raises(Refused) as refused:
        publish()
    assert refused.value.code is Refusal.NOTHING_CHANGED
    deeds = select(AuditEntry.facts).where(AuditEntry.action == "itinerary:publish")
    assert [facts["number"] for facts in db.session.scalars(deeds)] == [1]


def test_without_groups_nothing_is_published(session):
    alone = factories.programme(code="alone", timezone=HOME)
    factories.category(alone, kind=CategoryKind.STUDY_TOUR)
    factories.itinerary_item(alone, wall(21, 9), wall(21, 10))
    with pytest.raises(Refused) as refused:
        publishing.publish(
            alone,
            notes="",
            mark=publishing.preview(alone).mark,
            actor=factories.coordinator(alone).actor,
            now=NOW,
            secret_key=SECRET,
        )
    assert refused.value.code is Refusal.NO_GROUPS
