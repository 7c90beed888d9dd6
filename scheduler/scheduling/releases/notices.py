"""Who is told of a release, and of what: one mail per address, never twice."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select

from scheduler.access.permissions import Role
from scheduler.accounts.models import Account, RoleGrant
from scheduler.applications.models import Application
from scheduler.applications.published import ACTIVITY, activity_key, performance_key
from scheduler.calendars.entries import Difference, EntryChange, portions
from scheduler.database import db
from scheduler.languages import spoken
from scheduler.notifications import services as notifications
from scheduler.organisations.models import School
from scheduler.people.models import Guardian, Guardianship, Person
from scheduler.people.names import given_name
from scheduler.scheduling.models import Release
from scheduler.scheduling.releases.wording import change_line

TO_SCHOOL = "release_school"
TO_FAMILY = "release_family"
TO_FAMILY_FIRST = "release_family_first"

Changes = dict[str, EntryChange]


@dataclass
class Notice:
    """What one address is told; an officer who is a guardian too, of the own children as well."""

    code: str
    name: str
    locale: str
    account_id: int | None = None
    changes: Changes = field(default_factory=dict)
    children: dict[str, None] = field(default_factory=dict)
    of_own_children: Changes = field(default_factory=dict)

    @property
    def cases(self) -> list[str]:
        """The applications that the changes are about, for a school's mail."""
        keys = self.changes if self.code == TO_SCHOOL else ()
        return [key.partition(":")[2] for key in keys if not key.startswith(ACTIVITY)]

    @property
    def code_now(self) -> str:
        """The mail's code: families are told otherwise of times that are new than of changes."""
        is_new = all(change.was is None for change in self.changes.values())
        return TO_FAMILY_FIRST if is_new and self.code == TO_FAMILY else self.code


def tell_affected(release: Release, difference: Difference, *, now: dt.datetime) -> int:
    """Queue one mail to each affected address and return how many.

    Told are the officers of affected schools, the leaders of affected groups, and guardians who
    have an address; siblings' guardians get one mail, and whoever is both gets the school's, which
    then tells of the own children too. Release and address together are used once, so that a
    repeated job mails nobody twice.
    """
    families, notices = _to_guardians(difference), _to_accounts(release, difference)
    for address, family in families.items():
        # One mail per person: the school's, with the children's groups of other schools in it.
        notices.setdefault(address, family).of_own_children = family.changes
    programme = release.programme
    for address, notice in sorted(notices.items()):
        lines = [
            change_line(change, notice.locale, programme.timezone)
            for change in sorted((notice.changes | notice.of_own_children).values(), key=moment_of)
        ]
        notifications.queue(
            notice.code_now,
            to_address=address,
            to_name=notice.name,
            locale=notice.locale,
            facts={
                "programme": programme.names,
                "number": release.number,
                "changes": lines,
                "notes": release.notes,
                **({"children": " & ".join(notice.children)} if notice.children else {}),
                "timetable_link": f"/programmes/{programme.code}/timetable",
            },
            about=programme.code,
            once_key=once_key_of(release, address),
            account_id=notice.account_id,
            programme_id=programme.id,
            cases=notice.cases,
            now=now,
        )
    return len(notices)


def once_key_of(release: Release, address: str) -> str:
    """Return the key under which an address is told of a release, once."""
    return f"release:{release.programme.code}:{release.number}:{address}"


def changes_by_audience(difference: Difference, kind: str) -> dict[str, Changes]:
    """Return, for each key of a kind of audience, the changed entries it has or had."""
    found: defaultdict[str, Changes] = defaultdict(dict)
    groups = (difference.new, difference.moved, difference.changed, difference.cancelled)
    for change in (change for group in groups for change in group):
        for audience in change.audiences:
            if audience.kind == kind:
                found[audience.key][change.key] = change
    return dict(found)


def moment_of(change: EntryChange) -> tuple[dt.datetime, str]:
    """Return what puts changes in the order of their times: the new, or else the old ones."""
    times = change.now or change.was
    return (times[0] if times else dt.datetime.min.replace(tzinfo=dt.UTC), change.key)


def _to_accounts(release: Release, difference: Difference) -> dict[str, Notice]:
    by_school = changes_by_audience(difference, "school")
    schools = select(School.id, School.code).where(School.code.in_(by_school))
    by_scope = {
        (Role.SCHOOL_OFFICER, id_): by_school[code] for id_, code in db.session.execute(schools)
    }
    groups_of = _groups_by_key(release)
    by_ref: defaultdict[str, Changes] = defaultdict(dict)
    for changes in by_school.values():
        for key, change in changes.items():
            for ref in groups_of[key]:
                by_ref[ref][key] = change
    groups = select(Application.id, Application.ref).where(Application.ref.in_(by_ref))
    by_scope |= {(Role.TEAM_LEADER, id_): by_ref[ref] for id_, ref in db.session.execute(groups)}
    return _notices_of(by_scope)


def _groups_by_key(release: Release) -> dict[str, list[str]]:
    """Return the refs of the groups in each entry of a release and of the one before it."""
    both = db.session.scalars(
        select(Release)
        .where(
            Release.programme_id == release.programme_id,
            Release.number.in_((release.number - 1, release.number)),
        )
        .order_by(Release.number)
    )
    found: dict[str, list[str]] = {}
    for one in both:
        for ref, kept in one.slots.items():
            is_beside = "activity" in kept
            key = activity_key(ref) if is_beside else performance_key(ref)
            found[key] = kept["groups"] if is_beside else [ref]
    return found


def _notices_of(by_scope: dict[tuple[Role, int], Changes]) -> dict[str, Notice]:
    holders = db.session.execute(
        select(Account, RoleGrant.role, RoleGrant.scope_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role.in_([Role.SCHOOL_OFFICER, Role.TEAM_LEADER]),
            Account.deactivated_at.is_(None),
        )
    )
    notices: dict[str, Notice] = {}
    for account, role, scope_id in holders:
        changes = by_scope.get((role, scope_id))
        if changes:
            notice = notices.setdefault(
                account.email, Notice(TO_SCHOOL, account.name, account.locale, account.id)
            )
            notice.changes |= changes
    return notices


def _to_guardians(difference: Difference) -> dict[str, Notice]:
    by_person = changes_by_audience(difference, "person")
    notices: dict[str, Notice] = {}
    for refs in portions(sorted(by_person), size=500):
        rows = db.session.execute(
            select(Guardian.email, Guardian.name, Person.ref, Person.name, School.locale)
            .join(Guardianship, Guardianship.guardian_id == Guardian.id)
            .join(Person, Guardianship.person_id == Person.id)
            .join(School, Person.school_id == School.id)
            .where(Person.ref.in_(refs), Guardian.email.is_not(None))
            .order_by(Guardian.id)
        )
        for email, name, ref, child, locale in rows:
            if email is None:
                continue
            notice = notices.setdefault(email.lower(), Notice(TO_FAMILY, name, spoken(locale)))
            notice.changes |= by_person[ref]
            notice.children[given_name(child)] = None
    return notices
