"""What came of many decisions, taken at once or by a job."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission
from scheduler.applications import decision_jobs, levels
from scheduler.applications.blueprint import blueprint
from scheduler.applications.decision_jobs import DECIDE, error_of, state_of
from scheduler.applications.decisions import Decision, Outcome
from scheduler.applications.models import Application
from scheduler.applications.texts import error_text
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job
from scheduler.listing import cut

PER_PAGE = 100
Row = dict[str, Any]


def start_deciding(asked: Sequence[tuple[str, Decision]]) -> str:
    """Let a job decide, within the caller's transaction; return the address of its progress."""
    result = url_for("applications.decided", ref="REF").replace("REF", "{ref}")
    job = decision_jobs.begin(asked, result_url=result, actor=current_actor(), now=clock.now())
    return url_for("jobs.show", ref=job.ref)


def outcome_rows(
    asked: Sequence[tuple[str, Decision]], outcomes: Sequence[Outcome], *, is_blind: bool
) -> list[Row]:
    """Return what the report shows of decisions that were taken, while they are still at hand."""
    action_by_ref = {ref: decision.action for ref, decision in asked}
    return [
        _outcome_row(outcome, action_by_ref.get(outcome.ref), is_blind=is_blind)
        for outcome in outcomes
    ]


def applied_count(rows: Sequence[Row]) -> int:
    """Return how many of these decisions were applied."""
    return sum(row["problem"] is None for row in rows)


@blueprint.get("/decisions/<string:ref>")
@access(Permission.OWN_ACCOUNT, jobs.find)
def decided(thing: Job) -> str | Response:
    """Each decision and what came of it, also of a job that broke off."""
    if thing.kind != DECIDE:
        raise NotFound
    if thing.is_live:
        return redirect(url_for("jobs.show", ref=thing.ref))
    asked = thing.arguments["decisions"]
    outcomes = thing.result.get("outcomes", [])
    page = cut(asked, per_page=PER_PAGE)
    kept = outcomes[(page.number - 1) * PER_PAGE : page.number * PER_PAGE]
    known = _applications([each["ref"] for each in page.items])
    rows = [
        _kept_row(each, kept[place] if place < len(kept) else None, known.get(each["ref"]))
        for place, each in enumerate(page.items)
    ]
    return render_template(
        "applications/decided.html",
        programme=next((each.programme for each in known.values()), None),
        page=page,
        rows=rows,
        applied=sum("state" in each for each in outcomes),
        asked=len(asked),
    )


def _applications(refs: list[str]) -> dict[str, Application]:
    """Return those that the reader may still see, by reference; a blind reviewer sees none."""
    around = (Application.programme, Application.school)
    query = select(Application).where(Application.ref.in_(refs))
    found = db.session.scalars(query.options(*(joinedload(each) for each in around)))
    blind: dict[int, bool] = {}
    shown = {}
    for each in found:
        if each.programme_id not in blind:
            blind[each.programme_id] = levels.sees_blind(current_actor(), each.programme_id)
        if not blind[each.programme_id] and may(Permission.APPLICATION_REVIEW, each):
            shown[each.ref] = each
    return shown


def _outcome_row(outcome: Outcome, action: Action | None, *, is_blind: bool) -> Row:
    application = outcome.application
    if application is not None and not may(Permission.APPLICATION_READ, application):
        application = None
    return _row(
        outcome.ref,
        application,
        state=application.state if application else None,
        action=action,
        problem=error_text(outcome.error) if outcome.error else None,
        is_blind=is_blind,
    )


def _kept_row(
    asked: dict[str, Any], kept: dict[str, Any] | None, application: Application | None
) -> Row:
    state = state_of(kept) if kept else None
    if kept is None:
        problem = _("Not decided: the work broke off before.")
    else:
        problem = None if state else error_text(error_of(kept))
    return _row(
        asked["ref"], application, state=state, action=Action(asked["action"]), problem=problem
    )


def _row(
    ref: str,
    application: Application | None,
    *,
    state: State | None,
    action: Action | None,
    problem: str | None,
    is_blind: bool = False,
) -> Row:
    """Return a row of the report; without an application the reader sees nothing of it."""
    is_named = application is not None and not is_blind
    return {
        "ref": ref,
        "group": application.group_name if application and is_named else ref,
        "school": application.school.name if application and is_named else "",
        "may_open": application is not None,
        "state": state,
        "said": _("Nominated") if action is Action.NOMINATE else None,
        "problem": problem,
    }
