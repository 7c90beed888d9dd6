"""Who is busy at a time that a plan gives them, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.access.guard import current_actor
from scheduler.access.permissions import Role
from scheduler.formats import named
from scheduler.scheduling.engaged import Engagement
from scheduler.scheduling.situation import Situation


def busy_sentence(
    situation: Situation, party: str, group: str, facts: Mapping[str, Any]
) -> str | None:
    """Say what people of a group are busy with, as far as the reader may know; None if unknown.

    The times of another programme are not told: by them its timetable would name the group.
    """
    window = (facts["busy_from"], facts["busy_until"])
    taken = situation.engagements.get(party, [])
    found = [one for one in taken if (one.window.start, one.window.end) == window]
    if not found:
        return None
    count = next(one.persons for one in situation.problem.parties if one.id == party)
    return str(
        ngettext(
            "One person in %(group)s is in %(programme)s then, or on the way.",
            "%(num)s people in %(group)s are in %(programme)s then, or on the way.",
            count,
            group=group,
            programme=_name_of(found[0]),
        )
    )


def _name_of(engagement: Engagement) -> str:
    """Name the other programme to its coordinators, and to nobody else."""
    programme = engagement.programme
    if programme.id in current_actor().scope_ids(Role.COORDINATOR):
        return named(programme.names)
    return str(_("another programme"))
