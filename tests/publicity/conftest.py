"""A festival with accepted groups of two categories, their advisers, and a notice of them."""

import datetime as dt
from types import SimpleNamespace

import pytest

from scheduler import clock
from scheduler.applications.models import MemberRole
from scheduler.applications.workflow import State
from scheduler.publicity import services
from scheduler.publicity.lines import digest_of, lines_of
from tests import factories

NOW = dt.datetime(2027, 5, 17, 2, tzinfo=dt.UTC)  # a Monday, ten o'clock in Guangzhou
END = dt.datetime(2027, 5, 24, 16, tzinfo=dt.UTC)  # midnight after the seventh day, the 24th
PUPIL = "Quxi Neverseen"
"""The name of every pupil here: whoever reads it on a public page has read too much."""


@pytest.fixture
def gala(session):
    """`hill` and `lake` have a choir each, `hill` a band; one entry was rejected, one waits."""
    clock.freeze(NOW)
    programme = factories.programme(code="gala")
    choirs = factories.category(programme, code="CHOIR", position=1)
    bands = factories.category(programme, code="BAND", position=2)
    hill, lake = factories.school(name="Hill School"), factories.school(name="Lake School")
    groups = {}
    for name, category, school, state in (
        ("Lake Choir", choirs, lake, State.ACCEPTED),
        ("Hill Choir", choirs, hill, State.ACCEPTED),
        ("Hill Band", bands, hill, State.ACCEPTED),
        ("Refused Band", bands, lake, State.REJECTED),
        ("Late Band", bands, lake, State.SUBMITTED),
    ):
        group = factories.application(category, school, group_name=name, state=state)
        for _ in range(3):
            factories.member(group, factories.person(school, name=PUPIL))
        for role in (MemberRole.ADVISER, MemberRole.LEADER, MemberRole.CONDUCTOR):
            adult = factories.person(school, is_adult=True, name=f"{role.value} of {name}")
            factories.member(group, adult, role=role)
        groups[name] = group
    coordinator = factories.coordinator(programme, email="gala@bureau.example")
    session.commit()
    return SimpleNamespace(
        programme=programme,
        choirs=choirs,
        bands=bands,
        groups=groups,
        coordinator=coordinator,
        actor=coordinator.actor,
        notice=factories.notice(choirs, bands),
    )


def publish(gala, notice=None, *, now=NOW, **values):
    notice = notice or gala.notice
    seen = {"version": notice.version, "digest": digest_of(notice, lines_of(notice))}
    return services.publish(notice, actor=gala.actor, now=now, **(seen | values))
