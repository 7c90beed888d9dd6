"""Which marked parts of a returned entry nobody has changed yet."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from scheduler.applications.models import Application, HistoryEntry
from scheduler.applications.workflow import Action, State
from scheduler.database import db


def unchanged_by_id(applications: Iterable[Application]) -> dict[int, tuple[str, ...]]:
    """Return the marked fields of each returned entry that are as they were when it came back.

    One query however many they are; entries in other states are left out.
    """
    returned = [each for each in applications if each.state is State.RETURNED]
    if not returned:
        return {}
    steps = db.session.execute(
        select(HistoryEntry.application_id, HistoryEntry.action, HistoryEntry.changes)
        .where(
            HistoryEntry.application_id.in_([each.id for each in returned]),
            HistoryEntry.action.in_((Action.RETURN, Action.EDIT)),
        )
        .order_by(HistoryEntry.id)
    )
    changed: defaultdict[int, set[str]] = defaultdict(set)
    for application_id, action, changes in steps:
        if action is Action.RETURN:
            changed[application_id].clear()
        else:
            changed[application_id].update(changes)
    return {
        each.id: tuple(mark for mark in each.returned_fields if mark not in changed[each.id])
        for each in returned
    }
