"""The ranking, a case with everybody's marks, and decisions from the ranking in one step."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications import decision_jobs
from scheduler.applications.decided_views import applied_count, outcome_rows, start_deciding
from scheduler.applications.decisions import decide_many
from scheduler.applications.models import Application
from scheduler.applications.order_forms import DecideForm
from scheduler.applications.ordered_decisions import passing_at
from scheduler.applications.queries import find_application
from scheduler.applications.texts import PASSING_LABELS
from scheduler.database import db, transaction
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.formats import named
from scheduler.listing import cut
from scheduler.panels import assignments, deciding, queries, services
from scheduler.panels.blueprint import blueprint
from scheduler.panels.forms import GiveForm
from scheduler.panels.models import Assignment, Panel, PanelCategory
from scheduler.panels.ranking import Row, Table, ranking_of
from scheduler.panels.scoring import HUNDREDTHS, Weighing, score_of
from scheduler.panels.services import find_panel
from scheduler.panels.texts import DEEDS, STAGES
from scheduler.programmes.approval import ApprovalLevel
from scheduler.programmes.models import Category

PER_PAGE = 100


@blueprint.get("/panels/<string:ref>/ranking")
@access(Permission.APPLICATION_DECIDE, find_panel)
def ranking(thing: Panel) -> str:
    """Show a category's ranking with its quota line, and the form to decide from it."""
    categories = _categories(thing)
    asked = request.args.get("category", "")
    chosen = next((each for each in categories if each.code == asked), categories[0])
    return _page(thing, chosen)


def ranking_address(category: Category, level: ApprovalLevel | None) -> str | None:
    """Return where a panel's ranking of a category at a level stands, if a panel judges it."""
    if level is None:
        return None
    ref = db.session.scalar(
        select(Panel.ref)
        .join(PanelCategory, PanelCategory.panel_id == Panel.id)
        .where(PanelCategory.level_id == level.id, PanelCategory.category_id == category.id)
    )
    return url_for("panels.ranking", ref=ref, category=category.code) if ref else None


@blueprint.post("/panels/<string:ref>/categories/<string:category>/decisions")
@access(Permission.APPLICATION_DECIDE, find_panel)
def decide(thing: Panel, category: str) -> str | tuple[str, int] | Response:
    """Decide on a category from the top of its ranking, and report each outcome.

    Many are a job, which can be left alone.
    """
    chosen = next((each for each in _categories(thing) if each.code == category), None)
    if chosen is None:
        raise NotFound
    form = _form(thing)
    if not form.validate_on_submit():
        return _page(thing, chosen, form), 422
    try:
        with transaction():
            actor, now = current_actor(), clock.now()
            asked = deciding.asked_from_ranking(thing, chosen, form.choice(), actor=actor, now=now)
            if len(asked) > decision_jobs.AT_ONCE:
                return redirect(start_deciding(asked), code=303)
            outcomes = decide_many(asked, actor=actor, now=now)
            rows = outcome_rows(asked, outcomes, is_blind=False)
    except Refused as error:
        form.refuse(error)
        return _page(thing, chosen, form), 409
    except Conflict:
        problem = _(
            "The ranking has changed since you opened it. Nothing was applied; below is how it "
            "stands now."
        )
        return _page(thing, chosen, problem=problem), 409
    return render_template(
        "panels/outcomes.html",
        panel=thing,
        category=chosen,
        rows=rows,
        applied=applied_count(rows),
    )


@blueprint.get("/panels/<string:ref>/cases/<string:application>")
@access(Permission.APPLICATION_DECIDE, find_panel)
def case(thing: Panel, application: str) -> str:
    """Show who judges a case, their marks and comments, and every step of them."""
    found = _find_case(thing, application)
    given = queries.assignments_of(thing, found)
    busy = {each.reviewer_id for each in given}
    form = GiveForm()
    form.offer_choices(each for each in thing.reviewers if each.id not in busy)
    return render_template(
        "panels/case.html",
        panel=thing,
        application=found,
        criteria_columns=[{"label": named(each.names), "numeric": True} for each in thing.criteria],
        judgements=[_judgement(thing, each) for each in given],
        history=queries.history_of(thing, found),
        form=form,
        may_give=thing.closed_at is None and assignments.is_at_panel(thing, found),
        stages=STAGES,
        deeds=DEEDS,
        hundredths=HUNDREDTHS,
    )


