"""Reviewers of a level hear each morning what has come to them, once, and nothing of others'."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.applications import decisions, review_notices, services
from scheduler.applications.decisions import Decision
from scheduler.applications.workflow import Action
from scheduler.database import db
from scheduler.notifications.models import Mail
from tests.applications.making import (
    NOW,
    city_reviewer_of,
    make_district,
    make_entry,
    make_levels,
    make_school,
    reviewer_of,
)

LATER = dt.timedelta(hours=3)


@pytest.fixture
def way(festival):
    make_levels(festival.programme)
    district, other = make_district(), make_district()
    people = [reviewer_of(district), reviewer_of(other), city_reviewer_of(festival.programme)]
    school = make_school(district=district)
    entries = [make_entry(festival.category, school) for _ in range(3)]
    for entry in entries:
        services.submit(entry, actor=festival.officer.actor, now=NOW)
    db.session.commit()
    return people, entries


def told():
    query = select(Mail).where(Mail.code == review_notices.WAITING).order_by(Mail.id)
    return [(m.to_address, m.facts["new"], m.facts["count"]) for m in db.session.scalars(query)]


def test_one_mail_a_day_tells_of_all_that_came(way):
    people, _entries = way
    assert review_notices.tell_reviewers(now=NOW + LATER) == 1
    assert review_notices.tell_reviewers(now=NOW + 2 * LATER) == 0
    assert told() == [(people[0].email, 3, 3)]


def test_nobody_is_told_when_nothing_came_since_yesterday(way):
    assert review_notices.tell_reviewers(now=NOW + dt.timedelta(days=2)) == 0
    assert told() == []


def test_the_next_level_hears_of_what_was_nominated(way):
    people, entries = way
    day = NOW + dt.timedelta(days=3)
    decision = Decision(Action.NOMINATE, entries[0].version)
    decisions.decide(entries[0], decision, actor=people[0].actor, now=day)
    assert review_notices.tell_reviewers(now=day + LATER) == 1
    assert told() == [(people[2].email, 1, 1)]
