"""Small assignments: a strategy that draws random ones, and the way of trying them all."""

from dataclasses import replace
from itertools import product

from hypothesis import strategies as st

from scheduler.scheduling.engine.assigning.check import broken_rules, value_of
from scheduler.scheduling.engine.assigning.problem import (
    AssignmentProblem,
    Forbidden,
    Person,
    Place,
    Quota,
)
from scheduler.scheduling.engine.assigning.result import Lack

PEOPLE = ("a", "b", "c", "d", "e")
PLACES = ("x", "y", "z")
CLASSES = ("girl", "boy", "P", "J")
MANY = 99


@st.composite
def assignments(draw, *, only_flows=False):
    ids = PEOPLE[: draw(st.integers(1, 5))]
    columns = PLACES[: draw(st.integers(1, 3))]
    wishes = st.lists(st.sampled_from(columns), unique=True, max_size=3).map(tuple)
    stage = st.sampled_from(("P", "J"))
    classes = st.tuples(st.sampled_from(("girl", "boy")), stage)
    persons = tuple(Person(i, draw(wishes), draw(classes), draw(st.integers(0, 2))) for i in ids)
    places = tuple(
        Place(id_, most, draw(st.integers(0, min(1, most))))
        for id_ in columns
        for most in (draw(st.integers(0, 3)),)
    )
    some = st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True).map(tuple)
    pairs = st.builds(Forbidden, st.sampled_from(ids), st.sampled_from(columns))
    return AssignmentProblem(
        persons,
        places,
        quotas=draw(_quotas(places, ("girl", "boy") if only_flows else CLASSES)),
        forbidden=tuple(draw(st.lists(pairs, max_size=2))),
        together=() if only_flows else tuple(draw(st.lists(some, max_size=1))),
        apart=() if only_flows else tuple(draw(st.lists(some, max_size=2))),
        rank_costs=draw(st.sampled_from(((), (0, 3, 3), (1, 2, 9)))),
        unwished_cost=draw(st.sampled_from((None, 5))),
        unplaced_cost=draw(st.sampled_from((None, None, 4))),
        costs=draw(st.none() | _tables(len(ids), len(columns))),
    )


def _tables(rows, columns):
    row = st.tuples(*[st.integers(-1, 6)] * columns)
    return st.tuples(*[row] * rows)


@st.composite
def _quotas(draw, places, classes):
    quotas = []
    for number in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(places))
        most = draw(st.none() | st.integers(0, place.most))
        high = place.most if most is None else most
        kept = draw(st.integers(0, high))
        if any(one.place == place.id and one.kept for one in quotas):
            kept = 0
        least = draw(st.integers(0, min(1, high)))
        class_ = draw(st.sampled_from(classes))
        quotas.append(Quota(f"q{number}", place.id, class_, least, most, kept))
    return tuple(quotas)


def valid(problem):
    """Yield every valid assignment."""
    ids = [person.id for person in problem.people]
    for chosen in product([*problem.place_by_id, None], repeat=len(ids)):
        places = dict(zip(ids, chosen, strict=True))
        if not broken_rules(problem, places):
            yield places


def cheapest(problem):
    """Return the least cost of any valid assignment, None when there is none."""
    return min((value_of(problem, places) for places in valid(problem)), default=None)


def profile(problem, places):
    """Return everybody's cost, the worst first; worse than all is to have no place."""
    return sorted((_cost(problem, places, row) for row in range(len(places))), reverse=True)


def _cost(problem, places, row):
    person = problem.people[row]
    if places[person.id] is None:
        return (1, 0)
    table = None if problem.costs is None else (problem.costs[row],)
    alone = replace(alone_in(problem), people=(person,), costs=table)
    return (0, value_of(alone, {person.id: places[person.id]}))


def alone_in(problem):
    """The same places and costs without people and rules."""
    empty = () if problem.costs is not None else None
    return replace(problem, people=(), quotas=(), forbidden=(), together=(), apart=(), costs=empty)


def fairest(problem):
    return min((profile(problem, places) for places in valid(problem)), default=None)


def named_only(problem, shortage):
    """The problem without all limits that a shortage does not name; most people may go elsewhere.

    Where room lacks, the people it names may not; where people lack, everybody may.
    """
    most = {(limit.place, limit.quota) for limit in shortage.at_most}
    least = {(limit.place, limit.quota) for limit in shortage.at_least}
    places = tuple(
        replace(
            place,
            most=place.most if (place.id, None) in most else MANY,
            least=place.least if (place.id, None) in least else 0,
        )
        for place in problem.places
    )
    quotas = tuple(
        replace(
            quota,
            most=quota.most if (quota.place, quota.id) in most else None,
            least=quota.least if (quota.place, quota.id) in least else 0,
            kept=quota.kept if (quota.place, quota.id) in least else 0,
        )
        for quota in problem.quotas
    )
    bound = set(shortage.people) if shortage.lack is Lack.ROOM else set()
    kept_in = tuple(Forbidden(id_, "elsewhere") for id_ in bound)
    costs = problem.costs and tuple((*row, 0) for row in problem.costs)
    wishes = tuple(replace(one, wishes=(*one.wishes, "elsewhere")) for one in problem.people)
    return replace(
        problem,
        people=wishes,
        places=(*places, Place("elsewhere", MANY)),
        quotas=quotas,
        forbidden=(*problem.forbidden, *kept_in),
        together=(),
        apart=(),
        rank_costs=(),
        costs=costs,
    )
