"""Where a rule is set: the page that a coordinator goes to in order to relax it."""

from collections.abc import Callable, Sequence

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.scheduling.activities.planning import BOUNDS, PLACE_FOR
from scheduler.scheduling.activities.planning import RULE_ID as ACTIVITY_ID
from scheduler.scheduling.parties.staff_attending import BREAKS
from scheduler.scheduling.rules.relation_services import RULE_ID
from scheduler.scheduling.rules.stating import LOTS

ACTIVITY_RULES = (PLACE_FOR, BOUNDS, f"{ACTIVITY_ID} ")

Place = tuple[str, LazyString]
"""An address, and what its link says."""


def place_of(code: str, ids: Sequence[str], programme: str) -> Place | None:
    """Return where the rule with these ids is set; None where it is set nowhere in particular."""
    if code == "time_limit" and "primary" in ids:
        code = "time_limit_primary"
    elif any(str(id_).startswith(ACTIVITY_RULES) for id_ in ids):
        code = ACTIVITY_ID
    elif code == "stated" and ids:
        code = next((prefix for prefix in _OWN_PAGES if ids[0].startswith(prefix)), code)
    found = _PLACES.get(code)
    return found(programme, ids) if found is not None else None


def _venue(endpoint: str, label: LazyString) -> Callable[[str, Sequence[str]], Place]:
    return lambda programme, ids: (url_for(endpoint, code=programme, venue=ids[0]), label)


def _programme(endpoint: str, label: LazyString) -> Callable[[str, Sequence[str]], Place]:
    return lambda programme, _ids: (url_for(endpoint, code=programme), label)


_HOURS = _venue("programmes.venue_times", _l("Hours and closures"))
_ROOMS = _venue("programmes.edit_venue", _l("The venue's stage and rooms"))
_NUMBERS = _programme("programmes.edit", _l("The programme's minutes and times"))
_RULES = _programme("scheduling.rules", _l("Rules of the timetable"))

_PLACES: dict[str, Callable[[str, Sequence[str]], Place]] = {
    "opening_hours": _HOURS,
    "closure": _HOURS,
    "stage_size": _ROOMS,
    "no_stage_fits": _programme("programmes.venues", _l("The venues and their stages")),
    "room_capacity": _ROOMS,
    "time_limit": _programme("programmes.attendance", _l("Arrival and departure")),
    "time_limit_primary": _NUMBERS,
    "party_rest": _NUMBERS,
    "party_clash": _programme("programmes.travel", _l("Ways between the venues")),
    "block": _RULES,
    "stated": _RULES,
    ACTIVITY_ID: _programme("scheduling.activities", _l("Activities beside the performances")),
    RULE_ID: _programme("scheduling.relations", _l("Groups together, apart or in order")),
    LOTS: _programme("scheduling.lots", _l("Lots for the running order")),
    BREAKS: _programme("scheduling.staff", _l("Jury and staff")),
}
_OWN_PAGES = (RULE_ID, LOTS, BREAKS)
"""How the names of rules begin that are stated on pages of their own."""
