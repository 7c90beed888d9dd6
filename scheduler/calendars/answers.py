"""What calendar programs are answered in front of Flask: no session, no cookie, no page frame."""

from typing import TYPE_CHECKING, NamedTuple

from werkzeug.http import HTTP_STATUS_CODES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WAIT_SECONDS = "60"

Headers = list[tuple[str, str]]

ALWAYS: Headers = [
    ("Cache-Control", "private, no-cache"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow"),
]


class Answer(NamedTuple):
    """What is sent back."""

    status: int
    headers: Headers
    body: bytes = b""


def send(
    answer: Answer, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> list[bytes]:
    """Begin the answer and return its body; that of HEAD is left out."""
    start_response(f"{answer.status} {HTTP_STATUS_CODES[answer.status]}", answer.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" or not answer.body else [answer.body]


def refusal(status: int, text: str, **headers: str) -> Answer:
    """Return a refusal in plain words; an underscore in a header's name stands for a hyphen."""
    body = f"{text}\n".encode()
    own = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        *((name.replace("_", "-"), value) for name, value in headers.items()),
    ]
    return Answer(status, [*ALWAYS, *own], body)


def too_often() -> Answer:
    """Return what is said to a program that asks again and again."""
    return refusal(429, "Once an hour is enough.", Retry_After=WAIT_SECONDS)


def unreadable() -> Answer:
    """Return what is said while the database does not answer."""
    return refusal(503, "Please try again soon.", Retry_After=WAIT_SECONDS)
