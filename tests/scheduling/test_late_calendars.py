"""A change at short notice: whose calendar has not fetched it is told by mail, once."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.accounts.duty_calendars import account_audience, duties_of
from scheduler.applications.workflow import State
from scheduler.calendars import own_calendars
from scheduler.calendars.choices import Choice
from scheduler.calendars.entries import EntryKind, Subject
from scheduler.calendars.links import personal_link, shared_feed
from scheduler.calendars.models import FeedFetch
from scheduler.consents.models import GuardianLink
from scheduler.database import db, transaction
from scheduler.notifications.models import Mail, MailState
from scheduler.notifications.templates import write
from scheduler.people.family_calendars import follow_children, guardian_audience
from scheduler.scheduling.board import editing
from scheduler.scheduling.models import Release
from scheduler.scheduling.releases import late_calendars
from scheduler.scheduling.releases.entries import person_audience, venue_audience
from scheduler.scheduling.releases.late_tasks import tell_those_behind
from tests import factories
from tests.factories import at
from tests.scheduling.moving import put
from tests.scheduling.releasing import release

KEY = "a secret of the tests"
DAY_BEFORE = (2027, 7, 15, 8, 0)
"""16:00 in Guangzhou: both bands, at 14:00 and 14:40 of the next day, are urgent."""
HALF_AN_HOUR = dt.timedelta(minutes=30)


@pytest.fixture
def plan(festival, session, actor, frozen):
    """Release 1, two weeks before; then the clock stands on the day before."""
    festival.programme.frozen_hours = 0
    festival.mother = factories.guardian(festival.hill, festival.twice, email="Mum@family.example")
    plan = festival.draft()
    session.commit()
    frozen(2027, 7, 1)
    release(plan, actor, secret_key=KEY)
    frozen(*DAY_BEFORE)
    return plan


def calendar(owner, *, choice=None):
    """A calendar of a coordinator or a guardian that has been fetched as it stands."""
    is_guardian = hasattr(owner, "phone")
    audience = guardian_audience(owner.id) if is_guardian else account_audience(owner)
    subject = Subject(audience, {"en": "Mine"}, "Asia/Shanghai")
    with transaction():
        made = own_calendars.add_calendar(
            subject, "Phone", choice or Choice(), secret_key=KEY, now=clock.now()
        )
        if is_guardian:
            follow_children([owner.id], now=clock.now())
        else:
            own_calendars.follow(audience, duties_of(owner), now=clock.now())
    fetch(made)
    return made


def fetch(feed, **ago):
    then = clock.now() - dt.timedelta(**ago)
    db.session.refresh(feed)
    db.session.add(
        FeedFetch(
            subscription_id=feed.id,
            fetched_on=then.date(),
            client="apple",
            etag=feed.etag,
            fetches=1,
            last_at=then,
        )
    )
    db.session.commit()


def moved(plan, festival, actor):
    put(plan, festival.hill_band, "ROOM", at(15, 30), actor)
    release(plan, actor, secret_key=KEY)


def cancelled(plan, festival, actor):
    festival.hill_band.state, festival.hill_band.places_held = State.WITHDRAWN, 0
    db.session.delete(editing.slot_of(plan, festival.hill_band.ref))
    db.session.commit()
    release(plan, actor, secret_key=KEY)


def looked_after(frozen, **after):
    frozen(**(after or {"minutes": 30}))
    tell_those_behind()
    return mails()


def mails(code=late_calendars.BEHIND):
    query = select(Mail).where(Mail.code == code).order_by(Mail.to_address)
    return list(db.session.scalars(query))


def addresses(found):
    return [mail.to_address for mail in found]


def test_who_is_late_is_told_what_stands_now(plan, festival, actor, frozen):
    calendar(festival.coordinator)
    moved(plan, festival, actor)
    (mail,) = looked_after(frozen)

    assert (mail.to_address, mail.account_id) == (
        festival.coordinator.email,
        festival.coordinator.id,
    )
    text = write(mail.code, mail.facts, locale="en", to_name="", public_url="")
    name = festival.programme.names["en"]
    assert text.subject == f"Your calendar is late: {name} has changed at short notice"
    assert (
        "Changed: Performance: Hill Band, now Fri 16 July 2027 14:55–15:42 (UTC+8), Small Room – "
        "Be there by: 14:30; Warm-up: 14:55–15:20, warm-up room 1; On stage: 15:30–15:42 "
        "(before: Fri 16 July 2027 13:25–14:12 (UTC+8))"
    ) in text.body
    assert "Lake Band" not in text.body


def test_nobody_is_told_twice(plan, festival, actor, frozen):
    calendar(festival.coordinator)
    moved(plan, festival, actor)
    assert len(looked_after(frozen)) == 1
    assert len(looked_after(frozen, minutes=1)) == 1


def test_a_cancelled_performance_is_urgent_too(plan, festival, actor, frozen):
    calendar(festival.coordinator)
    cancelled(plan, festival, actor)
    (mail,) = looked_after(frozen)

    assert mail.facts["changes"] == [
        "Cancelled: Performance: Hill Band (it was to be Fri 16 July 2027 13:25–14:12 (UTC+8))"
    ]


def test_who_has_fetched_it_meanwhile_is_not_told(plan, festival, actor, frozen):
    feed = calendar(festival.coordinator)
    moved(plan, festival, actor)
    frozen(minutes=29)
    fetch(feed)

    assert looked_after(frozen, minutes=1) == []


def test_who_fetched_it_before_the_calendar_changed_once_more_has_it(plan, festival, actor, frozen):
    feed = calendar(festival.coordinator)
    moved(plan, festival, actor)
    frozen(minutes=10)
    fetch(feed)
    with transaction():
        own_calendars.change_calendar(
            feed, "Phone", "en", Choice(alarm_minutes=30), now=clock.now()
        )

    assert looked_after(frozen, minutes=20) == []


@pytest.mark.parametrize("days", [29, 31])
def test_a_calendar_that_nobody_fetches_any_more_is_none(plan, festival, actor, frozen, days):
    feed = calendar(festival.coordinator)
    db.session.query(FeedFetch).delete()
    fetch(feed, days=days)
    moved(plan, festival, actor)

    assert len(looked_after(frozen)) == (1 if days < 30 else 0)


def test_a_calendar_that_was_never_fetched_is_none(plan, festival, actor, frozen):
    calendar(festival.coordinator)
    db.session.query(FeedFetch).delete()
    db.session.commit()
    moved(plan, festival, actor)

    assert looked_after(frozen) == []


def test_what_is_not_in_somebodys_calendar_is_not_told(plan, festival, actor, frozen):
    calendar(festival.coordinator, choice=Choice(kinds=frozenset({EntryKind.MEETING})))
    moved(plan, festival, actor)

    assert looked_after(frozen) == []


def test_who_sees_no_cancelled_items_is_told_of_one_all_the_same(plan, festival, actor, frozen):
    calendar(festival.coordinator, choice=Choice(has_cancelled=False))
    cancelled(plan, festival, actor)

    assert len(looked_after(frozen)) == 1


@pytest.mark.parametrize(
    ("day_before", "count"), [((2027, 7, 14, 4), 0), ((2027, 7, 15, 6), 1), ((2027, 7, 16, 8), 0)]
)
def test_only_what_begins_within_a_day_and_is_not_over_is_urgent(
    plan, festival, actor, frozen, day_before, count
):
    frozen(*day_before)
    calendar(festival.coordinator)
    moved(plan, festival, actor)

    assert len(looked_after(frozen)) == count


def test_new_groups_are_not_urgent(plan, festival, actor, frozen, session):
    calendar(festival.coordinator)
    late = festival.group("Late Band", festival.bands, festival.hill, 3)
    factories.slot(plan, late, festival.room, at(16), minutes=12)
    plan.touch(clock.now())
    session.commit()
    release(plan, actor, secret_key=KEY)

    assert looked_after(frozen) == []


def test_who_was_told_by_the_release_itself_is_not_told_again(plan, festival, actor, frozen):
    calendar(festival.mother)
    fetch(personal_link(person_audience(festival.twice.ref)).subscription)
    calendar(festival.hill_officer)
    moved(plan, festival, actor)

    assert "mum@family.example" in addresses(mails("release_family"))
    assert looked_after(frozen) == []


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.BOUNCED])
def test_unless_that_mail_never_arrived(plan, festival, actor, frozen, session, state):
    calendar(festival.mother)
    fetch(personal_link(person_audience(festival.twice.ref)).subscription)
    moved(plan, festival, actor)
    for mail in mails("release_family"):
        mail.state = state
    session.commit()

    assert addresses(looked_after(frozen)) == ["mum@family.example"]


def test_feeds_that_many_share_tell_nobody(plan, festival, actor, frozen):
    fetch(shared_feed(venue_audience(festival.programme, festival.room), "en"))
    moved(plan, festival, actor)

    assert looked_after(frozen) == []


def test_calendars_of_others_are_not_looked_at(plan, festival, actor, frozen):
    calendar(factories.coordinator(factories.programme()))
    calendar(festival.lake_officer)
    moved(plan, festival, actor)

    assert looked_after(frozen) == []


@pytest.mark.parametrize(
    ("minutes", "is_due"), [(29, False), (30, True), (1439, True), (1440, False)]
)
def test_a_release_is_looked_after_between_half_an_hour_and_a_day(
    plan, festival, actor, frozen, session, minutes, is_due
):
    moved(plan, festival, actor)
    frozen(minutes=minutes)
    newest = session.scalars(select(Release).order_by(Release.id.desc())).first()

    assert late_calendars.due(now=clock.now()) == ([newest.id] if is_due else [])


# Who is behind a calendar is asked where reminders ask it


def test_a_guardian_is_told_in_the_language_of_their_page(plan, festival, actor, frozen, session):
    session.add(
        GuardianLink(
            guardian_id=festival.mother.id,
            token_digest="0" * 64,
            nonce="",
            locale="zh_Hans",
            created_at=clock.now(),
        )
    )
    session.commit()
    calendar(festival.mother)
    moved(plan, festival, actor)
    session.query(Mail).delete()
    session.commit()
    (mail,) = looked_after(frozen)

    assert (mail.to_address, mail.locale, mail.account_id) == (
        "mum@family.example",
        "zh_Hans",
        None,
    )


def test_an_adult_is_told_of_their_own_calendar(plan, festival, actor, frozen, session):
    festival.twice.is_adult, festival.twice.email = True, "Pianist@hill.example"
    fetch(personal_link(person_audience(festival.twice.ref)).subscription)
    moved(plan, festival, actor)
    session.query(Mail).delete()
    session.commit()

    assert "pianist@hill.example" in addresses(looked_after(frozen))
