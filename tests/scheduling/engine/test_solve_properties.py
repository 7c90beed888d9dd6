"""What holds for every problem that is solved, drawn at random and compared with trying it all."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.scheduling.engine import Window
from scheduler.scheduling.engine.catalogue import NotBeside
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.explain import Verdict, explain
from scheduler.scheduling.engine.inputs import findings
from scheduler.scheduling.engine.relax import only
from scheduler.scheduling.engine.result import Status
from scheduler.scheduling.engine.search import solve
from tests.scheduling.engine.oracle import is_the_best_there_is
from tests.scheduling.engine.small import problems

some = settings(
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def solved(problem, **limits):
    return solve(problem, deterministic_limit=2, seconds=None, **limits)


@some
@given(problems())
def test_no_hard_rule_is_ever_broken_and_the_cost_is_the_oracles(problem):
    is_the_best_there_is(problem, solved(problem))


@some
@given(problems(), st.integers(0, 5))
def test_same_seed_same_plan(problem, seed):
    once, again = solved(problem, seed=seed), solved(problem, seed=seed)
    assert once.plan == again.plan


@some
@given(problems())
def test_other_names_change_nothing(problem):
    renamed = relabelled(problem)
    assert solved(renamed).value == solved(problem).value


@some
@given(problems())
def test_more_room_never_costs_more(problem):
    """A third, larger venue helps or does not: the old plan stays possible."""
    roomy = replace(problem, venues=(*problem.venues, replace(problem.venues[0], id="C")))
    before, after = solved(problem), solved(roomy)
    assert before.value is None or after.value <= before.value


@some
@given(problems())
def test_an_impossible_problem_is_explained_by_rules_that_are_all_needed(problem):
    explanation = explain(problem)
    if solved(problem).status is not Status.IMPOSSIBLE:
        assert (explanation.verdict, explanation.rules) == (Verdict.POSSIBLE, ())
        return
    assert (explanation.verdict, explanation.minimal) == (Verdict.CONFLICT, True)
    assert solved(only(problem, explanation.rules)).status is Status.IMPOSSIBLE
    for rule in explanation.rules:
        fewer = only(problem, [other for other in explanation.rules if other != rule])
        assert violations(fewer, solved(fewer).plan) == []


@some
@given(problems())
def test_whatever_is_found_by_counting_is_impossible(problem):
    if findings(problem):
        assert solved(problem).status is Status.IMPOSSIBLE


@some
@given(problems(), st.data())
def test_a_warm_start_leads_to_the_same_cost(problem, data):
    first = solved(problem)
    if first.plan is not None:
        closed = data.draw(st.sampled_from(((), (Window(30, 60),))))
        changed = replace(
            problem, venues=tuple(replace(venue, closures=closed) for venue in problem.venues)
        )
        assert solved(changed, warm_start=first.plan).value == solved(changed).value


def relabelled(problem):
    """The same problem under other names, listed in the opposite order."""

    def names(ids):
        return tuple(f"new {id_}" for id_ in reversed(ids))

    def named(things):
        return tuple(
            replace(one, id=f"new {one.id}", activities=names(one.activities))
            for one in reversed(things)
        )

    def renamed(ids):
        return tuple(f"new {id_}" for id_ in ids)

    def others(rule):
        return {"others": renamed(rule.others)} if isinstance(rule, NotBeside) else {}

    return replace(
        problem,
        activities=tuple(replace(a, id=f"new {a.id}") for a in reversed(problem.activities)),
        parties=named(problem.parties),
        blocks=named(problem.blocks),
        time_limits=named(problem.time_limits),
        locks=tuple(replace(lock, activity=f"new {lock.activity}") for lock in problem.locks),
        rules=tuple(
            replace(rule, activities=renamed(rule.activities), **others(rule))
            for rule in reversed(problem.rules)
        ),
    )
