import pytest

from scheduler.access.permissions import Role
from scheduler.applications.models import MemberRole
from scheduler.applications.workflow import State
from scheduler.scheduling import tasks  # noqa: F401 - registers the work
from tests import factories
from tests.factories import at
from tests.scheduling.releasing import release


class Festival:
    """Two venues, two categories, four accepted groups of two schools; one pupil in two."""

    def __init__(self):
        self.programme = factories.programme(code="small")
        self.district = factories.district()
        self.hill = factories.school(code="HILL", name="Hill School", district=self.district)
        self.lake = factories.school(code="LAKE", name="Lake School", district=self.district)
        self.choirs = factories.category(self.programme, code="choirs", places=10)
        self.bands = factories.category(self.programme, code="bands", places=10, max_minutes=12)
        self.hall = factories.venue(self.programme, code="HALL", name="Great Hall", days=1)
        self.room = factories.venue(
            self.programme, code="ROOM", name="Small Room", days=1, stage_capacity=6, warmup_rooms=1
        )
        factories.venue_travel(self.hall, self.room, 20)
        self.hill_choir = self.group("Hill Choir", self.choirs, self.hill, 8)
        self.lake_choir = self.group("Lake Choir", self.choirs, self.lake, 5)
        self.hill_band = self.group("Hill Band", self.bands, self.hill, 3)
        self.lake_band = self.group("Lake Band", self.bands, self.lake, 4)
        self.twice = self.hill_choir.members[0].person
        factories.member(self.hill_band, self.twice)
        self.coordinator = factories.coordinator(self.programme)
        self.hill_officer = factories.officer(self.hill, email="hill@school.example")
        self.lake_officer = factories.officer(self.lake, email="lake@school.example")

    def group(self, name, category, school, pupils):
        group = factories.application(
            category, school, group_name=name, state=State.ACCEPTED, pupils=pupils
        )
        teacher = factories.person(school, is_adult=True)
        factories.member(group, teacher, role=MemberRole.CONDUCTOR)
        return group

    def draft(self, **starts):
        """A draft by hand that breaks no rule: choirs in the hall, bands in the room."""
        plan = factories.plan(self.programme)
        factories.slot(plan, self.hill_choir, self.hall, at(10))
        factories.slot(plan, self.lake_choir, self.hall, at(10, 15), warmup_room=2)
        factories.slot(plan, self.hill_band, self.room, at(14), minutes=12)
        factories.slot(plan, self.lake_band, self.room, at(14, 40), minutes=12)
        return plan


@pytest.fixture
def festival(session):
    made = Festival()
    session.commit()
    return made


@pytest.fixture
def actor(festival):
    assert festival.coordinator.grants[0].role is Role.COORDINATOR
    return festival.coordinator.actor


@pytest.fixture
def plan(festival, session):
    """The draft by hand, stored."""
    plan = festival.draft()
    session.commit()
    return plan


@pytest.fixture
def published(plan, actor, app, session):
    """The draft by hand, as release 1."""
    release(plan, actor, secret_key=app.secret_key)
    session.commit()
    return plan
