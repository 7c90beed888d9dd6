"""Accepted groups that nobody confirms: one reminder, overdue, and the place that passes on."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.applications import confirmations, services
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.notifications.models import Mail
from scheduler.programmes.approval import WaitlistPolicy
from scheduler.programmes.kinds import DateKind
from scheduler.programmes.models import ProgrammeDate
from tests.applications.making import keep, make_entry, make_school

DATE = dt.datetime(2027, 5, 10, 10, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def after_the_date(frozen):
    frozen(2027, 5, 11, 10)


@pytest.fixture
def places(festival):
    """Both places are taken, one of the groups has confirmed, and somebody waits."""
    programme = festival.programme
    keep(ProgrammeDate(programme_id=programme.id, kind=DateKind.CONFIRM_BY, at=DATE))
    keep(WaitlistPolicy(programme_id=programme.id, is_automatic=True, offer_hours=24))
    make = lambda state, **values: make_entry(  # noqa: E731
        festival.category, festival.school, state=state, **values
    )
    made = [
        make(State.ACCEPTED),
        make(State.ACCEPTED, confirmed_at=DATE - 5 * DAY),
        make(State.WAITLISTED),
    ]
    db.session.commit()
    return made


def mails():
    return [mail.code for mail in db.session.scalars(select(Mail).order_by(Mail.id))]


def test_the_school_is_reminded_once_and_only_of_what_is_not_confirmed(places):
    assert confirmations.remind(now=DATE - 3 * DAY - dt.timedelta(minutes=1)) == 0
    assert confirmations.remind(now=DATE - 3 * DAY) == 1
    assert confirmations.remind(now=DATE - 2 * DAY) == 0
    assert mails() == ["applications.confirm_soon"]
    assert places[0].confirm_reminded_at == DATE - 3 * DAY


def test_several_groups_are_reminded_of_in_one_mail(festival, places):
    festival.category.places = 3
    make_entry(festival.category, festival.school, state=State.ACCEPTED)
    db.session.commit()
    assert confirmations.remind(now=DATE) == 2
    assert mails() == ["applications.several"]


def test_nothing_passes_on_unless_the_programme_says_so(places):
    confirmations.remind(now=DATE - 3 * DAY)
    assert confirmations.pass_on(now=DATE + 30 * DAY) == 0
    assert places[0].state is State.ACCEPTED


def test_the_place_passes_on_to_the_next_in_line(festival, places):
    festival.programme.passes_on_unconfirmed = True
    confirmations.remind(now=DATE - 3 * DAY)
    assert confirmations.pass_on(now=DATE - dt.timedelta(minutes=1)) == 0
    assert confirmations.pass_on(now=DATE) == 1
    assert [entry.state for entry in places] == [State.WITHDRAWN, State.ACCEPTED, State.OFFERED]
    assert places[0].history[-1].action is Action.NOT_CONFIRMED
    assert festival.category.places_taken == 2
    assert mails() == [
        "applications.confirm_or_lose",
        "applications.several",
        "applications.places_not_confirmed",
    ]


def test_coordinators_get_one_mail_for_all_places_that_pass_on_together(festival, places):
    festival.programme.passes_on_unconfirmed = True
    festival.category.places = 3
    other = make_entry(festival.category, make_school(), state=State.ACCEPTED)
    confirmations.remind(now=DATE - 3 * DAY)
    assert confirmations.pass_on(now=DATE) == 2
    told = select(Mail).where(Mail.code == "applications.places_not_confirmed")
    (mail,) = db.session.scalars(told)
    assert mail.facts["groups"].splitlines() == [
        f"- {each.group_name}, {each.school.name}" for each in (places[0], other)
    ]


def test_who_was_accepted_or_reminded_late_has_two_days(festival, places):
    festival.programme.passes_on_unconfirmed = True
    assert confirmations.pass_on(now=DATE + DAY) == 0
    confirmations.remind(now=DATE + DAY)
    assert confirmations.confirm_by(places[0]) == DATE + 3 * DAY
    assert confirmations.pass_on(now=DATE + 3 * DAY - dt.timedelta(minutes=1)) == 0
    assert confirmations.pass_on(now=DATE + 3 * DAY) == 1


def test_who_has_confirmed_meanwhile_keeps_the_place(festival, places):
    festival.programme.passes_on_unconfirmed = True
    confirmations.remind(now=DATE - 3 * DAY)
    services.confirm(places[0], actor=festival.officer.actor, now=DATE - DAY)
    assert confirmations.pass_on(now=DATE + DAY) == 0


def test_what_is_over_is_left_alone(festival, places):
    festival.programme.passes_on_unconfirmed = True
    festival.programme.starts_on = festival.programme.ends_on = dt.date(2027, 5, 1)
    db.session.flush()
    assert (confirmations.remind(now=DATE), confirmations.pass_on(now=DATE)) == (0, 0)


def test_the_coordinator_finds_who_is_overdue(festival, places, sign_in):
    text = (
        sign_in(festival.coordinator)
        .get(f"/programmes/{festival.programme.code}/applications?state=accepted&todo=overdue")
        .text
    )
    assert places[0].ref in text
    assert "not confirmed in time" in text
    assert places[1].ref not in text


def test_the_school_reads_until_when_and_what_follows(festival, places, sign_in):
    festival.programme.passes_on_unconfirmed = True
    db.session.commit()
    text = sign_in(festival.officer).get(f"/applications/{places[0].ref}").text
    assert "Please confirm by Mon 10 May 2027 18:00" in text
    assert "Otherwise the place passes on to the next in line." in text


def test_the_rule_needs_its_date(festival, sign_in):
    client = sign_in(festival.coordinator)
    sent = {
        "public_notice_days": 7,
        "public_notice_counts": "calendar",
        "withdrawal_rule": "any_time",
        "passes_on_unconfirmed": "y",
    }
    path = f"/programmes/{festival.programme.code}/dates"
    refused = client.post(path, data=sent)
    assert "Places pass on only if there is this date." in refused.text
    assert client.post(path, data=sent | {"confirm_by": "2027-05-10T18:00"}).status_code == 303
    db.session.expire_all()
    assert festival.programme.passes_on_unconfirmed


def test_a_neighbour_is_told_nothing(festival, places):
    make_school()
    confirmations.remind(now=DATE)
    assert [mail.to_address for mail in db.session.scalars(select(Mail).order_by(Mail.id))] == [
        festival.officer.email
    ]
