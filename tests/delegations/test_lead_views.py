"""What the lead school is told about the schools that it waits for, and about those it need not."""

import pytest

from scheduler.applications.guest_models import PartState
from tests import factories

NOTE = "Invited schools that have not answered yet: 邻校. The entry does not wait for them"
ONLY = "Complete. It only has to be submitted."
OPEN = "Schools that have not said yet that their pupils are complete: 天河小学, 海珠小学."


@pytest.fixture
def lead(joint, sign_in):
    return sign_in(joint.lead_officer)


@pytest.fixture
def complete(joint, session):
    """Nothing is missing any more: a work is entered, and both guests are ready."""
    factories.piece(joint.entry)
    joint.part.state = joint.other_part.state = PartState.READY
    session.commit()


def pages(lead, joint):
    """My school's page, the overview, the entry's page and that of its schools."""
    entry = f"/applications/{joint.entry.ref}"
    addresses = ("/applications/my-school", "/", entry, f"{entry}/delegation")
    return [lead.get(address).text for address in addresses]


def test_it_is_complete_only_where_nobody_is_waited_for(joint, lead, complete):
    school, overview, entry, schools = pages(lead, joint)
    assert ONLY in school
    assert ONLY in overview
    assert not any("Invited schools" in page for page in (school, overview, entry, schools))


def test_an_unanswered_invitation_is_said_with_what_submitting_means(
    joint, lead, complete, session
):
    factories.guest_part(joint.entry, joint.neighbour, state=PartState.INVITED)
    session.commit()
    school, overview, entry, schools = pages(lead, joint)
    assert all(NOTE in page for page in (school, overview, entry, schools))
    assert "Complete, and can be submitted." in school
    assert "Complete, and can be submitted." in overview
    assert ONLY not in school + overview
    # The present rule: the entry can be submitted all the same.
    assert lead.post(f"/applications/{joint.entry.ref}/submit").status_code == 303
    assert not any(NOTE in page for page in pages(lead, joint))


def test_a_guest_that_is_not_ready_is_named(joint, lead, complete, session):
    joint.part.state = joint.other_part.state = PartState.JOINED
    session.commit()
    school, overview, entry, _schools = pages(lead, joint)
    assert all(OPEN in page for page in (school, overview, entry))
    assert ONLY not in school + overview


def test_another_schools_page_names_none_of_them(joint, sign_in, complete, session):
    factories.guest_part(joint.entry, joint.neighbour, state=PartState.INVITED)
    other = factories.application(joint.category, factories.school(name="远校"), group_name="远团")
    officer = factories.officer(other.school)
    session.commit()
    page = sign_in(officer).get("/applications/my-school").text
    assert "远团" in page
    assert not any(name in page for name in ("邻校", "海珠小学", "天河小学"))
