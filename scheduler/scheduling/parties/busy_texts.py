"""Who is busy or away at a time that a plan gives them, in words."""

from collections.abc import Mapping
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from scheduler.access.guard import current_actor
from scheduler.access.permissions import Role
from scheduler.formats import format_short_day, listed, local, named, weekday_name
from scheduler.scheduling.parties.class_times import ClassTimes, Hours
from scheduler.scheduling.parties.engagements import Cause, Engagement
from scheduler.scheduling.situation import Situation

STAFF_BROKEN: dict[str, LazyString] = {
    "party_clash": _l(
        "%(people)s has to attend %(groups)s, with %(minutes)s min between them; the way alone "
        "takes %(travel_minutes)s min."
    ),
    "party_overlap": _l(
        "%(people)s has to attend %(groups)s at once: these overlap by %(minutes)s min."
    ),
    "party_busy": _l("%(people)s has to attend %(groups)s, but is not there then."),
}
"""What a plan breaks of the staff, who are called by their names."""

_ONE_PLACE = _l("%(people)s cannot be in two places at once.")
STAFF_RULES: dict[str, LazyString] = {
    "party_clash": _ONE_PLACE,
    "party_rest": _ONE_PLACE,
    "party_busy": _l("%(people)s attends groups only while there and free."),
    "party_minutes_short": _l(
        "%(people)s has to attend %(count)s groups (%(groups)s), which takes %(needed_minutes)s "
        "min; there are %(available_minutes)s min for it."
    ),
}


def class_hours_text(times: ClassTimes) -> str:
    """Return the usual hours of a school, and after them the weekdays with others."""
    parts = [_hours_text(times.usual)] if times.usual else []
    parts += [
        str(_("%(label)s: %(content)s", label=weekday_name(day), content=_hours_text(hours)))
        for day, hours in sorted(times.otherwise.items())
    ]
    return listed(parts)


def _hours_text(hours: Hours | None) -> str:
    if hours is None:
        return str(_("no classes"))
    return f"{hours[0]:%H:%M}–{hours[1]:%H:%M}"


class Stretch(Protocol):
    """Anything that lasts from an instant to another."""

    starts_at: Any
    ends_at: Any


def busy_sentence(
    situation: Situation, party: str, group: str, facts: Mapping[str, Any], *, names: str
) -> str | None:
    """Say what people of a group, or `names` of the staff, are busy with; None if unknown.

    The times of another programme are not told: by them its timetable would name the group.
    """
    window = (facts["busy_from"], facts["busy_until"])
    taken = situation.engagements.get(party, [])
    found = [one for one in taken if (one.window.start, one.window.end) == window]
    if not found:
        return None
    count = next(one.persons for one in situation.problem.parties if one.id == party)
    if found[0].cause is Cause.PROGRAMME:
        return _elsewhere(found[0], group, count)
    if found[0].cause in _IN_GENERAL:
        return _IN_GENERAL[found[0].cause](group, count)
    if found[0].reason and not names:
        return _busy(found[0], group, count)
    if found[0].reason:
        return str(
            _(
                "%(people)s has to attend %(group)s, but is busy then: %(reason)s.",
                people=names,
                group=group,
                reason=found[0].reason.rstrip("."),
            )
        )
    return None


def _in_class(group: str, count: int) -> str:
    return str(
        ngettext(
            "%(num)s person in %(group)s is in class then.",
            "%(num)s people in %(group)s are in class then.",
            count,
            group=group,
        )
    )


def _by_calendar(group: str, count: int) -> str:
    return str(
        ngettext(
            "%(num)s person in %(group)s is busy then, by the school's own calendar.",
            "%(num)s people in %(group)s are busy then, by the school's own calendar.",
            count,
            group=group,
        )
    )


_IN_GENERAL = {Cause.CLASSES: _in_class, Cause.CALENDAR: _by_calendar}
"""What is said of causes that have no words of their own."""


def _busy(engagement: Engagement, group: str, count: int) -> str:
    return str(
        ngettext(
            "%(num)s person in %(group)s is busy then: %(reason)s.",
            "%(num)s people in %(group)s are busy then: %(reason)s.",
            count,
            group=group,
            reason=engagement.reason.rstrip("."),
        )
    )


def _elsewhere(engagement: Engagement, group: str, count: int) -> str:
    return str(
        ngettext(
            "%(num)s person in %(group)s is in %(programme)s then, or on the way.",
            "%(num)s people in %(group)s are in %(programme)s then, or on the way.",
            count,
            group=group,
            programme=_name_of(engagement),
        )
    )


def _name_of(engagement: Engagement) -> str:
    """Name the other programme to its coordinators, and to nobody else."""
    programme = engagement.programme
    if programme and programme.id in current_actor().scope_ids(Role.COORDINATOR):
        return named(programme.names)
    return str(_("another programme"))


def stretch_text(times: Stretch, zone: str) -> str:
    """Return from when until when, with the day, in local time."""
    begins, ends = local(times.starts_at, zone), local(times.ends_at, zone)
    first = f"{format_short_day(begins.date())} {begins:%H:%M}"
    if begins.date() == ends.date():
        return f"{first}–{ends:%H:%M}"
    return f"{first} – {format_short_day(ends.date())} {ends:%H:%M}"
