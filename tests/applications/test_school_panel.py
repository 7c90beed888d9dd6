"""Applications on a school's page: to those who may see them."""

import pytest

from tests import factories


@pytest.fixture
def school(session):
    programme = factories.programme(code="festival", names={"en": "Festival"})
    category = factories.category(programme)
    school = factories.school(code="S05", district=factories.district())
    for state in ("accepted", "accepted", "draft"):
        factories.application(category, school, state=state)
    return school


def lines(session, sign_in, account):
    session.commit()
    client = sign_in(account)
    page = client.get("/schools/S05").page
    return "Draft: 1, Accepted: 2" in page.text, [
        node.get("href")
        for node in page.all("a")
        if "".join(node.itertext()).strip() == "Draft: 1, Accepted: 2"
    ]


def test_the_officer_is_led_to_the_school_s_applications(session, school, sign_in):
    shown = lines(session, sign_in, factories.officer(school))
    assert shown == (True, ["/applications"])


def test_the_reviewer_is_led_to_the_queue_of_this_school(session, school, sign_in):
    shown = lines(session, sign_in, factories.reviewer(school.district))
    assert shown == (True, ["/programmes/festival/applications?school=S05&state=all"])


def test_an_administrator_and_another_programme_s_coordinator_see_no_applications(
    session, school, sign_in
):
    administrator = factories.administrator()
    stranger = factories.coordinator(factories.programme())
    assert lines(session, sign_in, administrator) == (False, [])
    assert lines(session, sign_in, stranger) == (False, [])
