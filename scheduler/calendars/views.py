"""One's own page behind a secret link, the pictures of feed addresses, and the door for feeds."""

import io

import segno
from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, url_for
from flask_babel import get_locale, refresh
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import public
from scheduler.calendars import (
    entry_pages,
    links,
    own_calendar_pages,
    own_calendars,
    services,
    timetable,
    tokens,
)
from scheduler.calendars.addresses import public_url
from scheduler.calendars.caldav.door import CalDavDoor
from scheduler.calendars.door import PREFIX, SUFFIX, FeedDoor
from scheduler.calendars.entries import Scope, Subject
from scheduler.calendars.free_busy_door import FreeBusyDoor
from scheduler.calendars.json_door import JsonDoor
from scheduler.calendars.models import LONGEST_ADDRESS, PUBLIC, CalendarEntry, PersonalLink
from scheduler.calendars.own_calendar_pages import CalendarsAt, own_calendar_list
from scheduler.database import transaction
from scheduler.errors import NotFound
from scheduler.extensions import limiter
from scheduler.languages import LOCALES
from scheduler.preferences import chosen_locale, keep_locale

blueprint = Blueprint("calendars", __name__)
ENDPOINTS = {
    "page": "calendars.own_page",
    "new": "calendars.new_calendar",
    "change": "calendars.change_calendar",
    "end": "calendars.end_calendar",
    "entries": "calendars.own_page",
    "entry": "calendars.own_entry",
    "mail": "calendar_mail.mail_own_entry",
}
OWN_PAGE = "the token in the address is the right to read it"


@public("answered by the door in front of Flask; the token is the right")
def feed(token: str) -> Response:
    """Name the feed's address for `url_for`; the door answers before Flask is asked."""
    raise NotFound(token)


@blueprint.get("/my/<string:token>")
@public(OWN_PAGE)
@limiter.limit("120 per minute")
def own_page(token: str) -> Response:
    """Show what one person has in the calendar, and how to subscribe to it.

    The switch in the frame is the reader's: it turns this page, never the person's feed.
    """
    link = _link(token)
    subscription = link.subscription
    locale = chosen_locale() or subscription.locale
    _speak(locale)
    at = _calendars_at(link, token)
    entries = services.entries_of([link.audience], since=clock.now() - timetable.SHOWN_AFTERWARDS)
    bulletins = services.bulletins_of(entries)

    def news(entry: CalendarEntry) -> timetable.News | None:
        said = bulletins.get(Scope(entry.scope_kind, entry.scope_key))
        if said is None or entry.is_cancelled:
            return None
        return timetable.news_of(entry.sequence, entry.modified_at, said.number, said.published_at)

    page = render_template(
        "calendars/own_page.html",
        token=token,
        name=subscription.name,
        zone=subscription.zone,
        bulletins=list(bulletins.values()),
        days=timetable.days(entries, subscription.zone, locale, news),
        at=at,
        calendars=own_calendar_list(at),
        chosen_locale=subscription.locale,
    )
    return _private(current_app.make_response(page))


@blueprint.post("/my/<string:token>/language")
@public(OWN_PAGE)
@limiter.limit("30 per minute")
def choose_language(token: str) -> Response:
    """Write page and feed in another language from now on."""
    locale = request.form.get("locale", "")
    if locale in LOCALES:
        with transaction():
            feed = _link(token).subscription
            own_calendars.change_calendar(feed, feed.label, locale, feed.choice, now=clock.now())
    answer = redirect(url_for("calendars.own_page", token=token), code=303)
    # Whoever chose another language in the frame before means this one now.
    return keep_locale(answer, locale)


@blueprint.route("/my/<string:token>/calendars/new", methods=["GET", "POST"])
@public(OWN_PAGE)
@limiter.limit("30 per minute")
def new_calendar(token: str) -> own_calendar_pages.Page:
    """Ask for one more calendar of the person's, and make it."""
    return _private_page(own_calendar_pages.new_page(spoken_to(token)))


