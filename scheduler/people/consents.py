"""Which consents stand, by person, purpose and programme (R3).

A guardian's own word for the programme counts before a school's declaration, which belongs to no
programme; of two such words the newer one counts. Rows are only ever added, so the newer is the
one with the higher id.
"""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from scheduler.people.consent_models import AskedPurpose, ConsentRules
from scheduler.people.models import Consent, ConsentPurpose

SCHOOL_HOLDS = "school_holds"
"""The method of a consent that the school declares to hold (domain.md section 2)."""

BY_LINK = "link"
"""The method of a word that was given on the guardian's own page."""

ON_PAPER = "paper"
"""The method of a word that a guardian signed on paper and the school recorded."""

ProgrammeId = int | InstrumentedAttribute[int]


def refused(purpose: ConsentPurpose, programme_id: int | None = None) -> Select[int]:
    """Return the query for the ids of all persons for whom a purpose is refused in a programme.

    Without a programme the newest word counts, for whichever programme it was given.
    """
    word = aliased(Consent)
    return select(word.person_id).where(
        word.purpose == purpose, word.is_granted.is_(False), _is_in_force(word, programme_id)
    )


def lacks_consent(
    person_id: InstrumentedAttribute[int], programme_id: ProgrammeId | None = None
) -> ColumnElement[bool]:
    """Hold for persons for whom taking part is refused, or was never consented to.

    It is what entry asks: the school's declaration counts. Confirmation asks
    `without_required_consent`.
    """
    return ~_granted(person_id, programme_id, ConsentPurpose.PARTICIPATION).exists()


def without_required_consent(
    person_id: InstrumentedAttribute[int], programme_id: ProgrammeId
) -> ColumnElement[bool]:
    """Hold for persons for whom a consent that the programme requires does not stand.

    Participation is always required; whether the school's declaration suffices for it is the
    programme's rule (it does by default). Put it into the `where` of a query over persons or
    members; the arguments are columns of that query, or a programme's id. A person who is newly
    in a group has no word of their own yet, whatever was given for somebody else.
    """
    asked = aliased(AskedPurpose)
    others = select(asked.id).where(
        asked.programme_id == programme_id,
        asked.is_asked,
        asked.is_required,
        asked.purpose != ConsentPurpose.PARTICIPATION,
        ~_granted(person_id, programme_id, asked.purpose, asked.counts_from_version).exists(),
    )
    return or_(
        lacks_participation(person_id, programme_id), others.correlate_except(asked).exists()
    )


def lacks_participation(
    person_id: InstrumentedAttribute[int], programme_id: ProgrammeId
) -> ColumnElement[bool]:
    """Hold for persons for whom participation is not consented to as the programme demands."""
    rules, asked = aliased(ConsentRules), aliased(AskedPurpose)
    own_needed = select(rules.programme_id).where(
        rules.programme_id == programme_id, rules.needs_own_consent
    )
    counts_from = select(asked.counts_from_version).where(
        asked.programme_id == programme_id, asked.purpose == ConsentPurpose.PARTICIPATION
    )
    word = aliased(Consent)
    granted = _granted(
        person_id,
        programme_id,
        ConsentPurpose.PARTICIPATION,
        func.coalesce(counts_from.correlate_except(asked).scalar_subquery(), 1),
        word=word,
    ).where(
        or_(word.method != SCHOOL_HOLDS, ~own_needed.correlate_except(rules).exists()),
    )
    return ~granted.exists()


def newest_word(
    person_id: InstrumentedAttribute[int],
    purpose: InstrumentedAttribute[ConsentPurpose],
    programme_id: int,
) -> ScalarSelect[int]:
    """Return the id of the word that counts, for a query over persons and purposes to join."""
    word = aliased(Consent)
    is_own = case((word.programme_id.is_not(None), 1), else_=0)
    return (
        select(word.id)
        .where(
            word.person_id == person_id,
            word.purpose == purpose,
            or_(word.programme_id == programme_id, word.programme_id.is_(None)),
        )
        .order_by(is_own.desc(), word.id.desc())
        .limit(1)
        .correlate_except(word)
        .scalar_subquery()
    )


def _granted(
    person_id: InstrumentedAttribute[int],
    programme_id: ProgrammeId | None,
    purpose: Any,
    counts_from: Any = 1,
    *,
    word: Any = None,
) -> Select[int]:
    """Return the query for the consent of a person that stands, to a wording that still counts."""
    word = word or aliased(Consent)
    return (
        select(word.id)
        .where(
            word.person_id == person_id,
            word.purpose == purpose,
            word.is_granted,
            or_(word.text_version.is_(None), word.text_version >= counts_from),
            _is_in_force(word, programme_id),
        )
        .correlate_except(word)
    )


def _is_in_force(word: Any, programme_id: ProgrammeId | None) -> ColumnElement[bool]:
    """Hold for words that no other word of the same person and purpose overrides."""
    other = aliased(Consent)
    overrides = other.id > word.id
    is_about: ColumnElement[bool] = word.id.is_not(None)
    if programme_id is not None:
        is_about = or_(word.programme_id == programme_id, word.programme_id.is_(None))
        overrides = or_(
            (other.programme_id == word.programme_id) & overrides,
            word.programme_id.is_(None) & other.programme_id.is_(None) & overrides,
            word.programme_id.is_(None) & (other.programme_id == programme_id),
        )
    same = (other.person_id == word.person_id) & (other.purpose == word.purpose)
    return is_about & ~select(other.id).where(same, overrides).correlate_except(other).exists()
