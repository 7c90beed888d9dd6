"""Words and sentences about programmes, categories and venues."""

from flask_babel import lazy_gettext as _l

from scheduler.programmes.models import CategoryKind
from scheduler.programmes.refusals import Refusal
from scheduler.texts import add_sentences

KINDS = {
    CategoryKind.CHOIR: _l("Choir"),
    CategoryKind.SMALL_CHOIR: _l("Small choir"),
    CategoryKind.WIND: _l("Wind band"),
    CategoryKind.ORCHESTRA: _l("Orchestra"),
    CategoryKind.STRINGS: _l("Strings"),
    CategoryKind.CHAMBER: _l("Chamber ensemble"),
}

add_sentences(
    {
        Refusal.CODE_TAKEN: _l("This code is in use already; please choose another one."),
        Refusal.DATES_ORDER: _l("The last day cannot be before the first."),
        Refusal.DATES_FAR_APART: _l("A programme can last %(days)s days at most."),
        Refusal.DATES_EXCLUDE_HOURS: _l(
            "%(venue)s has opening hours on a day that would be left out. Change its hours first."
        ),
        Refusal.WINDOW_ORDER: _l("Entry must close after it opens."),
        Refusal.ZONE_IN_USE: _l(
            "Opening hours, closures or attendance windows were entered in the present zone. "
            "Remove them first; they would mean other times."
        ),
        Refusal.PROGRAMME_IN_USE: _l(
            "This programme has entries or plans on record, so it cannot be removed."
        ),
        Refusal.PROGRAMME_HAS_COORDINATORS: _l(
            "This programme has coordinators. Take the role away from them first."
        ),
        Refusal.TIME_SKIPPED: _l(
            "%(shown)s does not exist in %(zone)s: clocks are put forward over it. "
            "The next time after it is %(instead)s."
        ),
        Refusal.TIME_REPEATED: _l(
            "Clocks in %(zone)s show %(shown)s twice, because they are put back. "
            "Please say below which of the two is meant."
        ),
        Refusal.SIZE_ORDER: _l("The largest size cannot be below the smallest."),
        Refusal.BIRTH_ORDER: _l("The later birth date cannot be before the earlier one."),
        Refusal.PLACES_BELOW_TAKEN: _l(
            "%(taken)s groups have been accepted already, so there must be at least as many places."
        ),
        Refusal.CATEGORY_IN_USE: _l(
            "Schools have entered groups in this category, so it cannot be removed."
        ),
        Refusal.VENUE_IN_USE: _l(
            "This venue stands in a plan or a release, so it cannot be removed. "
            "Remove its opening hours instead; nothing is then placed there."
        ),
        Refusal.HALF_A_PLACE: _l("Please enter latitude and longitude, or neither."),
        Refusal.ROW_INCOMPLETE: _l("Please fill in the whole row, or clear all of it."),
        Refusal.HOURS_ORDER: _l("The venue must close after it opens, on the same day."),
        Refusal.HOURS_OVERLAP: _l("These hours overlap with those of another row."),
        Refusal.CLOSURE_ORDER: _l("The closure must end after it begins."),
        Refusal.ATTENDANCE_ORDER: _l("The departure must be after the arrival."),
    }
)
