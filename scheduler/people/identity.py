"""Words about a person's identity, and what can be wrong with what is written about a person."""

from enum import StrEnum


class Sex(StrEnum):
    """As in the entry form (needed for rooms and supervision later)."""

    FEMALE = "F"
    MALE = "M"


class DocumentKind(StrEnum):
    """Identity and travel papers that a school may enter; day visitors need none (R5)."""

    RESIDENT_ID = "resident_id"
    HONG_KONG_ID = "hong_kong_id"
    MACAO_ID = "macao_id"
    HOME_RETURN_PERMIT = "home_return_permit"
    PASSPORT = "passport"


class PersonCode(StrEnum):
    """What can be wrong with a name, a paper, a phone number, an address or a birth date."""

    NAME_CHARACTER = "person_name_character"
    NAME_PRIVATE_USE = "person_name_private_use"
    NAME_TOO_LONG = "person_name_too_long"
    NAME_NOT_LATIN = "person_name_not_latin"
    NAME_NO_LETTER = "person_name_no_letter"
    DATE_SHAPE = "person_date_shape"
    DATE_IMPOSSIBLE = "person_date_impossible"
    DATE_AMBIGUOUS = "person_date_ambiguous"
    BIRTH_IN_FUTURE = "person_birth_in_future"
    BIRTH_IMPLAUSIBLE = "person_birth_implausible"
    DOCUMENT_LENGTH = "person_document_length"
    DOCUMENT_SHAPE = "person_document_shape"
    DOCUMENT_CHECK_DIGIT = "person_document_check_digit"
    DOCUMENT_BIRTH_DATE = "person_document_birth_date"
    DOCUMENT_PLACE = "person_document_place"
    DOCUMENT_CONTRADICTS_BIRTH = "person_document_contradicts_birth"
    DOCUMENT_CONTRADICTS_SEX = "person_document_contradicts_sex"
    PHONE_SHAPE = "person_phone_shape"
    PHONE_IMPOSSIBLE = "person_phone_impossible"
    PHONE_NO_AREA = "person_phone_no_area"
    PHONE_UNASSIGNED = "person_phone_unassigned"
    EMAIL_SHAPE = "person_email_shape"
