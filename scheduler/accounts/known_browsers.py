"""Browsers in which somebody has signed in before: nobody's guesses lock them out.

The cookie opens nothing. It names, signed, the accounts (as digests) that were signed in here and
this browser itself, whose own wrong guesses still count.
"""

import secrets
from hashlib import sha256

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from scheduler.extensions import secret_key

COOKIE = "known_browser"
_SALT = "scheduler.accounts.known_browser"
_MOST_ACCOUNTS = 8
_SECONDS = 365 * 24 * 60 * 60


def account_digest(email: str) -> str:
    """Return what stands for an address, however it is written; not the address itself."""
    return sha256(email.strip().lower().encode()).hexdigest()


def known_browser(email: str) -> str | None:
    """Return this browser's own mark if the account was signed in here before."""
    mark, accounts = _read()
    return mark if account_digest(email)[:32] in accounts else None


def remember(response: Response, email: str) -> None:
    """Let the answer's browser be known for the account from now on."""
    mark, accounts = _read()
    digest = account_digest(email)[:32]
    kept = [digest, *(each for each in accounts if each != digest)][:_MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        str(_serializer().dumps([mark or secrets.token_hex(8), *kept])),
        max_age=_SECONDS,
        path="/sign-in",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _read() -> tuple[str | None, list[str]]:
    try:
        found = _serializer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None, []
    mark, *accounts = map(str, found)
    return mark, accounts


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(secret_key(), salt=_SALT)
