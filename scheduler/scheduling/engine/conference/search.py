"""Searches conferences: some tracks are set free again and again and arranged anew.

A whole conference in which parallel venues of a track are only counted is proved beside it.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from random import Random
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue import Seen
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.closing_in import ClosingIn
from scheduler.scheduling.engine.conference.filling import filled
from scheduler.scheduling.engine.conference.model import TrackModel
from scheduler.scheduling.engine.conference.neighbours import tracks_to_free
from scheduler.scheduling.engine.conference.programme import Conference
from scheduler.scheduling.engine.plan import Plan
from scheduler.scheduling.engine.result import StoppedBy
from scheduler.scheduling.engine.run import Limits, News, Outcome, run
from scheduler.scheduling.engine.watch import BOUND_SLACK, INFINITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.scheduling.engine.conference.programme import Arrangement
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.terms import Read
    from scheduler.scheduling.engine.watch import Audience, Watch

STEP_WORK = 0.5
LEAST_WORK = 0.01  # what a step takes beside the solver's work
SPARE = 1  # venues at once that a track may have beyond those it cannot do without
LEAST_FREE, FIRST_FREE, GROWTH = 2.0, 4.0, 1.1
NO_PLAN = Plan(())


def search(
    problem: Problem, watch: Watch, audience: Audience, limits: Limits, warm_start: Plan | None
) -> Outcome:
    """Search until a proof, a limit or a request ends it; the watch keeps plan and bound."""
    return Search(Conference(problem), watch, audience, limits).search(warm_start)


class Prover:
    """Proves what no conference can be below; what it finds on the way are mostly plans."""

    def __init__(self, conference: Conference) -> None:
        self.impossible = False
        self.done = False
        self._conference = conference

    def learn(self, _cost: int) -> None:
        """Do nothing: a ceiling hides the plans that show the way (measured)."""

    def prove(self, limits: Limits, tell: Callable[[News | None], bool]) -> float:
        tracks = range(len(self._conference.tracks))
        model = TrackModel(self._conference, tracks, {}, counting=True)

        def pass_on(news: News | None) -> bool:
            if news is not None and news.plan == NO_PLAN:
                news = News(bound=news.bound)
            return tell(news)

        outcome = run(model.cp, _by_lines(limits), plan_reader(model), pass_on)
        self.done = outcome.stopped_by is StoppedBy.PROOF
        self.impossible = outcome.impossible
        if not self.impossible and outcome.bound < INFINITE:
            tell(News(bound=float(ceil(outcome.bound - BOUND_SLACK))))
        return outcome.deterministic_seconds


class Search(ClosingIn):
    """Improves a conference track by track."""

    def __init__(
        self, conference: Conference, watch: Watch, audience: Audience, limits: Limits
    ) -> None:
        super().__init__(conference.problem, Prover(conference), watch, audience, limits)
        self._conference = conference
        self._random = Random(limits.seed)  # noqa: S311 - chooses what to set free
        self._free = FIRST_FREE
        self._current: Arrangement = {}
        self._value = 0

    def begin(self, warm_start: Plan | None) -> None:
        """Begin from the plan given, from one filled up track by track, or from any at all."""
        if warm_start is not None and not violations(self._problem, warm_start):
            self._keep(warm_start)
            return
        arrangement = filled(self._conference)
        if arrangement is not None:
            self._keep(self._conference.plan(arrangement))
        tracks = range(len(self._conference.tracks))
        if self._watch.plan is None and not self._is_over():
            model = TrackModel(self._conference, tracks, {}, spare=SPARE)
            self._solve(model, None, first=True)

    def improve(self) -> None:
        """Set some tracks free and arrange them anew, no dearer than before.

        Where that is all of them, what it comes to is proved.
        """
        conference = self._conference
        if not self._current:
            self._solve(TrackModel(conference, range(len(conference.tracks)), {}, spare=SPARE), 1.0)
            return
        most = min(len(conference.tracks), int(self._free))
        tracks = tracks_to_free(conference, self._current, most, self._random)
        kept = {
            one: place
            for one, place in self._current.items()
            if conference.track_of[one] not in tracks
        }
        spare = SPARE if kept else len(self._problem.venues)
        model = TrackModel(conference, tracks, kept, spare=spare)
        model.cp.add(model.cost <= self._value - self._cost(conference.plan(kept)))
        outcome = self._solve(model, STEP_WORK)
        proved = outcome.stopped_by is StoppedBy.PROOF
        if proved and not kept:
            self._tell(News(bound=outcome.bound))
        size = self._free * (GROWTH if proved else 1 / GROWTH)
        self._free = min(float(len(conference.tracks)), max(LEAST_FREE, size))

    def _solve(self, model: TrackModel, work: float | None, *, first: bool = False) -> Outcome:
        """Solve a model and keep the best that it finds; with `first` one plan is enough."""
        found: list[Plan] = []

        def tell(news: News | None) -> bool:
            if news is not None and news.plan not in {None, NO_PLAN}:
                found.append(news.plan)
            return self._listen() or (first and bool(found or self._current))

        limits = replace(self._within(work), seed=self._random.randrange(1, 2**30))
        outcome = run(model.cp, _by_lines(limits), plan_reader(model), tell)
        self._add(max(LEAST_WORK, outcome.deterministic_seconds))
        if found:
            self._keep(found[-1])
        return outcome

    def _cost(self, plan: Plan) -> int:
        """Return what a plan, or a part of one, costs; here that is its rules alone."""
        seen = Seen(self._problem, plan)
        return sum(
            rule.weight * breach.amount
            for rule in self._problem.rules
            if rule.weight
            for breach in rule.breaches(seen)
        )

    def _keep(self, plan: Plan) -> None:
        value = self._cost(plan)
        if self._current and value > self._value:
            return
        if violations(self._problem, plan):
            return
        self._current, self._value = self._conference.arrangement(plan), value
        if self._watch.value is None or value < self._watch.value:
            self._tell(News(plan, 0.0))


def plan_reader(model: TrackModel) -> Callable[[Read], Plan]:
    """Return what reads a plan out of a model; an empty one where what is counted does not fit."""

    def read(value: Read) -> Plan:
        arrangement = model.arrangement(value)
        return NO_PLAN if arrangement is None else model.conference.plan(arrangement)

    return read


def _by_lines(limits: Limits) -> Limits:
    """Return limits under which one worker proves by linear programs."""
    return replace(limits, reproducible=True, core=False)
