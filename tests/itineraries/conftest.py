import datetime as dt

import pytest

from scheduler.applications.models import MemberRole
from scheduler.applications.workflow import State
from scheduler.itineraries.kinds import ItemKind
from scheduler.programmes.kinds import CategoryKind
from tests import factories

LONDON, HOME = "Europe/London", "Asia/Shanghai"


def wall(day, hour=0, minute=0, month=3):
    return dt.datetime(2027, month, day, hour, minute)


class Tour:
    """Ten days in England over the night in which clocks go forward, for groups A and B."""

    def __init__(self):
        self.programme = factories.programme(
            code="uk",
            starts_on=dt.date(2027, 3, 20),
            ends_on=dt.date(2027, 3, 29),
            timezone=HOME,
        )
        self.category = factories.category(
            self.programme, code="tour", kind=CategoryKind.STUDY_TOUR, places=80
        )
        self.school = factories.school(code="HOME", name="Home School", locale="en")
        self.other = factories.school(code="OTHER", name="Other School")
        self.a = self.group("Group A", self.school)
        self.b = self.group("Group B", self.other)
        self.coordinator = factories.coordinator(self.programme)
        self.officer = factories.officer(self.school)
        self.neighbour = factories.officer(self.other)

    def group(self, name, school):
        group = factories.application(
            self.category, school, group_name=name, state=State.ACCEPTED, pupils=2
        )
        teacher = factories.person(school, is_adult=True)
        factories.member(group, teacher, role=MemberRole.LEADER)
        return group

    def item(self, starts, ends, *groups, **values):
        return factories.itinerary_item(self.programme, starts, ends, *groups, **values)

    def flight_out(self, **values):
        return self.item(
            wall(20, 13, 30),
            wall(20, 19, 15),
            **{
                "kind": ItemKind.FLIGHT,
                "name": "Flight to London",
                "number": "ZX801",
                "zone": HOME,
                "ends_zone": LONDON,
                "from_airport": "CAN",
                "to_airport": "LHR",
            }
            | values,
        )

    def flight_back(self, **values):
        return self.item(
            wall(28, 21, 40),
            wall(29, 16, 50),
            **{
                "kind": ItemKind.FLIGHT,
                "name": "Flight home",
                "number": "ZX802",
                "ends_zone": HOME,
                "from_airport": "LHR",
                "to_airport": "CAN",
            }
            | values,
        )


@pytest.fixture
def tour(session):
    made = Tour()
    session.commit()
    return made
