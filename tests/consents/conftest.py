"""One accepted group with two siblings, and a neighbour's child in it whom their guardian must
never see."""

from types import SimpleNamespace

import pytest
from flask import current_app

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.consents import links
from scheduler.people.models import ConsentPurpose
from tests import factories

NEIGHBOUR = "Quxi Neverseen"


@pytest.fixture
def festival(session, frozen):
    """`mother` of `elder` and `younger`, the `stranger`'s child `other`, all in one `group`."""
    frozen(2027, 3, 1, 8)
    programme = factories.programme()
    school = factories.school(locale="en")
    group = factories.application(
        factories.category(programme), school, state=State.ACCEPTED, group_name="Larks"
    )
    elder, younger = (factories.person(school, name=name) for name in ("Ann Lee", "Ben Lee"))
    other = factories.person(school, name=NEIGHBOUR, birth_on=None)
    for child in (elder, younger, other):
        factories.member(group, child)
        factories.consent(child)
    made = SimpleNamespace(
        programme=programme,
        school=school,
        group=group,
        elder=elder,
        younger=younger,
        other=other,
        mother=factories.guardian(
            school,
            elder,
            younger,
            name="Mary Lee",
            email="mary@family.example",
            phone="+85261234567",
        ),
        stranger=factories.guardian(school, other, name="Stranger Neverseen", email=None),
        officer=factories.officer(school, name="Olga Officer"),
        coordinator=factories.coordinator(programme),
    )
    session.commit()
    return made


@pytest.fixture
def asked(festival, session):
    """Taking part (required), health data and pictures are asked."""
    for purpose in (ConsentPurpose.PARTICIPATION, ConsentPurpose.HEALTH, ConsentPurpose.IMAGE):
        factories.asked_purpose(festival.programme, purpose)
    session.commit()
    return festival


@pytest.fixture
def page_of(session):
    """A function that gives a guardian a page and returns its path."""

    def make(guardian, locale="en"):
        secret = current_app.secret_key
        made = links.make_links([guardian], locale=locale, secret_key=secret, now=clock.now())
        session.commit()
        return links.path_of(made[guardian.id], secret)

    return make
