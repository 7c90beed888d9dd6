"""Whose family calendars can be written to: guardians with an address, in their page's language."""

from collections.abc import Collection

from sqlalchemy import and_, select

from scheduler.calendars import owners
from scheduler.calendars.entries import portions
from scheduler.calendars.owners import Owner
from scheduler.consents.models import GuardianLink
from scheduler.database import db
from scheduler.languages import spoken
from scheduler.organisations.models import School
from scheduler.people.family_calendars import KIND
from scheduler.people.models import Guardian


def guardians_by_mail(keys: Collection[str]) -> dict[str, Owner]:
    """Return where guardians are written to, by their audience's key.

    In the language of their page; in their school's before they have one.
    """
    found: dict[str, Owner] = {}
    for some in portions(map(int, keys)):
        rows = db.session.execute(
            select(Guardian.id, Guardian.email, Guardian.name, GuardianLink.locale, School.locale)
            .join(School, Guardian.school_id == School.id)
            .outerjoin(
                GuardianLink,
                and_(GuardianLink.guardian_id == Guardian.id, GuardianLink.revoked_at.is_(None)),
            )
            .where(Guardian.id.in_(some), Guardian.email.is_not(None))
        )
        for guardian_id, email, name, of_page, of_school in rows:
            found[str(guardian_id)] = Owner(str(email), name, of_page or spoken(of_school))
    return found


owners.add(KIND, guardians_by_mail)
