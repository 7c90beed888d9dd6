"""Programmes and categories."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.audit.models import AuditEntry
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import Region
from scheduler.programmes import category_services, services
from scheduler.programmes.category_services import CategoryDetails
from scheduler.programmes.models import Category, CategoryKind, Programme, Venue
from scheduler.programmes.refusals import Refusal
from scheduler.programmes.services import ProgrammeDetails
from tests import factories

NOW = clock.now()
OPENS = dt.datetime(2027, 2, 22, tzinfo=dt.UTC)


def programme_details(**values):
    defaults = {
        "code": "tour-2027",
        "names": {"en": "Tour"},
        "timezone": "Asia/Shanghai",
        "starts_on": dt.date(2027, 7, 16),
        "ends_on": dt.date(2027, 7, 18),
        "entry_opens_at": OPENS,
        "entry_closes_at": OPENS + dt.timedelta(days=37),
    }
    return ProgrammeDetails(**(defaults | values))


def category_details(**values):
    defaults = {
        "code": "choir",
        "names": {"en": "Choir"},
        "kind": CategoryKind.CHOIR,
        "places": 12,
        "min_members": 30,
        "max_members": 40,
        "max_works": 2,
        "max_minutes": 8,
        "changeover_minutes": 4,
    }
    return CategoryDetails(**(defaults | values))


@pytest.fixture
def actor(session):
    return factories.administrator().actor


@pytest.fixture
def programme(session, actor):
    return services.add_programme(programme_details(), actor=actor, now=NOW)


def refusal_of(call, *arguments, **options):
    with pytest.raises(Refused) as refused:
        call(*arguments, **options)
    return refused.value.code, refused.value.field


def actions(session):
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_programme_is_found_by_its_code(session, programme):
    assert services.find_programme("tour-2027") is programme
    with pytest.raises(NotFound):
        services.find_programme("tour-2028")


def test_a_programme_s_code_is_used_once(session, programme, actor):
    refused = refusal_of(services.add_programme, programme_details(), actor=actor, now=NOW)
    assert refused == (Refusal.CODE_TAKEN, "code")


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"ends_on": dt.date(2027, 7, 15)}, (Refusal.DATES_ORDER, "ends_on")),
        ({"ends_on": dt.date(2027, 9, 14)}, (Refusal.DATES_FAR_APART, "ends_on")),
        ({"entry_closes_at": OPENS}, (Refusal.WINDOW_ORDER, "entry_closes")),
    ],
)
def test_dates_and_window_are_in_order(session, programme, actor, values, refused):
    details = programme_details(**values)
    assert (
        refusal_of(services.change_programme, programme, details, actor=actor, now=NOW) == refused
    )


def test_one_day_is_long_enough(session, actor):
    details = programme_details(ends_on=dt.date(2027, 7, 16))
    assert services.add_programme(details, actor=actor, now=NOW).ends_on == dt.date(2027, 7, 16)


def test_the_code_stays_whatever_a_change_says(session, programme, actor):
    services.change_programme(programme, programme_details(code="other"), actor=actor, now=NOW)
    assert programme.code == "tour-2027"


@pytest.mark.parametrize(
    ("values", "raised"),
    [
        ({}, 0),
        ({"names": {"en": "New name"}}, 0),
        ({"entry_closes_at": OPENS + dt.timedelta(days=1)}, 0),
        ({"call_minutes": 30}, 0),
        ({"frozen_hours": 48}, 0),
        ({"rest_minutes": 45}, 1),
        ({"warmup_minutes": 20}, 1),
        ({"primary_latest_end": dt.time(19)}, 1),
        ({"ends_on": dt.date(2027, 7, 19)}, 1),
        ({"timezone": "Asia/Tokyo"}, 1),
    ],
)
def test_plans_become_stale_when_they_depend_on_the_change(
    session, programme, actor, values, raised
):
    services.change_programme(programme, programme_details(**values), actor=actor, now=NOW)
    assert programme.roster_revision == raised


def test_a_change_of_nothing_is_not_audited(session, programme, actor):
    services.change_programme(programme, programme_details(), actor=actor, now=NOW)
    assert actions(session) == ["programme:add"]


def test_days_with_opening_hours_are_not_left_out(session, actor):
    programme = factories.programme()
    factories.venue(programme)
    details = programme_details(starts_on=dt.date(2027, 7, 17))
    refused = refusal_of(services.change_programme, programme, details, actor=actor, now=NOW)
    assert refused == (Refusal.DATES_EXCLUDE_HOURS, "starts_on")


@pytest.mark.parametrize("has", ["hours", "closure", "attendance"])
def test_the_zone_stays_once_times_were_entered_in_it(session, actor, has):
    programme = factories.programme()
    venue = factories.venue(programme, days=1 if has == "hours" else 0)
    if has == "closure":
        factories.venue_closure(venue, factories.at(9), factories.at(10))
    if has == "attendance":
        factories.attendance_window(programme, Region.MACAO, earliest_at=factories.at(10))
    details = programme_details(timezone="Europe/London")
    refused = refusal_of(services.change_programme, programme, details, actor=actor, now=NOW)
    assert refused == (Refusal.ZONE_IN_USE, "timezone")


def test_an_unused_programme_is_removed_with_its_venues_and_categories(session, actor):
    programme = factories.programme()
    factories.venue(programme)
    factories.category(programme)
    factories.attendance_window(programme, Region.MACAO, earliest_at=factories.at(10))
    services.remove_programme(programme, actor=actor, now=NOW)
    left = [session.scalars(select(model)).all() for model in (Programme, Venue, Category)]
    assert left == [[], [], []]
    assert actions(session) == ["programme:remove"]


def test_a_programme_with_entries_is_kept(session, actor):
    category = factories.category(factories.programme())
    factories.application(category, factories.school())
    refused = refusal_of(services.remove_programme, category.programme, actor=actor, now=NOW)
    assert refused == (Refusal.PROGRAMME_IN_USE, None)


def test_a_programme_with_coordinators_is_kept(session, actor, programme):
    factories.coordinator(programme)
    refused = refusal_of(services.remove_programme, programme, actor=actor, now=NOW)
    assert refused == (Refusal.PROGRAMME_HAS_COORDINATORS, None)


def test_places_are_counted_per_programme(session, programme, actor):
    other = factories.programme()
    for code, places in (("a", 3), ("b", 4)):
        category_services.add_category(
            programme, category_details(code=code, places=places), actor=actor, now=NOW
        )
    assert services.place_counts([programme, other]) == {programme.id: (2, 7)}


# Categories


@pytest.fixture
def category(session, programme, actor):
    return category_services.add_category(programme, category_details(), actor=actor, now=NOW)


def test_categories_stand_in_the_order_they_were_added(session, programme, category, actor):
    category_services.add_category(programme, category_details(code="band"), actor=actor, now=NOW)
    session.expire_all()
    assert [each.code for each in programme.categories] == ["choir", "band"]


def test_a_category_s_code_is_used_once_per_programme(session, category, actor):
    other = factories.programme()
    category_services.add_category(other, category_details(), actor=actor, now=NOW)
    refused = refusal_of(
        category_services.add_category, other, category_details(), actor=actor, now=NOW
    )
    assert refused == (Refusal.CODE_TAKEN, "code")


def test_a_category_is_found_within_its_programme_only(session, category):
    assert category_services.find_category("tour-2027", "choir") is category
    with pytest.raises(NotFound):
        category_services.find_category(factories.programme().code, "choir")


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"max_members": 29}, (Refusal.SIZE_ORDER, "max_members")),
        (
            {"born_from": dt.date(2015, 1, 1), "born_to": dt.date(2014, 12, 31)},
            (Refusal.BIRTH_ORDER, "born_to"),
        ),
    ],
)
def test_limits_are_in_order(session, category, actor, values, refused):
    details = category_details(**values)
    assert (
        refusal_of(category_services.change_category, category, details, actor=actor, now=NOW)
        == refused
    )


def test_places_cannot_fall_below_the_accepted_groups(session, category, actor):
    category.places_taken = 5
    session.flush()
    change = category_services.change_category
    refused = refusal_of(change, category, category_details(places=4), actor=actor, now=NOW)
    change(category, category_details(places=5), actor=actor, now=NOW)
    assert (refused, category.places) == ((Refusal.PLACES_BELOW_TAKEN, "places"), 5)


@pytest.mark.parametrize(
    ("values", "raised"),
    [
        ({}, 0),
        ({"places": 13}, 0),
        ({"max_members": 45}, 0),
        ({"max_minutes": 9}, 1),
        ({"changeover_minutes": 5}, 1),
        ({"is_primary": True}, 1),
    ],
)
def test_minutes_on_the_stage_make_plans_stale(session, category, actor, values, raised):
    details = category_details(**values)
    category_services.change_category(category, details, actor=actor, now=NOW)
    assert category.programme.roster_revision == raised


@pytest.mark.parametrize(
    ("moved", "step", "order"),
    [
        ("b", -1, ["b", "a", "c"]),
        ("b", 1, ["a", "c", "b"]),
        ("a", -1, ["a", "b", "c"]),
        ("c", 1, ["a", "b", "c"]),
    ],
)
def test_categories_are_put_in_order(session, programme, actor, moved, step, order):
    for code in ("a", "b", "c"):
        category_services.add_category(programme, category_details(code=code), actor=actor, now=NOW)
    found = category_services.find_category(programme.code, moved)
    category_services.move_category(found, step, actor=actor, now=NOW)
    session.expire_all()
    assert [each.code for each in programme.categories] == order


def test_a_category_nobody_entered_is_removed(session, category, actor):
    category_services.remove_category(category, actor=actor, now=NOW)
    assert session.scalars(select(Category)).all() == []


def test_a_category_with_entries_is_kept(session, category, actor):
    factories.application(category, factories.school())
    refused = refusal_of(category_services.remove_category, category, actor=actor, now=NOW)
    assert refused == (Refusal.CATEGORY_IN_USE, None)
