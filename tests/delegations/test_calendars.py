"""Whoever leaves a published joint entry is out of everybody's calendar at once."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.guest_models import PartState
from scheduler.applications.models import Member
from scheduler.applications.published import performance_key, school_audience, timetable_scope
from scheduler.applications.workflow import State
from scheduler.calendars import links
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Audience, EntryDraft, EntryText, Subject
from scheduler.calendars.models import CalendarEntry
from scheduler.database import transaction
from scheduler.delegations import services
from scheduler.people.models import Person
from tests import factories
from tests.delegations.conftest import GUEST, LEAD, OTHER

STARTS = dt.datetime(2027, 7, 17, 2, tzinfo=dt.UTC)


def calendar(audience):
    return [each.key for each in calendars.entries_of([audience], since=clock.now())]


def person(session, name):
    ref = session.scalar(select(Person.ref).where(Person.name == name))
    return Audience("person", ref)


@pytest.fixture
def published(joint, session):
    """The entry is accepted and stands in the calendars of its schools and pupils."""
    joint.entry.state, joint.entry.places_held = State.ACCEPTED, 1
    joint.part.state = PartState.READY
    people = [person(session, name) for name in (LEAD, GUEST, OTHER)]
    schools = [school_audience(each.code) for each in (joint.lead, joint.guest, joint.other)]
    draft = EntryDraft(
        key=performance_key(joint.entry.ref),
        starts_at=STARTS,
        ends_at=STARTS + dt.timedelta(hours=1),
        zone="Asia/Shanghai",
        texts={"en": EntryText("Performance")},
        audiences=frozenset({*people, *schools}),
    )
    calendars.publish(timetable_scope(joint.programme.code), [draft], now=clock.now())
    pages = [Subject(each, {"en": "Pupil"}, zone="Asia/Shanghai") for each in people]
    links.personal_links(pages, secret_key="key", now=clock.now())
    feeds = [Subject(each, {"en": "School"}, zone="Asia/Shanghai") for each in schools]
    links.shared_feeds(feeds, secret_key="key", now=clock.now())
    session.commit()
    return [performance_key(joint.entry.ref)]


def test_a_school_that_leaves_is_out_of_the_published_calendars(joint, published, session):
    part, officer = joint.part, joint.guest_officer
    feed = links.shared_feed(school_audience(joint.guest.code), "en")
    assert b"Performance" in feed.body
    entry = session.scalars(select(CalendarEntry)).one()
    stamp = (entry.sequence, entry.modified_at)
    with transaction():
        now = clock.now()
        services.withdraw(part, "流感", version=part.version, actor=officer.actor, now=now)
    session.expire_all()
    gone = person(session, GUEST)
    assert (calendar(gone), calendar(school_audience(joint.guest.code))) == ([], [])
    assert links.personal_link(gone) is None
    assert b"Performance" not in feed.body
    # Nothing changes for the others, who download nothing anew.
    assert (entry.sequence, entry.modified_at) == stamp
    for name, school in ((LEAD, joint.lead), (OTHER, joint.other)):
        stays = person(session, name)
        assert (calendar(stays), links.personal_link(stays) is None) == (published, False)
        assert calendar(school_audience(school.code)) == published


def test_whoever_performs_elsewhere_keeps_the_own_page(joint, published, session):
    gone = person(session, GUEST)
    other = EntryDraft(
        key="other",
        starts_at=STARTS,
        ends_at=STARTS + dt.timedelta(hours=1),
        zone="Asia/Shanghai",
        texts={"en": EntryText("Other")},
        audiences=frozenset({gone}),
    )
    calendars.publish(timetable_scope("another"), [other], now=clock.now())
    session.commit()
    with transaction():
        services.withdraw(
            joint.part,
            "流感",
            version=joint.part.version,
            actor=joint.guest_officer.actor,
            now=clock.now(),
        )
    assert (calendar(gone), links.personal_link(gone) is None) == (["other"], False)


def test_a_pupil_taken_out_of_a_returned_entry_leaves_at_once(joint, published, sign_in, session):
    second = factories.person(joint.guest, name="周二生")
    factories.member(joint.entry, second)
    joint.entry.state, joint.entry.places_held = State.RETURNED, 0
    joint.entry.returned_fields = ["members"]
    joint.part.state = PartState.JOINED
    session.commit()
    gone, stays = person(session, GUEST), person(session, OTHER)
    refs = {name: person(session, name).key for name in (GUEST, LEAD, OTHER)}
    guest = sign_in(joint.guest_officer)
    page = f"/guest-parts/{joint.part.ref}/members"
    for name in (LEAD, OTHER):
        assert guest.post(f"{page}/{refs[name]}/remove").status_code == 404
    assert guest.post(f"{page}/{refs[GUEST]}/remove").status_code == 303
    session.expire_all()
    assert session.scalar(select(Member).where(Member.person_id == second.id)) is not None
    assert (calendar(gone), links.personal_link(gone)) == ([], None)
    assert (calendar(stays), links.personal_link(stays) is None) == (published, False)
    # The school still takes part.
    assert calendar(school_audience(joint.guest.code)) == published
