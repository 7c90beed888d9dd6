"""Releases: exactly the difference reaches calendars, and each affected address gets one mail."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.published import school_audience
from scheduler.applications.workflow import State
from scheduler.calendars import links
from scheduler.calendars.models import CalendarEntry, Subscription
from scheduler.errors import Conflict, Refused
from scheduler.jobs import running
from scheduler.jobs.models import JobState
from scheduler.notifications.models import Mail
from scheduler.scheduling import services
from scheduler.scheduling.board import editing
from scheduler.scheduling.models import Release
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases.entries import person_audience, venue_audience
from scheduler.scheduling.releases.publishing import preview
from tests import factories
from tests.factories import at
from tests.scheduling.moving import put
from tests.scheduling.releasing import release


def feeds(session):
    session.expire_all()
    return {feed.id: (feed.body, feed.etag) for feed in session.scalars(select(Subscription))}


def told(session, number):
    mails = session.scalars(select(Mail).where(Mail.once_key.like(f"release:small:{number}:%")))
    return sorted(mail.to_address for mail in mails)


def test_preview_counts_and_writes_nothing(plan, session):
    seen = preview(plan, now=clock.now())
    assert (len(seen.difference.new), seen.schools, seen.venues) == (4, 2, 2)
    assert seen.persons == 8 + 5 + 3 + 4 + 4
    assert session.scalars(select(CalendarEntry)).all() == []


def test_release_one_reaches_person_school_and_venue(plan, festival, actor, session):
    made = release(plan, actor)
    assert (made.number, made.difference["new"]) == (1, 4)
    twice = links.personal_link(person_audience(festival.twice.ref)).subscription
    hill = links.shared_feed(school_audience("HILL"), "en")
    room = links.shared_feed(venue_audience(festival.programme, festival.room), "en")
    found = [feed.body.decode().count("BEGIN:VEVENT") for feed in (twice, hill, room)]
    assert found == [2, 2, 2]


def test_whose_guardian_refuses_is_in_no_calendar(plan, festival, actor, session):
    factories.consent(festival.twice, is_granted=False)
    session.commit()
    release(plan, actor)
    assert links.personal_link(person_audience(festival.twice.ref)) is None
    others = [m.person.ref for m in festival.hill_choir.members if m.person is not festival.twice]
    assert all(links.personal_link(person_audience(ref)) for ref in others)


def test_whose_guardian_refuses_the_calendar_is_on_stage_without_one(
    plan, festival, actor, session
):
    factories.consent(
        festival.twice,
        purpose=factories.ConsentPurpose.CALENDAR,
        programme_id=festival.programme.id,
        is_granted=False,
    )
    session.commit()
    assert release(plan, actor).difference["new"] == 4
    assert links.personal_link(person_audience(festival.twice.ref)) is None


def test_a_refusal_in_another_programme_takes_nobody_out(plan, festival, actor, session):
    other = factories.programme()
    factories.consent(festival.twice, programme_id=other.id, is_granted=False)
    session.commit()
    release(plan, actor)
    assert links.personal_link(person_audience(festival.twice.ref)) is not None


def test_second_release_changes_exactly_the_moved_entry(plan, festival, actor, session, frozen):
    release(plan, actor)
    before = feeds(session)
    entries = {e.key: (e.uid, e.sequence) for e in session.scalars(select(CalendarEntry))}
    frozen(hours=1)
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    assert release(plan, actor).difference["moved"] == 1
    after = feeds(session)
    changed = f"performance:{festival.lake_band.ref}"
    for entry in session.scalars(select(CalendarEntry)):
        uid, sequence = entries[entry.key]
        assert (entry.uid, entry.sequence) == (uid, sequence + (entry.key == changed))
    uid = entries[changed][0].encode()
    touched = {id_ for id_, (body, _) in before.items() if uid in body.replace(b"\r\n ", b"")}
    assert {id_ for id_ in before if before[id_] != after[id_]} == touched
    assert 0 < len(touched) < len(before)


def test_only_the_affected_are_told_and_once(plan, festival, actor, session):
    family = factories.guardian(festival.hill, festival.twice, email="parent@family.example")
    factories.guardian(festival.lake, email="uninvolved@family.example")
    session.commit()
    release(plan, actor)
    assert told(session, 1) == [
        "hill@school.example",
        "lake@school.example",
        "parent@family.example",
    ]
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    release(plan, actor)
    assert told(session, 2) == ["lake@school.example"]
    assert family.email not in told(session, 2)


def test_a_group_that_left_is_cancelled_in_the_next_release(plan, festival, actor, session):
    release(plan, actor)
    festival.lake_band.state, festival.lake_band.places_held = State.WITHDRAWN, 0
    session.commit()
    with pytest.raises(Refused) as refused:
        release(plan, actor)
    assert refused.value.code is Refusal.BROKEN_RULES
    session.delete(editing.slot_of(plan, festival.lake_band.ref))
    session.commit()
    assert release(plan, actor).difference["cancelled"] == 1
    lake = links.shared_feed(school_audience("LAKE"), "en")
    assert lake.body.decode().count("STATUS:CANCELLED") == 1


def test_nothing_is_published_twice(plan, actor, session):
    release(plan, actor)
    with pytest.raises(Refused) as refused:
        release(plan, actor)
    assert refused.value.code is Refusal.NOTHING_CHANGED
    assert [r.number for r in session.scalars(select(Release))] == [1]


def test_a_draft_with_broken_rules_is_not_published(plan, festival, actor, session):
    put(plan, festival.hill_choir, "ROOM", at(13, 5), actor)
    with pytest.raises(Refused) as refused:
        release(plan, actor)
    assert refused.value.code is Refusal.BROKEN_RULES
    assert session.scalars(select(CalendarEntry)).all() == []


def test_another_edition_than_previewed_is_not_published(plan, festival, actor, session):
    seen = plan.edition
    put(plan, festival.lake_band, "ROOM", at(15, 30), actor)
    with pytest.raises(Conflict):
        release(plan, actor, edition=seen)
    assert session.scalars(select(Release)).all() == []


def test_a_publication_whose_worker_died_after_the_commit_is_found_when_repeated(
    plan, actor, session
):
    job = factories.job(
        kind=services.PUBLISH,
        account_id=actor.account_id,
        arguments={
            "plan_id": plan.id,
            "edition": plan.edition,
            "notes": "",
            "actor_name": actor.name,
        },
    )
    session.commit()
    release(plan, actor)
    running.run(job.ref)
    session.expire_all()
    assert (job.state, job.result) == (JobState.DONE, {"number": 1})
    assert [r.number for r in session.scalars(select(Release))] == [1]
