"""A pupil's published times in other programmes: busy, refused, told as far as one may know."""

import datetime as dt

import pytest

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.scheduling import services
from scheduler.scheduling.activities.models import Attendance
from scheduler.scheduling.engine import Window
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.placing import place
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.standing import standing_of
from scheduler.scheduling.verdict import broken_rules
from tests import factories
from tests.factories import at
from tests.scheduling.releasing import release

WAY = 120


class Open:
    """A tennis open on the festival's days: one pupil of the Hill Choir plays there too."""

    def __init__(self, festival, person):
        self.programme = factories.programme(code="open", names=factories.names("Junior Open"))
        self.coordinator = factories.coordinator(self.programme, email="open@bureau.example")
        self.category = factories.category(self.programme, code="bands", max_minutes=20)
        self.court = factories.venue(self.programme, code="COURT", days=1)
        self.group = factories.application(
            self.category, festival.hill, group_name="Hill Openers", state=State.ACCEPTED, pupils=1
        )
        factories.member(self.group, person)

    def draft(self, starts_at):
        plan = factories.plan(self.programme)
        factories.slot(plan, self.group, self.court, starts_at, minutes=20)
        return plan


@pytest.fixture
def singer(festival):
    return festival.hill_choir.members[1].person


@pytest.fixture
def tennis(festival, singer, session):
    made = Open(festival, singer)
    session.commit()
    return made


@pytest.fixture
def published(tennis, session):
    plan = tennis.draft(at(11))
    session.commit()
    return release(plan, tennis.coordinator.actor)


def busy_parties(festival):
    problem = situation_of(festival.programme).problem
    return [(p.activities, p.persons, p.busy) for p in problem.parties if p.busy]


def broken_by(plan, code):
    return [one for one in broken_rules(plan, plan.slots) if one.code == code]


def test_who_is_published_elsewhere_is_busy_then_and_on_the_way(festival, published):
    # From the warm-up at 10:25 to the end at 11:20, and two hours of way on both sides.
    begin, end = 10 * 60 + 25 - WAY, 11 * 60 + 20 + WAY
    assert busy_parties(festival) == [((festival.hill_choir.ref,), 1, (Window(begin, end),))]


def test_a_draft_elsewhere_keeps_nobody_busy(festival, tennis, session):
    tennis.draft(at(11))
    session.commit()
    assert busy_parties(festival) == []


def test_who_does_not_take_part_there_is_free(festival, published, singer, session):
    factories.consent(
        singer,
        purpose=factories.ConsentPurpose.PARTICIPATION,
        is_granted=False,
        programme_id=published.programme_id,
        method="link",
    )
    session.commit()
    assert busy_parties(festival) == []


def test_the_bearer_of_the_same_number_at_another_school_is_the_same_pupil(
    festival, tennis, session
):
    twin = festival.lake_choir.members[0].person
    twin.document_index = tennis.group.members[0].person.document_index = "same number"
    session.commit()
    plan = tennis.draft(at(11))
    session.commit()
    release(plan, tennis.coordinator.actor)
    parties = {activities for activities, _persons, _busy in busy_parties(festival)}
    assert parties == {(festival.hill_choir.ref,), (festival.lake_choir.ref,)}


def test_the_checker_refuses_a_time_at_which_a_pupil_is_elsewhere(festival, published, session):
    plan = festival.draft()
    session.commit()
    broken = broken_by(plan, Rule.PARTY_BUSY)
    assert [one.applications for one in broken] == [frozenset({festival.hill_choir.ref})]
    (slot,) = [each for each in plan.slots if each.application is festival.hill_choir]
    place(slot, programme=festival.programme, venue=festival.hall, starts_at=at(16))
    session.commit()
    assert broken_by(plan, Rule.PARTY_BUSY) == []


def test_a_search_places_the_group_where_everybody_is_free(festival, published, actor, session):
    with transaction():
        plan = services.begin(festival.programme, actor=actor, now=clock.now(), seconds=5)
    session.expire_all()
    (slot,) = [s for s in services.slots_of_plan(plan) if s.application is festival.hill_choir]
    assert slot.starts_at - dt.timedelta(minutes=35) >= at(13, 20)


