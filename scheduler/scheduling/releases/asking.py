"""Who is asked to attend what a release holds: jurors their sessions, leaders their meetings."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from flask import current_app
from sqlalchemy import func, select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.accounts.models import Account, RoleGrant
from scheduler.applications.models import Member
from scheduler.calendar_mail.asking import Invitee, ask
from scheduler.calendars import services as calendars
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db, transaction
from scheduler.languages import spoken
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.scheduling.activities.models import Attendance
from scheduler.scheduling.items import LEADERS
from scheduler.scheduling.parties.staff_models import StaffMember
from scheduler.scheduling.parties.staff_services import staff_of
from scheduler.scheduling.releases.entries import scope_of
from scheduler.scheduling.releases.judging_sessions import (
    Session,
    judging_scope,
    session_draft,
    sessions_of,
)
from scheduler.scheduling.timetable import Performance, latest_release, performances_of

Invitees = dict[str, list[Invitee]]


def ask_all(programme: Programme, lines: Collection[Performance], *, now: dt.datetime) -> int:
    """Ask everybody whom the published lines need to attend; return how many mails were queued.

    Judging sessions come into the jurors' calendars with it. Repeating it tells nobody twice.
    """
    sessions = sessions_of(programme, lines, staff_of(programme))
    accounts = _accounts(juror for session in sessions for juror in session.jurors)
    drafts = [session_draft(programme, session, accounts) for session in sessions]
    calendars.publish(judging_scope(programme), drafts, now=now)
    asked = {session.key: _jurors(session, accounts) for session in sessions}
    told = ask(judging_scope(programme), asked, about=programme.code, now=now)
    return told + ask(scope_of(programme), _leaders(lines), about=programme.code, now=now)


def keep_up() -> None:
    """Ask whoever has become leader or juror since, and tell whoever is none any more.

    Called every hour. Programmes whose published times are over are not looked at.
    """
    now = clock.now()
    coming = select(CalendarEntry.scope_key).where(
        CalendarEntry.scope_kind == "timetable", CalendarEntry.ends_at > now
    )
    ids = list(db.session.scalars(select(Programme.id).where(Programme.code.in_(coming))))
    for programme_id in ids:
        with transaction():
            programme = db.session.get_one(Programme, programme_id)
            writing.hold(programme)
            release = latest_release(programme)
            if release is not None:
                ask_all(programme, performances_of(release), now=now)


def _accounts(jurors: Iterable[StaffMember]) -> dict[str, Account]:
    addresses = {str(juror.email).lower() for juror in jurors}
    query = select(Account).where(
        func.lower(Account.email).in_(addresses), Account.deactivated_at.is_(None)
    )
    return {account.email.lower(): account for account in db.session.scalars(query)}


def _jurors(session: Session, accounts: Mapping[str, Account]) -> list[Invitee]:
    found = []
    for juror in session.jurors:
        address = str(juror.email)
        account = accounts.get(address.lower())
        if account is not None:
            found.append(_invitee(account))
        else:
            locale = str(current_app.config["BABEL_DEFAULT_LOCALE"])
            found.append(Invitee(address, juror.name, locale))
    return found


def _invitee(account: Account) -> Invitee:
    return Invitee(account.email, account.name, account.locale, account.id)


def _leaders(lines: Iterable[Performance]) -> Invitees:
    """Return the leaders of the groups of each meeting of leaders, by the key of its entry."""
    meetings = {
        line.item.key: [group.id for group in line.item.groups]
        for line in lines
        if line.item.activity is not None and line.item.activity.attendance is Attendance.LEADERS
    }
    ids = {group_id for own in meetings.values() for group_id in own}
    leaders = _leaders_by_group(ids)
    return {
        key: [leader for group_id in own for leader in leaders[group_id]]
        for key, own in meetings.items()
    }


def _leaders_by_group(ids: Collection[int]) -> defaultdict[int, list[Invitee]]:
    """Return who leads each group: by the roster, where it has an address, and by their account.

    Who is both stands there twice, the account last: its language is what they have chosen.
    """
    found: defaultdict[int, list[Invitee]] = defaultdict(list)
    by_roster = db.session.execute(
        select(Member.application_id, Person.email, Person.name, School.locale)
        .join(Person, Member.person_id == Person.id)
        .join(School, Person.school_id == School.id)
        .where(Member.application_id.in_(ids), Member.role.in_(LEADERS), Person.email.is_not(None))
        .order_by(Member.id)
    )
    for group_id, email, name, locale in by_roster:
        found[group_id].append(Invitee(str(email), name, spoken(locale)))
    by_account = db.session.execute(
        select(RoleGrant.scope_id, Account)
        .join(Account, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == Role.TEAM_LEADER,
            RoleGrant.scope_id.in_(ids),
            Account.deactivated_at.is_(None),
        )
        .order_by(Account.id)
    )
    for group_id, account in by_account:
        found[group_id].append(_invitee(account))
    return found
