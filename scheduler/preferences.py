"""What a visitor prefers: language and theme, chosen by a switch and remembered."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, has_request_context, request, url_for
from flask_login import current_user
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from scheduler.access.guard import public
from scheduler.languages import LOCALES, best_locale

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")


def select_locale() -> str:
    """The account's language, else the one chosen by the switch, else the browser's wish."""
    if "locale" in g:
        return str(g.locale)
    if not has_request_context():
        return str(current_app.config["BABEL_DEFAULT_LOCALE"])
    if current_user and current_user.is_authenticated:
        return str(current_user.locale)
    return chosen_locale() or best_locale(request.accept_languages)


def chosen_locale() -> str | None:
    """Return the language that this browser chose by the switch, if it did."""
    chosen = request.cookies.get("locale")
    return chosen if chosen in LOCALES else None


def keep_locale(answer: Response, locale: str) -> Response:
    """Let this browser keep the language, if it is one of ours."""
    if locale in LOCALES:
        answer.set_cookie("locale", locale, max_age=31536000, samesite="Lax", httponly=True)
    return answer


def came_from() -> str | None:
    """Return the page of ours that a form was sent from, as the browser tells."""
    address = urlsplit(request.referrer or "")
    if not request.referrer or address.netloc != request.host:
        return None
    return safe_next(f"{address.path}?{address.query}".rstrip("?"))


def safe_next(target: str | None) -> str:
    """Return a path of our own to go on to; anything else leads home.

    Browsers read a backslash as a slash and leave out tabs and line breaks, so that `/<tab>/host`
    would lead to another host: a path with any of them is not ours.
    """
    path = target or ""
    is_own = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_own and path.isprintable() else url_for("home.index")


def way_back() -> str:
    """Return where a switch leads back to: this page, or home after a form that has no page."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    has_page = current_app.url_map.bind("").test(request.path, method="GET")
    return request.path if has_page else url_for("home.index")


@blueprint.post("/language")
@public("the language switch works before signing in")
def language() -> Response:
    """Remember the language in a cookie, and with the account of whoever is signed in."""
    locale = request.form.get("locale", "")
    answer = redirect(safe_next(request.form.get("next")), code=303)
    if locale in LOCALES:
        for remember in current_app.extensions["remember_locale"]:
            remember(locale)
    return keep_locale(answer, locale)


@blueprint.post("/theme")
@public("the theme switch works before signing in")
def theme() -> Response:
    """Remember light, dark, or the system's own wish."""
    chosen = request.form.get("theme", "auto")
    answer = redirect(safe_next(request.form.get("next")), code=303)
    if chosen in {"light", "dark", "auto"}:
        answer.set_cookie("theme", chosen, max_age=31536000, samesite="Lax", httponly=True)
    return answer