@blueprint.post("/panels/<string:ref>/cases/<string:application>/give")
@access(Permission.APPLICATION_DECIDE, find_panel)
def give(thing: Panel, application: str) -> Response:
    """Give a case to a reviewer by hand."""
    with transaction():
        assignments.assign_one(
            thing,
            _find_case(thing, application),
            services.find_reviewer(thing, request.form.get("reviewer", "")),
            actor=current_actor(),
            now=clock.now(),
        )
    flash(_("The case was given to the reviewer."), "success")
    return _to_case(thing, application)


@blueprint.post("/panels/<string:ref>/cases/<string:application>/take")
@access(Permission.APPLICATION_DECIDE, find_panel)
def take(thing: Panel, application: str) -> Response:
    """Take a case from a reviewer who has not judged it."""
    with transaction():
        reviewer = services.find_reviewer(thing, request.form.get("reviewer", ""))
        given = queries.assignments_of(thing, _find_case(thing, application))
        own = next((each for each in given if each.reviewer_id == reviewer.id), None)
        if own is None:
            raise NotFound
        assignments.release(own, actor=current_actor(), now=clock.now())
    flash(_("The case was taken from the reviewer."), "success")
    return _to_case(thing, application)


def _to_case(panel: Panel, application: str) -> Response:
    address = url_for("panels.case", ref=panel.ref, application=application)
    return redirect(address, code=303)


def _find_case(panel: Panel, ref: str) -> Application:
    found = find_application(ref)
    if not assignments.is_at_panel(panel, found) and not queries.assignments_of(panel, found):
        raise NotFound
    return found


def _categories(panel: Panel) -> list[Category]:
    found = [share.category for share in panel.shares]
    return sorted(found, key=lambda each: (each.position, each.id))


def _form(panel: Panel) -> DecideForm:
    form = DecideForm()
    form.offer_choices(panel.level)
    return form


def _page(
    panel: Panel, category: Category, form: DecideForm | None = None, problem: str | None = None
) -> str:
    tables = ranking_of(panel)
    table = tables.get(category.id, Table([]))
    if form is None:
        form = _form(panel)
        form.count.data, form.rest.data = table.within, "leave"
    form.seen.data = " ".join(row.seen for row in table.candidates)
    tabs = [
        (
            named(each.names),
            url_for("panels.ranking", ref=panel.ref, category=each.code),
            each is category,
            len(tables.get(each.id, Table([])).rows),
        )
        for each in _categories(panel)
    ]
    return render_template(
        "panels/ranking.html",
        panel=panel,
        programme=panel.programme,
        category=category,
        tabs=tabs,
        table=table,
        page=cut(table.rows, per_page=PER_PAGE),
        shown=_shown,
        form=form,
        problem=problem,
        passing=PASSING_LABELS[passing_at(panel.level)],
    )


def _shown(row: Row) -> dict[str, str]:
    """Return a row's figures as they are printed."""
    standing = row.standing
    if standing is None:
        return {"normalised": "–", "raw": "–", "spread": "–", "count": "0"}
    return {
        "normalised": f"{round(standing.normalised, 2) + 0.0:+.2f}",
        "raw": f"{float(standing.raw):.1f}",
        "spread": f"{float(standing.spread):.1f}",
        "count": str(standing.judgements),
    }


def _judgement(panel: Panel, assignment: Assignment) -> dict[str, Any]:
    kept = {mark.criterion_id: mark.hundredths for mark in assignment.marks}
    criteria = {each.id: Weighing(each.weight, each.max_mark) for each in panel.criteria}
    is_whole = bool(criteria) and criteria.keys() <= kept.keys()
    return {
        "reviewer": assignment.reviewer.account,
        "stage": assignment.stage,
        "comment": assignment.comment,
        "marks": [
            f"{kept[each.id] / HUNDREDTHS:g}" if each.id in kept else "–" for each in panel.criteria
        ],
        "score": f"{float(score_of(kept, criteria)):.1f}" if is_whole else "–",
        "may_take": assignment.stage in {"to_judge", "draft_marks"} and panel.closed_at is None,
    }
