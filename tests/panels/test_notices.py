"""Reviewers are told that cases wait; blind ones see only theirs, also where they have a role."""

from sqlalchemy import select

from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import RoleGrant
from scheduler.applications.workflow import State
from scheduler.clock import now
from scheduler.database import db
from scheduler.notifications.models import Mail
from scheduler.panels import assignments, notices
from scheduler.panels.models import Assignment
from scheduler.programmes.approval import LevelKind
from tests import factories


def mails():
    rows = db.session.scalars(select(Mail).where(Mail.code == notices.GIVEN).order_by(Mail.id))
    return {mail.to_address: mail.facts["count"] for mail in rows}


def given(reviewer):
    query = select(Assignment).where(Assignment.reviewer_id == reviewer.id)
    return list(db.session.scalars(query))


def test_one_mail_for_each_reviewer_however_many_cases(jury):
    assignments.assign_all(jury.panel, actor=jury.coordinator.actor, now=now())
    assert mails() == {reviewer.account.email: len(given(reviewer)) for reviewer in jury.reviewers}
    assert sum(mails().values()) == 8


def test_what_is_given_by_hand_on_the_same_day_makes_no_second_mail(jury):
    first = jury.reviewers[0]
    for case in jury.cases[:2]:
        assignments.assign_one(jury.panel, case, first, actor=jury.coordinator.actor, now=now())
    assert mails() == {first.account.email: 1}


def test_a_blind_city_reviewer_on_a_panel_sees_only_what_was_given(jury, sign_in):
    first = jury.reviewers[0]
    first.account.grants.append(
        RoleGrant(
            role=Role.CITY_REVIEWER,
            scope=ScopeKind.PROGRAMME,
            scope_id=jury.programme.id,
            granted_at=now(),
        )
    )
    own, other = jury.cases[:2]
    assignments.assign_one(jury.panel, own, first, actor=jury.coordinator.actor, now=now())
    # Nobody judges this category: the level's reviewers are all that decide on it.
    unjudged = factories.application(
        factories.category(jury.programme), own.school, state=State.SUBMITTED, level=own.level
    )
    db.session.commit()
    client = sign_in(first.account)
    text = client.get(f"/programmes/{jury.programme.code}/applications").text
    assert own.ref in text
    assert other.ref not in text
    assert client.get(f"/applications/{own.ref}/case").status_code == 200
    assert client.get(f"/applications/{other.ref}/case").status_code == 404
    assert unjudged.ref in text
    assert "Nominate" in client.get(f"/applications/{unjudged.ref}/case").text
    # Nor is it decided on by a form that names it all the same.
    many = f"/programmes/{jury.programme.code}/applications/decisions"
    seen = [case.seen for case in (own, other, unjudged)]
    client.post(many, data={"action": "nominate", "seen": seen})
    db.session.expire_all()
    assert [case.level is own.level for case in (own, other, unjudged)] == [True, False, True]
    assert own.level.kind is LevelKind.ORGANISER
