"""The coordinator's queue: counts, filters, search, sorting, and decisions on many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission
from scheduler.applications import confirmations, decision_jobs, levels, queries, queues
from scheduler.applications.blueprint import blueprint
from scheduler.applications.change_queries import open_changes_by_id
from scheduler.applications.decided_views import applied_count, outcome_rows, start_deciding
from scheduler.applications.decisions import Outcome, decide_many, refs_in
from scheduler.applications.entry_facts import entries_by_id
from scheduler.applications.findings import findings_by_id, kinds_of
from scheduler.applications.forms import asked_decision, decision_forms, show_refusal
from scheduler.applications.queues import QueueFilter
from scheduler.applications.quota_tallies import quota_tallies
from scheduler.applications.substitution_queries import waiting_by_programme
from scheduler.applications.texts import FIELD_LABELS
from scheduler.applications.workflow import Action, State
from scheduler.database import transaction
from scheduler.errors import NotAllowed, NotFound, Refused
from scheduler.formats import named
from scheduler.listing import page_of
from scheduler.organisations.texts import REGIONS
from scheduler.programmes.kinds import Allocation
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.programmes.texts import LEVELS
from scheduler.states import state_look
from scheduler.web import BaseForm, whole_number

Forms = Mapping[Action, BaseForm]

BLIND_SORTS = {key: queues.SORTS[key] for key in ("submitted", "category", "changed")}
TAB_ORDER = (*queues.QUEUE_STATES, None)


def kept_filters() -> dict[str, Any]:
    """Return the queue's filters and sorting as they stand in the address."""
    return {name: request.args[name] for name in queues.QUEUE_FILTERS if request.args.get(name)}


def asked_sort(*, is_blind: bool) -> str:
    """Return the order that an address asks for; a blind one by names would tell of them."""
    sort = request.args.get("sort", "")
    return sort if sort in (BLIND_SORTS if is_blind else queues.SORTS) else queues.DEFAULT_SORT


@blueprint.get("/programmes/<string:code>/applications")
@access(Permission.APPLICATION_REVIEW)
def queue(code: str) -> str:
    """The whole programme for its coordinators, their own districts' schools for reviewers."""
    programme = _reviewed(code)
    scope = queues.reach(current_actor(), programme)
    is_blind = levels.sees_blind(current_actor(), programme.id)
    chosen = queues.queue_filter(request.args, is_blind=is_blind)
    page = page_of(
        queues.queue(scope, chosen),
        sorts=BLIND_SORTS if is_blind else queues.SORTS,
        default_sort=queues.DEFAULT_SORT,
    )
    ids = [application.id for application in page.items]
    is_coordinator = may(Permission.APPLICATION_DECIDE, programme)
    return render_template(
        "applications/queue.html",
        programme=programme,
        page=page,
        chosen=chosen,
        tabs=_tabs(programme, scope, chosen),
        choices=_choices(programme, scope, is_blind=is_blind),
        sizes=entries_by_id(ids),
        kinds={each: kinds_of(found) for each, found in findings_by_id(ids).items()},
        ranked=_ranked(programme),
        overdue=confirmations.overdue_of(ids, now=clock.now()),
        open_changes=open_changes_by_id(ids),
        ranks=queries.waitlist_rank_by_id(ids),
        tallies=queries.tallies([programme.id])[programme.id] if is_coordinator else [],
        quotas=quota_tallies(programme, current_actor()),
        is_coordinator=is_coordinator,
        is_blind=is_blind,
        substitutions_waiting=waiting_by_programme([programme.id]).get(programme.id, 0)
        if is_coordinator
        else 0,
        may_decide=levels.has_turn(current_actor(), programme.id),
        level_labels=LEVELS,
        kept=kept_filters(),
        field_choices=FIELD_LABELS.items(),
    )


