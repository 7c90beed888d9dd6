"""From an order of entries to decisions, in one step: the first pass, the next wait, the rest not.

Both a panel's ranking and the ranks that reviewers give end here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.applications.decisions import Decision
from scheduler.applications.workflow import Action, Refusal
from scheduler.errors import Conflict, Refused
from scheduler.programmes.approval import ApprovalLevel, LevelKind

Seen = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first `count` pass, the next `waiting` are put on the waiting list in their order.

    With the rest the action is taken, or with None nothing. `seen` are references and versions in
    the order that was shown.
    """

    count: int
    rest: Action | None
    reason: str
    seen: Seen
    waiting: int = 0

    def action_of(self, place: int, passing: Action) -> Action | None:
        """Return what becomes of the entry at a place, the first being 0."""
        if place < self.count:
            return passing
        return Action.WAITLIST if place < self.count + self.waiting else self.rest


def passing_at(level: ApprovalLevel | None) -> Action:
    """Return what passing means at a level."""
    is_last = level is None or level.kind is LevelKind.ORGANISER
    return Action.ACCEPT if is_last else Action.NOMINATE


def rest_actions_at(level: ApprovalLevel | None) -> tuple[Action, ...]:
    """Return what can be done with the rest: waiting lists are the organiser's alone."""
    is_last = level is None or level.kind is LevelKind.ORGANISER
    return (Action.WAITLIST, Action.REJECT) if is_last else (Action.REJECT,)


def check_choice(order: Sequence[str], choice: Choice) -> None:
    """Raise `Conflict` if the order is not the one shown, `Refused` for what cannot be meant."""
    if [ref for ref, _version in choice.seen] != list(order):
        raise Conflict
    if not 0 <= choice.count <= len(order):
        raise Refused(Refusal.COUNT_OUT_OF_RANGE, field="count", most=len(order))
    left = len(order) - choice.count
    if not 0 <= choice.waiting <= left:
        raise Refused(Refusal.COUNT_OUT_OF_RANGE, field="waiting", most=left)
    has_rest = choice.waiting < left
    if choice.rest is Action.REJECT and has_rest and not choice.reason.strip():
        raise Refused(Refusal.REASON_MISSING, field="reason")


def asked_in_order(
    choice: Choice, level: ApprovalLevel | None, *, is_of_panel: bool = False
) -> list[tuple[str, Decision]]:
    """Return the decisions that a choice means, from the top.

    What a choice says is checked before, by `check_choice`.
    """
    asked = []
    for place, (ref, version) in enumerate(choice.seen):
        action = choice.action_of(place, passing_at(level))
        if action is None:
            continue
        is_rest = place >= choice.count + choice.waiting
        reason = (choice.reason.strip() or None) if is_rest else None
        decision = Decision(
            action, version, reason, is_of_panel=is_of_panel, approves_changes=False
        )
        asked.append((ref, decision))
    return asked
