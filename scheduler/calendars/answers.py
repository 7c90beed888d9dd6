"""What a poll is answered: statuses, headers and octets, as RFC 9110 wants them. Pure."""

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.http import HTTP_STATUS_CODES, http_date, parse_date, parse_etags

from scheduler.calendars.encodings import Encoding, suiting

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PUBLIC_SECONDS = 300
"""So long caches answer for us with a public feed."""
STALE_SECONDS = 86_400
"""So long they may go on with it while we do not answer."""

WAIT_SECONDS = "60"
METHODS = "GET, HEAD"
ICS_TYPE = "text/calendar; charset=utf-8"

Headers = list[tuple[str, str]]

PRIVATE: Headers = [
    ("Cache-Control", "private, no-cache"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow"),
]
_PUBLIC: Headers = [
    ("Cache-Control", f"public, max-age={PUBLIC_SECONDS}, stale-if-error={STALE_SECONDS}"),
    ("X-Content-Type-Options", "nosniff"),
]
_VARIES = ("Vary", "Accept-Encoding")


class Answer(NamedTuple):
    """What is sent back."""

    status: int
    headers: Headers
    body: bytes = b""


class Version(NamedTuple):
    """What stands at an address now; `etag` is bare, without quotes or encoding."""

    etag: str
    modified_at: dt.datetime
    is_public: bool


def whole(
    version: Version,
    octets: bytes,
    encoding: Encoding,
    media_type: str = ICS_TYPE,
    file_name: str = "timetable.ics",
) -> Answer:
    """Return 200 with a feed's octets, which are encoded already."""
    headers = [
        *_manner(version),
        ("Content-Type", media_type),
        ("Content-Disposition", f'inline; filename="{file_name}"'),
        ("ETag", _tag(version.etag, encoding)),
        ("Last-Modified", http_date(version.modified_at)),
        ("Content-Length", str(len(octets))),
    ]
    if encoding is not Encoding.IDENTITY:
        headers.append(("Content-Encoding", encoding.value))
    return Answer(200, headers, octets)


def unchanged(environ: "WSGIEnvironment", version: Version) -> Answer | None:
    """Return 304 if the client has this version, else None.

    If-None-Match decides alone when it is there (RFC 9110 13.2.2). A client that changes its mind
    about encodings has the same calendar, so the tag of any of them counts.
    """
    tag = _known_tag(environ, version)
    return Answer(304, [*_manner(version), ("ETag", tag)]) if tag else None


def refusal(status: int, text: str, **headers: str) -> Answer:
    """Return a refusal in plain words; no cache keeps it.

    An underscore in a header's name stands for a hyphen.
    """
    body = f"{text}\n".encode()
    own = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        *((name.replace("_", "-"), value) for name, value in headers.items()),
    ]
    return Answer(status, [*PRIVATE, *own], body)


def read_only() -> Answer:
    """Return what is said to whoever does anything but read."""
    return refusal(405, "Calendars are read here, not written.", Allow=METHODS)


def unknown() -> Answer:
    """Return what is said where no calendar is."""
    return refusal(404, "There is no such calendar.")


def ended() -> Answer:
    """Return what is said of a calendar that was ended."""
    return refusal(410, "This calendar has ended.")


def too_often() -> Answer:
    """Return what is said to a program that asks again and again."""
    return refusal(429, "Once an hour is enough.", Retry_After=WAIT_SECONDS)


def unreadable() -> Answer:
    """Return what is said while the database does not answer."""
    return refusal(503, "Please try again soon.", Retry_After=WAIT_SECONDS)


def send(
    answer: Answer, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> list[bytes]:
    """Begin the answer and return its body; that of HEAD is left out."""
    start_response(f"{answer.status} {HTTP_STATUS_CODES[answer.status]}", answer.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" or not answer.body else [answer.body]


def _manner(version: Version) -> Headers:
    return [*(_PUBLIC if version.is_public else PRIVATE), _VARIES]


def _known_tag(environ: "WSGIEnvironment", version: Version) -> str:
    held = environ.get("HTTP_IF_NONE_MATCH")
    tags = [_tag(version.etag, encoding) for encoding in Encoding]
    if held in tags:  # what nearly all polls say
        return str(held)
    suited = _tag(version.etag, suiting(environ.get("HTTP_ACCEPT_ENCODING")))
    if held is not None:
        etags = parse_etags(held)
        offered = (suited, *tags)
        return next((tag for tag in offered if etags.contains_weak(tag.strip('"'))), "")
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    is_known = since is not None and version.modified_at.replace(microsecond=0) <= since
    return suited if is_known else ""


def _tag(etag: str, encoding: Encoding) -> str:
    return f'"{etag}"' if encoding is Encoding.IDENTITY else f'"{etag}-{encoding.value}"'