@blueprint.post("/programmes/<string:code>/applications/decisions")
@access(Permission.APPLICATION_NOMINATE)
def decide_on_many(code: str) -> str | Response:
    """Apply one decision to every application that was ticked, and report each one's outcome.

    Whose turn it is, each decision asks for itself. Many are a job, which can be left alone. An
    entry of another programme is decided on there, where it may have to be read blind.
    """
    thing = _reviewed(code)
    if not levels.has_turn(current_actor(), thing.id):
        raise NotAllowed
    is_blind = levels.sees_blind(current_actor(), thing.id)
    forms = decision_forms()
    # Nobody has looked at what was changed in so many entries.
    decision = replace(asked_decision(forms, version=0), approves_changes=False)
    seen = ticked()
    here = refs_in(thing, [ref for ref, _version in seen])
    asked = [(ref, replace(decision, version=version)) for ref, version in seen if ref in here]
    if len(asked) > decision_jobs.AT_ONCE:
        with transaction():
            progress = start_deciding(asked)
        return redirect(progress, code=303)
    with transaction():
        outcomes = decide_many(asked, actor=current_actor(), now=clock.now())
        outcomes += [Outcome(ref, None, NotFound()) for ref, _version in seen if ref not in here]
        rows = outcome_rows(asked, outcomes, is_blind=is_blind)
    again = _to_complete(outcomes, forms, decision.action)
    return render_template(
        "applications/outcomes.html",
        programme=thing,
        rows=rows,
        applied=applied_count(rows),
        again=again,
        form=forms.get(decision.action),
        action=decision.action,
        kept=kept_filters(),
    )


def _ranked(programme: Programme) -> list[tuple[str, str]]:
    """Return name and address of the rankings from which the reader decides."""
    if not levels.has_turn(current_actor(), programme.id):
        return []
    return [
        (
            named(each.names),
            url_for("applications.ranking", code=programme.code, category=each.code),
        )
        for each in queries.categories_of(programme)
        if each.allocation is Allocation.RANKED
    ]


def ticked() -> list[tuple[str, int]]:
    """Read the rows that were ticked: `reference.version`."""
    parts = (seen.rpartition(".") for seen in request.form.getlist("seen"))
    read = ((ref, whole_number(version)) for ref, _dot, version in parts)
    return [(ref, version) for ref, version in read if version is not None]


def _to_complete(outcomes: Sequence[Outcome], forms: Forms, action: Action) -> list[str]:
    """Return the rows that only lack what the form can add: a reason, a message, fields."""
    return [
        outcome.application.seen
        for outcome in outcomes
        if outcome.application is not None
        and isinstance(outcome.error, Refused)
        and show_refusal(forms, action, outcome.error)
    ]


def _reviewed(code: str) -> Programme:
    """Return the programme if the actor reviews anything in it; raises `NotFound`."""
    if code not in {known for known, _names in queues.programmes_reviewed_by(current_actor())}:
        raise NotFound
    return find_programme(code)


def _tabs(
    programme: Programme, scope: Any, chosen: QueueFilter
) -> list[tuple[str, str, bool, int]]:
    counts = queues.counts_by_state(scope, chosen)
    kept = kept_filters()
    found = []
    for state in TAB_ORDER:
        if state is State.OFFERED and chosen.state is not state and not counts[state]:
            continue
        label = state_look(state).word if state else _("All")
        word = state.value if state else "all"
        url = url_for("applications.queue", code=programme.code, **{**kept, "state": word})
        count = counts[state] if state else sum(counts.values())
        found.append((str(label), url, chosen.state is state, count))
    return found


def _choices(
    programme: Programme, scope: Any, *, is_blind: bool
) -> dict[str, list[tuple[str, str]]]:
    categories = queries.categories_of(programme)
    kinds = [level.kind for level in levels.levels_of(programme.id)][1:]
    found = {
        "category": [(category.code, named(category.names)) for category in categories],
        "todo": [
            ("changes", _("Changed parts to approve")),
            ("overdue", _("Confirmation overdue")),
        ],
        "level": [(kind.value, str(LEVELS[kind])) for kind in kinds],
    }
    if is_blind:
        return found
    return found | {
        "school": queues.schools_in(scope),
        "district": queues.districts_in(scope),
        "region": [(region.value, str(label)) for region, label in REGIONS.items()],
    }
