"""Two timetables side by side: exact differences, both kinds of sides, and who may look."""

import pytest

from scheduler.errors import NotFound
from scheduler.scheduling.items import performance_of
from scheduler.scheduling.models import PlanState
from scheduler.scheduling.reading.comparing import (
    Elsewhere,
    SchoolPair,
    TermPair,
    compare,
    find_other,
)
from tests import factories
from tests.factories import at
from tests.scheduling.releasing import release


@pytest.fixture
def first(festival, session):
    plan = festival.draft()
    session.commit()
    return plan


@pytest.fixture
def second(festival, session):
    """The band of the school whose pupil is in two groups comes at six; all else is as before."""
    plan = factories.plan(festival.programme)
    factories.slot(plan, festival.hill_choir, festival.hall, at(10))
    factories.slot(plan, festival.lake_choir, festival.hall, at(10, 15), warmup_room=2)
    factories.slot(plan, festival.hill_band, festival.room, at(18), minutes=12)
    factories.slot(plan, festival.lake_band, festival.room, at(14, 40), minutes=12)
    session.commit()
    return plan


@pytest.fixture
def published(first, actor):
    return release(first, actor)


def test_what_differs_is_told_exactly(festival, first, second):
    found = compare(first, second)
    assert (found.first.broken, found.first.missing) == (0, 0)
    assert (found.second.broken, found.second.missing) == (0, 0)
    # Four hours later: one pupil waits so much longer; jury and stage of the small room wait less
    # before the other band, which now comes first, and more after it.
    assert found.terms == [
        TermPair("waiting", (105, 345), 240),
        TermPair("jury_idle", (23, 183), 800),
        TermPair("venue_idle", (93, 253), 320),
    ]
    assert found.second.cost.value - found.first.cost.value == 240 + 800 + 320
    assert found.schools == [SchoolPair("Hill School", (105, 345))]
    assert found.elsewhere == [
        Elsewhere(
            performance_of(festival.hill_band), (festival.room, at(14)), (festival.room, at(18))
        )
    ]


def test_a_release_is_compared_as_it_was_published(festival, first, second, published):
    found = compare(second, published)
    assert [one.item.title for one in found.elsewhere] == ["Hill Band"]
    assert compare(first, published).elsewhere == []
    assert compare(first, published).terms == []


def test_a_timetable_that_lacks_a_group_has_no_cost(festival, first, second, session):
    second.slots = [slot for slot in second.slots if slot.application is not festival.hill_band]
    session.commit()
    found = compare(first, second)
    assert (found.second.missing, found.second.cost) == (1, None)
    assert (found.terms, found.schools) == ([], [])
    assert found.elsewhere == [
        Elsewhere(performance_of(festival.hill_band), (festival.room, at(14)), None)
    ]


def test_only_what_belongs_to_the_programme_is_found(festival, first, second, published, session):
    stranger = factories.plan(factories.programme(code="other"))
    solving = factories.plan(festival.programme, state=PlanState.SOLVING)
    session.commit()
    assert find_other(first, second.ref) is second
    assert find_other(first, "R1") is published
    for name in (stranger.ref, solving.ref, "R2", "R", "R99999999999999999999", "T-NONE"):
        with pytest.raises(NotFound):
            find_other(first, name)


def test_the_page_shows_both(festival, first, second, sign_in):
    client = sign_in(festival.coordinator)
    page = client.get(f"/plans/{first.ref}/compare?with={second.ref}")
    assert page.status_code == 200
    assert "Hill Band" in page.page.text
    assert "Lake Band" not in page.page.text
    assert client.get(f"/plans/{first.ref}/compare?with=T-NONE").status_code == 404


def test_without_another_timetable_the_page_says_what_to_do(festival, first, sign_in):
    page = sign_in(festival.coordinator).get(f"/plans/{first.ref}/compare")
    assert "Nothing to compare with" in page.page.text


def test_the_comparison_is_for_coordinators_of_this_programme(festival, first, second, sign_in):
    answer = sign_in(festival.hill_officer).get(f"/plans/{first.ref}/compare?with={second.ref}")
    assert answer.status_code in {403, 404}
    assert "Hill Band" not in answer.text
