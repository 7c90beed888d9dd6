"""Sentences about jobs. Rooms add the titles of their kinds and their refusals' sentences."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

_title_by_kind: dict[str, LazyString] = {}
_title_when_over: dict[str, LazyString] = {}
_unstoppable: set[str] = set()
_kept_in_part: set[str] = set()
_text_by_error: dict[str, LazyString] = {
    "worker_lost": _l(
        "The work was interrupted several times and has been given up. Nothing was changed. "
        "Please try again, and tell the administrator if it happens again."
    ),
}


def add_title(
    kind: str,
    title: LazyString,
    *,
    over: LazyString | None = None,
    can_stop: bool = True,
    is_kept_in_part: bool = False,
) -> None:
    """Give a kind of job the title of its page; one that cannot stop half way gets no button.

    `over` is the title once it has ended, where the first says that it is going on. With
    `is_kept_in_part`, what the work had done before it broke off stands, and its result tells.
    """
    _title_by_kind[kind] = title
    if over is not None:
        _title_when_over[kind] = over
    if not can_stop:
        _unstoppable.add(kind)
    if is_kept_in_part:
        _kept_in_part.add(kind)


def can_stop(kind: str) -> bool:
    """Tell whether a kind of job looks at requests to stop."""
    return kind not in _unstoppable


def add_failure(code: str, text: LazyString) -> None:
    """Give a room's refusal, raised within a job, its sentence."""
    _text_by_error[code] = text


def title_of(kind: str, *, is_over: bool = False) -> str:
    """Return the heading of a job's page."""
    if is_over and kind in _title_when_over:
        return str(_title_when_over[kind])
    return str(_title_by_kind.get(kind, _l("Work in progress")))


def failure_text(code: str | None, kind: str = "") -> str | None:
    """Return why a job failed, in the reader's language; None if it did not."""
    if code is None:
        return None
    if kind in _kept_in_part:
        return str(
            _("The work broke off. What was done before that stands; the result tells of each.")
        )
    known = _text_by_error.get(code)
    return str(known) if known else _("Something went wrong on our side. Nothing was changed.")
