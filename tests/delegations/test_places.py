"""Fewer places than pupils: the lead says how many of each school come, each school says who."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.applications.models import HistoryEntry, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.notifications.models import Mail
from scheduler.people.models import Person
from tests import factories
from tests.delegations.conftest import GUEST, LEAD, OTHER

LATER, LAST = "周二生", "吴三生"


@pytest.fixture
def offered(joint, session):
    """Five pupils are entered, three of them the guest's; four places are held."""
    joint.category.counts_persons = True
    joint.category.places, joint.category.places_taken = 4, 4
    for number, name in enumerate((LATER, LAST), 1):
        factories.member(
            joint.entry, factories.person(joint.guest, name=name), position=10 + number
        )
    joint.entry.state, joint.entry.places_held = State.OFFERED, 4
    joint.entry.least_members = 3
    joint.entry.offer_ends_at = clock.now() + dt.timedelta(days=2)
    session.commit()
    joint.refs = dict(session.execute(select(Person.name, Person.ref)).all())
    return joint


def take_up(client, joint, **places):
    """Take the place with the lead's own pupil and so many of each guest."""
    address = f"/applications/{joint.entry.ref}"
    values = client.get(address).page.values()
    own = [each.id for each in joint.entry.members if each.person.name == LEAD]
    schools = {"guest": joint.guest, "other": joint.other}
    sent = {f"from-{schools[name].code}": number for name, number in places.items()}
    assert {f"from-{school.code}" for school in schools.values()} <= set(values)
    return client.post(f"{address}/take-up", data={"coming": own, **sent})


def pupils(joint, session):
    query = (
        select(Person.name)
        .join(Member, Member.person_id == Person.id)
        .where(Member.application_id == joint.entry.id, Member.role == MemberRole.PUPIL)
    )
    return set(session.scalars(query))


def come_first(client, joint, *names):
    first = [joint.refs[name] for name in names]
    return client.post(f"/guest-parts/{joint.part.ref}/come-first", data={"first": first})


def test_the_lead_ticks_its_own_pupils_alone(offered, sign_in):
    page = sign_in(offered.lead_officer).get(f"/applications/{offered.entry.ref}").page
    labels = [label.text for label in page.all("label")]
    assert any(LEAD in label for label in labels)
    assert not any(name in label for label in labels for name in (GUEST, OTHER, LATER))
    assert "4 of 5 pupils can" in page.text


def test_of_a_guest_the_first_in_its_own_order_come(offered, sign_in, session):
    guest = sign_in(offered.guest_officer)
    page = guest.get(f"/guest-parts/{offered.part.ref}").text
    assert "Who comes before the others?" in page
    assert not any(name in page for name in (LEAD, OTHER))
    assert come_first(guest, offered, LAST, GUEST).status_code == 303
    lead = sign_in(offered.lead_officer)
    assert take_up(lead, offered, guest="2", other="1").status_code == 303
    session.expire_all()
    assert pupils(offered, session) == {LEAD, OTHER, GUEST, LAST}
    assert (offered.entry.state, offered.entry.places_held) == (State.ACCEPTED, 4)
    told = {
        mail.to_address: (mail.facts["coming"], mail.facts["pupils"])
        for mail in session.scalars(select(Mail).where(Mail.code == "delegations.places"))
    }
    assert told == {offered.guest_officer.email: (2, 3)}
    assert "Who comes before the others?" not in guest.get(f"/guest-parts/{offered.part.ref}").text
    assert come_first(guest, offered, LAST).status_code == 409


@pytest.mark.parametrize(
    ("guest", "other"), [("3", "1"), ("4", "1"), ("0", "1"), ("", "1"), ("x", "1"), ("2", "-1")]
)
def test_no_split_beyond_what_is_held_or_without_a_school(offered, sign_in, session, guest, other):
    answer = take_up(sign_in(offered.lead_officer), offered, guest=guest, other=other)
    assert answer.status_code == 409
    session.expire_all()
    assert offered.entry.state is State.OFFERED
    assert len(pupils(offered, session)) == 5


def test_nobody_orders_another_schools_pupils(offered, sign_in, session):
    query = select(Member.person_id, Member.position).order_by(Member.id)
    for officer in (offered.lead_officer, offered.neighbour_officer):
        assert come_first(sign_in(officer), offered, LAST).status_code == 403
    before = session.execute(query).all()
    # Others' pupils among the ticks are passed over.
    come_first(sign_in(offered.guest_officer), offered, LEAD, OTHER)
    assert session.execute(query).all() == before


def test_the_same_order_once_more_leaves_no_trace(offered, sign_in, session):
    guest = sign_in(offered.guest_officer)
    steps = select(func.count()).where(HistoryEntry.application_id == offered.entry.id)
    for _ in range(2):
        assert come_first(guest, offered, LAST).status_code == 303
        assert session.scalar(steps) == 1


def test_without_a_least_number_there_is_nothing_to_order(offered, sign_in, session):
    offered.entry.least_members = None
    session.commit()
    guest = sign_in(offered.guest_officer)
    assert "Who comes before the others?" not in guest.get(f"/guest-parts/{offered.part.ref}").text
    assert come_first(guest, offered, LAST).status_code == 409


def test_a_choice_made_for_a_larger_group_is_not_taken_for_the_one_that_is_left(
    offered, sign_in, session
):
    """While the lead chooses, the guest leaves: then all fit, and nobody is left behind unasked."""
    lead = sign_in(offered.lead_officer)
    assert lead.get(f"/applications/{offered.entry.ref}").status_code == 200
    for member in offered.entry.members:
        if member.person.school_id == offered.guest.id:
            session.delete(member)
    session.commit()
    before = pupils(offered, session)
    own = [each.id for each in offered.entry.members if each.person.name == LEAD]
    sent = {"coming": own, f"from-{offered.guest.code}": "2", f"from-{offered.other.code}": "1"}
    address = f"/applications/{offered.entry.ref}/take-up"
    assert lead.post(address, data=sent).status_code == 409
    session.expire_all()
    assert (offered.entry.state, pupils(offered, session)) == (State.OFFERED, before)
    assert lead.post(address).status_code == 303
    session.expire_all()
    assert (offered.entry.state, pupils(offered, session)) == (State.ACCEPTED, before)


def test_the_history_says_how_a_guest_changed_its_order_and_keeps_no_names(
    offered, sign_in, session
):
    """Only the pupils who changed places: whoever stood before them stands there still."""
    assert come_first(sign_in(offered.guest_officer), offered, GUEST, LAST).status_code == 303
    case = f"/applications/{offered.entry.ref}/case"
    told = sign_in(offered.coordinator).get(case).page.text
    order = f"Which pupils of {offered.guest.name} come first"
    assert f"{order}: from “{LATER}, {LAST}” to “{LAST}, {LATER}”" in told
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    later, last = offered.refs[LATER], offered.refs[LAST]
    assert entry.changes == {f"order:{offered.guest.name}": [[later, last], [last, later]]}
    entry.changes = {f"order:{offered.guest.name}": [None, None]}
    session.commit()
    assert f"{order}: changed" in sign_in(offered.coordinator).get(case).page.text
