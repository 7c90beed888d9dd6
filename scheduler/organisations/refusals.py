"""Why schools and districts refuse; sentences in `organisations.texts`."""

from enum import StrEnum


class Refusal(StrEnum):
    CODE_TAKEN = "organisation_code_taken"
    OFFICIAL_CODE_TAKEN = "official_code_taken"
    OFFICIAL_CODE_SHAPE = "official_code_shape"
    OFFICIAL_CODE_WITHOUT_SCHEME = "official_code_without_scheme"
    SCHOOL_IN_USE = "school_in_use"
    SCHOOL_HAS_OFFICERS = "school_has_officers"
    DISTRICT_HAS_SCHOOLS = "district_has_schools"
    DISTRICT_HAS_REVIEWERS = "district_has_reviewers"
    ORGANISATION_IN_USE = "organisation_in_use"
