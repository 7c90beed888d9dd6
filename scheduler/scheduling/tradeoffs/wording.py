"""What one timetable gains and what that costs, in the reader's words."""

from collections.abc import Callable, Iterable

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.scheduling.engine.score import Term
from scheduler.scheduling.reading.term_texts import change_text, term_text
from scheduler.scheduling.tradeoffs.contents import Line


def column_text(code: str) -> str:
    """Return what a wish is called at the head of a narrow column."""
    return str(_COLUMNS.get(code, term_text(code)))


def bargain(line: Line, reference: Line) -> str:
    """Return how a timetable differs from the reference, such as "12 min less waiting costs 1
    venue move"; empty where all is alike. The dearest comes first.
    """
    changes = [
        Term(after.code, after.weight, after.amount - before.amount)
        for before, after in zip(reference.terms, line.terms, strict=True)
    ]
    changes.sort(key=lambda term: -abs(term.cost))
    gains = _listed(_less(term) for term in changes if term.amount < 0)
    losses = _listed(_more(term) for term in changes if term.amount > 0)
    if gains and losses:
        return str(_("%(gains)s costs %(losses)s.", gains=gains, losses=losses))
    if gains:
        return str(_("%(gains)s, and nothing gets worse.", gains=gains))
    return str(_("%(losses)s, and nothing gets better.", losses=losses)) if losses else ""


def _listed(phrases: Iterable[str]) -> str:
    return format_list(list(phrases), locale=get_locale())


def _less(term: Term) -> str:
    words = _WORDS.get(term.code)
    return words(-term.amount)[0] if words else change_text(term)


def _more(term: Term) -> str:
    words = _WORDS.get(term.code)
    return words(term.amount)[1] if words else change_text(term)


def _waiting(count: int) -> tuple[str, str]:
    return (
        _("%(count)s min less waiting", count=count),
        _("%(count)s min more waiting", count=count),
    )


def _school_gap(count: int) -> tuple[str, str]:
    return (
        _("%(count)s min more between groups of one school", count=count),
        _("%(count)s min less between groups of one school", count=count),
    )


def _venue_moves(count: int) -> tuple[str, str]:
    return (
        ngettext("%(num)s venue move less", "%(num)s venue moves less", count),
        ngettext("%(num)s venue move", "%(num)s venue moves", count),
    )


def _extra_days(count: int) -> tuple[str, str]:
    return (
        ngettext("%(num)s additional day less", "%(num)s additional days less", count),
        ngettext("%(num)s additional day", "%(num)s additional days", count),
    )


def _jury_idle(count: int) -> tuple[str, str]:
    return (
        _("%(count)s min less waiting of juries", count=count),
        _("%(count)s min more waiting of juries", count=count),
    )


def _venue_idle(count: int) -> tuple[str, str]:
    return (
        _("%(count)s min less of empty stages", count=count),
        _("%(count)s min more of empty stages", count=count),
    )


def _region_runs(count: int) -> tuple[str, str]:
    return (
        ngettext(
            "%(num)s pair of neighbours from one region less",
            "%(num)s pairs of neighbours from one region less",
            count,
        ),
        ngettext(
            "%(num)s pair of neighbours from one region more",
            "%(num)s pairs of neighbours from one region more",
            count,
        ),
    )


_WORDS: dict[str, Callable[[int], tuple[str, str]]] = {
    "waiting": _waiting,
    "school_gap": _school_gap,
    "venue_moves": _venue_moves,
    "extra_days": _extra_days,
    "jury_idle": _jury_idle,
    "venue_idle": _venue_idle,
    "region_runs": _region_runs,
}

_COLUMNS: dict[str, LazyString] = {
    "waiting": _l("Waiting, min"),
    "school_gap": _l("Gaps missing, min"),
    "venue_moves": _l("Venue moves"),
    "extra_days": _l("Added days"),
    "jury_idle": _l("Juries wait, min"),
    "venue_idle": _l("Stages empty, min"),
    "region_runs": _l("Same region"),
}
