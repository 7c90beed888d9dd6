"""What holds for every assignment, drawn at random and compared with trying them all."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from scheduler.scheduling.engine.assigning.check import broken_rules, proven_minimum, value_of
from scheduler.scheduling.engine.assigning.network import network_of
from scheduler.scheduling.engine.assigning.result import Aim
from scheduler.scheduling.engine.assigning.solve import assign
from scheduler.scheduling.engine.result import Status
from tests.scheduling.engine.small_assignments import (
    assignments,
    cheapest,
    fairest,
    named_only,
    profile,
    valid,
)

some = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@some
@given(assignments())
def test_the_cheapest_is_the_oracles_and_breaks_no_rule(problem):
    result = assign(problem)
    least = cheapest(problem)
    if least is None:
        assert (result.status, result.assigned) == (Status.IMPOSSIBLE, ())
    else:
        assert (result.status, result.value, result.bound) == (Status.OPTIMAL, least, least)
        assert broken_rules(problem, result.place_by_person) == []
        assert value_of(problem, result.place_by_person) == least


@some
@given(assignments())
def test_the_fairest_is_the_oracles(problem):
    result = assign(problem, aim=Aim.FAIREST)
    best = fairest(problem)
    if best is None:
        assert result.status is Status.IMPOSSIBLE
    else:
        assert result.status is Status.OPTIMAL
        assert profile(problem, result.place_by_person) == best
        assert result.bound == cheapest(problem)


@some
@given(assignments(only_flows=True))
def test_the_prices_prove_the_bound_and_a_shortage_names_all_that_is_needed(problem):
    result = assign(problem)
    if result.shortage is None and result.status is Status.IMPOSSIBLE:
        assert any(quota.kept for quota in problem.quotas)  # a place's least beside kept seats
    elif result.shortage is None:
        assert not result.prices or proven_minimum(problem, result.prices) == result.value
    else:
        short = result.shortage
        assert short.needed > short.available
        assert not any(True for _ in valid(named_only(problem, short)))


@some
@given(assignments())
def test_rules_that_collide_do_so_and_all_are_needed(problem):
    result = assign(problem)
    if result.status is Status.IMPOSSIBLE and result.shortage is None:
        assert result.collisions
        assert cheapest(with_rules(problem, result.collisions)) is None
        for one in result.collisions:
            fewer = [other for other in result.collisions if other != one]
            assert cheapest(with_rules(problem, fewer)) is not None
    else:
        assert result.collisions == ()


def with_rules(problem, collisions):
    """The problem with its flow, and of the other rules only these."""
    beside = {(type(one).__name__, one.id) for one in network_of(problem).beside}
    kinds = {"quota": "Quota", "place_least": "Place"}
    beside -= {(kinds[one.rule], one.ids[0]) for one in collisions if one.rule in kinds}
    return replace(
        problem,
        together=tuple(one.ids for one in collisions if one.rule == "together"),
        apart=tuple(one.ids for one in collisions if one.rule == "apart"),
        quotas=tuple(one for one in problem.quotas if ("Quota", one.id) not in beside),
        places=tuple(
            replace(one, least=0) if ("Place", one.id) in beside else one for one in problem.places
        ),
    )


@some
@given(assignments())
def test_other_names_in_another_order_change_nothing(problem):
    renamed = relabelled(problem)
    for aim in Aim:
        before, after = assign(problem, aim=aim), assign(renamed, aim=aim)
        assert (before.status, before.bound) == (after.status, after.bound)
        assert before.status is Status.IMPOSSIBLE or before.value == after.value


def relabelled(problem):
    """The same problem under other names, listed in the opposite order."""

    def new(id_):
        return f"new {id_}"

    def news(sets):
        return tuple(tuple(new(id_) for id_ in reversed(ids)) for ids in reversed(sets))

    costs = problem.costs
    return replace(
        problem,
        people=tuple(
            replace(
                person,
                id=new(person.id),
                wishes=tuple(map(new, person.wishes)),
                classes=tuple(map(new, reversed(person.classes))),
            )
            for person in reversed(problem.people)
        ),
        places=tuple(replace(place, id=new(place.id)) for place in reversed(problem.places)),
        quotas=tuple(
            replace(quota, id=new(quota.id), place=new(quota.place), people=new(quota.people))
            for quota in reversed(problem.quotas)
        ),
        forbidden=tuple(
            replace(one, person=new(one.person), place=new(one.place)) for one in problem.forbidden
        ),
        together=news(problem.together),
        apart=news(problem.apart),
        costs=costs and tuple(tuple(reversed(row)) for row in reversed(costs)),
    )
