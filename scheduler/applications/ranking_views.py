"""A category's ranks at a level: ordering, breaking ties, and decisions after a preview."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications import decision_jobs, levels, rankings
from scheduler.applications.blueprint import blueprint
from scheduler.applications.decided_views import applied_count, outcome_rows, start_deciding
from scheduler.applications.decisions import decide_many
from scheduler.applications.order_forms import LEAVE, DecideForm
from scheduler.applications.ordered_decisions import check_choice, passing_at
from scheduler.applications.ranking_sources import ranking_elsewhere
from scheduler.applications.rankings import Remit, remit_of, table_of
from scheduler.applications.texts import ACTION_LABELS, PASSING_LABELS, error_text
from scheduler.database import transaction
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.listing import cut
from scheduler.programmes.category_services import find_category
from scheduler.programmes.kinds import Allocation
from scheduler.programmes.texts import LEVELS
from scheduler.texts import sentence
from scheduler.web import whole_number

Answer = str | Response | tuple[str, int]
PER_PAGE = 100
RANK = "rank-"
ORDER = "order-"
STEPS = {"up": -1, "down": 1}
BASE = "/programmes/<string:code>/categories/<string:category>/ranking"


@blueprint.get(BASE)
@access(Permission.APPLICATION_NOMINATE)
def ranking(code: str, category: str) -> str:
    """Show the order of what waits for the reader's decision, its ties and the quota line."""
    return _page(_remit(code, category))


@blueprint.post(f"{BASE}/ranks")
@access(Permission.APPLICATION_NOMINATE)
def give_ranks(code: str, category: str) -> Answer:
    """Store the ranks that were typed, or move one entry up or down."""
    remit = _remit(code, category)
    return _done(remit, lambda seen: _rank(remit, seen), _("The ranks are stored."))


@blueprint.post(f"{BASE}/below")
@access(Permission.APPLICATION_NOMINATE)
def take_over_ranks(code: str, category: str) -> Answer:
    """Give entries without a rank the one from the level below."""
    remit = _remit(code, category)

    def take(seen: str) -> None:
        rankings.take_over(remit, seen=seen, now=clock.now())

    return _done(remit, take, _("The ranks of the level below are taken over."))


@blueprint.post(f"{BASE}/ties/<int:rank>")
@access(Permission.APPLICATION_NOMINATE)
def break_tie(code: str, category: str, rank: int) -> Answer:
    """Say who comes first among equal ranks, and why."""
    remit = _remit(code, category)
    numbers = {ref: number for ref, number in _typed(ORDER).items() if number is not None}
    order = sorted(numbers, key=lambda ref: (numbers[ref], ref))
    if len(set(numbers.values())) < len(numbers):
        order = []

    def settle(seen: str) -> None:
        reason = request.form.get("reason", "")
        rankings.break_tie(remit, rank, order, reason=reason, seen=seen, now=clock.now())

    return _done(remit, settle, _("The order of the equal ranks is stored."))


@blueprint.post(f"{BASE}/preview")
@access(Permission.APPLICATION_NOMINATE)
def preview_ranking(code: str, category: str) -> Answer:
    """Show what would become of each ranked entry; nothing is applied yet."""
    remit = _remit(code, category)
    form = _form(remit)
    table = table_of(remit)
    if not form.validate_on_submit():
        return _page(remit, form), 422
    choice = form.choice()
    try:
        check_choice([row.application.ref for row in table.candidates], choice)
    except Refused as error:
        form.refuse(error)
        return _page(remit, form), 409
    except Conflict:
        return _page(remit, problem=_changed()), 409
    rows = [
        (row, choice.action_of(place, passing_at(remit.level)))
        for place, row in enumerate(table.candidates)
    ]
    return render_template(
        "applications/ranking_preview.html", form=form, rows=rows, **_around(remit)
    )


