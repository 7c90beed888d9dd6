"""A few good plans to choose from: what less of one wish costs in the others.

The cheapest plan says nothing of what its price list hides. So for each wish that costs, the plan
is sought that has the least of it, and one halfway there, each the cheapest of its kind (the
ε-constraint method). What is kept is not dominated: no plan of the table has less or as much of
everything. Where a problem has a search of its own, which knows no limits, the wish is made dearer
instead.

Loads OR-Tools, as `search` does.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.elements import Weights
from scheduler.scheduling.engine.result import Status
from scheduler.scheduling.engine.score import Score, Term, score
from scheduler.scheduling.engine.search import solve, special_for
from scheduler.scheduling.engine.watch import Audience

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.result import Progress, Result
    from scheduler.scheduling.engine.score import Wish

MOST_CHOICES = 8
MOST_WISHES = 5  # the dearest ones of the cheapest plan
# Of seconds, or of work, for one search: below it most end before they have begun.
LEAST_SHARE = 4.0
# The cheapest plan gets as much time as so many of the others: all of them start from it.
SHARES_OF_THE_CHEAPEST = 3
SHARES_OF_A_WISH = 3  # its least, the cheapest with that, and one halfway
# By how much a wish is made dearer where a search knows no limits: halfway, and as much as it gets.
DEARER = (4, 1000)


@dataclass(frozen=True)
class Choice:
    """A plan to choose: what it has of each wish, and what it costs.

    With `is_proved` no plan at all has less of one wish and no more of the others.
    """

    plan: Plan
    score: Score
    is_proved: bool

    @property
    def amounts(self) -> tuple[int, ...]:
        """How much there is of each wish that costs, in the order of the score's terms."""
        return tuple(term.amount for term in self.score.terms if term.weight)


@dataclass(frozen=True)
class Floor:
    """How little of one wish there can be: in a plan that was found, and proved to be the least."""

    wish: Wish
    found: int
    bound: int


@dataclass(frozen=True)
class Step:
    """How far the table is: which of how many searches is under way, and how many choices stand.

    More searches show only when the cheapest plan is known.
    """

    search: int
    searches: int
    seconds: float
    choices: int


@dataclass(frozen=True)
class Tradeoffs:
    """The table, the cheapest plan first; empty when no plan was found, as `status` says why.

    `start` is the plan that the search began from, with its own figures, if it breaks no rule.
    """

    status: Status
    choices: tuple[Choice, ...]
    floors: tuple[Floor, ...]
    start: Choice | None
    seconds: float
    deterministic_seconds: float


