"""What was typed into a form that came back too late: kept on the answer, to be sent once more.

Nothing of it is stored, neither here nor in the browser: it stands in hidden fields of the one page
that answers, which no cache keeps.
"""

from typing import Any

from flask import render_template, request

from scheduler.access.guard import current_actor

_SECRET = "password"  # noqa: S105 - how such fields are called
_KEPT_OUT = frozenset({"csrf_token"})


def unsent_page(status: int) -> tuple[str, int] | None:
    """Return a page that keeps what the form sent; None if it must not or cannot be kept.

    Passwords are not repeated and files cannot be; nor is anything that another site's page sent,
    because the visitor never typed it.
    """
    kept = _kept()
    if kept is None:
        return None
    page = render_template(
        "errors/unsent.html",
        kept=kept,
        action=_address(),
        is_signed_in=current_actor().is_signed_in,
    )
    return page, status


def unsent_form() -> dict[str, Any] | None:
    """Return what `unsent_page` keeps, for a page that is made without the database."""
    kept = _kept()
    return None if kept is None else {"kept": kept, "action": _address()}


def _kept() -> list[tuple[str, str]] | None:
    if not _came_from_us() or request.files or not request.form:
        return None
    if any(_SECRET in name for name in request.form):
        return None
    return [(n, value) for n, value in request.form.items(multi=True) if n not in _KEPT_OUT]


def _address() -> str:
    return request.full_path.rstrip("?")


def _came_from_us() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return (request.referrer or "").startswith(request.host_url)