def test_a_release_makes_plans_stale_that_share_its_people(festival, tennis, session):
    plan, other = festival.draft(), tennis.draft(at(11))
    session.commit()
    assert not services.is_stale(plan)
    release(other, tennis.coordinator.actor)
    session.expire_all()
    assert (services.is_stale(plan), services.is_stale(other)) == (True, False)


def test_a_release_without_common_people_leaves_other_plans_alone(festival, session):
    stranger = factories.person(festival.lake)
    other = Open(festival, stranger)
    plan, draft = festival.draft(), other.draft(at(11))
    session.commit()
    release(draft, other.coordinator.actor)
    session.expire_all()
    assert not services.is_stale(plan)


def test_two_programmes_cannot_publish_the_same_time_of_a_pupil(festival, tennis, actor, session):
    plan, other = festival.draft(), tennis.draft(at(11))
    session.commit()
    release(plan, actor)
    with pytest.raises(Refused) as refused:
        release(other, tennis.coordinator.actor)
    assert refused.value.code is Refusal.BROKEN_RULES


def test_the_release_that_stands_alarms_when_a_pupil_joins_a_group_elsewhere(
    festival, actor, session, app
):
    tennis = Open(festival, factories.person(festival.hill))
    plan, other = festival.draft(), tennis.draft(at(11))
    session.commit()
    release(plan, actor)
    release(other, tennis.coordinator.actor)
    with app.test_request_context():
        assert standing_of(festival.programme).problems == []
    factories.member(tennis.group, festival.lake_choir.members[0].person)
    session.commit()
    with app.test_request_context():
        assert standing_of(festival.programme).problems == [
            "1 person in Lake Choir is in another programme then, or on the way."
        ]


def test_the_board_names_the_programme_only_to_its_coordinators(
    festival, published, sign_in, session
):
    plan = festival.draft()
    session.commit()
    client = sign_in(festival.coordinator)
    page = client.get(f"/plans/{plan.ref}").text
    assert "is in another programme then" in page
    assert "Junior Open" not in page
    festival.coordinator.grants.append(factories.grant(Role.COORDINATOR, published.programme))
    session.commit()
    assert "is in Junior Open then" in client.get(f"/plans/{plan.ref}").text


@pytest.fixture
def rehearsal(tennis, session):
    """What the tennis open has beside its matches: everybody of all groups, 20 minutes."""
    made = factories.activity(
        tennis.programme, attendance=Attendance.EVERYBODY, minutes=20, venues=[tennis.court]
    )
    session.commit()
    return made


def with_rehearsal(tennis, rehearsal, starts_at, session):
    plan = tennis.draft(at(18))
    slot = factories.slot(plan, None, tennis.court, starts_at, minutes=20, activity=rehearsal)
    slot.warmup_starts_at = slot.warmup_ends_at = starts_at
    session.commit()
    return plan


def test_activities_that_another_programme_has_published_count_as_well(
    festival, tennis, rehearsal, session
):
    plan = with_rehearsal(tennis, rehearsal, at(11), session)
    release(plan, tennis.coordinator.actor)
    begin, end = 11 * 60 - WAY, 11 * 60 + 20 + WAY
    ((groups, persons, windows),) = busy_parties(festival)
    assert (groups, persons) == ((festival.hill_choir.ref,), 1)
    assert Window(begin, end) in windows


def test_a_meeting_of_leaders_elsewhere_keeps_no_pupil_busy(festival, tennis, rehearsal, session):
    rehearsal.attendance = Attendance.LEADERS
    plan = with_rehearsal(tennis, rehearsal, at(11), session)
    release(plan, tennis.coordinator.actor)
    begin = 11 * 60 - WAY
    ((_groups, _persons, windows),) = busy_parties(festival)
    assert begin not in {window.start for window in windows}


def test_an_activity_that_moves_makes_plans_of_its_people_stale(
    festival, tennis, rehearsal, session
):
    plan = with_rehearsal(tennis, rehearsal, at(11), session)
    release(plan, tennis.coordinator.actor)
    session.refresh(festival.programme)
    before = festival.programme.roster_revision
    slot = next(each for each in plan.slots if each.activity is rehearsal)
    slot.starts_at = slot.warmup_starts_at = slot.warmup_ends_at = at(13)
    slot.ends_at = at(13, 20)
    session.commit()
    release(plan, tennis.coordinator.actor)
    session.refresh(festival.programme)
    assert festival.programme.roster_revision == before + 1