def tradeoffs(
    problem: Problem,
    start: Plan | None = None,
    *,
    seed: int = 1,
    seconds: float | None = 60,
    deterministic_limit: float | None = None,
    workers: int = 2,
    on_progress: Callable[[Step], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Tradeoffs:
    """Return at most `MOST_CHOICES` valid plans of which none dominates another.

    The limits are those of `search.solve` and hold for all searches together: what one does not
    need is left to the others. Equal seeds and a `deterministic_limit` give the same table in
    every run. A request to stop keeps what was found.
    """
    means = _Means(seed, seconds, deterministic_limit, workers, on_progress, should_stop)
    search = _Search(problem, start, means)
    status = search.run()
    return Tradeoffs(
        status=status,
        choices=search.choices(),
        floors=tuple(search.floors),
        start=search.start,
        seconds=search.audience.seconds,
        deterministic_seconds=search.spent,
    )


def changed_terms(one: Score, other: Score) -> tuple[Term, ...]:
    """Return what the other plan of the same problem has more of each wish that costs, or less."""
    return tuple(
        Term(before.code, before.weight, after.amount - before.amount)
        for before, after in zip(one.terms, other.terms, strict=True)
        if before.weight and before.amount != after.amount
    )


@dataclass(frozen=True)
class _Means:
    """What all searches share, and whom they tell."""

    seed: int
    seconds: float | None
    work: float | None
    workers: int
    on_progress: Callable[[Step], None] | None
    should_stop: Callable[[], bool] | None

    @property
    def most_wishes(self) -> int:
        """For how many wishes there is time, at least one."""
        given = min((one for one in (self.seconds, self.work) if one is not None), default=inf)
        shares = min(given / LEAST_SHARE - SHARES_OF_THE_CHEAPEST, MOST_WISHES * SHARES_OF_A_WISH)
        return max(1, int(shares) // SHARES_OF_A_WISH)


class _Search:
    """Looks for the choices one after another, each from the best that is known by then."""

    def __init__(self, problem: Problem, start: Plan | None, means: _Means) -> None:
        self.problem = problem
        self.means = means
        self.audience = Audience(None, None)
        self.found: list[Choice] = []
        self.floors: list[Floor] = []
        self.spent = 0.0
        self.start: Choice | None = None
        self._hint = start
        self._done = 0
        self._most_wishes = means.most_wishes
        self._total = self._shares(len(_wishes(problem)))
        self._is_stopped = False
        if start is not None and violations(problem, start) == []:
            self.start = Choice(start, score(problem, start), is_proved=False)
            self.found.append(self.start)

    def run(self) -> Status:
        """Fill `found` and `floors`; say what is known about the problem after it."""
        cheapest = self._solve(self.problem, shares=SHARES_OF_THE_CHEAPEST)
        if not self.found:
            return Status.UNDECIDED if cheapest is None else cheapest.status
        best = min(self.found, key=lambda one: one.score.value)
        wanted = sorted((term for term in best.score.terms if term.cost), key=_dearest_first)
        wanted = wanted[: self._most_wishes]
        self._total = self._shares(len(wanted))
        for term in wanted:
            self._seek_least(term.wish)
        for term, floor in zip(wanted, self.floors, strict=True):
            self._seek_halfway(term, floor)
        return Status.OPTIMAL if all(c.is_proved for c in self.choices()) else Status.FEASIBLE

    def choices(self) -> tuple[Choice, ...]:
        """Return what nothing that was found dominates, the first of equals, the cheapest first."""
        kept: dict[tuple[int, ...], Choice] = {}
        for one in self.found:
            known = kept.setdefault(one.amounts, one)
            kept[one.amounts] = replace(known, is_proved=known.is_proved or one.is_proved)
        best = [one for one in kept.values() if not any(_beats(o, one) for o in kept.values())]
        return tuple(sorted(best[:MOST_CHOICES], key=lambda one: (one.score.value, one.amounts)))

    def _shares(self, wishes: int) -> int:
        """Return into how many shares time and work go if so many wishes can be traded."""
        return SHARES_OF_THE_CHEAPEST + SHARES_OF_A_WISH * min(self._most_wishes, wishes)

    def _seek_least(self, wish: Wish) -> None:
        """Ask how little of a wish there can be, and which plan with that is the cheapest."""
        result = self._solve(_only(self.problem, wish), is_whole=False)
        least = min(_amount(one.score, wish) for one in self.found)
        bound = (result.bound if result else None) or 0
        self.floors.append(Floor(wish, least, min(least, bound)))
        self._seek(wish, least, DEARER[1])

    def _seek_halfway(self, term: Term, floor: Floor) -> None:
        level = floor.found + (term.amount - floor.found) // 2
        if floor.found < level:
            self._seek(term.wish, level, DEARER[0])
        else:
            self._done += 1

    def _seek(self, wish: Wish, most: int, times: int) -> None:
        """Look for the cheapest plan with at most so much of a wish."""
        if special_for(self.problem) is None:
            self._solve(self.problem, at_most={wish: most})
        else:
            self._solve(_dearer(self.problem, wish, times))

    def _solve(
        self,
        asked: Problem,
        *,
        at_most: Mapping[Wish, int] | None = None,
        shares: int = 1,
        is_whole: bool = True,
    ) -> Result | None:
        """Run one search with its share of what is left, and keep the plan that it finds.

        What is cheapest proves something only where every wish costs as much as ever, or more.
        """
        share = shares / max(shares, self._total - self._done)
        self._done += shares
        seconds = self.audience.left(self.means.seconds)
        work = None if self.means.work is None else self.means.work - self.spent
        is_spent = any(left is not None and left <= 0 for left in (seconds, work))
        if self._is_stopped or (self.found and is_spent):
            return None
        result = solve(
            asked,
            seed=self.means.seed,
            seconds=None if seconds is None else seconds * share,
            deterministic_limit=None if work is None else work * share,
            workers=self.means.workers,
            warm_start=self._nearest(at_most or {}),
            at_most=at_most,
            on_progress=self._tell,
            should_stop=self._asked_to_stop,
        )
        self.spent += result.deterministic_seconds
        if result.plan is not None and violations(self.problem, result.plan) == []:
            is_proved = is_whole and result.status is Status.OPTIMAL
            self.found.append(Choice(result.plan, score(self.problem, result.plan), is_proved))
        return result

    def _nearest(self, at_most: Mapping[Wish, int]) -> Plan | None:
        """Return the cheapest known plan within these limits, any if none keeps them."""
        within = [
            one
            for one in self.found
            if all(_amount(one.score, wish) <= most for wish, most in at_most.items())
        ]
        known = min(within or self.found, key=lambda one: one.score.value, default=None)
        return self._hint if known is None else known.plan

    def _tell(self, _progress: Progress) -> None:
        if self.means.on_progress is not None:
            step = Step(self._done, self._total, self.audience.seconds, len(self.choices()))
            self.means.on_progress(step)

    def _asked_to_stop(self) -> bool:
        if self.means.should_stop is not None and not self._is_stopped:
            self._is_stopped = self.means.should_stop()
        return self._is_stopped


def _wishes(problem: Problem) -> set[Wish]:
    stated = {(rule.kind, rule.weight) for rule in problem.rules if rule.weight}
    return stated | {(code, weight) for code, weight in asdict(problem.weights).items() if weight}


def _dearest_first(term: Term) -> tuple[int, str]:
    return -term.cost, term.code


def _beats(one: Choice, other: Choice) -> bool:
    """Say whether one has no more of anything, and less of something."""
    pairs = list(zip(one.amounts, other.amounts, strict=True))
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


def _amount(counted: Score, wish: Wish) -> int:
    return next(term.amount for term in counted.terms if term.wish == wish)


def _only(problem: Problem, wish: Wish) -> Problem:
    """Return the problem in which nothing costs but one wish, and that 1."""
    return _weighed(problem, lambda each: int(each == wish))


def _dearer(problem: Problem, wish: Wish, times: int) -> Problem:
    return _weighed(problem, lambda each: each[1] * (times if each == wish else 1))


def _weighed(problem: Problem, weigh: Callable[[Wish], int]) -> Problem:
    """Return the problem with other weights; rules that must hold still must."""
    wishes = asdict(problem.weights).items()
    return replace(
        problem,
        weights=Weights(**{code: weigh((code, weight)) for code, weight in wishes}),
        rules=tuple(
            rule if rule.weight is None else replace(rule, weight=weigh((rule.kind, rule.weight)))
            for rule in problem.rules
        ),
    )