@blueprint.route("/my/<string:token>/calendars/<string:ref>", methods=["GET", "POST"])
@public(OWN_PAGE)
@limiter.limit("30 per minute")
def change_calendar(token: str, ref: str) -> own_calendar_pages.Page:
    """Show what one of the person's calendars holds, and change it."""
    return _private_page(own_calendar_pages.change_page(spoken_to(token), ref))


@blueprint.post("/my/<string:token>/calendars/<string:ref>/end")
@public(OWN_PAGE)
@limiter.limit("30 per minute")
def end_calendar(token: str, ref: str) -> Response:
    """End one of the person's calendars."""
    return own_calendar_pages.end(spoken_to(token), ref)


@blueprint.get("/my/<string:token>/entries/<string:ref>.ics")
@public(OWN_PAGE)
@limiter.limit("120 per minute")
def own_entry(token: str, ref: str) -> Response:
    """One entry as a file."""
    at = spoken_to(token)
    return entry_pages.entry_file(at, ref, str(get_locale()))


@blueprint.get("/my/<string:token>/qr.svg")
@public(OWN_PAGE)
def own_page_code(token: str) -> Response:
    """Draw the address of one's own page, for the phone beside the screen."""
    _link(token)
    return _qr_code(public_url() + url_for("calendars.own_page", token=token))


@blueprint.get("/calendars/<string:token>/qr.svg")
@public("draws the address that its reader already has")
def feed_code(token: str) -> Response:
    """Draw the webcal address of a feed. Whoever asks knows the token; nothing is looked up."""
    if len(token) > tokens.LENGTH:
        raise NotFound
    return _feed_code(token)


@blueprint.get("/calendars/public/<path:address>/qr.svg")
@public("draws the address that its reader already has")
def public_feed_code(address: str) -> Response:
    """Draw the webcal address of a public feed. Nothing is looked up here either."""
    if len(address) > LONGEST_ADDRESS:
        raise NotFound
    return _feed_code(f"{PUBLIC}/{address}")


def _feed_code(token: str) -> Response:
    address = public_url().partition("://")[2]
    return _qr_code(f"webcal://{address}{PREFIX}{token}{SUFFIX}")


def _link(token: str) -> PersonalLink:
    link = links.link_by_token(token)
    if link is None:
        raise NotFound
    return link


def _calendars_at(link: PersonalLink, token: str) -> CalendarsAt:
    feed = link.subscription
    subject = Subject(link.audience, feed.names, feed.zone, feed.locale)
    return CalendarsAt(subject, ENDPOINTS, {"token": token})


def spoken_to(token: str) -> CalendarsAt:
    """Return the owner behind a token, and speak the language that was chosen."""
    link = _link(token)
    _speak(chosen_locale() or link.subscription.locale)
    return _calendars_at(link, token)


def _private_page(page: own_calendar_pages.Page) -> Response:
    return _private(current_app.make_response(page))


def _speak(locale: str) -> None:
    """Write this answer in the language, whatever the browser would like."""
    g.locale = locale
    refresh()


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _qr_code(address: str) -> Response:
    picture = io.BytesIO()
    # White behind the code: cameras need it, also on a dark page.
    segno.make(address, error="m").save(
        picture, kind="svg", border=3, light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    return _private(Response(picture.getvalue(), content_type="image/svg+xml"))


def init_app(app: Flask) -> None:
    """Register the pages and put the door for feeds in front of the application."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters["client_name"] = own_calendar_pages.client_name
    app.add_url_rule("/calendars/<string:token>.ics", "calendars.feed", feed, build_only=True)
    door = FeedDoor(app)
    app.extensions["feed_door"] = door
    app.wsgi_app = door  # type: ignore[method-assign]
    app.wsgi_app = JsonDoor(app, door)  # type: ignore[method-assign]
    app.wsgi_app = CalDavDoor(app, door)  # type: ignore[method-assign]
    app.wsgi_app = FreeBusyDoor(app, door)  # type: ignore[method-assign]
