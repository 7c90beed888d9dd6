"""Why a calendar that is kept elsewhere cannot be read, in words."""

from flask_babel import lazy_gettext as _l

from scheduler.calendars.outside.refusals import Refusal
from scheduler.scheduling.parties.outside_models import OutsideCalendar
from scheduler.texts import add_sentences, sentence

add_sentences(
    {
        Refusal.NO_ADDRESS: _l("This is not an address that can be read. Please check it."),
        Refusal.SCHEME: _l("The address must begin with https://, http:// or webcal://."),
        Refusal.PORT: _l("Only the usual ports of web addresses, 80 and 443, are read."),
        Refusal.UNKNOWN_HOST: _l("There is no server of this name. Please check the address."),
        Refusal.PRIVATE_HOST: _l(
            "This address does not lead into the open internet. Calendars of an internal network "
            "can be given as a file."
        ),
        Refusal.UNREACHABLE: _l(
            "The server does not answer, or broke off. Please try again later."
        ),
        Refusal.TOO_SLOW: _l("The server takes too long to answer. Please try again later."),
        Refusal.TOO_MANY_REDIRECTS: _l("The address leads on and on to others. Please check it."),
        Refusal.STATUS: _l(
            "The server answers with the error %(status)s. Please check the address and whether "
            "the calendar is shared."
        ),
        Refusal.ENCODING: _l("The server packs the calendar in a way that is not read here."),
        Refusal.TOO_LARGE: _l(
            "The calendar is larger than 2 MB. Please share a smaller part of it."
        ),
        Refusal.NO_CALENDAR: _l("This is not a calendar in the iCal format, or it has errors."),
        Refusal.TOO_MANY_EVENTS: _l(
            "The calendar has more than %(most)s events. Please share a smaller part of it."
        ),
        Refusal.TOO_FREQUENT: _l(
            "The calendar has an event that repeats every second or minute. Please remove it there."
        ),
        Refusal.TOO_HARD: _l(
            "The repeating events of this calendar cannot be worked out in reasonable time. Please "
            "give them an end there."
        ),
    }
)


def failure_of(calendar: OutsideCalendar) -> str:
    """Return why the calendar could not be read the last time, "" if it could."""
    if not calendar.error:
        return ""
    return sentence(Refusal(calendar.error), **calendar.error_facts)
