"""Organisations that stand behind programmes: found, added, changed, removed. No Flask here."""

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scheduler.access.permissions import Actor
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import Names, Organisation
from scheduler.organisations.refusals import Refusal


@dataclass(frozen=True)
class OrganisationDetails:
    """What stands in an organisation's form. The code is chosen once."""

    code: str
    names: Names
    country: str
    url: str | None


def all_organisations() -> list[Organisation]:
    """Return every organisation by code."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.code)))


def find_organisation(code: str) -> Organisation:
    """Return the organisation; raises `NotFound`."""
    found = db.session.scalar(select(Organisation).where(Organisation.code == code))
    if found is None:
        raise NotFound
    return found


def add_organisation(
    details: OrganisationDetails, *, actor: Actor, now: dt.datetime
) -> Organisation:
    """Add an organisation without parts; refuses a code that is in use."""
    organisation = Organisation(**asdict(details))
    db.session.add(organisation)
    _flush(Refusal.CODE_TAKEN, field="code")
    _record("organisation:add", details.code, actor, now)
    return organisation


def change_organisation(
    organisation: Organisation, details: OrganisationDetails, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over everything but the code; every programme shows the new names at once."""
    organisation.names = details.names
    organisation.country = details.country
    organisation.url = details.url
    if not db.session.is_modified(organisation):
        return
    db.session.flush()
    _record("organisation:change", organisation.code, actor, now)


def remove_organisation(organisation: Organisation, *, actor: Actor, now: dt.datetime) -> None:
    """Delete an organisation that has no part in any programme; otherwise refuses."""
    code = organisation.code
    db.session.delete(organisation)
    _flush(Refusal.ORGANISATION_IN_USE)
    _record("organisation:remove", code, actor, now)


def _flush(refusal: Refusal, *, field: str | None = None) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refused(refusal, field=field) from error


def _record(action: str, code: str, actor: Actor, now: dt.datetime) -> None:
    audit.record(
        action, account_id=actor.account_id, subject_type="organisation", subject_ref=code, now=now
    )
