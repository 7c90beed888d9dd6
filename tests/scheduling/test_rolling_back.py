"""Back to an earlier release: its places, a new number, and what cannot come back is said."""

import icalendar
import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.calendars import links
from scheduler.database import transaction
from scheduler.notifications.models import Mail
from scheduler.scheduling.board import editing
from scheduler.scheduling.models import Plan, Release
from scheduler.scheduling.releases.entries import person_audience
from scheduler.scheduling.releases.rolling_back import draft_of
from tests.factories import at
from tests.scheduling.moving import put
from tests.scheduling.releasing import release


@pytest.fixture
def plan(festival, session, actor, frozen):
    """Release 1 as drafted, release 2 with a band an hour and a half later."""
    frozen(2027, 6, 1)
    plan = festival.draft()
    session.commit()
    release(plan, actor)
    frozen(hours=1)
    put(plan, festival.hill_band, "ROOM", at(15, 30), actor)
    release(plan, actor)
    frozen(hours=1)
    return plan


def numbered(session, number):
    return session.scalars(select(Release).where(Release.number == number)).one()


def back_to(session, number, actor):
    with transaction():
        return draft_of(numbered(session, number), actor=actor, now=clock.now())


def events(person):
    """What a subscriber's feed says of each group: SEQUENCE, start, UID."""
    feed = links.personal_link(person_audience(person.ref)).subscription
    found = icalendar.Calendar.from_ical(feed.body).walk("VEVENT")
    return {
        group: (int(each["SEQUENCE"]), each["DTSTART"].dt, str(each["UID"]))
        for each in found
        for group in ("Hill Choir", "Hill Band")
        if group in each["SUMMARY"]
    }


def test_the_next_number_has_the_old_times_and_feeds_a_higher_sequence(
    plan, festival, actor, session
):
    before = events(festival.twice)
    made = back_to(session, 1, actor)
    assert (made.left, made.homeless, made.new) == ([], [], [])
    again = release(made.plan, actor)
    assert (again.number, again.slots) == (3, numbered(session, 1).slots)
    session.expire_all()
    after = events(festival.twice)
    _, _, uid = before["Hill Band"]
    assert before["Hill Band"] == (1, at(14, 55), uid)
    assert after["Hill Band"] == (2, at(13, 25), uid)
    assert after["Hill Choir"] == before["Hill Choir"]


def test_only_whom_it_concerns_is_told(plan, festival, actor, session):
    release(back_to(session, 1, actor).plan, actor)
    mails = session.scalars(select(Mail.to_address).where(Mail.once_key.like("release:small:3:%")))
    assert mails.all() == ["hill@school.example"]


def test_what_cannot_come_back_is_said_and_what_is_new_waits(plan, festival, actor, session):
    festival.lake_choir.state, festival.lake_choir.places_held = State.WITHDRAWN, 0
    festival.group("Lake Trio", festival.bands, festival.lake, 3)
    session.commit()
    made = back_to(session, 1, actor)
    assert (made.left, made.new) == (["Lake Choir"], ["Lake Trio"])
    placed = {slot.item.title for slot in made.plan.slots}
    assert placed == {"Hill Choir", "Hill Band", "Lake Band"}


def test_times_are_as_long_as_the_category_says_today(plan, festival, actor, session):
    festival.bands.max_minutes = 15
    session.commit()
    slot = editing.slot_of(back_to(session, 1, actor).plan, festival.hill_band.ref)
    assert (slot.starts_at, slot.ends_at, slot.warmup_room) == (at(14), at(14, 15), 1)


def test_the_button_leads_to_the_preview(plan, festival, sign_in, session):
    client = sign_in(festival.coordinator)
    pages = {n: client.get(f"/programmes/small/releases/{n}").text for n in (1, 2)}
    assert ["Roll back to this release" in pages[n] for n in (1, 2)] == [True, False]
    answer = client.post("/programmes/small/releases/1/roll-back")
    made = session.scalars(select(Plan).order_by(Plan.id.desc()).limit(1)).one()
    assert (answer.location, made.made_from) == (f"/plans/{made.ref}/publish", "R1")
    page = client.get(answer.location).text
    assert ("Hill Band" in page, "Lake Band" in page) == (True, False)
    assert session.scalars(select(Release.number).order_by(Release.number)).all() == [1, 2]


def test_with_a_new_group_the_button_leads_to_the_board(plan, festival, sign_in, session):
    festival.group("Lake Trio", festival.bands, festival.lake, 3)
    session.commit()
    client = sign_in(festival.coordinator)
    answer = client.post("/programmes/small/releases/1/roll-back", follow_redirects=True)
    assert "Accepted since, so without a time in it: Lake Trio." in answer.text
