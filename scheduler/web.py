"""The web's common ground: the form base, security headers, error answers, the frame's facts."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask import (
    Flask,
    current_app,
    g,
    render_template,
    request,
    send_file,
)
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from flask_wtf.form import _Auto
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response
from wtforms import FileField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from scheduler import clock, health, preferences, resending
from scheduler.audit.request_id import current_request_id
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.extensions import limiter
from scheduler.formats import (
    format_day,
    format_day_and_zone,
    format_instant,
    format_time,
    named,
    venue_name,
    zone_name,
    zone_text,
)
from scheduler.languages import LOCALES, best_locale, html_language
from scheduler.texts import sentence
from scheduler.turns import Busy

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; manifest-src 'self'"
)

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_NO_TEXT = re.compile("[\\x00\\ud800-\\udfff]")
_CONTROL = re.compile("[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufffe\\uffff]")
BROKEN_FOUNDATIONS = frozenset({500, 503})
LOCK_NOT_AVAILABLE = "55P03"
RETRY_SECONDS = 5
"""After so long a page that met too many others sends its form again."""


def shown_version() -> int:
    """Return which version of a thing the page showed from which this form was sent."""
    return request.form.get("version", 0, type=int)


def file_answer(content: bytes, *, media_type: str, file_name: str) -> Response:
    """Return somebody's file to be saved: it is never shown, run or kept by a cache."""
    answer = send_file(
        BytesIO(content), mimetype=media_type, as_attachment=True, download_name=file_name
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


MOST_DIGITS = 9


def whole_number(word: str) -> int | None:
    """Return the number that a form says, None for whatever is none or beyond a database's."""
    is_number = word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS
    return int(word) if is_number else None


def whole_numbers(field: str) -> set[int]:
    """Return the numbers that this form's ticks under a name stand for; passes over all else."""
    read = map(whole_number, request.form.getlist(field))
    return {number for number in read if number is not None}


def trimmed(value: str | None) -> str | None:
    """Return the text without blanks at its ends (a filter for fields)."""
    return value.strip() if value else value


class BaseForm(FlaskForm):  # type: ignore[misc]  # flask_wtf is untyped
    """Every form of ours: CSRF-protected, blanks at the ends trimmed by its fields' filters."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Only what a form can send is read: texts for texts, files for files, no JSON.

        Control characters, which come with what is pasted from other programs, count as blanks.
        """

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was sent to the form's fields; nothing for a page that is only asked."""
            if formdata is not _Auto:
                return formdata
            if request.method not in _WRITING:
                return None
            takes_files = {each.name for each in form if isinstance(each, FileField)}
            files = request.files.items(multi=True)
            texts = request.form.items(multi=True)
            sent: list[tuple[str, Any]] = [pair for pair in files if pair[0] in takes_files]
            sent += [
                (name, _CONTROL.sub(" ", text)) for name, text in texts if name not in takes_files
            ]
            return MultiDict(sent) if sent else None

    def refuse(self, error: Refused) -> None:
        """Show a service's refusal beside the field it names, else above the form."""
        text = sentence(error.code, **error.facts)
        field = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]


