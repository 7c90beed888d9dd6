"""From the ranking to decisions, in one step. No Flask here."""

import datetime as dt

from scheduler.access.permissions import Actor
from scheduler.applications.decisions import Outcome
from scheduler.applications.ordered_decisions import Choice, check_choice, decide_in_order
from scheduler.database import held
from scheduler.panels.models import Panel
from scheduler.panels.ranking import Table, ranking_of
from scheduler.panels.services import record
from scheduler.programmes.models import Category

__all__ = ["Choice", "decide_from_ranking"]


def decide_from_ranking(
    panel: Panel, category: Category, choice: Choice, *, actor: Actor, now: dt.datetime
) -> list[Outcome]:
    """Decide on a category's judged cases from the top, and report each one's outcome.

    Raises `Conflict` if the ranking is not the one that was shown; a single entry that has been
    changed since is reported as such and holds up nobody. Refuses a count beyond the ranking.
    """
    panel = held(Panel, panel.id)
    table = ranking_of(panel).get(category.id, Table([]))
    check_choice([row.application.ref for row in table.candidates], choice)
    outcomes = decide_in_order(choice, panel.level, actor=actor, now=now, is_of_panel=True)
    applied = sum(outcome.error is None for outcome in outcomes)
    facts = {"category": category.code, "count": choice.count, "applied": applied}
    record("panel:decide", panel, actor, now, rest=str(choice.rest or ""), **facts)
    return outcomes
