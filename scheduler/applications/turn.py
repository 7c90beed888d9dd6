"""Whose turn an entry is: what somebody is told who decides at another level of the programme."""

import datetime as dt

from scheduler.access.permissions import Actor, Permission, is_own_case
from scheduler.applications import levels, queues
from scheduler.applications.models import Application
from scheduler.applications.workflow import Refusal
from scheduler.errors import NotAllowed, Refused
from scheduler.programmes.approval import LevelKind

_REFUSAL_BY_LEVEL = {
    LevelKind.DISTRICT: Refusal.DISTRICTS_TURN,
    LevelKind.CITY: Refusal.CITYS_TURN,
    LevelKind.ORGANISER: Refusal.ORGANISERS_TURN,
}


def demand_turn(
    actor: Actor, application: Application, now: dt.datetime, *, is_of_panel: bool = False
) -> None:
    """Raise unless it is the actor's turn with an entry.

    Whoever decides at another level and has the entry in their queue is refused with the name of
    the level that has its turn; everybody else, and whoever acts for a school of the entry, is
    `NotAllowed` and learns nothing. Whoever reviews blind decides on what their queue holds, and on
    no case of a panel that was not given to them, or with which they have a conflict of interest.
    """
    if levels.may_decide(actor, application, now, is_of_panel=is_of_panel):
        is_blind = levels.sees_blind(actor, application.programme_id)
        if is_blind and not queues.is_in_queue(actor, application):
            raise NotAllowed
        return
    if is_own_case(actor, Permission.APPLICATION_NOMINATE, application.subject):
        raise NotAllowed
    if not levels.has_turn(actor, application.programme_id):
        raise NotAllowed
    if not queues.is_in_queue(actor, application):
        raise NotAllowed
    raise Refused(_REFUSAL_BY_LEVEL[levels.level_in_turn(application, now)])
