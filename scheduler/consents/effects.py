"""What follows at once from a guardian's answer, however it was given."""

import datetime as dt

from sqlalchemy import select

from scheduler.accounts.notices import mail
from scheduler.applications.guest_notices import tell_guest
from scheduler.applications.guests import part_of
from scheduler.applications.member_links import audience_of
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.notices import recipients
from scheduler.applications.sums import raise_roster_revision
from scheduler.audit import services as audit
from scheduler.calendars import links as calendar_links
from scheduler.consents.family import OUT, Task
from scheduler.database import db
from scheduler.people.family_calendars import (
    follow_children,
    guardians_of,
    with_calendars,
)
from scheduler.people.models import Consent, ConsentPurpose

REFUSAL_MAIL = "consents.participation_refused"


_FOLLOWED = (ConsentPurpose.CALENDAR, ConsentPurpose.PARTICIPATION)
"""What guardians' calendars depend on; a child is in none of them while one is refused."""


def take_effect(
    task: Task,
    before: Consent | None,
    consent: Consent,
    *,
    account_id: int | None,
    now: dt.datetime,
) -> None:
    """Do what follows from one answer; the audit log tells purposes, never reasons.

    Refusing or withdrawing participation makes plans stale and tells the school's officers and the
    leader; refusing the calendar ends the child's page and feed and takes it out of its guardians'
    calendars; refusing health data deletes the
    note. `before` is the word that counted until now; `account_id` whoever recorded a paper.
    """
    action = "consent:give" if consent.is_granted else "consent:refuse"
    facts = {"purpose": consent.purpose, "version": consent.text_version, "method": consent.method}
    note(
        action,
        "person",
        task.child.ref,
        now=now,
        account_id=account_id,
        programme=task.programme.code,
        **facts,
    )
    was_refused = before is not None and not before.is_granted
    is_turned = was_refused is consent.is_granted
    if consent.purpose is ConsentPurpose.PARTICIPATION and is_turned and task.is_accepted:
        raise_roster_revision(task.programme.id)
    if is_turned and consent.purpose in _FOLLOWED:
        follow_children(with_calendars(guardians_of(task.child)), now=now)
    if consent.is_granted:
        return
    if consent.purpose is ConsentPurpose.PARTICIPATION and not was_refused:
        _tell_school(task, now)
    if consent.purpose is ConsentPurpose.CALENDAR:
        calendar_links.revoke_links([audience_of(task.child)], now=now)
    if consent.purpose is ConsentPurpose.HEALTH:
        task.child.health_sealed = None
        db.session.flush()


def note(
    action: str,
    subject_type: str,
    subject_ref: str,
    *,
    now: dt.datetime,
    account_id: int | None = None,
    **facts: object,
) -> None:
    """Note in the audit log what a guardian did, or who recorded it for them."""
    audit.record(
        action,
        account_id=account_id,
        subject_type=subject_type,
        subject_ref=subject_ref,
        now=now,
        **facts,
    )


def _tell_school(task: Task, now: dt.datetime) -> None:
    """Mail the officers and the leaders of the child's groups; the mail names no pupil.

    For a guest school's pupil its own officers are told too: only they can see who it is.
    """
    applications = db.session.scalars(
        select(Application)
        .join(Member, Member.application_id == Application.id)
        .where(
            Member.person_id == task.child.id,
            Member.role == MemberRole.PUPIL,
            Application.programme_id == task.programme.id,
            Application.state.not_in(OUT),
        )
        .order_by(Application.id)
    )
    for application in applications:
        facts = {
            "group": application.group_name,
            "programme": task.programme.names,
            "link": f"/applications/{application.ref}",
        }
        for account in recipients(application):
            mail(
                account,
                REFUSAL_MAIL,
                facts,
                now=now,
                about=application.ref,
                programme_id=task.programme.id,
            )
        if (part := part_of(application, task.child.school_id)) is not None:
            tell_guest(part, REFUSAL_MAIL, now=now)
