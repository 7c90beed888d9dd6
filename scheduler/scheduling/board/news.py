"""What came to a draft since somebody's board was made, and what they can take back."""

from dataclasses import dataclass

from scheduler.access.permissions import Actor
from scheduler.scheduling.board.change_models import PlanChange
from scheduler.scheduling.board.change_texts import ChangeWords, Told
from scheduler.scheduling.board.changes import changes_since, latest_changes
from scheduler.scheduling.board.undoing import to_redo, to_undo
from scheduler.scheduling.models import Plan


@dataclass(frozen=True)
class Step:
    """A change that can be undone or made again: its id, what it is, the first of its groups."""

    id: int
    what: str
    group: str


@dataclass(frozen=True)
class News:
    """What others changed meanwhile, and in which groups; one's next steps; the last changes."""

    meanwhile: list[str]
    changed: frozenset[str]
    undo: Step | None
    redo: Step | None
    history: list[Told]


def news_of(plan: Plan, actor: Actor, *, since: int | None, but_of: int | None = None) -> News:
    """Return what a board shows of the draft's changes, new ones but those of an account.

    Without `since` nothing counts as new. A constant number of queries.
    """
    later = changes_since(plan, since) if since is not None else []
    later = [change for change in later if change.account_id != but_of or but_of is None]
    steps = [to_undo(plan, actor), to_redo(plan, actor)]
    latest = latest_changes(plan)
    words = ChangeWords(plan, [*later, *latest, *(step for step in steps if step)])
    undo, redo = (_step(step, words) for step in steps)
    return News(
        meanwhile=[words.sentence(change) for change in later],
        changed=frozenset(ref for change in later for ref, _was, _now in change.moves),
        undo=undo,
        redo=redo,
        history=[words.told(change) for change in latest],
    )


def _step(change: PlanChange | None, words: ChangeWords) -> Step | None:
    if change is None:
        return None
    group = change.moves[0][0] if change.moves else ""
    return Step(change.id, words.deed(change), group)
