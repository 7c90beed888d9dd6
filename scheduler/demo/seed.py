"""Load the demo into a database, once."""

import datetime as dt
from collections import Counter

from sqlalchemy import select, update

from scheduler.accounts.models import Account
from scheduler.applications.workflow import State
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.demo import accounts, backing, consents, form, messages, people, places, programme
from scheduler.demo.applications import add_applications
from scheduler.demo.approval import add_approval
from scheduler.demo.delegation import add_invitation
from scheduler.demo.entries import Entry, all_entries
from scheduler.demo.festival import Festival, read
from scheduler.demo.jury import add_jury
from scheduler.demo.panel import add_panel
from scheduler.demo.public import add_public
from scheduler.demo.resubmission import keep_returned, resubmit
from scheduler.programmes.models import Category, Programme
from scheduler.workdays import services as workdays


def is_loaded() -> bool:
    """Tell whether the demo's programme is there, whatever was done to it since."""
    return (
        db.session.scalar(select(Programme.id).where(Programme.code == programme.CODE)) is not None
    )


def load(*, now: dt.datetime) -> bool:
    """Add the whole demo and return True, or return False and change nothing if it is there.

    Everything but hashes is the same every time; the entry window and the history are reckoned
    from `now`. The caller commits.
    """
    if is_loaded():
        return False
    festival = read()
    programme_id = programme.add_programme(festival, backing.add_series(), now=now)
    backing.add_backing(festival, programme_id)
    created_at = now - programme.OPENED_BEFORE
    district_ids = places.add_districts(festival)
    school_ids = places.add_schools(festival, district_ids)
    category_ids = programme.add_categories(programme_id)
    form.add_form(programme_id)
    _add_conditions(festival, programme_id, category_ids)
    staff = accounts.add_staff(
        festival, school_ids, district_ids, programme_id, created_at=created_at
    )
    person_ids = people.add_pupils(festival, school_ids, created_at=created_at)
    guardian_ids = people.add_guardians(festival, school_ids, person_ids)
    workdays.keep_up(now=now)
    consents.add_questions(programme_id, staff, now=created_at)
    consents.add_declarations(festival, person_ids, staff.officer_names, given_at=created_at)
    consents.add_answers(festival, programme_id, person_ids, guardian_ids, now=now)
    entries = all_entries(festival)
    application_ids = add_applications(
        festival,
        entries,
        staff,
        programme_id=programme_id,
        category_ids=category_ids,
        school_ids=school_ids,
        person_ids=person_ids,
        now=now,
    )
    add_approval(
        festival,
        entries,
        programme_id=programme_id,
        application_ids=application_ids,
        now=now,
    )
    add_panel(
        entries,
        programme_id=programme_id,
        category_ids=category_ids,
        application_ids=application_ids,
        now=now,
    )
    add_invitation(entries, application_ids=application_ids, school_ids=school_ids, now=now)
    _count_places(entries, category_ids)
    _grant_leader(application_ids[accounts.LEADERS_GROUP], now)
    messages.add_messages(programme_id, application_ids[accounts.LEADERS_GROUP], now=now)
    resubmit(staff, now=now)
    keep_returned()
    add_public(now=now)
    _record(len(entries), now)
    return True


def _add_conditions(festival: Festival, programme_id: int, category_ids: dict[str, int]) -> None:
    """Add what the timetable has to keep to: venues, who is there when, the jury."""
    programme.add_venues(festival, programme_id)
    programme.add_attendance_windows(festival, programme_id)
    add_jury(festival, programme_id, category_ids)


def _record(applications: int, now: dt.datetime) -> None:
    audit.record(
        "demo:load",
        account_id=None,
        subject_type="programme",
        subject_ref=programme.CODE,
        now=now,
        applications=applications,
    )


def _count_places(entries: list[Entry], category_ids: dict[str, int]) -> None:
    accepted = Counter(entry.kind for entry in entries if entry.state is State.ACCEPTED)
    for code, count in accepted.items():
        db.session.execute(
            update(Category).where(Category.id == category_ids[code]).values(places_taken=count)
        )


def _grant_leader(application_id: int, now: dt.datetime) -> None:
    email = accounts.SIGN_INS[-1].email
    leader_id = db.session.scalar(select(Account.id).where(Account.email == email))
    if leader_id is not None:
        accounts.grant_leader(leader_id, application_id, granted_at=now)
