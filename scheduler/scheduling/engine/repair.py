"""Repairs a published plan after the problem has changed: fewest moves, then the kindest.

The problem says what is true now: a lost venue has no windows, a withdrawn group is gone, a late
one is new. It is solved once for each aim, with what the aims before it came to held fast: first
for the number of activities that move, then for how far they move and what the plan costs. Where
no plan holds everything, `repair_in_part` first asks how few activities must go without a place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.aside import ASIDE, is_aside, with_aside
from scheduler.scheduling.engine.constraints import add_rules
from scheduler.scheduling.engine.hints import give_hints
from scheduler.scheduling.engine.model import Model
from scheduler.scheduling.engine.plan import moved_between, plan_of
from scheduler.scheduling.engine.present import as_of
from scheduler.scheduling.engine.result import Measure, Progress, Result, Status
from scheduler.scheduling.engine.run import Limits, Outcome, run
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.search import status_of
from scheduler.scheduling.engine.terms import total
from scheduler.scheduling.engine.watch import Audience, Watch
from scheduler.scheduling.engine.wishes import objective

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.terms import Expr, Literal

# What going to another venue weighs beside one minute of shift.
OTHER_VENUE_MINUTES = 60
SHARE_FOR_COUNTING = 0.6


@dataclass(frozen=True)
class Aim:
    """What a run brings down: how the model says it, and how it is counted on a plan."""

    measure: Measure
    term: Callable[[Model], Expr]
    count: Callable[[Plan], int]


def repair(
    problem: Problem,
    published: Plan,
    *,
    frozen_before: int | None = None,
    notice_minutes: int = 0,
    seed: int = 1,
    seconds: float | None = 60,
    deterministic_limit: float | None = None,
    workers: int = 2,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """Return the plan that moves the fewest activities of the published one.

    What starts before `frozen_before` stays where it is, if it still can be there; nobody is
    called earlier than they were told without `notice_minutes` from then on. `moved` names what
    got another start or venue, `moves_bound` the proven least number; the result is optimal when
    the number is proved and nothing kinder exists with it. Limits and callbacks are those of
    `search.solve`; each run gets its share of the time, and each the whole deterministic limit.
    """
    if frozen_before is not None:
        problem = as_of(problem, published, frozen_before, notice_minutes)
    audience = Audience(on_progress, should_stop)
    limits = Limits(
        seed, seconds, deterministic_limit, workers, reproducible=deterministic_limit is not None
    )
    aims = [_fewest_moves(published), _shortest_shifts(problem, published)]
    watches, outcome = _pursue(problem, published, aims, audience, limits)
    return _result(problem, published, audience, watches, outcome)


def repair_in_part(
    problem: Problem,
    published: Plan,
    *,
    seed: int = 1,
    seconds: float | None = 60,
    deterministic_limit: float | None = None,
    workers: int = 2,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """Return the plan that leaves the fewest activities without a place, then as `repair` does.

    For problems that no plan solves whole. Only what cannot stay where it was published, or was
    never published, goes without a place (`left_out`, and `left_out_bound` the proven least
    number); the blocks and hard rules of the programme that it belongs to are given up, and a
    checker will say so of the plan.
    """
    audience = Audience(on_progress, should_stop)
    limits = Limits(
        seed, seconds, deterministic_limit, workers, reproducible=deterministic_limit is not None
    )
    wider = with_aside(problem, published)
    aims = [_fewest_aside(), _fewest_moves(published), _shortest_shifts(wider, published)]
    watches, outcome = _pursue(wider, published, aims, audience, limits)
    return _result(problem, published, audience, watches, outcome)


def shift_and_cost(problem: Problem, published: Plan, plan: Plan) -> int:
    """Return the minutes all activities shift, changes of venue counted as minutes, plus cost."""
    shift = sum(
        abs(place.start - old.start) + OTHER_VENUE_MINUTES * (place.venue != old.venue)
        for place in plan.placements
        if (old := published.by_activity.get(place.activity)) is not None and not is_aside(place)
    )
    return shift + score(problem, plan).value


# -------------------------------------------------------------------- aims


def _fewest_aside() -> Aim:
    def term(model: Model) -> Expr:
        return total(
            lit for lit in (model.in_venue(id_, ASIDE) for id_ in model.at) if lit is not None
        )

    return Aim(Measure.LEFT_OUT, term, lambda plan: sum(map(is_aside, plan.placements)))


def _fewest_moves(published: Plan) -> Aim:
    return Aim(
        Measure.MOVES,
        lambda model: total(1 - literal for literal in _kept(model, published)),
        lambda plan: len(moved_between(published, plan)),
    )


def _shortest_shifts(problem: Problem, published: Plan) -> Aim:
    return Aim(
        Measure.SHIFT,
        lambda model: total(_shifts(model, published)) + objective(model),
        lambda plan: shift_and_cost(problem, published, plan),
    )


def _kept(model: Model, published: Plan) -> list[Literal]:
    """Return for every published activity the literal "it stays as it was published"."""
    kept = []
    for id_, place in published.by_activity.items():
        if id_ not in model.problem.activity_by_id:
            continue
        stays = model.cp.new_bool_var(f"{id_} stays")
        model.cp.add(model.start(id_) == place.start).only_enforce_if(stays)
        there = model.in_venue(id_, place.venue)
        if there is None:
            model.cp.add(stays == 0)
        else:
            model.cp.add_implication(stays, there)
        kept.append(stays)
    return kept


def _shifts(model: Model, published: Plan) -> list[Expr]:
    shifts: list[Expr] = []
    for id_, place in published.by_activity.items():
        if id_ not in model.problem.activity_by_id:
            continue
        aside = model.in_venue(id_, ASIDE)
        placed = [] if aside is None else [aside.negated()]
        shift = model.cp.new_int_var(0, model.problem.days[-1].end, f"{id_} shifts")
        model.cp.add(shift >= model.start(id_) - place.start).only_enforce_if(placed)
        model.cp.add(shift >= place.start - model.start(id_)).only_enforce_if(placed)
        there, nowhere = model.in_venue(id_, place.venue), 0 if aside is None else aside
        elsewhere = 1 - (0 if there is None else there) - nowhere
        shifts += [shift, total([OTHER_VENUE_MINUTES * elsewhere])]
    return shifts


# -------------------------------------------------------------------- runs


def _pursue(
    problem: Problem, published: Plan, aims: Sequence[Aim], audience: Audience, limits: Limits
) -> tuple[list[Watch], Outcome]:
    """Run for each aim with the values of the aims before held; return how each of them went."""
    watches: list[Watch] = []
    spent, last = 0.0, len(aims) - 1
    for number, aim in enumerate(aims):
        watch = Watch(audience, aim.count, aim.measure)
        left = audience.left(limits.seconds)
        if left is not None and number < last:
            left *= SHARE_FOR_COUNTING
        reached = list(zip(aims, watches, strict=False))
        model = _model(problem, aim, reached, published)
        outcome = run(model.cp, replace(limits, seconds=left), model.plan, watch)
        watch.close(outcome.bound)
        watches.append(watch)
        spent += outcome.deterministic_seconds
        outcome = replace(outcome, deterministic_seconds=spent)
        if watch.plan is None:
            break
    return watches, outcome


def _model(
    problem: Problem, aim: Aim, reached: Sequence[tuple[Aim, Watch]], published: Plan
) -> Model:
    """Return a model in which every activity counts by itself, as each may have moved."""
    model = Model(problem, apart=set(problem.activity_by_id))
    add_rules(model)
    for one, watch in reached:
        model.cp.add(one.term(model) <= (watch.value or 0))
    model.cp.minimize(aim.term(model))
    before = reached[-1][1].plan if reached else None
    give_hints(model, before or published)
    return model


def _result(
    problem: Problem, published: Plan, audience: Audience, watches: list[Watch], outcome: Outcome
) -> Result:
    done = [watch for watch in watches if watch.plan is not None]
    found = done[-1].plan if done else None
    plan = None if found is None else plan_of(p for p in found.placements if not is_aside(p))
    status = status_of(done[-1] if done else watches[-1], outcome)
    if status is Status.OPTIMAL and not (done == watches and all(w.is_best for w in watches)):
        status = Status.FEASIBLE
    bounds = {watch.measure: watch.bound for watch in watches}
    aside = () if found is None else tuple(p.activity for p in found.placements if is_aside(p))
    judged = None if plan is None or aside else score(problem, plan)  # a cost is a whole plan's
    return Result(
        status=status,
        plan=plan,
        value=None if judged is None else judged.value,
        bound=None,
        seconds=audience.seconds,
        deterministic_seconds=outcome.deterministic_seconds,
        history=tuple(audience.history),
        terms=() if judged is None else judged.terms,
        stopped_by=outcome.stopped_by,
        moved=() if plan is None else moved_between(published, plan),
        moves_bound=_without(aside, published, bounds.get(Measure.MOVES)),
        left_out=aside,
        left_out_bound=bounds.get(Measure.LEFT_OUT),
    )


def _without(aside: Sequence[str], published: Plan, bound: int | None) -> int | None:
    """Return how many at least move, those not counted that have no place at all."""
    if bound is None:
        return None
    return max(0, bound - sum(1 for id_ in aside if id_ in published.by_activity))
