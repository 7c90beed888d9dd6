"""A blind panel of three at the city's level: two criteria, cases of several schools."""

from types import SimpleNamespace

import pytest

from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import Region
from scheduler.programmes.approval import LevelKind
from tests import factories

SECRETS = (
    "Quxi Neverseen", "Bridge End School", "Hidden Larks", "Far Away District", "Hong Kong",
    "neverseen.mp4",
)  # fmt: skip


@pytest.fixture
def jury(session):
    """`panel` (two per case), `reviewers`, `cases`, `category`, `level` and the `coordinator`."""
    programme = factories.programme()
    levels = factories.levels(programme)
    city = levels[LevelKind.CITY]
    city.is_blind = True
    category = factories.category(programme)
    panel = factories.panel(city, category, name="City jury")
    factories.criterion(panel, weight=3, max_mark=10)
    factories.criterion(panel, weight=1, max_mark=20)
    made = SimpleNamespace(
        programme=programme,
        levels=levels,
        level=city,
        category=category,
        panel=panel,
        coordinator=factories.coordinator(programme),
        reviewers=[factories.panel_reviewer(panel) for _ in range(3)],
        cases=[],
    )
    for _ in range(4):
        made.cases.append(add_case(made))
    db.session.commit()
    return made


def add_case(jury, school=None, **values):
    """One more case at the city's level, of a school of its own."""
    school = school or factories.school()
    defaults = {"state": State.SUBMITTED, "level": jury.level}
    return factories.application(jury.category, school, **(defaults | values))


def secret_case(jury):
    """A case in which everything would tell whose it is."""
    school = factories.school(
        name="Bridge End School",
        region=Region.HONG_KONG,
        district=factories.district(name="Far Away District"),
    )
    made = add_case(
        jury, school, group_name="Hidden Larks", introduction="Hidden Larks of Bridge End School."
    )
    factories.member(made, factories.person(school, name="Quxi Neverseen"))
    return made
