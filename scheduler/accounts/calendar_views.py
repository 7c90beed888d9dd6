"""One's own calendars: performances, meetings and deadlines that one's roles bring along."""

from flask import current_app, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.accounts.duty_calendars import account_audience, duties_of
from scheduler.accounts.own_views import blueprint, own
from scheduler.calendar_mail import entry_mails
from scheduler.calendars import entry_pages, own_calendar_pages
from scheduler.calendars.entries import Subject
from scheduler.calendars.own_calendar_pages import CalendarsAt, Page, own_calendar_list

ENDPOINTS = {
    "page": "own_account.calendars",
    "new": "own_account.new_calendar",
    "change": "own_account.calendar",
    "end": "own_account.end_calendar",
    "entries": "own_account.calendar_entries",
    "entry": "own_account.calendar_entry",
    "mail": "own_account.mail_entry",
}
TITLES = {"en": "My duties", "zh_Hans": "我的任务", "zh_Hant_HK": "我的職務"}
"""What the calendar is called in the owner's program, in each language."""


@blueprint.get("/calendars")
@access(Permission.OWN_ACCOUNT)
def calendars() -> Page:
    """One's own calendars with their addresses."""
    at = _at()
    return render_template("accounts/calendars.html", at=at, calendars=own_calendar_list(at))


@blueprint.route("/calendars/new", methods=["GET", "POST"])
@access(Permission.OWN_ACCOUNT)
def new_calendar() -> Page:
    """Ask for one more calendar, and make it."""
    return own_calendar_pages.new_page(_at())


@blueprint.route("/calendars/<string:ref>", methods=["GET", "POST"])
@access(Permission.OWN_ACCOUNT)
def calendar(ref: str) -> Page:
    """Show what one of one's calendars holds, and change it."""
    return own_calendar_pages.change_page(_at(), ref)


@blueprint.post("/calendars/<string:ref>/end")
@access(Permission.OWN_ACCOUNT)
def end_calendar(ref: str) -> Page:
    """End one of one's calendars."""
    return own_calendar_pages.end(_at(), ref)


@blueprint.get("/calendar-entries")
@access(Permission.OWN_ACCOUNT)
def calendar_entries() -> Page:
    """All that one's calendars can hold, entry by entry."""
    return entry_pages.entries_page(_at(), str(get_locale()))


@blueprint.get("/calendar-entries/<string:ref>.ics")
@access(Permission.OWN_ACCOUNT)
def calendar_entry(ref: str) -> Response:
    """One entry as a file."""
    return entry_pages.entry_file(_at(), ref, str(get_locale()))


@blueprint.post("/calendar-entries/<string:ref>/mail")
@access(Permission.OWN_ACCOUNT)
def mail_entry(ref: str) -> Response:
    """Mail oneself one entry as a file."""
    return entry_mails.mail_entry(_at(), ref)


def _at() -> CalendarsAt:
    account = own().account
    audience = account_audience(account)
    zone = str(current_app.config["BABEL_DEFAULT_TIMEZONE"])
    return CalendarsAt(
        Subject(audience, TITLES, zone, account.locale),
        ENDPOINTS,
        {},
        follows=duties_of(account),
        above=((_("My account"), url_for("own_account.show")),),
    )
