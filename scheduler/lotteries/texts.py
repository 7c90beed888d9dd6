"""Words and sentences about lotteries."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.applications import workflow
from scheduler.jobs.texts import add_failure
from scheduler.lotteries.draw import ANY_OTHER
from scheduler.lotteries.entrants import NO_STRATUM
from scheduler.lotteries.models import Applied, Bundles, Strata
from scheduler.lotteries.refusals import Refusal
from scheduler.organisations.models import Region
from scheduler.organisations.texts import REGIONS, STAGES
from scheduler.texts import add_sentences, sentence

STRATA = {
    Strata.NONE: _l("No: all places are open to all"),
    Strata.REGION: _l("By region"),
    Strata.DISTRICT: _l("By district"),
    Strata.STAGE: _l("By stage of the school"),
}
BUNDLES = {
    Bundles.NONE: _l("Each entry for itself"),
    Bundles.SCHOOL: _l("Entries of one school together"),
    Bundles.FAMILY: _l("Entries with brothers and sisters together"),
}
APPLIED = {
    Applied.ACCEPTED: _l("Accepted"),
    Applied.WAITLISTED: _l("Waitlisted"),
    Applied.SKIPPED: _l("Skipped: no longer submitted"),
    Applied.REFUSED: _l("Not possible"),
}

add_sentences(
    {
        Refusal.NOT_A_DRAFT: _l("The list is frozen, so nothing can be changed any more."),
        Refusal.NOT_FROZEN: _l("Only a lottery whose list is frozen can be drawn, and only once."),
        Refusal.NOT_DRAWN: _l("Nothing has been drawn here that could be applied."),
        Refusal.NO_CATEGORY: _l("Choose at least one category."),
        Refusal.NO_ENTRANTS: _l("No submitted entry waits for a decision in these categories."),
        Refusal.NO_PLACES: _l("There is no place to be drawn."),
        Refusal.TOO_MANY_PLACES: _l(
            "%(category)s: %(wanted)s places are to be drawn, but only %(free)s are free."
        ),
        Refusal.SEED_NOT_IN_FUTURE: _l(
            "The seed must come later than the freeze: choose a time that lies ahead."
        ),
        Refusal.SEED_TOO_EARLY: _l("The stated source has not given its number yet."),
        Refusal.SEED_UNREADABLE: _l(
            "Only Latin letters, digits, blanks and punctuation, at most %(most)s, so that "
            "everybody can type it again."
        ),
        Refusal.REASON_NEEDED: _l(
            "Places of this category were drawn before. State why they are drawn again; the reason "
            "is published."
        ),
        Refusal.ENTRANTS_CHANGED: _l(
            "There were %(seen)s entrants on your page and there are %(count)s now. Look at the "
            "list again before you freeze it."
        ),
    }
)
add_failure(Refusal.NOT_DRAWN, _l("Nothing has been drawn here that could be applied."))


def stratum_label(stratum: str) -> str:
    """Return a stratum's name in the reader's language; a district's is its code."""
    if stratum == ANY_OTHER:
        return str(_("Any other"))
    if stratum == NO_STRATUM:
        return "–"
    if stratum in set(Region):
        return str(REGIONS[Region(stratum)])
    if all(letter in STAGES for letter in stratum):
        return " + ".join(str(STAGES[letter]) for letter in stratum)
    return stratum


def refusal_sentence(word: str) -> str:
    """Return why an entry could not be decided on, from the word that was kept."""
    if word not in set(workflow.Refusal):
        return str(_("You may not decide on this application."))
    code = workflow.Refusal(word)
    if code is workflow.Refusal.NO_PLACE_LEFT:
        return str(_("No place is left in the category."))
    try:
        return sentence(code, state="", action="")
    except KeyError:  # the word was kept, not the facts that its sentence asks for
        return str(_("This is not possible now."))