def select_choices(choices: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return (value, label) pairs as WTForms wants them since 3.3 (its types lag behind)."""
    return [SelectChoice(value, label) for value, label in choices]


# Answers


def set_headers(response: Response) -> Response:
    """Strict headers on everything that does not bring its own."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if response.mimetype == "text/html":
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def error_page(code: int, problem: str | None = None, **facts: Any) -> tuple[str, int]:
    """Render the page for an error, with the request's id for whoever is asked about it.

    The pages for 500 and 503 are made without asking who is signed in or anything else of the
    database, because that may be what is broken.
    """
    if code in BROKEN_FOUNDATIONS:
        return _bare_error_page(code, problem, **facts), code
    page = render_template("errors/error.html", code=code, problem=problem, **facts)
    return page, code


def _bare_error_page(
    code: int, problem: str | None, template: str = "errors/error.html", **facts: Any
) -> str:
    chosen = request.cookies.get("locale")
    locale = chosen if chosen in LOCALES else best_locale(request.accept_languages)
    # Not `render_template`: the context processors load the account.
    with force_locale(locale):
        return current_app.jinja_env.get_template(template).render(
            code=code,
            problem=problem,
            html_language=html_language(locale),
            theme=request.cookies.get("theme", "auto"),
            request_id=current_request_id(),
            **facts,
        )


def _answer_http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:  # noqa: PLR2004 - redirects raised as exceptions
        return error
    if isinstance(error, SecurityError):
        # Nothing of ours can be addressed under a host name that is not ours.
        hosts = "This name is not among TRUSTED_HOSTS, nor is it that of PUBLIC_URL.\n"
        return Response(hosts, status=400, content_type="text/plain")
    if isinstance(error, CSRFError) or code == 401:  # noqa: PLR2004 - HTTP's own number
        kept = resending.unsent_page(code)
        if kept is not None:
            return kept
    if isinstance(error, CSRFError):
        text = _("This page was open for too long, or in a browser without cookies. Please retry.")
        return error_page(400, text)
    retry_after = _retry_seconds(error)
    page, status = error_page(code, retry_after=retry_after)
    answer = current_app.make_response((page, status))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _retry_seconds(error: HTTPException) -> int | None:
    """Return after how many seconds a rate limit lets the visitor in again."""
    limit = limiter.current_limit if isinstance(error, RateLimitExceeded) else None
    return max(1, limit.reset_at - int(clock.now().timestamp())) if limit else None


def _answer_refusal(error: Refused) -> tuple[str, int]:
    text = sentence(error.code, **error.facts)
    return error_page(409, text, back_url=preferences.came_from())


def _answer_conflict(_error: Exception) -> tuple[str, int]:
    text = _("Somebody else has changed this since you opened the page. Nothing was applied.")
    return error_page(409, text, back_url=preferences.came_from())


def _answer_unavailable(error: OperationalError) -> Any:
    if is_busy(error):
        return _answer_busy(error)
    current_app.logger.error("database unavailable", exc_info=error)
    return error_page(503)


def is_busy(error: OperationalError) -> bool:
    """Tell whether others held a lock for too long: the database itself is well."""
    is_locked = getattr(error.orig, "sqlite_errorname", "") in {"SQLITE_BUSY", "SQLITE_LOCKED"}
    return is_locked or getattr(error.orig, "sqlstate", "") == LOCK_NOT_AVAILABLE


def _answer_busy(error: Exception) -> Any:
    """Too many at once, and nothing was done: the page keeps what was sent and sends it again."""
    current_app.logger.warning("too busy", exc_info=error)
    form = resending.unsent_form()
    facts = {"template": "errors/busy.html", "again_after": RETRY_SECONDS, **form} if form else {}
    answer = current_app.make_response(error_page(503, **facts))
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _answer_crash(error: Exception) -> tuple[str, int]:
    current_app.logger.error("unhandled error", exc_info=error)
    return error_page(500)


def _refuse_other_bodies() -> Response | None:
    """Answer 415 to a body that is no form: nothing here reads JSON, so none may pass as one."""
    if request.method in _WRITING and request.mimetype and request.mimetype not in _FORMS:
        return Response("Only forms are read here.\n", status=415)
    return None


def _refuse_no_texts() -> Response | None:
    """Answer 400 to a NUL or half a character in address or form: no text has any.

    PostgreSQL takes neither. Only programs send them, and a page could not repeat them: the answer
    is plain text.
    """
    files = request.files.items(multi=True)
    texts = (
        request.path,
        *(text for pair in request.args.items(multi=True) for text in pair),
        *(text for pair in request.form.items(multi=True) for text in pair),
        *(text for name, file in files for text in (name, file.filename or "")),
    )
    if any(_NO_TEXT.search(text) for text in texts):
        return Response("Some of these characters are in no address and no form.\n", status=400)
    return None


def _remember_arguments() -> None:
    """Keep the address's own arguments: the guard replaces some by the objects they name."""
    g.url_arguments = dict(request.view_args or {})


def _context() -> dict[str, Any]:
    """What every page's frame needs; rooms add to it through `extensions["frame"]`."""
    facts: dict[str, Any] = {
        "locale": str(get_locale()),
        "html_language": html_language(str(get_locale())),
        "theme": request.cookies.get("theme", "auto"),
        "request_id": current_request_id(),
        "now": clock.now(),
        "way_back": preferences.way_back(),
    }
    for add in current_app.extensions.get("frame", ()):
        facts.update(add())
    return facts


def init_app(app: Flask) -> None:
    """Bind headers, error answers, filters and the small blueprints."""
    app.extensions.setdefault("remember_locale", [])
    app.extensions.setdefault("readiness", {})
    app.before_request(_refuse_other_bodies)
    app.before_request(_refuse_no_texts)
    app.before_request(_remember_arguments)
    app.after_request(set_headers)
    app.context_processor(_context)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(NotFound, lambda _error: error_page(404))
    app.register_error_handler(NotAllowed, lambda _error: error_page(403))
    app.register_error_handler(Refused, _answer_refusal)
    app.register_error_handler(Conflict, _answer_conflict)
    app.register_error_handler(StaleDataError, _answer_conflict)
    app.register_error_handler(OperationalError, _answer_unavailable)
    app.register_error_handler(PoolTimeout, _answer_busy)
    app.register_error_handler(Busy, _answer_busy)
    app.register_error_handler(Exception, _answer_crash)
    app.jinja_env.filters.update(
        instant=format_instant,
        time=format_time,
        day=format_day,
        day_and_zone=format_day_and_zone,
        named=named,
        venue_name=venue_name,
        zone_name=zone_name,
        datetime=format_instant,
    )
    app.jinja_env.globals.update(zone_text=zone_text, LOCALES=LOCALES)
    app.register_blueprint(preferences.blueprint)
    app.register_blueprint(health.blueprint)
