"""What a list was limited to, in the reader's words: above a copy, and for whoever approves it."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from scheduler.states import state_look

_LABELS = {
    "state": _l("State"),
    "q": _l("Search"),
    "text": _l("Search"),
    "category": _l("Category"),
    "school": _l("School"),
    "district": _l("District"),
    "region": _l("Region"),
    "role": _l("Role"),
    "action": _l("Action"),
    "about": _l("About"),
    "account": _l("Who"),
    "first": _l("From day"),
    "last": _l("To day"),
}


def filter_words(filters: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return label and value of each filter; how a list was sorted is no filter."""
    return [
        (str(label), str(state_look(filters[name]).word) if name == "state" else filters[name])
        for name, label in _LABELS.items()
        if filters.get(name)
    ]
