"""A guardian's calendars: all the own children in one, as many as there are devices."""

from werkzeug.wrappers import Response

from scheduler.access.guard import public
from scheduler.calendar_mail import entry_mails
from scheduler.calendars import entry_pages, own_calendar_pages
from scheduler.calendars.entries import Subject
from scheduler.calendars.own_calendar_pages import CalendarsAt, Page
from scheduler.consents.guardian_door import OWN_PAGE, READS, WRITES, blueprint, link_of
from scheduler.consents.models import GuardianLink
from scheduler.extensions import limiter
from scheduler.people.family_calendars import children_followed, guardian_audience

ENDPOINTS = {
    "page": "guardians.page",
    "new": "guardians.new_calendar",
    "change": "guardians.calendar",
    "end": "guardians.end_calendar",
    "entries": "guardians.calendar_entries",
    "entry": "guardians.calendar_entry",
    "mail": "guardians.mail_entry",
}


TITLES = {"en": "Family timetable", "zh_Hans": "家庭日程", "zh_Hant_HK": "家庭時間表"}
"""What the calendar is called in the guardian's program, in each language."""


def calendars_at(link: GuardianLink, token: str) -> CalendarsAt:
    """Return whose calendars a guardian's page shows, and where they are changed."""
    guardian_id = link.guardian_id
    children = children_followed([guardian_id])[guardian_id]
    return CalendarsAt(
        Subject(guardian_audience(guardian_id), TITLES, link.guardian.school.timezone, link.locale),
        ENDPOINTS,
        {"token": token},
        is_of_several=len(children) > 1,
        follows=children,
    )


@blueprint.route("/guardian/<string:token>/calendars/new", methods=["GET", "POST"])
@public(OWN_PAGE)
@limiter.limit(READS)
@limiter.limit(WRITES, methods=["POST"])
def new_calendar(token: str) -> Page:
    """Ask for one more calendar with all children of the guardian, and make it."""
    return own_calendar_pages.new_page(calendars_at(link_of(token), token))


@blueprint.route("/guardian/<string:token>/calendars/<string:ref>", methods=["GET", "POST"])
@public(OWN_PAGE)
@limiter.limit(READS)
@limiter.limit(WRITES, methods=["POST"])
def calendar(token: str, ref: str) -> Page:
    """Show what one of the guardian's calendars holds, and change it."""
    return own_calendar_pages.change_page(calendars_at(link_of(token), token), ref)


@blueprint.post("/guardian/<string:token>/calendars/<string:ref>/end")
@public(OWN_PAGE)
@limiter.limit(WRITES)
def end_calendar(token: str, ref: str) -> Response:
    """End one of the guardian's calendars."""
    return own_calendar_pages.end(calendars_at(link_of(token), token), ref)


@blueprint.get("/guardian/<string:token>/entries")
@public(OWN_PAGE)
@limiter.limit(READS)
def calendar_entries(token: str) -> Page:
    """All that the guardian's calendars can hold, entry by entry, with whose each is."""
    link = link_of(token)
    return entry_pages.entries_page(calendars_at(link, token), link.locale)


@blueprint.get("/guardian/<string:token>/entries/<string:ref>.ics")
@public(OWN_PAGE)
@limiter.limit(READS)
def calendar_entry(token: str, ref: str) -> Response:
    """One entry as a file."""
    link = link_of(token)
    return entry_pages.entry_file(calendars_at(link, token), ref, link.locale)


@blueprint.post("/guardian/<string:token>/entries/<string:ref>/mail")
@public(OWN_PAGE)
@limiter.limit(WRITES)
def mail_entry(token: str, ref: str) -> Response:
    """Mail the guardian one entry as a file, to the address that the school has."""
    return entry_mails.mail_entry(calendars_at(link_of(token), token), ref)
