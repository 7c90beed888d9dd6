"""Two of everything: what belongs to the person who tries the doors, and the neighbour's."""

import datetime as dt
import secrets
from dataclasses import dataclass
from hashlib import sha256

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.accounts.duty_calendars import account_audience
from scheduler.accounts.models import SignInSession
from scheduler.applications.decision_jobs import DECIDE
from scheduler.applications.models import ImportState, RosterImport
from scheduler.applications.workflow import State
from scheduler.calendars import own_calendars
from scheduler.calendars.choices import Choice
from scheduler.calendars.entries import Subject
from scheduler.calendars.own_calendar_pages import ref_of
from scheduler.database import db
from scheduler.jobs.models import JobState
from scheduler.programmes.approval import LevelKind
from scheduler.programmes.form_fields import Audience, FieldKind, FieldOwner
from scheduler.reports.models import Export, ExportState
from scheduler.scheduling.assigning.models import Companionship, Takers
from scheduler.scheduling.happenings.models import Repair
from scheduler.scheduling.models import Release
from tests import factories

LEAK = "Quxi Neverseen"
"""The name of each pupil of the neighbour: whoever reads it has read too much."""
GUEST = "Dulin Guestchild"
HOST = "Weisi Hostchild"


@dataclass
class Side:
    """One district with its school, one programme with the school's group in it, and so on."""

    district: object
    school: object
    programme: object
    application: object
    account: object
    places: dict[str, str]
    """What stands in an address after each of its fixed parts: `programmes` → a code."""


def _calendar(account, label):
    """A calendar of the account's own, named after the pupil; how pages call it."""
    subject = Subject(account_audience(account), {"en": "Duties"}, "Asia/Shanghai")
    made = own_calendars.add_calendar(
        subject, label, Choice(), secret_key="a secret of the tests", now=clock.now()
    )
    return ref_of(made)


def make_side(role, *, pupil="Pupil"):
    """Make a side whose account holds the role within it."""
    district = factories.district()
    school = factories.school(district=district)
    programme = factories.programme()
    category = factories.category(programme, is_joint=True)
    venue = factories.venue(programme)
    levels = factories.levels(programme)
    quota = factories.quota(levels[LevelKind.CITY], places=3)
    city = levels[LevelKind.CITY]
    application = factories.application(category, school, state=State.SUBMITTED, level=city)
    for _ in range(2):
        factories.member(application, factories.person(school, name=pupil))
    things = {
        Role.PLATFORM_ADMINISTRATOR: None,
        Role.COORDINATOR: programme,
        Role.CITY_REVIEWER: programme,
        Role.DISTRICT_REVIEWER: district,
        Role.SCHOOL_OFFICER: school,
        Role.TEAM_LEADER: application,
    }
    account = factories.account((role, things[role]))
    panel = factories.panel(city, category)
    factories.criterion(panel)
    judges = role is Role.CITY_REVIEWER
    reviewer = factories.panel_reviewer(panel, account if judges else factories.account())
    places = {
        "districts": district.code,
        "schools": school.code,
        "programmes": programme.code,
        "categories": category.code,
        "lots": category.code,
        "tradeoffs": "1",
        "venues": venue.code,
        "busy-times": school.code,
        "calendars": _calendar(account, label=pupil),
        "rows": str(
            factories.busy_time(programme, factories.at(8), factories.at(9), school_id=school.id).id
        ),
        "activities": factories.activity(programme, name="Zebra meeting").ref,
        "itinerary": factories.itinerary_item(
            programme, dt.datetime(2027, 7, 16, 9), dt.datetime(2027, 7, 16, 10), name="Zebra visit"
        ).ref,
        **_assignment(category),
        "calendar-entries": factories.calendar_entry(account_audience(account), title=pupil).uid,
        "answers": factories.attendance_request(programme, name=pupil).ref,
        "staff": factories.staff_member(category).ref,
        "approval": LevelKind.CITY.value,
        "quotas": str(quota.id),
        "series": factories.series(programme).code,
        "organisations": factories.organisation(programme).code,
        "applications": application.ref,
        "slots": application.ref,
        "purposes": "image",
        "members": application.members[0].person.ref,
        "copies": application.ref,
        "substitutions": factories.substitution(application, account).ref,
        "accounts": account.ref,
        "officers": account.ref,
        **_joint(category, application, school),
        "leaders": account.ref,
        **_public(category),
        "panels": panel.ref,
        "criteria": "1",
        "ties": "1",
        "reviewers": reviewer.account.ref,
        "cases": application.ref,
        "reviews": factories.assignment(reviewer, application).ref,
        **_work(programme, category, application, venue, account, school),
        **_form(programme, application, account),
        "paper-scans": factories.paper_scan(programme, school, account).ref,
    }
    return Side(district, school, programme, application, account, places)


