"""What the parts of a timetable's cost are called."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.scheduling.engine.score import Term

_TERMS: dict[str, LazyString] = {
    "waiting": _l("Minutes that people wait on site between two performances"),
    "school_gap": _l("Minutes missing between two groups of one school"),
    "venue_moves": _l("Moves between venues within a day"),
    "extra_days": _l("Additional days for a school"),
    "jury_idle": _l("Minutes that juries wait within a block"),
    "venue_idle": _l("Minutes that a stage stands empty between blocks"),
    "region_runs": _l("Groups of one region directly after each other"),
    "one_day": _l("Further days of groups that belong on one"),
    "one_venue": _l("Further venues of groups that belong in one"),
    "days_apart": _l("Pairs of groups on one day that belong apart"),
    "few_early": _l("Early slots too many for a school"),
    "compact_days": _l("Minutes that juries and staff have no group within their days"),
    "in_order": _l("Pairs of groups in the wrong order"),
}


def term_text(code: str) -> str:
    """Return what a part of the cost counts; its code if it has no words yet."""
    return str(_TERMS.get(code, code))


def change_text(term: Term) -> str:
    """Return by how much a part of the cost changes, for parts without words of their own."""
    change = f"{term.amount:+d}"
    return str(_("%(label)s: %(content)s", label=term_text(term.code), content=change))
