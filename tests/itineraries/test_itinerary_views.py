"""The pages of an itinerary: entering by local clocks, delays, publishing, a group's own page."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.itineraries.models import ItineraryItem, ItineraryRelease
from tests import factories
from tests.itineraries.conftest import HOME, LONDON, wall
from tests.support.pages import Page

PAGE = "/programmes/uk/itinerary"
FLIGHT = {
    "kind": "flight",
    "name": "飞往伦敦",
    "name_en": "Flight to London",
    "number": "ZX801",
    "from_airport": "can",
    "to_airport": "LHR",
    "starts": "2027-03-20T13:30",
    "starts_zone": LONDON,
    "ends": "2027-03-20T19:15",
    "ends_zone": "",
}
VISIT = {
    "kind": "visit",
    "name": "Museum",
    "starts": "2027-03-28T10:00",
    "starts_zone": LONDON,
    "ends": "2027-03-28T12:00",
    "ends_zone": "",
}


@pytest.fixture
def client(sign_in, tour):
    return sign_in(tour.coordinator)


def test_airports_bring_their_own_clocks(client, tour, session):
    form = FLIGHT | {"groups": [tour.a.ref]}
    assert client.post(f"{PAGE}/new", data=form).location == PAGE
    (item,) = session.scalars(select(ItineraryItem))
    assert (item.starts_zone, item.ends_zone) == (HOME, LONDON)
    assert item.times == (
        dt.datetime(2027, 3, 20, 5, 30, tzinfo=dt.UTC),
        dt.datetime(2027, 3, 20, 19, 15, tzinfo=dt.UTC),
    )
    assert (item.from_airport, [g.ref for g in item.groups]) == ("CAN", [tour.a.ref])
    text = Page(client.get(PAGE).text).text
    for told in ("Flight to London", "13:30–19:15", "13:45 h", "Guangzhou (CAN)", "Group A"):
        assert told in text
    assert "= 13:30–03:15 (+1) Shanghai" in text


def test_the_time_at_home_names_the_day_where_it_is_another(client, tour, session):
    tour.item(wall(20, 20), wall(20, 23))
    session.commit()
    assert "= Sun 21 March 2027 04:00–07:00 Shanghai" in Page(client.get(PAGE).text).text


def refused(client, form, address=f"{PAGE}/new"):
    answer = client.post(address, data=form)
    assert answer.status_code == 422
    return Page(answer.text)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"from_airport": "ZZZ"}, "No airport has the code ZZZ."),
        ({"ends": "2027-03-20T05:29"}, "This is over before it begins"),
        ({"name": ""}, "Please fill this in."),
        ({"starts": "rubbish"}, "Not a valid datetime value."),
        ({"starts": "9999-12-31T23:59"}, "Please check the year"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_lost(client, session, changed, told):
    page = refused(client, FLIGHT | changed)
    assert told in page.text
    assert page.values()["number"] == "ZX801"
    assert session.scalars(select(ItineraryItem)).all() == []


def test_a_time_that_clocks_skip_is_refused_with_what_comes_instead(client):
    page = refused(client, VISIT | {"starts": "2027-03-28T01:30"})
    assert "02:30" in page.text


def test_a_time_that_clocks_show_twice_is_asked_about(client, session):
    twice = VISIT | {"starts": "2027-10-31T01:30", "ends": "2027-10-31T03:00"}
    assert "the second, after clocks were put back" in refused(client, twice).text
    assert client.post(f"{PAGE}/new", data=twice | {"repeated": "second"}).location == PAGE
    (item,) = session.scalars(select(ItineraryItem))
    assert item.starts_at == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)


def test_a_new_item_goes_on_where_and_when_another_ends(client, tour, session):
    flight = tour.flight_out()
    tour.item(wall(21, 9), wall(21, 10))
    session.commit()
    values = Page(client.get(f"{PAGE}/new?after={flight.ref}").text).values()
    assert (values["starts_zone"], values["starts"]) == (LONDON, "2027-03-20T19:15")


def test_it_is_changed_and_what_somebody_else_saved_meanwhile_is_not_undone(
    client, tour, session, sign_in
):
    item = tour.item(wall(28, 10), wall(28, 12), name="Museum", place="Hall")
    session.commit()
    address = f"{PAGE}/{item.ref}"
    opened = Page(client.get(address).text).values()
    other = sign_in(factories.coordinator(tour.programme))
    session.commit()
    theirs = Page(other.get(address).text).values() | {"place": "Door 3"}
    assert other.post(address, data=theirs).location == PAGE
    page = refused(client, opened | {"name": "Great museum"}, address)
    assert "Somebody else has saved this form" in page.text
    session.refresh(item)
    assert (item.name, item.place) == ("Museum", "Door 3")


def test_a_removed_one_is_on_no_page(client, tour, session):
    item = tour.item(wall(28, 10), wall(28, 12), name="Museum")
    session.commit()
    assert client.post(f"{PAGE}/{item.ref}/remove").location == PAGE
    client.get(PAGE)
    assert "Nothing in the itinerary yet" in client.get(PAGE).text
    assert client.get(f"{PAGE}/{item.ref}").status_code == 404


def test_what_cannot_be_right_is_marked_and_counted_hints_are_not(client, tour, session):
    tour.item(wall(27, 14), wall(27, 17), name="Walk")
    tour.item(wall(27, 16), wall(27, 18), name="Tea")
    tour.item(wall(28, 10), wall(28, 12), name="Museum")
    session.commit()
    text = Page(client.get(PAGE).text).text
    assert "1 thing cannot be right. It is marked below." in text
    assert "Begins before “Walk” is over." in text
    assert "Clocks go forward by 60 min before this: the night is shorter." in text


def test_one_groups_itinerary_and_all_side_by_side(client, tour, session):
    tour.item(wall(22, 9), wall(22, 15), tour.a, name="School of A")
    tour.item(wall(22, 9), wall(22, 15), tour.b, name="School of B")
    session.commit()
    text = Page(client.get(f"{PAGE}?group={tour.a.ref}").text).text
    assert ("School of A" in text, "School of B" in text) == (True, False)
    text = Page(client.get(f"{PAGE}/groups").text).text
    assert text.index("Group A") < text.index("Group B") < text.index("School of A")


def test_a_day_is_copied_from_its_page(client, tour, session):
    tour.item(wall(22, 9), wall(22, 15), name="School")
    session.commit()
    form = {"day": "2027-03-22", "to_day": "2027-03-23"}
    assert client.post(f"{PAGE}/copy-day", data=form).location == PAGE
    starts = select(ItineraryItem.starts_wall).order_by(ItineraryItem.starts_wall)
    assert list(session.scalars(starts)) == [wall(22, 9), wall(23, 9)]
    assert (
        "Please choose another day"
        in refused(client, form | {"to_day": "2027-03-22"}, f"{PAGE}/copy-day").text
    )


def test_a_delay_is_looked_at_before_anything_moves(client, tour, session):
    flight = tour.flight_out()
    coach = tour.item(wall(20, 19, 30), wall(20, 23), tour.a, name="Coach")
    tour.item(wall(21, 1), wall(21, 2), name="Late supper")
    session.commit()
    address = f"{PAGE}/{flight.ref}/late"
    form = {"minutes": "180", "reach": "day"}
    text = Page(client.post(address, data=form).text).text
    assert "16:30–22:15" in text
    assert "Late supper: Begins before “Coach” is over." in text
    session.refresh(flight)
    assert flight.starts_wall == wall(20, 13, 30)
    chosen = form | {"step": "move", "items": [flight.ref, coach.ref]}
    assert client.post(address, data=chosen).location == PAGE
    session.expire_all()
    assert (flight.starts_wall, coach.starts_wall) == (wall(20, 16, 30), wall(20, 22, 30))


def test_what_others_do_as_well_is_not_ticked_and_nobody_ticked_is_refused(client, tour, session):
    own = tour.item(wall(22, 9), wall(22, 10), tour.a, name="Own")
    shared = tour.item(wall(22, 11), wall(22, 12), name="Shared")
    session.commit()
    address, form = f"{PAGE}/{own.ref}/late", {"minutes": "30", "reach": "day"}
    page = Page(client.post(address, data=form).text)
    boxes = {box.get("value"): box for box in page.all("input", name="items")}
    assert [ref for ref, box in boxes.items() if "checked" in box.attrib] == [own.ref]
    assert set(boxes) == {own.ref, shared.ref}
    text = refused(client, form | {"step": "move"}, address).text
    assert "Please choose at least one item." in text


def test_publishing_shows_what_changes_and_the_group_then_reads_it(client, tour, session, sign_in):
    tour.item(wall(22, 9), wall(22, 15), tour.a, name="School of A", contact="Mrs Zebra")
    session.commit()
    page = Page(client.get(f"{PAGE}/publish").text)
    assert "New: School of A" in page.text
    form = page.values() | {"notes": "First of all"}
    assert client.post(f"{PAGE}/publish", data=form).location == PAGE
    assert session.scalars(select(ItineraryRelease.number)).all() == [1]
    officer = sign_in(tour.officer)
    address = f"/applications/{tour.a.ref}/itinerary"
    assert address in officer.get(f"/applications/{tour.a.ref}").text
    assert address in officer.get("/applications/my-school").text
    text = Page(officer.get(address).text).text
    for told in ("School of A", "09:00–15:00", "London, UTC+0", "First of all"):
        assert told in text
    assert "Zebra" not in text
    stranger = sign_in(tour.neighbour)
    assert stranger.get(address).status_code in {403, 404}


def test_what_was_changed_meanwhile_is_shown_before_it_is_published(client, tour, session):
    tour.item(wall(22, 9), wall(22, 15), name="School")
    session.commit()
    form = Page(client.get(f"{PAGE}/publish").text).values()
    tour.item(wall(23, 9), wall(23, 15), name="Entered meanwhile")
    session.commit()
    page = refused(client, form, f"{PAGE}/publish")
    assert "Somebody has changed the itinerary" in page.text
    assert "New: Entered meanwhile" in page.text
    assert client.post(f"{PAGE}/publish", data=page.values()).location == PAGE


def test_only_tours_have_an_itinerary_in_their_menu(client, tour, session, sign_in):
    festival = factories.programme(code="festival")
    factories.category(festival)
    both = sign_in(factories.coordinator(festival))
    session.commit()
    assert PAGE in client.get("/programmes/uk").text
    assert "/itinerary" not in both.get("/programmes/festival").text
