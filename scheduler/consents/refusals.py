"""Why something about consents is not done; sentences in `consents.texts`."""

from enum import StrEnum


class ConsentRefusal(StrEnum):
    """Codes of refusals."""

    CONTACT_MISSING = "consents_contact_missing"
    NEVER_REQUIRED = "consents_never_required"
    ALWAYS_ASKED = "consents_always_asked"
    RECIPIENT_MISSING = "consents_recipient_missing"
    UNTIL_TOO_EARLY = "consents_until_too_early"
    PLACEHOLDER_UNKNOWN = "consents_placeholder_unknown"
    PLACEHOLDER_EMPTY = "consents_placeholder_empty"
    WORDING_MISSING = "consents_wording_missing"
    WORDING_TOO_LONG = "consents_wording_too_long"
    NOTHING_ASKED = "consents_nothing_asked"
    NOTHING_ANSWERED = "consents_nothing_answered"
    SIGNER_MISSING = "consents_signer_missing"
    RELATION_MISSING = "consents_relation_missing"
    HEALTH_REFUSED = "consents_health_refused"
    PAPERS_WRONG = "consents_papers_wrong"
    PAPER_SIGNER_MISSING = "consents_paper_signer_missing"
    PAPER_RELATION_MISSING = "consents_paper_relation_missing"
    PAPER_FORM_MISSING = "consents_paper_form_missing"
    PAPER_DAY_MISSING = "consents_paper_day_missing"
    PAPER_DAY_TO_COME = "consents_paper_day_to_come"
    PAPER_DAY_TOO_EARLY = "consents_paper_day_too_early"
    PAPER_LINK_REFUSED = "consents_paper_link_refused"
    PAPER_LINK_GIVEN = "consents_paper_link_given"
    PAPER_OLDER = "consents_paper_older"
    PAPER_NOT_PRINTED = "consents_paper_not_printed"
    PAPER_OUTDATED = "consents_paper_outdated"