def _assignment(category):
    """Staff who wish options, and two who are kept apart."""
    one, other = factories.staff_member(category), factories.staff_member(category)
    made = factories.wish_assignment(category.programme, "A", "B", takers=Takers.STAFF)
    factories.assignment_participant(made, made.options[0], staff_id=one.id)
    company = factories.assignment_company(made, Companionship.APART, one.ref, other.ref)
    return {
        "staff": one.ref,
        "assignments": made.ref,
        "participants": one.ref,
        "companies": str(company.id),
    }


def _joint(category, application, school):
    """A guest school in the side's group, and the side's school as a guest of another group."""
    guest, host = factories.school(), factories.school()
    part = factories.guest_part(application, guest)
    factories.member(application, factories.person(guest, name=GUEST))
    theirs = factories.application(
        category, host, state=State.RETURNED, returned_fields=["members"]
    )
    factories.member(theirs, factories.person(host, name=HOST))
    own = factories.guest_part(theirs, school)
    factories.member(theirs, application.members[0].person)
    return {"parts": part.ref, "guest-parts": own.ref}


def _public(category):
    notice = factories.published_notice(category)
    return {
        "lotteries": factories.lottery(category).ref,
        "notices": notice.ref,
        "versions": "1",
        "objections": factories.objection(notice).ref,
    }


def _work(programme, category, application, venue, account, school):
    plan = factories.plan(programme)
    factories.slot(plan, application, venue, factories.at(10))
    release = Release(
        programme=programme,
        number=1,
        plan=plan,
        slots={},
        difference=dict.fromkeys(("new", "moved", "changed", "cancelled", "persons"), 0),
        published_by=account.id,
        published_at=clock.now(),
    )
    roster = RosterImport(
        ref=secrets.token_hex(8),
        programme=programme,
        category=category,
        school=school,
        account_id=account.id,
        file_name="entry.xlsx",
        state=ImportState.FAILED,
        created_at=clock.now(),
    )
    browser = SignInSession(
        account_id=account.id,
        token_hash=sha256(secrets.token_bytes(8)).hexdigest(),
        created_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(hours=1),
    )
    export = Export(
        ref=secrets.token_hex(8),
        account_id=account.id,
        listing="members",
        place=application.ref,
        file_format="xlsx",
        locale="en",
        row_count=2,
        permission="person:read",
        scopes={"programme_id": programme.id, "school_id": school.id},
        state=ExportState.WAITING,
        created_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=1),
    )
    db.session.add_all([release, roster, browser, export])
    db.session.flush()
    relation = factories.group_relation(application, factories.application(category, school))
    offer = factories.role_offer(account, Role.TEAM_LEADER, application)
    db.session.add(Repair(plan_id=plan.id))
    happening = factories.happening(programme, venue=venue)
    return {
        "role-offers": offer.ref,
        "happenings": happening.ref,
        "plans": plan.ref,
        "relations": str(relation.id),
        "releases": str(release.number),
        "imports": roster.ref,
        "sessions": browser.ref,
        "exports": export.ref,
        "jobs": factories.job(account).ref,
        "decisions": factories.job(
            account, kind=DECIDE, state=JobState.DONE, arguments={"decisions": []}
        ).ref,
        "mails": factories.mail(
            account_id=account.id, about=application.ref, code="applications.submitted"
        ).ref,
        "messages": "applications.accepted",
    }


def _form(programme, application, account):
    """A file that the group has answered with, and a note of staff about each pupil."""
    field = factories.form_field(programme, kind=FieldKind.FILE)
    for owner in FieldOwner:
        factories.form_field(programme, owner=owner, audience=Audience.STAFF)
    stored = factories.stored_file(application, field, account)
    application.answers = {field.code: stored.ref}
    db.session.flush()
    return {"fields": field.code, "files": stored.ref}


def everything():
    """Every row of every table, to tell whether anything has changed."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select()).all()))
            for table in db.metadata.sorted_tables
        }
