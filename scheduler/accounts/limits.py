"""How often somebody may try: per address of the network, and per account that is tried."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from flask import Response, request

from scheduler.access.guard import current_actor
from scheduler.extensions import limiter

View = TypeVar("View", bound=Callable[..., Any])

# A whole school may sit behind one address, so that one is generous; failures alone count.
SIGN_IN_PER_ADDRESS = "40 per 5 minutes"
SIGN_IN_PER_ACCOUNT = "10 per 15 minutes"
RESET_PER_ADDRESS = "20 per hour"
RESET_PER_ACCOUNT = "4 per hour"
INVITATIONS_PER_ACCOUNT = "60 per hour"
LINKS_PER_ADDRESS = "60 per 10 minutes"
PASSWORD_PER_ACCOUNT = "10 per 15 minutes"  # noqa: S105 - a rate


def limit_sign_in(view: View) -> View:
    """Slow down guessing, of one account from many places and of many accounts from one."""
    for rate, key in ((SIGN_IN_PER_ADDRESS, None), (SIGN_IN_PER_ACCOUNT, _tried_account)):
        view = _limited(view, rate, key_func=key, methods=["POST"], deduct_when=_has_failed)
    return view


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
    """Keep an account that fell into wrong hands from mailing the whole world."""
    return _limited(view, INVITATIONS_PER_ACCOUNT, key_func=_own_account, methods=["POST"])


def _limited(view: View, rate: str, **options: Any) -> View:
    limited: View = limiter.limit(rate, **options)(view)  # type: ignore[assignment]
    return limited


def _tried_account() -> str:
    # A hash: addresses of people do not belong into the limiter's store.
    address = request.form.get("email", "").strip().lower()
    return "account:" + sha256(address.encode()).hexdigest()


def _own_account() -> str:
    return f"own:{current_actor().account_id}"


def _has_failed(response: Response) -> bool:
    return response.status_code not in {302, 303}
