"""One's own page behind a secret link, the pictures of feed addresses, and the door for feeds."""

import io

import segno
from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, url_for
from flask_babel import refresh
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import public
from scheduler.calendars import links, services, timetable, tokens
from scheduler.calendars.addresses import feed_addresses, public_url
from scheduler.calendars.door import FeedDoor
from scheduler.calendars.models import PersonalLink
from scheduler.database import transaction
from scheduler.errors import NotFound
from scheduler.extensions import limiter
from scheduler.languages import LOCALES
from scheduler.preferences import safe_next

blueprint = Blueprint("calendars", __name__)
OWN_PAGE = "the token in the address is the right to read it"


@public("answered by the door in front of Flask; the token is the right")
def feed(token: str) -> Response:
    """Name the feed's address for `url_for`; the door answers before Flask is asked."""
    raise NotFound(token)


@blueprint.get("/my/<string:token>")
@public(OWN_PAGE)
@limiter.limit("120 per minute")
def own_page(token: str) -> Response:
    """Show what one person has in the calendar, and how to subscribe to it."""
    link = _link(token)
    subscription = link.subscription
    _speak(subscription.locale)
    entries = services.entries_of([link.audience], since=clock.now() - timetable.SHOWN_AFTERWARDS)
    page = render_template(
        "calendars/own_page.html",
        token=token,
        name=subscription.name,
        days=timetable.days(entries, subscription.zone, subscription.locale),
        addresses=feed_addresses(subscription),
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
            links.choose_locale(_link(token).subscription, locale, now=clock.now())
    return redirect(url_for("calendars.own_page", token=token), code=303)


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
    address = public_url().partition("://")[2]
    return _qr_code(f"webcal://{address}{url_for('calendars.feed', token=token)}")


def _link(token: str) -> PersonalLink:
    link = links.link_by_token(token)
    if link is None:
        raise NotFound
    return link


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


def _remember_locale(locale: str) -> None:
    """The language switch of the frame, used on one's own page, chooses for page and feed."""
    path = safe_next(request.form.get("next")).partition("?")[0]
    link = links.link_by_token(path.removeprefix("/my/"))
    if link is not None:
        with transaction():
            links.choose_locale(link.subscription, locale, now=clock.now())


def init_app(app: Flask) -> None:
    """Register the pages and put the door for feeds in front of the application."""
    app.register_blueprint(blueprint)
    app.add_url_rule("/calendars/<string:token>.ics", "calendars.feed", feed, build_only=True)
    app.extensions["remember_locale"].append(_remember_locale)
    door = FeedDoor(app)
    app.extensions["feed_door"] = door
    app.wsgi_app = door  # type: ignore[method-assign]
