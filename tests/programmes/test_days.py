"""Opening hours as they are read."""

from scheduler.programmes.days import days_of
from scheduler.programmes.models import VenueHours
from tests import factories
from tests.factories import at


def lines(venue):
    return [
        (day.date.day, [str(span) for span in day.hours], [str(span) for span in day.closures])
        for day in days_of(venue, "Asia/Shanghai")
    ]


def test_hours_and_closures_stand_under_their_local_day(session):
    venue = factories.venue(factories.programme(), days=1)
    venue.hours.append(VenueHours(opens_at=at(20, 30), closes_at=at(22)))
    factories.venue_closure(venue, at(13, day=1), at(18, day=1))
    assert lines(venue) == [
        (16, ["09:00–20:00", "20:30–22:00"], []),
        (17, [], ["13:00–18:00"]),
    ]


def test_a_closure_over_night_stands_under_both_days(session):
    venue = factories.venue(factories.programme(), days=0)
    factories.venue_closure(venue, at(22), at(6, day=1))
    factories.venue_closure(venue, at(9, day=2), at(0, day=3))
    assert lines(venue) == [
        (16, [], ["22:00–24:00"]),
        (17, [], ["00:00–06:00"]),
        (18, [], ["09:00–24:00"]),
    ]