@blueprint.post(f"{BASE}/decisions")
@access(Permission.APPLICATION_NOMINATE)
def decide_from_ranks(code: str, category: str) -> Answer:
    """Apply what the preview showed, and report each outcome.

    Many are a job, which can be left alone.
    """
    remit = _remit(code, category)
    form = _form(remit)
    if not form.validate_on_submit():
        return _page(remit, form), 422
    try:
        with transaction():
            now = clock.now()
            asked = rankings.asked_from_ranks(remit, form.choice(), now=now)
            if len(asked) > decision_jobs.AT_ONCE:
                return redirect(start_deciding(asked), code=303)
            outcomes = decide_many(asked, actor=remit.actor, now=now)
            is_blind = levels.sees_blind(remit.actor, remit.category.programme_id)
            rows = outcome_rows(asked, outcomes, is_blind=is_blind)
    except Refused as error:
        form.refuse(error)
        return _page(remit, form), 409
    except Conflict:
        return _page(remit, problem=_changed()), 409
    return render_template(
        "applications/ranking_outcomes.html",
        rows=rows,
        applied=applied_count(rows),
        **_around(remit),
    )


def _remit(code: str, category: str) -> Remit:
    """Return what the reader orders; raises `NotFound` where places go by another rule."""
    found = find_category(code, category)
    if found.allocation is not Allocation.RANKED:
        raise NotFound
    return remit_of(current_actor(), found, request.args.get("level", ""))


def _done(remit: Remit, deed: Callable[[str], None], said: str) -> Answer:
    try:
        with transaction():
            deed(request.form.get("seen", ""))
    except Refused as error:
        return _page(remit, problem=sentence(error.code, **error.facts)), 409
    except NotAllowed as error:
        return _page(remit, problem=error_text(error)), 403
    except Conflict:
        return _page(remit, problem=_changed()), 409
    flash(said, "success")
    return redirect(_address(remit, "applications.ranking"), code=303)


def _rank(remit: Remit, seen: str) -> None:
    for word, step in STEPS.items():
        if word in request.form:
            ref = request.form[word]
            rankings.move(remit, ref, step, seen=seen, now=clock.now())
            return
    rankings.give_ranks(remit, _typed(RANK), seen=seen, now=clock.now())


def _typed(prefix: str) -> dict[str, int | None]:
    """Return the numbers that were typed beside entries; blank takes one away."""
    found: dict[str, int | None] = {}
    for name, text in request.form.items():
        number = whole_number(text.strip())
        if name.startswith(prefix) and (number or not text.strip()):
            found[name.removeprefix(prefix)] = number
    return found


def _changed() -> str:
    return str(
        _(
            "The ranking has changed since you opened it. Nothing was applied; below is how it "
            "stands now."
        )
    )


def _form(remit: Remit) -> DecideForm:
    form = DecideForm()
    form.offer_choices(remit.level)
    return form


def _around(remit: Remit) -> dict[str, Any]:
    """Return what every page of a ranking shows around it."""
    category = remit.category
    return {
        "remit": remit,
        "category": category,
        "programme": category.programme,
        "is_blind": levels.sees_blind(remit.actor, category.programme_id),
        "level_label": LEVELS[remit.level.kind] if remit.level else None,
        "address": lambda endpoint, **more: _address(remit, f"applications.{endpoint}", **more),
        "action_labels": ACTION_LABELS,
        "passing": PASSING_LABELS[passing_at(remit.level)],
    }


def _address(remit: Remit, endpoint: str, **more: Any) -> str:
    category = remit.category
    more |= {"code": category.programme.code, "category": category.code}
    more["level"] = remit.level.kind.value if remit.level else None
    return url_for(endpoint, **more)


def _page(remit: Remit, form: DecideForm | None = None, problem: str | None = None) -> str:
    table = table_of(remit)
    if form is None:
        form = _form(remit)
        form.count.data, form.rest.data = table.within, LEAVE
    form.seen.data = " ".join(row.application.seen for row in table.candidates)
    return render_template(
        "applications/ranking.html",
        table=table,
        page=cut(table.rows, per_page=PER_PAGE),
        form=form,
        problem=problem,
        elsewhere=ranking_elsewhere(remit.category, remit.level),
        **_around(remit),
    )
