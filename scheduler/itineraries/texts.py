"""Sentences of refusals, and of what cannot be right about an itinerary."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.formats import format_day
from scheduler.itineraries.findings import Doubt, Finding
from scheduler.itineraries.refusals import Refusal
from scheduler.texts import add_sentences

add_sentences(
    {
        Refusal.NO_SUCH_AIRPORT: _l("No airport has the code %(airport)s."),
        Refusal.ENDS_BEFORE: _l(
            "This is over before it begins, each by its own clocks. Please check days and zones."
        ),
        Refusal.NOTHING_THAT_DAY: _l("Nothing begins on this day."),
        Refusal.SAME_DAY: _l("Please choose another day than the one that is copied."),
        Refusal.NOTHING_CHOSEN: _l("Please choose at least one item."),
        Refusal.NO_MINUTES: _l("Please enter by how many minutes."),
        Refusal.NO_GROUPS: _l("No group of this tour has been accepted yet."),
        Refusal.NOTHING_CHANGED: _l("This is what was published last. Nothing would change."),
        Refusal.CHANGED_MEANWHILE: _l(
            "Somebody has changed the itinerary since you opened this page. Please look at what "
            "would be published now."
        ),
    }
)

_DOUBTS: dict[Doubt, LazyString] = {
    Doubt.OVERLAPS: _l("Begins before “%(other)s” is over."),
    Doubt.TOO_SHORT: _l(
        "Only %(minutes)s min after “%(other)s”; a group should be there %(needed)s min before."
    ),
    Doubt.NOBODY_TRAVELS: _l("“%(other)s” ends by other clocks, and nothing leads here."),
    Doubt.OTHER_AIRPORT: _l(
        "“%(other)s” lands at %(landed)s, this leaves from %(leaves)s, and nothing leads there."
    ),
    Doubt.HOLIDAY: _l("%(day)s is no working day there: the school may be closed."),
}
_FORWARD = _l("Clocks go forward by %(minutes)s min before this: the night is shorter.")
_BACK = _l("Clocks are put back by %(minutes)s min before this: the night is longer.")


def finding_text(finding: Finding, names: dict[str, str]) -> str:
    """Return the sentence of a doubt; `names` say what the items are called, by ref."""
    facts: dict[str, Any] = dict(finding.facts)
    if finding.doubt is Doubt.CLOCKS_CHANGE:
        minutes = facts["minutes"]
        return str(_FORWARD if minutes > 0 else _BACK) % {"minutes": abs(minutes)}
    if "day" in facts:
        facts["day"] = format_day(facts["day"])
    return str(_DOUBTS[finding.doubt]) % {"other": names.get(finding.other, ""), **facts}
