"""Many decisions as a job: portion by portion, each with what came of it, in one transaction.

A killed worker leaves whole portions; whoever takes the job up again goes on behind the last one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from scheduler.access.permissions import Actor
from scheduler.applications.decisions import Decision, Outcome
from scheduler.applications.workflow import Action, State
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused, SchedulerError
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job

DECIDE = "applications.decide"

AT_ONCE = 50
"""So many decisions are taken while somebody waits for the page; more are a job."""

PORTION = 20
"""So many share a transaction of the job, so that nobody else waits for hundreds of them."""

_ERRORS = {str(kind.__name__): kind for kind in (Conflict, NotAllowed, NotFound)}


def begin(
    asked: Sequence[tuple[str, Decision]], *, result_url: str, actor: Actor, now: dt.datetime
) -> Job:
    """Start the job that decides in the actor's name; `result_url` leads to what came of each.

    `{ref}` in it becomes the job's reference.
    """
    decisions = [packed(*each) for each in asked]
    job = jobs.start(
        DECIDE, account_id=actor.account_id, now=now, total=len(asked), decisions=decisions
    )
    job.result_url = result_url.format(ref=job.ref)
    return job


def packed(ref: str, decision: Decision) -> dict[str, Any]:
    """Return a decision as a job's arguments hold it."""
    return {"ref": ref, **asdict(decision)}


def asked_of(decisions: Sequence[dict[str, Any]]) -> list[tuple[str, Decision]]:
    """Return the decisions as they were asked for, out of a job's arguments."""
    return [(each["ref"], _decision(each)) for each in decisions]


def _decision(stored: dict[str, Any]) -> Decision:
    values = {name: value for name, value in stored.items() if name != "ref"}
    action, fields = Action(values.pop("action")), tuple(values.pop("fields"))
    return Decision(action=action, fields=fields, **values)


def stored(outcome: Outcome) -> dict[str, Any]:
    """Return what a job keeps of an outcome."""
    error = outcome.error
    if error is None and outcome.application is not None:
        return {"ref": outcome.ref, "state": outcome.application.state.value}
    if isinstance(error, Refused):
        return {"ref": outcome.ref, "code": str(error.code), "facts": error.facts}
    return {"ref": outcome.ref, "code": type(error).__name__}


def state_of(kept: dict[str, Any]) -> State | None:
    """Return the state that a decision led to; None if it was not applied."""
    return State(kept["state"]) if "state" in kept else None


def error_of(kept: dict[str, Any]) -> SchedulerError:
    """Return why a decision was not applied."""
    kind = _ERRORS.get(kept["code"])
    return kind() if kind is not None else Refused(kept["code"], **kept["facts"])
