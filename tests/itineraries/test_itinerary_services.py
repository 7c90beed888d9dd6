"""What coordinators enter stands by the clocks of each place, on both databases."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.clock import now
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.itineraries import services
from scheduler.itineraries.details import ItemDetails, Moment
from scheduler.itineraries.kinds import ItemKind
from scheduler.itineraries.refusals import Refusal
from scheduler.itineraries.shifting import Reach
from scheduler.programmes.local_times import Repeated
from scheduler.programmes.refusals import Refusal as ProgrammeRefusal
from tests.itineraries.conftest import HOME, LONDON, wall


def utc(day, hour, minute=0, month=3):
    return dt.datetime(2027, month, day, hour, minute, tzinfo=dt.UTC)


def details(starts, ends, **values):
    plain = dict.fromkeys(("number", "from_airport", "to_airport", "place", "to_place"), "")
    return ItemDetails(
        **{
            "kind": ItemKind.VISIT,
            "name": "Museum",
            "names": {},
            "starts": starts,
            "ends": ends,
            "groups": [],
            "bring": "",
            "contact": "",
            **plain,
            **values,
        }
    )


def add(tour, *moments, **values):
    return services.add_item(
        tour.programme, details(*moments, **values), actor=tour.coordinator.actor, now=now()
    )


def deeds():
    query = select(AuditEntry).where(AuditEntry.action.startswith("itinerary:"))
    return [(e.action, e.facts) for e in db.session.scalars(query.order_by(AuditEntry.id))]


def test_an_item_keeps_wall_time_and_zone_of_both_ends(tour):
    item = add(tour, Moment(utc(20, 5, 30), HOME), Moment(utc(20, 19, 15), LONDON))
    db.session.expire_all()
    assert (item.starts_wall, item.ends_wall) == (wall(20, 13, 30), wall(20, 19, 15))
    assert item.times == (utc(20, 5, 30), utc(20, 19, 15))
    assert services.items_of(tour.programme) == [item]
    assert deeds() == [("itinerary:add", {"item": item.ref})]


def test_a_form_that_was_sent_again_adds_nothing(tour):
    moments = Moment(utc(20, 5, 30), HOME), Moment(utc(20, 19, 15), LONDON)
    assert add(tour, *moments) is add(tour, *moments)
    assert len(services.items_of(tour.programme)) == 1


@pytest.mark.parametrize("ends", [utc(20, 5, 30), utc(20, 5, 29)])
def test_what_is_over_before_it_begins_is_refused(tour, ends):
    with pytest.raises(Refused) as refused:
        add(tour, Moment(utc(20, 5, 30), HOME), Moment(ends, LONDON))
    assert (refused.value.code, refused.value.field) == (Refusal.ENDS_BEFORE, "ends")
    assert services.items_of(tour.programme) == []


def test_a_change_is_noted_with_its_fields_and_a_removed_one_is_gone(tour):
    item = tour.item(wall(22, 9), wall(22, 15), tour.a, name="School")
    services.change_item(
        item,
        details(Moment(utc(22, 9), LONDON), Moment(utc(22, 15), LONDON), name="School",
                groups=[tour.b], place="Hall"),
        actor=tour.coordinator.actor,
        now=now(),
    )  # fmt: skip
    assert ([group.ref for group in item.groups], item.place) == ([tour.b.ref], "Hall")
    services.remove_item(item, actor=tour.coordinator.actor, now=now())
    assert services.items_of(tour.programme) == []
    with pytest.raises(NotFound):
        services.find_item("uk", item.ref)
    assert deeds() == [
        ("itinerary:change", {"item": item.ref, "fields": ["groups", "place"]}),
        ("itinerary:remove", {"item": item.ref}),
    ]


def copy(tour, day, to_day, repeated=None):
    return services.copy_day(
        tour.programme,
        day,
        to_day,
        repeated=repeated,
        actor=tour.coordinator.actor,
        now=now(),
    )


def test_a_copied_day_has_the_same_wall_times_on_the_other_side_of_the_change(tour):
    tour.item(wall(27, 9), wall(27, 10), tour.a, name="Breakfast", bring="Cup")
    tour.item(wall(27, 23), wall(28, 6), name="Night")
    tour.item(wall(26, 9), wall(26, 10), name="Not this one")
    assert copy(tour, dt.date(2027, 3, 27), dt.date(2027, 3, 28)) == 2
    copies = [i for i in services.items_of(tour.programme) if i.starts_wall.day == 28]
    assert [(i.name, i.bring, i.groups, i.times) for i in copies] == [
        ("Breakfast", "Cup", [tour.a], (utc(28, 8), utc(28, 9))),
        ("Night", "", [], (utc(28, 22), utc(29, 5))),
    ]
    assert deeds() == [
        ("itinerary:copy_day", {"day": "2027-03-27", "to": "2027-03-28", "items": 2})
    ]


def test_a_time_that_clocks_skip_on_the_other_day_is_refused_and_nothing_is_copied(tour):
    tour.item(wall(27, 0, 15), wall(27, 0, 45), name="Late tea")
    tour.item(wall(27, 1, 30), wall(27, 2, 30), name="Wake up")
    with pytest.raises(Refused) as refused:
        copy(tour, dt.date(2027, 3, 27), dt.date(2027, 3, 28))
    assert (refused.value.code, refused.value.field) == (ProgrammeRefusal.TIME_SKIPPED, "to_day")


def test_of_a_time_that_clocks_show_twice_the_one_that_is_meant_is_taken(tour):
    tour.item(wall(30, 1, 15, month=10), wall(30, 1, 45, month=10), name="Alarm")
    days = dt.date(2027, 10, 30), dt.date(2027, 10, 31)
    with pytest.raises(Refused) as refused:
        copy(tour, *days)
    assert refused.value.code is ProgrammeRefusal.TIME_REPEATED
    copy(tour, *days, repeated=Repeated.SECOND)
    assert services.items_of(tour.programme)[-1].times == (
        utc(31, 1, 15, month=10),
        utc(31, 1, 45, month=10),
    )


@pytest.mark.parametrize(
    ("to_day", "code"),
    [(dt.date(2027, 3, 27), Refusal.SAME_DAY), (dt.date(2027, 3, 28), Refusal.NOTHING_THAT_DAY)],
)
def test_a_day_without_anything_or_onto_itself_is_not_copied(tour, to_day, code):
    with pytest.raises(Refused) as refused:
        copy(tour, dt.date(2027, 3, 27), to_day)
    assert refused.value.code is code


def delay(tour, item, minutes, reach=Reach.DAY, chosen=None):
    refs = {each.ref for each in services.items_of(tour.programme)} if chosen is None else chosen
    return services.delay(item, minutes, reach, refs, actor=tour.coordinator.actor, now=now())


def test_a_late_flight_moves_what_follows_that_day_by_its_own_clocks(tour):
    flight = tour.flight_out()
    coach = tour.item(wall(20, 20), wall(20, 23), kind=ItemKind.COACH)
    next_day = tour.item(wall(21, 9), wall(21, 10))
    assert delay(tour, flight, 180) == 2
    assert (flight.starts_wall, flight.ends_wall) == (wall(20, 16, 30), wall(20, 22, 15))
    assert (coach.starts_wall, coach.ends_wall) == (wall(20, 23), wall(21, 2))
    assert next_day.starts_wall == wall(21, 9)
    refs = sorted([flight.ref, coach.ref])
    assert deeds() == [("itinerary:delay", {"minutes": 180, "items": refs})]


def test_a_delay_over_the_night_of_the_change_is_real_time(tour):
    evening = tour.item(wall(27, 23), wall(27, 23, 30))
    delay(tour, evening, 180)
    assert (evening.starts_wall, evening.ends_wall) == (wall(28, 3), wall(28, 3, 30))


def test_only_what_is_chosen_moves(tour):
    flight, coach = tour.flight_out(), tour.item(wall(20, 20), wall(20, 23))
    assert delay(tour, flight, 60, chosen={flight.ref, "I-ELSEWHERE"}) == 1
    assert (flight.ends_wall, coach.starts_wall) == (wall(20, 20, 15), wall(20, 20))


@pytest.mark.parametrize(
    ("minutes", "chosen", "code"),
    [(0, None, Refusal.NO_MINUTES), (60, set(), Refusal.NOTHING_CHOSEN)],
)
def test_a_delay_of_nothing_or_of_nobody_is_refused(tour, minutes, chosen, code):
    flight = tour.flight_out()
    with pytest.raises(Refused) as refused:
        delay(tour, flight, minutes, chosen=chosen)
    assert refused.value.code is code
    assert (flight.starts_wall, deeds()) == (wall(20, 13, 30), [])
