"""What a group's page says of consents: refusals that need somebody, and how many are missing."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select, true

from scheduler.access.guard import may
from scheduler.access.permissions import Permission
from scheduler.applications.guests import own_people
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.required_consents import missing_required, missing_required_by_id
from scheduler.consents.family import OUT
from scheduler.consents.services import asked_purposes
from scheduler.database import db
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose, Person


@dataclass(frozen=True, slots=True)
class ConsentFlag:
    """Pupils whose guardian refuses taking part, and those who lack a required consent.

    `lacking` names them to those who see names; `missing` counts them for everybody.
    """

    refusing: list[str]
    missing: int
    lacking: list[str]
    address: str | None


def consent_flag(application: Application, *, shows_names: bool) -> ConsentFlag | None:
    """Return what a group's page says of consents; None where there is nothing to say."""
    if application.state in OUT:
        return None
    # Whoever decides sees the names of all; the school those of its own pupils alone.
    is_whole = may(Permission.APPLICATION_DECIDE, application)
    refusing = _refusing(application, is_whole=is_whole) if shows_names else []
    is_asked = bool(asked_purposes(application.programme_id))
    missing = missing_required_by_id([application.id])[application.id] if is_asked else 0
    lacking = missing_required(application) if missing and shows_names else []
    named = [each.name for each in lacking if is_whole or each.school_id == application.school_id]
    address = None
    if is_asked and may(Permission.PERSON_LINK, application):
        address = url_for(
            "consents.school",
            code=application.programme.code,
            school=application.school.code,
            group=application.ref,
            state="required" if missing else None,
        )
    if not (refusing or missing or address):
        return None
    return ConsentFlag(refusing, missing, named, address)


def _refusing(application: Application, *, is_whole: bool) -> list[str]:
    query = (
        select(Person.name)
        .join(Member, Member.person_id == Person.id)
        .where(
            Member.application_id == application.id,
            Member.role == MemberRole.PUPIL,
            true() if is_whole else own_people(application),
            Person.id.in_(refused(ConsentPurpose.PARTICIPATION, application.programme_id)),
        )
        .order_by(Person.sort_key, Person.id)
    )
    return list(db.session.scalars(query))
