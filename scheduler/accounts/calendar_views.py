"""One's own calendars: performances, meetings and deadlines that one's roles bring along."""

from flask import current_app, render_template

from scheduler import clock
from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.accounts.duty_calendars import account_audience, duties_of
from scheduler.accounts.own_views import blueprint, own
from scheduler.calendars import own_calendar_pages, own_calendars
from scheduler.calendars.entries import Subject
from scheduler.calendars.own_calendar_pages import CalendarsAt, Page, own_calendar_list

ENDPOINTS = {
    "page": "own_account.calendars",
    "new": "own_account.new_calendar",
    "change": "own_account.calendar",
    "end": "own_account.end_calendar",
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


def _at() -> CalendarsAt:
    account = own().account
    audience = account_audience(account)
    zone = str(current_app.config["BABEL_DEFAULT_TIMEZONE"])
    return CalendarsAt(
        Subject(audience, TITLES, zone, account.locale),
        ENDPOINTS,
        {},
        prepare=lambda: own_calendars.follow(audience, duties_of(account), now=clock.now()),
    )
