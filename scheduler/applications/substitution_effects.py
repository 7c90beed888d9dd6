"""What an approved substitution does: one member for another, in the group and in calendars."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from scheduler.applications.entry_services import ROW
from scheduler.applications.member_links import audience_of, subject_of
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.published import leave_timetable
from scheduler.applications.pupils import PupilWriter
from scheduler.applications.roster_writing import Writing, kept_values
from scheduler.applications.substitution_entering import entering, told
from scheduler.applications.substitution_models import Substitution
from scheduler.applications.sums import raise_roster_revision
from scheduler.calendars import links
from scheduler.database import db
from scheduler.errors import Conflict
from scheduler.people.consents import refused, without_required_consent
from scheduler.people.models import ConsentPurpose, Person
from scheduler.programmes.models import Programme


def replace_member(substitution: Substitution, writing: Writing, secret_key: str | bytes) -> None:
    """Put whoever comes where the other one was; raises `Refused` if that is not possible now."""
    application, content = substitution.application, told(substitution, writing.sealer)
    leaving = db.session.scalar(
        select(Member).where(
            Member.application_id == application.id,
            Member.person_id == substitution.leaving_id,
            Member.role == MemberRole.PUPIL,
        )
    )
    if content is None or leaving is None:
        raise Conflict
    changes = entering(application, content.values, substitution.coming, writing)[1]
    # What the school declares, the school declares: not whoever approves it.
    declarer = replace(writing.actor, name=substitution.account.name)
    writer = PupilWriter(writing.school, declarer, writing.sealer, now=writing.now)
    person_id = writer.write(changes.pupils)[ROW]
    values = kept_values(changes.members[0].values, writing) | {"position": leaving.position}
    db.session.delete(leaving)
    db.session.flush()
    ids = {"application_id": application.id, "person_id": person_id}
    db.session.add(Member(**ids, role=MemberRole.PUPIL, **values))
    db.session.flush()
    db.session.expire(application, ["members"])
    substitution.coming = db.session.get_one(Person, person_id)
    _take_back_confirmation(application, person_id)
    _move_calendars(substitution, writing.now, secret_key)
    # Members are rows of their own: a decision on what was seen before is refused all the same.
    application.changed_at = writing.now
    flag_modified(application, "changed_at")
    raise_roster_revision(application.programme_id)


def _take_back_confirmation(application: Application, person_id: int) -> None:
    lacking = without_required_consent(Person.id, application.programme_id)
    query = select(Person.id).where(Person.id == person_id, lacking)
    if db.session.scalar(query) is not None:
        application.confirmed_at = None


def _move_calendars(substitution: Substitution, now: dt.datetime, secret_key: str | bytes) -> None:
    """Let the published time follow the members; a page without any entry left is ended."""
    application = substitution.application
    leaving, coming = substitution.leaving, substitution.coming
    if leaving is None or coming is None:
        return
    has_calendar = _has_calendar(coming, application.programme)
    joins = audience_of(coming) if has_calendar else None
    is_standing = leave_timetable(application, [leaving], joins=joins, now=now)
    if is_standing and has_calendar:
        links.personal_links([subject_of(coming)], secret_key=secret_key, now=now)


def _has_calendar(person: Person, programme: Programme) -> bool:
    query = select(Person.id).where(
        Person.id == person.id,
        Person.id.not_in(refused(ConsentPurpose.PARTICIPATION, programme.id)),
        Person.id.not_in(refused(ConsentPurpose.CALENDAR, programme.id)),
    )
    return db.session.scalar(query) is not None
