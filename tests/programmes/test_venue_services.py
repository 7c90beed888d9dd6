"""Venues, their hours, ways between them, attendance windows."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.audit.models import AuditEntry
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import Region
from scheduler.programmes import venue_services
from scheduler.programmes.models import AttendanceWindow, Venue, VenueTravel
from scheduler.programmes.refusals import Refusal
from scheduler.programmes.venue_services import Stretch, VenueDetails
from scheduler.scheduling.activities.services import remove_activity
from tests import factories
from tests.factories import at

NOW = clock.now()


def details(**values):
    defaults = {
        "code": "V1",
        "name": "黄埔湾大剧院",
        "name_latin": None,
        "address": None,
        "latitude": None,
        "longitude": None,
        "seats": 1200,
        "stage_capacity": 80,
        "warmup_rooms": 3,
    }
    return VenueDetails(**(defaults | values))


@pytest.fixture
def programme(session):
    return factories.programme()


@pytest.fixture
def actor(session, programme):
    return factories.coordinator(programme).actor


@pytest.fixture
def venue(programme, actor):
    return venue_services.add_venue(programme, details(), actor=actor, now=NOW)


def refusal_of(call, *arguments, **options):
    with pytest.raises(Refused) as refused:
        call(*arguments, **options)
    return refused.value.code, refused.value.field


def test_a_new_venue_makes_plans_stale(session, venue):
    assert venue.programme.roster_revision == 1


def test_a_venue_s_code_is_used_once_per_programme(session, venue, actor):
    venue_services.add_venue(factories.programme(), details(), actor=actor, now=NOW)
    refused = refusal_of(venue_services.add_venue, venue.programme, details(), actor=actor, now=NOW)
    assert refused == (Refusal.CODE_TAKEN, "code")


def test_a_venue_is_found_within_its_programme_only(session, programme, venue):
    assert venue_services.find_venue(programme.code, "V1") is venue
    with pytest.raises(NotFound):
        venue_services.find_venue(factories.programme().code, "V1")


@pytest.mark.parametrize(
    ("values", "raised"),
    [
        ({}, 0),
        ({"name": "Theatre"}, 0),
        ({"seats": 10}, 0),
        ({"code": "V9"}, 0),
        ({"stage_capacity": 70}, 1),
        ({"warmup_rooms": 2}, 1),
    ],
)
def test_the_stage_makes_plans_stale_and_the_name_does_not(session, venue, actor, values, raised):
    before = venue.programme.roster_revision
    venue_services.change_venue(venue, details(**values), actor=actor, now=NOW)
    assert venue.programme.roster_revision == before + raised
    assert venue.code == "V1"


def test_hours_and_closures_replace_what_was_there(session, venue, actor):
    venue_services.set_times(
        venue, [Stretch(at(9), at(12)), Stretch(at(14), at(18))], [], actor=actor, now=NOW
    )
    closed = [Stretch(at(10), at(11), "Repair")]
    venue_services.set_times(venue, [Stretch(at(9), at(12))], closed, actor=actor, now=NOW)
    session.expire_all()
    assert venue_services.times_of(venue) == ([(at(9), at(12))], [(at(10), at(11), "Repair")])


def test_the_same_hours_once_more_change_nothing(session, venue, actor):
    for _again in range(2):
        venue_services.set_times(venue, [Stretch(at(9), at(12))], [], actor=actor, now=NOW)
    assert venue.programme.roster_revision == 2
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["venue:add", "venue:times"]


@pytest.mark.parametrize(
    ("hours", "closures", "refused"),
    [
        ([Stretch(at(9), at(9), row=4)], [], (Refusal.HOURS_ORDER, "hours-4-closes")),
        (
            [Stretch(at(9), at(12), row=0), Stretch(at(11, 59), at(13), row=1)],
            [],
            (Refusal.HOURS_OVERLAP, "hours-1-opens"),
        ),
        ([], [Stretch(at(9), at(8), row=2)], (Refusal.CLOSURE_ORDER, "closures-2-ends")),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_its_number(
    session, venue, actor, hours, closures, refused
):
    given = refusal_of(venue_services.set_times, venue, hours, closures, actor=actor, now=NOW)
    assert given == refused


def test_hours_may_touch_and_closures_may_overlap(session, venue, actor):
    hours = [Stretch(at(9), at(12)), Stretch(at(12), at(13))]
    closures = [Stretch(at(9), at(11)), Stretch(at(10), at(12))]
    venue_services.set_times(venue, hours, closures, actor=actor, now=NOW)
    assert (len(venue.hours), len(venue.closures)) == (2, 2)


def test_a_venue_in_a_plan_is_kept(session, venue, actor):
    category = factories.category(venue.programme)
    application = factories.application(category, factories.school())
    factories.slot(factories.plan(venue.programme), application, venue, at(10))
    refused = refusal_of(venue_services.remove_venue, venue, actor=actor, now=NOW)
    assert refused == (Refusal.VENUE_IN_USE, None)


def test_a_venue_in_which_an_activity_may_be_is_kept(session, venue, actor):
    factories.activity(venue.programme, venues=[venue])
    refused = refusal_of(venue_services.remove_venue, venue, actor=actor, now=NOW)
    assert refused == (Refusal.VENUE_IN_USE, None)


def test_a_venue_goes_once_its_activity_is_removed(session, venue, actor):
    activity = factories.activity(venue.programme, venues=[venue])
    remove_activity(activity, actor=actor, now=NOW)
    venue_services.remove_venue(venue, actor=actor, now=NOW)
    assert session.scalars(select(Venue.code)).all() == []


def test_another_venue_goes_with_its_hours_and_ways(session, programme, venue, actor):
    other = factories.venue(programme)
    factories.venue_travel(venue, other, 20)
    venue_services.remove_venue(other, actor=actor, now=NOW)
    session.expire_all()
    assert session.scalars(select(Venue.code)).all() == ["V1"]
    assert session.scalars(select(VenueTravel)).all() == []


def test_ways_are_kept_once_per_pair(session, programme, actor):
    codes = [factories.venue(programme, code=code).code for code in ("B", "A", "C")]
    assert codes == ["B", "A", "C"]
    minutes = {("A", "B"): 20, ("A", "C"): 25, ("B", "C"): 0}
    venue_services.set_travel(programme, minutes, actor=actor, now=NOW)
    assert venue_services.travel_of(programme) == minutes
    assert programme.roster_revision == 1


def test_the_same_ways_once_more_make_nothing_stale(session, programme, actor):
    factories.venue(programme, code="A")
    factories.venue(programme, code="B")
    for _again in range(2):
        venue_services.set_travel(programme, {("A", "B"): 20}, actor=actor, now=NOW)
    assert programme.roster_revision == 1


def test_attendance_windows_are_kept_where_there_is_one(session, programme, actor):
    windows = dict.fromkeys(Region, (None, None)) | {Region.MACAO: (at(10, 30), None)}
    venue_services.set_attendance(programme, windows, actor=actor, now=NOW)
    assert venue_services.attendance_of(programme) == windows
    assert len(session.scalars(select(AttendanceWindow)).all()) == 1


def test_departure_is_after_arrival(session, programme, actor):
    windows = {Region.HONG_KONG: (at(10), at(10))}
    refused = refusal_of(venue_services.set_attendance, programme, windows, actor=actor, now=NOW)
    assert refused == (Refusal.ATTENDANCE_ORDER, "latest_HK")


def test_the_same_windows_once_more_make_nothing_stale(session, programme, actor):
    windows = dict.fromkeys(Region, (None, None)) | {Region.HONG_KONG: (at(10), at(17))}
    for _again in range(2):
        venue_services.set_attendance(programme, windows, actor=actor, now=NOW)
    assert programme.roster_revision == 1
