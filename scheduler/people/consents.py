"""Which consents stand: for each person and purpose the newest counts (R3)."""

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from scheduler.people.models import Consent, ConsentPurpose


def refused(purpose: ConsentPurpose) -> Select[int]:
    """Return the query for the ids of all persons whose newest word on a purpose is a refusal.

    Rows are only ever added, so the newest is the one with the highest id.
    """
    return select(Consent.person_id).where(
        Consent.purpose == purpose, Consent.is_granted.is_(False), ~_later(purpose).exists()
    )


def lacks_consent(person_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Hold for persons whose newest word on taking part is no, or who have none."""
    purpose = ConsentPurpose.PARTICIPATION
    granted = select(Consent.id).where(
        Consent.person_id == person_id,
        Consent.purpose == purpose,
        Consent.is_granted,
        ~_later(purpose).exists(),
    )
    return ~granted.exists()


def _later(purpose: ConsentPurpose) -> Select[int]:
    """The consents that were given after the one that is looked at."""
    newer = aliased(Consent)
    return select(newer.id).where(
        newer.person_id == Consent.person_id, newer.purpose == purpose, newer.id > Consent.id
    )
