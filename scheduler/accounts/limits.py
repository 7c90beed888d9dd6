"""How often somebody may try: per address of the network, and per account that is tried.

What strangers try against an account slows down strangers: first those at the same address, then
all, but never a browser in which the account was signed in before.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, request
from flask_limiter.util import get_remote_address

from scheduler.access.guard import current_actor
from scheduler.accounts.known_browsers import account_digest, known_browser
from scheduler.extensions import limiter

View = TypeVar("View", bound=Callable[..., Any])

# A whole school may sit behind one address, so that one is generous; failures alone count.
SIGN_IN_PER_ADDRESS = "40 per 5 minutes"
SIGN_IN_PER_ACCOUNT_AND_PLACE = "10 per 15 minutes"
SIGN_IN_PER_ACCOUNT = "50 per hour; 200 per day"
RESET_PER_ADDRESS = "20 per hour"
RESET_PER_ACCOUNT = "4 per hour"
INVITATIONS_PER_ACCOUNT = "60 per hour"
LINKS_PER_ADDRESS = "60 per 10 minutes"
PASSWORD_PER_ACCOUNT = "10 per 15 minutes"  # noqa: S105 - a rate


def limit_sign_in(view: View) -> View:
    """Slow down guessing, of one account from many places and of many accounts from one."""
    failures: dict[str, Any] = {"methods": ["POST"], "deduct_when": _has_failed}
    is_known = {"exempt_when": _is_known_browser}
    view = _limited(view, SIGN_IN_PER_ADDRESS, **failures, **is_known)
    view = _limited(view, SIGN_IN_PER_ACCOUNT_AND_PLACE, key_func=_tried_here, **failures)
    return _limited(view, SIGN_IN_PER_ACCOUNT, key_func=_tried_account, **failures, **is_known)


def limit_reset(view: View) -> View:
    """Keep the reset page from filling somebody's mailbox."""
    for rate, key in ((RESET_PER_ADDRESS, None), (RESET_PER_ACCOUNT, _tried_account)):
        view = _limited(view, rate, key_func=key, methods=["POST"])
    return view


def limit_links(view: View) -> View:
    """Slow down guessing of link tokens (hopeless as it is)."""
    return _limited(view, LINKS_PER_ADDRESS)


def limit_password(view: View) -> View:
    """Slow down guessing of the present password in a browser that was left alone."""
    rate, key = PASSWORD_PER_ACCOUNT, _own_account
    return _limited(view, rate, key_func=key, methods=["POST"], deduct_when=_has_failed)


def limit_invitations(view: View) -> View:
    """Keep an account that fell into wrong hands from mailing the whole world, or one mailbox.

    Whatever can be done and taken back again and again, and mails others each time, has it.
    """
    return _limited(view, INVITATIONS_PER_ACCOUNT, key_func=_own_account, methods=["POST"])


def _limited(view: View, rate: str, **options: Any) -> View:
    limited: View = limiter.limit(rate, **options)(view)  # type: ignore[assignment]
    return limited


def _tried_account() -> str:
    # A digest: addresses of people do not belong into the limiter's store.
    return "account:" + account_digest(request.form.get("email", ""))


def _tried_here() -> str:
    place = known_browser(request.form.get("email", "")) or get_remote_address()
    return f"{_tried_account()}:{place}"


def _is_known_browser() -> bool:
    return known_browser(request.form.get("email", "")) is not None


def _own_account() -> str:
    return f"own:{current_actor().account_id}"


def _has_failed(response: Response) -> bool:
    return response.status_code not in {302, 303}
