"""From the ranking to decisions, in one step. No Flask here."""

import datetime as dt

from scheduler.access.permissions import Actor
from scheduler.applications.decisions import Decision
from scheduler.applications.ordered_decisions import Choice, asked_in_order, check_choice
from scheduler.database import held
from scheduler.panels.models import Panel
from scheduler.panels.ranking import Table, ranking_of
from scheduler.panels.services import record
from scheduler.programmes.models import Category

__all__ = ["Choice", "asked_from_ranking"]


def asked_from_ranking(
    panel: Panel, category: Category, choice: Choice, *, actor: Actor, now: dt.datetime
) -> list[tuple[str, Decision]]:
    """Return the decisions on a category's judged cases, from the top, and note who takes them.

    The caller applies them, each for itself. Raises `Conflict` if the ranking is not the one that
    was shown; a single entry that has been changed since is reported as such when it is decided
    on, and holds up nobody. Refuses a count beyond the ranking.
    """
    panel = held(Panel, panel.id)
    table = ranking_of(panel).get(category.id, Table([]))
    check_choice([row.application.ref for row in table.candidates], choice)
    asked = asked_in_order(choice, panel.level, is_of_panel=True)
    facts = {"category": category.code, "count": choice.count, "asked": len(asked)}
    record("panel:decide", panel, actor, now, rest=str(choice.rest or ""), **facts)
    return asked
