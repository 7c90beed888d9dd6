"""Words for purposes and relations, and sentences for refusals."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from scheduler.consents.refusals import ConsentRefusal
from scheduler.formats import listed
from scheduler.people.models import ConsentPurpose, Relation
from scheduler.texts import add_sentences

PURPOSE_LABELS = {
    ConsentPurpose.PARTICIPATION: _l("Taking part"),
    ConsentPurpose.INSURANCE: _l("Insurance"),
    ConsentPurpose.HEALTH: _l("Health data"),
    ConsentPurpose.IMAGE: _l("Photos and films"),
    ConsentPurpose.LIVESTREAM: _l("Live broadcast"),
    ConsentPurpose.TRANSFER: _l("Data sent abroad"),
    ConsentPurpose.HOMESTAY: _l("Homestay"),
    ConsentPurpose.CALENDAR: _l("Private page and calendar"),
}

REFUSAL_MEANINGS = {
    ConsentPurpose.PARTICIPATION: _l(
        "If you refuse, your child does not take part. The school and the coordinators are told."
    ),
    ConsentPurpose.INSURANCE: _l(
        "If you refuse, your child is not insured by the organiser, and takes part all the same. "
        "Please see to an insurance of your own."
    ),
    ConsentPurpose.HEALTH: _l(
        "If you refuse, no health note is kept and one that is there is deleted at once. Your "
        "child takes part all the same."
    ),
    ConsentPurpose.IMAGE: _l(
        "If you refuse, your child takes part all the same and is not photographed singly."
    ),
    ConsentPurpose.LIVESTREAM: _l(
        "If you refuse, your child takes part all the same and is not shown in the broadcast."
    ),
    ConsentPurpose.TRANSFER: _l(
        "If you refuse, nothing is sent abroad, and your child takes part all the same."
    ),
    ConsentPurpose.HOMESTAY: _l(
        "If you refuse, your child does not stay with a family, and takes part all the same."
    ),
    ConsentPurpose.CALENDAR: _l(
        "If you refuse, there is no private page and no calendar for your child, who takes part "
        "all the same."
    ),
}
REQUIRED_MEANING = _l(
    "The programme cannot do without this. If you refuse, your child cannot take part."
)

RELATION_LABELS = {
    Relation.MOTHER: _l("Mother"),
    Relation.FATHER: _l("Father"),
    Relation.GRANDPARENT: _l("Grandparent"),
    Relation.OTHER_GUARDIAN: _l("Other guardian"),
}

METHOD_LABELS = {
    "link": _l("on the private page"),
    "paper": _l("on paper"),
    "school_holds": _l("declared by the school"),
}


def refusal_meaning(purpose: ConsentPurpose, is_required: object) -> str:
    """Return in one sentence what follows when the purpose is refused."""
    if is_required and purpose is not ConsentPurpose.PARTICIPATION:
        return str(REQUIRED_MEANING)
    return str(REFUSAL_MEANINGS[purpose])


def purpose_list(purposes: Iterable[ConsentPurpose]) -> str:
    """Return purposes in words, in one line."""
    return listed(str(PURPOSE_LABELS[purpose]) for purpose in purposes)


add_sentences(
    {
        ConsentRefusal.CONTACT_MISSING: _l(
            "Guardians must be told who is in charge and where they can complain. Please fill this "
            "in under “Rules”."
        ),
        ConsentRefusal.NEVER_REQUIRED: _l(
            "This purpose can be asked, but never required: nobody is kept out for it."
        ),
        ConsentRefusal.ALWAYS_ASKED: _l("Taking part is always asked and always required."),
        ConsentRefusal.RECIPIENT_MISSING: _l(
            "Data can be sent abroad to a named recipient only. Please give name and country."
        ),
        ConsentRefusal.UNTIL_TOO_EARLY: _l("This is before the programme's last day."),
        ConsentRefusal.PLACEHOLDER_UNKNOWN: _l(
            "There is no placeholder %(shown)s. Check its name, or write the words themselves."
        ),
        ConsentRefusal.PLACEHOLDER_EMPTY: _l(
            "The text uses %(shown)s, which is not filled in for this purpose."
        ),
        ConsentRefusal.WORDING_MISSING: _l("The text is needed in every language."),
        ConsentRefusal.WORDING_TOO_LONG: _l("The text has at most %(most)s characters."),
        ConsentRefusal.NOTHING_ASKED: _l(
            "Nothing is asked in this programme yet. A coordinator sets up the consents first."
        ),
        ConsentRefusal.NOTHING_ANSWERED: _l("Please answer at least one question."),
        ConsentRefusal.SIGNER_MISSING: _l("Please write your name."),
        ConsentRefusal.RELATION_MISSING: _l("Please choose what you are to the child."),
        ConsentRefusal.HEALTH_REFUSED: _l(
            "You have refused that health data are kept. Consent to it first, then write the note."
        ),
        ConsentRefusal.PAPERS_WRONG: _l(
            "Nothing was saved. What is wrong stands beside the fields; please choose the scan "
            "again as well."
        ),
        ConsentRefusal.PAPER_SIGNER_MISSING: _l("Who has signed?"),
        ConsentRefusal.PAPER_RELATION_MISSING: _l("What is the signer to the child?"),
        ConsentRefusal.PAPER_FORM_MISSING: _l("Which code stands at the foot of the paper?"),
        ConsentRefusal.PAPER_DAY_MISSING: _l("On which day was it signed?"),
        ConsentRefusal.PAPER_DAY_TO_COME: _l("This day is still to come."),
        ConsentRefusal.PAPER_DAY_TOO_EARLY: _l("The paper with this code did not exist yet then."),
        ConsentRefusal.PAPER_LINK_REFUSED: _l(
            "A guardian has refused on the private page. Only there can it be turned."
        ),
        ConsentRefusal.PAPER_LINK_GIVEN: _l(
            "A guardian has consented on the private page already. Leave this open."
        ),
        ConsentRefusal.PAPER_OLDER: _l("A guardian has answered since this paper was signed."),
        ConsentRefusal.PAPER_NOT_PRINTED: _l("The paper with this code does not ask for this."),
        ConsentRefusal.PAPER_OUTDATED: _l(
            "This text no longer counts. The guardian signs the new paper, or answers online."
        ),
    }
)
