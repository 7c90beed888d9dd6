"""Words for days, what a count left out, and sentences for refusals."""

import datetime as dt

from babel import dates
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.formats import listed
from scheduler.organisations.forms import country_name
from scheduler.texts import add_sentences
from scheduler.workdays.counting import Doubt, Exceptions
from scheduler.workdays.models import DayType
from scheduler.workdays.refusals import WorkdayRefusal

DAY_TYPES = {
    DayType.HOLIDAY: _l("Holiday"),
    DayType.MAKE_UP: _l("Make-up workday"),
}
DOUBTS = {
    Doubt.UNKNOWN: _l("%(year)s: the holidays are not known yet"),
    Doubt.MAKE_UP_OPEN: _l("%(year)s: make-up workdays not yet announced"),
    Doubt.UNCONFIRMED: _l("%(year)s: the holidays are not confirmed yet"),
}


def span_text(first: dt.date, last: dt.date) -> str:
    """Return a span of days without its year, such as 1–7 October."""
    locale = get_locale()
    if str(locale) != "en":
        return dates.format_interval(first, last, "MMMMd", locale=locale)
    months = [dates.format_date(day, "MMMM", locale=locale) for day in (first, last)]
    if first == last:
        return f"{last.day} {months[1]}"
    if first.month == last.month:
        return f"{first.day}–{last.day} {months[1]}"
    return f"{first.day} {months[0]} – {last.day} {months[1]}"


def exceptions_text(exceptions: Exceptions) -> str:
    """Return which holidays a count left out and which weekend days it took in, if any."""
    parts = []
    if exceptions.without:
        spans = listed(span_text(*span) for span in exceptions.without)
        parts.append(_("without %(days)s", days=spans))
    if exceptions.worked:
        worked = listed(span_text(day, day) for day in exceptions.worked)
        parts.append(_("with the working %(days)s", days=worked))
    return listed(str(part) for part in parts)


def doubts_text(exceptions: Exceptions, region: str) -> str:
    """Return why the end may still move, blank if everything is vouched for."""
    if not exceptions.doubts:
        return ""
    said = [str(DOUBTS[doubt]) % {"year": year} for year, doubt in exceptions.doubts]
    place = country_name(region) if region else _("this time zone")
    return str(_("%(place)s, %(doubts)s", place=place, doubts=str(_("; ")).join(said)))


add_sentences(
    {
        WorkdayRefusal.NOT_A_WEEKEND: _l("%(day)s is neither a Saturday nor a Sunday."),
        WorkdayRefusal.NOTHING_PROPOSED: _l("Nothing is known of this region and year."),
        WorkdayRefusal.NOTHING_TO_CONFIRM: _l("There is no day in this year yet."),
        WorkdayRefusal.FILE_HEADINGS: _l(
            "The file needs a row of headings with a day and a type, as in the exported file."
        ),
        WorkdayRefusal.FILE_ROW: _l("Row %(row)s cannot be read: “%(shown)s”. Nothing was saved."),
    }
)
