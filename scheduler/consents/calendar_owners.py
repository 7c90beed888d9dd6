"""Whose family calendars can be written to: guardians with an address, in their page's language."""

from collections.abc import Collection

from sqlalchemy import select

from scheduler.calendars import owners
from scheduler.calendars.entries import portions
from scheduler.calendars.owners import Owner
from scheduler.consents.models import GuardianLink
from scheduler.database import db
from scheduler.people.family_calendars import KIND
from scheduler.people.models import Guardian


def guardians_by_mail(keys: Collection[str]) -> dict[str, Owner]:
    """Return where guardians are written to, by their audience's key; only who has a live page."""
    found: dict[str, Owner] = {}
    for some in portions(map(int, keys)):
        rows = db.session.execute(
            select(Guardian.id, Guardian.email, Guardian.name, GuardianLink.locale)
            .join(GuardianLink, GuardianLink.guardian_id == Guardian.id)
            .where(
                Guardian.id.in_(some),
                Guardian.email.is_not(None),
                GuardianLink.revoked_at.is_(None),
            )
        )
        for guardian_id, email, name, locale in rows:
            found[str(guardian_id)] = Owner(str(email), name, locale)
    return found


owners.add(KIND, guardians_by_mail)
