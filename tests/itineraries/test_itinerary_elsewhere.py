"""Whoever is on a tour is kept free of other programmes' timetables while it has plans for them."""

import datetime as dt

import pytest

from scheduler.applications.workflow import State
from scheduler.clock import now
from scheduler.itineraries import publishing, services
from scheduler.itineraries.kinds import ItemKind
from scheduler.scheduling.engine import Window
from scheduler.scheduling.services import is_stale
from scheduler.scheduling.situation import situation_of
from tests import factories
from tests.itineraries.conftest import HOME, wall

WAY = 120
MORNING = wall(16, 11, month=7), wall(16, 12, month=7)  # by the clocks at home


@pytest.fixture
def choir(tour, session):
    """A group of a festival on days of the tour, with a pupil of group A."""
    tour.programme.starts_on, tour.programme.ends_on = dt.date(2027, 7, 10), dt.date(2027, 7, 20)
    programme = factories.programme()
    category = factories.category(programme)
    group = factories.application(category, tour.school, state=State.ACCEPTED, pupils=1)
    factories.member(group, tour.a.members[0].person)
    factories.venue(programme)
    session.commit()
    return group


def publish(tour):
    publishing.publish(
        tour.programme,
        notes="",
        mark=publishing.preview(tour.programme).mark,
        actor=tour.coordinator.actor,
        now=now(),
        secret_key="0" * 64,
    )


def busy(choir):
    problem = situation_of(choir.programme).problem
    return [window for party in problem.parties for window in party.busy]


def test_what_is_published_of_the_own_group_keeps_a_pupil_busy_with_the_way(tour, choir):
    tour.item(*MORNING, tour.a, zone=HOME)
    assert busy(choir) == []
    publish(tour)
    assert busy(choir) == [Window(11 * 60 - WAY, 12 * 60 + WAY)]


@pytest.mark.parametrize("kind", [ItemKind.FREE, ItemKind.STAY])
def test_free_time_and_what_another_group_does_keep_nobody_busy(tour, choir, kind):
    tour.item(*MORNING, tour.b, zone=HOME)
    tour.item(*MORNING, zone=HOME, kind=kind)
    publish(tour)
    assert busy(choir) == []


def test_plans_of_the_same_people_become_stale_also_when_something_is_cancelled(
    tour, choir, session
):
    item = tour.item(*MORNING, tour.a, zone=HOME)
    tour.item(wall(17, 9, month=7), wall(17, 10, month=7), tour.b, name="Of others")
    plan = factories.plan(choir.programme)
    session.commit()
    for change in (
        lambda: None,
        lambda: services.remove_item(item, actor=tour.coordinator.actor, now=now()),
    ):
        plan.roster_revision = choir.programme.roster_revision
        session.flush()
        assert not is_stale(plan)
        change()
        publish(tour)
        session.refresh(choir.programme)
        assert is_stale(plan)
    assert busy(choir) == []


def test_what_only_others_do_leaves_plans_alone(tour, choir, session):
    tour.item(*MORNING, tour.b, zone=HOME)
    plan = factories.plan(choir.programme)
    session.commit()
    publish(tour)
    session.refresh(choir.programme)
    assert not is_stale(plan)
