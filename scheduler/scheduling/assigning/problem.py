"""An assignment as the engine is asked for it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

from scheduler.scheduling.assigning.models import (
    AssignmentOption,
    Companionship,
    WishAssignment,
)
from scheduler.scheduling.assigning.taking_part import Candidate
from scheduler.scheduling.engine.assigning.problem import (
    NOT_POSSIBLE,
    AssignmentProblem,
    Person,
    Place,
    Quota,
)

WITHOUT = 10_000
"""What being left without an option costs: more than any exchange of wishes could save."""


def problem_of(
    assignment: WishAssignment, found: Sequence[Candidate], seed: int
) -> AssignmentProblem:
    """Return the problem: a wish costs its rank less one, an option without wish more than all.

    Whoever wishes nothing is content with everything. The seed orders people by SHA-256 of itself
    and their references: among equally good assignments, that decides which one is found.
    """
    drawn = sorted(found, key=lambda one: sha256(f"{seed} {one.ref}".encode()).digest())
    code_by_key = {option.id: option.code for option in assignment.options}
    people = tuple(
        Person(
            one.ref,
            tuple(code_by_key[key] for key in one.wishes if key in code_by_key),
            (one.school_code,) if one.school_code else (),
        )
        for one in drawn
    )
    return AssignmentProblem(
        people=people,
        places=tuple(Place(each.code, each.most, each.least) for each in assignment.options),
        quotas=tuple(_quotas(assignment, found)),
        together=_sets(assignment, Companionship.TOGETHER, found),
        apart=_sets(assignment, Companionship.APART, found),
        unplaced_cost=WITHOUT if assignment.leaves_out else None,
        costs=[_costs(assignment, one) for one in drawn],
    )


def _costs(assignment: WishAssignment, one: Candidate) -> list[int]:
    known = {option.id for option in assignment.options}
    rank = {key: number for number, key in enumerate(key for key in one.wishes if key in known)}
    unwished = len(known) if assignment.gives_unwished else NOT_POSSIBLE
    locked = one.participant.locked_id if one.participant else None

    def cost(option: AssignmentOption) -> int:
        if locked is not None:
            # Whoever decided on the lock has decided that it need not be wished.
            return rank.get(option.id, len(known)) if option.id == locked else NOT_POSSIBLE
        if option.id in one.barred:
            return NOT_POSSIBLE
        return rank.get(option.id, unwished) if rank else 0

    return [cost(option) for option in assignment.options]


def _quotas(assignment: WishAssignment, found: Sequence[Candidate]) -> Iterator[Quota]:
    most = assignment.school_most
    if most is None:
        return
    sizes = Counter(one.school_code for one in found if one.school_code)
    for option in assignment.options:
        for school, size in sorted(sizes.items()):
            if size > most and option.most > most:
                yield Quota(f"{option.code} {school}", option.code, school, most=most)


def _sets(
    assignment: WishAssignment, kind: Companionship, found: Sequence[Candidate]
) -> tuple[tuple[str, ...], ...]:
    present = {one.ref for one in found}
    known = (
        tuple(ref for ref in company.refs if ref in present)
        for company in assignment.companies
        if company.kind is kind
    )
    return tuple(refs for refs in known if len(refs) > 1)
