"""From the ranking to decisions, in one step: the first pass, the rest does not. No Flask here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.access.permissions import Actor
from scheduler.applications.decisions import Decision, Outcome, decide_many
from scheduler.applications.workflow import Action
from scheduler.database import held
from scheduler.errors import Conflict, Refused
from scheduler.panels.models import Panel
from scheduler.panels.ranking import Table, ranking_of
from scheduler.panels.refusals import Refusal
from scheduler.panels.services import record
from scheduler.programmes.approval import LevelKind
from scheduler.programmes.models import Category

Seen = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first `count` pass; with the rest the action is taken, or with None nothing.

    `seen` are references and versions in the order of the ranking as it was shown.
    """

    count: int
    rest: Action | None
    reason: str
    seen: Seen


def passing(panel: Panel) -> Action:
    """Return what passing means at the panel's level."""
    return Action.ACCEPT if panel.level.kind is LevelKind.ORGANISER else Action.NOMINATE


def rest_actions(panel: Panel) -> tuple[Action, ...]:
    """Return what can be done with the rest: waiting lists are the organiser's alone."""
    is_last = panel.level.kind is LevelKind.ORGANISER
    return (Action.WAITLIST, Action.REJECT) if is_last else (Action.REJECT,)


def decide_from_ranking(
    panel: Panel, category: Category, choice: Choice, *, actor: Actor, now: dt.datetime
) -> list[Outcome]:
    """Decide on a category's judged cases from the top, and report each one's outcome.

    Raises `Conflict` if the ranking is not the one that was shown; a single entry that has been
    changed since is reported as such and holds up nobody. Refuses a count beyond the ranking.
    """
    panel = held(Panel, panel.id)
    table = ranking_of(panel).get(category.id, Table([]))
    refs = [ref for ref, _version in choice.seen]
    if refs != [row.application.ref for row in table.candidates]:
        raise Conflict
    if not 0 <= choice.count <= len(refs):
        raise Refused(Refusal.COUNT_OUT_OF_RANGE, field="count", most=len(refs))
    if choice.rest is Action.REJECT and choice.count < len(refs) and not choice.reason.strip():
        raise Refused(Refusal.REASON_MISSING, field="reason")
    first = choice.seen[: choice.count]
    asked = [(ref, _decision(passing(panel), version)) for ref, version in first]
    if choice.rest is not None:
        rest = choice.seen[choice.count :]
        reason = choice.reason.strip() or None
        asked += [(ref, _decision(choice.rest, version, reason)) for ref, version in rest]
    outcomes = decide_many(asked, actor=actor, now=now)
    applied = sum(outcome.error is None for outcome in outcomes)
    facts = {"category": category.code, "count": choice.count, "applied": applied}
    record("panel:decide", panel, actor, now, rest=str(choice.rest or ""), **facts)
    return outcomes


def _decision(action: Action, version: int, reason: str | None = None) -> Decision:
    return Decision(action, version, reason, is_of_panel=True)
