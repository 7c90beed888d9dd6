"""What a move changes, in words: who waits longer, who changes venue less often."""

from collections import Counter
from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.scheduling.engine.moves import Change
from scheduler.scheduling.engine.score import Term
from scheduler.scheduling.reading.term_texts import change_text

WAITING = "waiting"


def effect_sentences(change: Change) -> list[str]:
    """Return what gets worse and better by a change, the dearest first; wishes that are off say
    nothing.
    """
    terms = sorted((t for t in change.terms if t.weight), key=lambda term: -abs(term.cost))
    found: list[str] = []
    for term in terms:
        found += _waiting(change) if term.code == WAITING else [_sentence(term)]
    return found


def _waiting(change: Change) -> list[str]:
    persons: Counter[int] = Counter()
    for count, minutes in change.waits:
        persons[minutes] += count
    dearest = sorted(persons.items(), key=lambda pair: -abs(pair[0] * pair[1]))
    return [_wait(minutes, count) for minutes, count in dearest]


def _wait(minutes: int, persons: int) -> str:
    longer = ngettext(
        "%(num)s person waits %(minutes)s min longer.",
        "%(num)s people wait %(minutes)s min longer each.",
        persons,
        minutes=minutes,
    )
    less = ngettext(
        "%(num)s person waits %(minutes)s min less.",
        "%(num)s people wait %(minutes)s min less each.",
        persons,
        minutes=-minutes,
    )
    return str(longer if minutes > 0 else less)


def _sentence(term: Term) -> str:
    words = _WORDS.get(term.code)
    if words is None:
        return change_text(term)
    return words(abs(term.amount))[term.amount < 0]


def _school_gap(count: int) -> tuple[str, str]:
    return (
        _("%(count)s min more are missing between two groups of the school.", count=count),
        _("%(count)s min less are missing between two groups of the school.", count=count),
    )


def _venue_moves(count: int) -> tuple[str, str]:
    return (
        ngettext(
            "%(num)s person changes venue once more.",
            "%(num)s people change venue once more.",
            count,
        ),
        ngettext(
            "%(num)s person changes venue once less.",
            "%(num)s people change venue once less.",
            count,
        ),
    )


def _extra_days(count: int) -> tuple[str, str]:
    return (
        ngettext(
            "%(num)s person comes on one day more.", "%(num)s people come on one day more.", count
        ),
        ngettext(
            "%(num)s person comes on one day less.", "%(num)s people come on one day less.", count
        ),
    )


def _jury_idle(count: int) -> tuple[str, str]:
    return (
        _("Juries wait %(count)s min longer.", count=count),
        _("Juries wait %(count)s min less.", count=count),
    )


def _venue_idle(count: int) -> tuple[str, str]:
    return (
        _("Stages stand empty %(count)s min longer.", count=count),
        _("Stages stand empty %(count)s min less.", count=count),
    )


def _region_runs(count: int) -> tuple[str, str]:
    return (
        ngettext(
            "%(num)s pair of neighbours more is from one region.",
            "%(num)s pairs of neighbours more are from one region.",
            count,
        ),
        ngettext(
            "%(num)s pair of neighbours less is from one region.",
            "%(num)s pairs of neighbours less are from one region.",
            count,
        ),
    )


_WORDS: dict[str, Callable[[int], tuple[str, str]]] = {
    "school_gap": _school_gap,
    "venue_moves": _venue_moves,
    "extra_days": _extra_days,
    "jury_idle": _jury_idle,
    "venue_idle": _venue_idle,
    "region_runs": _region_runs,
}
