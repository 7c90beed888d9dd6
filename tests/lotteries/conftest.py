"""A festival with an oversubscribed category: six submitted entries of four schools, two places."""

import datetime as dt
from itertools import count
from types import SimpleNamespace

import pytest

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.lotteries import services
from scheduler.lotteries import tasks as _tasks  # noqa: F401 - registers the work
from scheduler.organisations.models import Region
from tests import factories

NOW = dt.datetime(2027, 4, 1, 2, tzinfo=dt.UTC)
SEED_AT = NOW + dt.timedelta(days=2)
AFTER = SEED_AT + dt.timedelta(hours=1)
SEED = "03 08 11 17 25 31 + 09"
REFERENCE = "National lottery, draw 2027050"


@pytest.fixture
def fair(session):
    """`entries` are A…F; C and D are of one school in Hong Kong, the others of Guangzhou."""
    clock.freeze(NOW)
    programme = factories.programme(code="fair")
    category = factories.category(programme, code="CHAMBER", places=2)
    schools = [
        factories.school(region=Region.HONG_KONG if number == 2 else Region.GUANGZHOU)
        for number in range(5)
    ]
    of = (0, 1, 2, 2, 3, 4)
    entries = [
        factories.application(
            category, schools[school], group_name=name, state=State.SUBMITTED, pupils=1
        )
        for name, school in zip("ABCDEF", of, strict=True)
    ]
    coordinator = factories.coordinator(programme)
    lottery = factories.lottery(category, seed_at=SEED_AT)
    session.commit()
    return SimpleNamespace(
        programme=programme,
        category=category,
        schools=schools,
        entries=entries,
        coordinator=coordinator,
        actor=coordinator.actor,
        officer=factories.officer(schools[2]),
        lottery=lottery,
    )


def numbered():
    """Receipts R-01, R-02 and so on, in the order of the entries."""
    numbers = count(1)
    return lambda: f"R-{next(numbers):02}"


def freeze(fair, lottery=None, *, now=NOW, seen=6, **values):
    lottery = lottery or fair.lottery
    values = {"version": lottery.version, "actor": fair.actor, "new_receipt": numbered()} | values
    return services.freeze(lottery, seen=seen, now=now, **values)


def draw(fair, lottery=None, *, seed=SEED, now=AFTER, **values):
    lottery = lottery or fair.lottery
    values = {"version": lottery.version, "reference": REFERENCE, "actor": fair.actor} | values
    return services.draw(lottery, seed=seed, now=now, **values)
