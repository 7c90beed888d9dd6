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
