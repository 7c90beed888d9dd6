"""Whether the parts of an assignment fit together: ids known and unique, numbers sound."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.shape import ProblemError, check_unique

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from scheduler.scheduling.engine.assigning.problem import AssignmentProblem

HIGHEST_COST = 1_000_000


def check_assignment_shape(problem: AssignmentProblem) -> None:
    """Raise `ProblemError` at the first thing that does not fit."""
    check_unique("person", (person.id for person in problem.people))
    check_unique("place", (place.id for place in problem.places))
    check_unique("quota", (quota.id for quota in problem.quotas))
    _check_people(problem)
    _check_numbers(problem)
    _check_costs(problem)
    _check_kept(problem)
    for kind, sets in (("together", problem.together), ("apart", problem.apart)):
        for members in sets:
            check_unique(kind, members)
            _check_known(kind, members, problem.person_by_id)


def _check_known(owner: str, ids: Iterable[str], known: Container[str]) -> None:
    for id_ in ids:
        if id_ not in known:
            raise ProblemError("unknown_id", owner=owner, id=id_)


def _check_people(problem: AssignmentProblem) -> None:
    for person in problem.people:
        check_unique("wish", person.wishes)
        check_unique("class", person.classes)
        _check_known(person.id, person.wishes, problem.place_by_id)
        if problem.rank_costs and len(person.wishes) > len(problem.rank_costs):
            raise ProblemError("too_many_wishes", id=person.id, most=len(problem.rank_costs))
    _check_known("quota", (quota.place for quota in problem.quotas), problem.place_by_id)
    _check_known("forbidden", (one.person for one in problem.forbidden), problem.person_by_id)
    _check_known("forbidden", (one.place for one in problem.forbidden), problem.place_by_id)


def _check_numbers(problem: AssignmentProblem) -> None:
    for place in problem.places:
        if not 0 <= place.least <= place.most:
            raise ProblemError("bad_place", id=place.id, least=place.least, most=place.most)
    for quota in problem.quotas:
        most = problem.place_by_id[quota.place].most if quota.most is None else quota.most
        if min(quota.least, quota.kept) < 0 or max(quota.least, quota.kept) > most:
            raise ProblemError("bad_quota", id=quota.id, least=quota.least, most=most)


def _check_costs(problem: AssignmentProblem) -> None:
    given = [*problem.rank_costs, problem.unwished_cost or 0, problem.unplaced_cost or 0]
    if min(given) < 0 or max(given) > HIGHEST_COST:
        raise ProblemError("bad_cost", least=0, most=HIGHEST_COST)
    if any(later < earlier for earlier, later in pairwise(problem.rank_costs)):
        raise ProblemError("rank_costs_fall")
    if problem.costs is not None:
        widths = {len(row) for row in problem.costs}
        if len(problem.costs) != len(problem.people) or widths - {len(problem.places)}:
            raise ProblemError("bad_table", people=len(problem.people), places=len(problem.places))


def _check_kept(problem: AssignmentProblem) -> None:
    """Refuse somebody for whom two quotas keep seats in one place: which one would be taken?"""
    for place, quotas in problem.quotas_by_place.items():
        kept = {quota.people for quota in quotas if quota.kept}
        if len(kept) < sum(1 for quota in quotas if quota.kept):
            raise ProblemError("kept_twice", id=place)
        for person in problem.people if len(kept) > 1 else ():
            if len(kept.intersection(person.classes)) > 1:
                raise ProblemError("kept_twice", id=place, person=person.id)
