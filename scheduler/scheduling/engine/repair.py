"""Repairs a published plan after the problem has changed: fewest moves, then the kindest.

The problem says what is true now: a lost venue has no windows, a withdrawn group is gone, a late
one is new. It is solved twice, first for the number of activities that move, then, with that
number fixed, for how far they move and what the plan costs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.constraints import add_rules
from scheduler.scheduling.engine.elements import Lock
from scheduler.scheduling.engine.hints import give_hints
from scheduler.scheduling.engine.model import Model
from scheduler.scheduling.engine.plan import moved_between
from scheduler.scheduling.engine.result import Measure, Progress, Result, Status
from scheduler.scheduling.engine.run import Limits, Outcome, run
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.search import status_of
from scheduler.scheduling.engine.terms import total
from scheduler.scheduling.engine.watch import Audience, Watch
from scheduler.scheduling.engine.wishes import objective

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.terms import Expr, Literal

# What going to another venue weighs beside one minute of shift.
OTHER_VENUE_MINUTES = 60
SHARE_FOR_COUNTING = 0.6


def repair(
    problem: Problem,
    published: Plan,
    *,
    frozen_before: int | None = None,
    seed: int = 1,
    seconds: float | None = 60,
    deterministic_limit: float | None = None,
    workers: int = 2,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """Return the plan that moves the fewest activities of the published one.

    What starts before `frozen_before` stays where it is. `moved` names what got another start or
    venue, `moves_bound` the proven least number; the result is optimal when the number is proved
    and nothing kinder exists with it. Limits and callbacks are those of `search.solve`; each of
    the two runs gets its share of the time, and each the whole deterministic limit.
    """
    problem = _with_frozen(problem, published, frozen_before)
    audience = Audience(on_progress, should_stop)
    limits = Limits(
        seed, seconds, deterministic_limit, workers, reproducible=deterministic_limit is not None
    )
    counting = Watch(audience, lambda plan: len(moved_between(published, plan)), Measure.MOVES)
    first = _count_moves(problem, published, limits, counting)
    if counting.plan is None:
        return _result(problem, published, audience, counting, counting, first)
    shifting = Watch(audience, lambda plan: shift_and_cost(problem, published, plan), Measure.SHIFT)
    left = replace(limits, seconds=audience.left(seconds))
    second = _shift_least(problem, published, left, counting, shifting)
    second = replace(
        second, deterministic_seconds=first.deterministic_seconds + second.deterministic_seconds
    )
    return _result(problem, published, audience, counting, shifting, second)


def shift_and_cost(problem: Problem, published: Plan, plan: Plan) -> int:
    """Return the minutes all activities shift, changes of venue counted as minutes, plus cost."""
    shift = sum(
        abs(place.start - old.start) + OTHER_VENUE_MINUTES * (place.venue != old.venue)
        for place in plan.placements
        if (old := published.by_activity.get(place.activity)) is not None
    )
    return shift + score(problem, plan).value


def _with_frozen(problem: Problem, published: Plan, frozen_before: int | None) -> Problem:
    if frozen_before is None:
        return problem
    frozen = {
        place.activity: Lock(place.activity, place.venue, place.start)
        for place in published.placements
        if place.start < frozen_before
        and place.activity in problem.activity_by_id
        and place.venue in problem.venue_by_id
    }
    others = tuple(lock for lock in problem.locks if lock.activity not in frozen)
    return replace(problem, locks=(*others, *frozen.values()))


def _count_moves(problem: Problem, published: Plan, limits: Limits, watch: Watch) -> Outcome:
    model = _model(problem)
    kept = _kept(model, published)
    model.cp.minimize(total(1 - literal for literal in kept.values()))
    give_hints(model, published)
    if limits.seconds is not None:
        limits = replace(limits, seconds=SHARE_FOR_COUNTING * limits.seconds)
    outcome = run(model.cp, limits, model.plan, watch)
    watch.close(outcome.bound)
    return outcome


def _shift_least(
    problem: Problem, published: Plan, limits: Limits, counting: Watch, watch: Watch
) -> Outcome:
    model = _model(problem)
    kept = _kept(model, published)
    model.cp.add(total(1 - literal for literal in kept.values()) <= (counting.value or 0))
    model.cp.minimize(total(_shifts(model, published)) + objective(model))
    if counting.plan is not None:
        give_hints(model, counting.plan)
    outcome = run(model.cp, limits, model.plan, watch)
    watch.close(outcome.bound)
    return outcome


def _model(problem: Problem) -> Model:
    """Return a model in which every activity counts by itself, as each may have moved."""
    model = Model(problem, apart=set(problem.activity_by_id))
    add_rules(model)
    return model


def _kept(model: Model, published: Plan) -> dict[str, Literal]:
    """Return for every published activity the literal "it stays as it was published"."""
    kept = {}
    for id_, place in published.by_activity.items():
        if id_ not in model.problem.activity_by_id:
            continue
        stays = kept[id_] = model.cp.new_bool_var(f"{id_} stays")
        model.cp.add(model.start(id_) == place.start).only_enforce_if(stays)
        there = model.in_venue(id_, place.venue)
        if there is None:
            model.cp.add(stays == 0)
        else:
            model.cp.add_implication(stays, there)
    return kept


def _shifts(model: Model, published: Plan) -> list[Expr]:
    shifts: list[Expr] = []
    for id_, place in published.by_activity.items():
        if id_ not in model.problem.activity_by_id:
            continue
        shift = model.cp.new_int_var(0, model.problem.days[-1].end, f"{id_} shifts")
        model.cp.add(shift >= model.start(id_) - place.start)
        model.cp.add(shift >= place.start - model.start(id_))
        there = model.in_venue(id_, place.venue)
        elsewhere = total([1]) if there is None else 1 - there
        shifts += [shift, OTHER_VENUE_MINUTES * elsewhere]
    return shifts


def _result(
    problem: Problem,
    published: Plan,
    audience: Audience,
    counting: Watch,
    last: Watch,
    outcome: Outcome,
) -> Result:
    plan = last.plan or counting.plan
    status = status_of(last if last.plan else counting, outcome)
    if status is Status.OPTIMAL and not (counting.is_best and last.is_best):
        status = Status.FEASIBLE
    return Result(
        status=status,
        plan=plan,
        value=None if plan is None else score(problem, plan).value,
        bound=None,
        seconds=audience.seconds,
        deterministic_seconds=outcome.deterministic_seconds,
        history=tuple(audience.history),
        terms=() if plan is None else score(problem, plan).terms,
        stopped_by=outcome.stopped_by,
        moved=() if plan is None else moved_between(published, plan),
        moves_bound=counting.bound,
    )
