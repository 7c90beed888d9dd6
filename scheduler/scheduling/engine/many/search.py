"""Improves a plan of many activities: some units are taken off and put back where it costs less.

A worse plan is sometimes kept, less often the longer it goes on; the best one is never lost. Beside
it, in a thread of its own, `shares` proves what no plan can be below.
"""

from __future__ import annotations

from math import exp
from random import Random
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.inputs import findings
from scheduler.scheduling.engine.many.board import Board
from scheduler.scheduling.engine.many.insertion import Inserter
from scheduler.scheduling.engine.many.shares import Shares
from scheduler.scheduling.engine.many.suits import suits
from scheduler.scheduling.engine.many.units import kin_of, units_of
from scheduler.scheduling.engine.result import StoppedBy
from scheduler.scheduling.engine.run import PULSE_SECONDS, News, Outcome

if TYPE_CHECKING:
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.many.units import Unit
    from scheduler.scheduling.engine.plan import Placement, Plan
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.run import Limits
    from scheduler.scheduling.engine.watch import Audience, Watch

__all__ = ["search", "suits"]

ROUNDS_PER_WORK = 50  # a round costs about a fiftieth of the solver's own second
MOST_TAKEN = 4
DRAWN = 20
EITHER = 0.5
TAKEN = 0.7  # how likely each of the nearest is taken off
CHECKING = 10  # checking plans takes a tenth of the time at most
TRIES = 6
QUICK_TRIES, CAREFUL_TRIES = 2, 8
CAREFUL_SHARE = 8  # so many times as long as the quick way has to be left for the careful one
FILLING = 0.7  # how often days are filled while something is missing
WARM, COLD = 40.0, 0.2  # in what the median party's wait of one grid step costs


def search(
    problem: Problem, watch: Watch, audience: Audience, limits: Limits, start: Plan | None
) -> Outcome:
    """Search until a proof, a limit or a request ends it; without a plan, for as long.

    What finds no places at first, and by mere counting cannot, is not searched for any longer.
    """
    return _Search(problem, watch, audience, limits).run(start)


class _Search:
    def __init__(self, problem: Problem, watch: Watch, audience: Audience, limits: Limits) -> None:
        self._problem = problem
        self._watch = watch
        self._audience = audience
        self._limits = limits
        self._random = Random(limits.seed)  # noqa: S311 - nothing secret
        self._board = Board(problem)
        self._units = units_of(self._board)
        self._kin = kin_of(problem, self._units)
        self._unit_of = {
            one.id: index for index, unit in enumerate(self._units) for one in unit.activities
        }
        self._inserter = Inserter(self._board, self._random)
        self._freedom = [self._freedom_of(unit) for unit in self._units]
        self._missing = sorted(range(len(self._units)), key=self._freedom.__getitem__)
        self._absences = [1] * len(self._units)
        self._noise = self._step_cost()
        self._rounds = 0
        self._tell_at = 0.0
        self._best: tuple[int, Plan] | None = None
        self._untold = False

    def _freedom_of(self, unit: Unit) -> int:
        """Return how many starts the unit's narrowest activity has: few go first."""
        return min(
            sum(mask.bit_count() for mask in self._board.open[one.id].values())
            for one in unit.activities
        )

    def _step_cost(self) -> int:
        persons = sorted(p.persons for p in self._problem.parties if len(p.activities) > 1)
        middle = persons[len(persons) // 2] if persons else 1
        return max(1, self._problem.weights.waiting * middle * self._problem.grid_minutes)

    def run(self, start: Plan | None) -> Outcome:
        with Shares(self._problem, self._limits) as shares:
            if start is not None:
                self._begin_from(start)
            self._construct()
            self._note()
            if self._missing and findings(self._problem):
                return Outcome(cp_model.INFEASIBLE, 0.0, self._work, StoppedBy.PROOF)
            stopped_by = None
            while stopped_by is None:
                self._round()
                self._rounds += 1
                stopped_by = self._ended(shares)
            self._tell(force=True)
            self._watch.close(float(shares.bound))
        if shares.impossible:
            return Outcome(cp_model.INFEASIBLE, 0.0, self._work, StoppedBy.PROOF)
        status = cp_model.OPTIMAL if self._watch.is_best else cp_model.FEASIBLE
        return Outcome(status, float(shares.bound), self._work, stopped_by)

    @property
    def _work(self) -> float:
        return self._rounds / ROUNDS_PER_WORK

    def _ended(self, shares: Shares) -> StoppedBy | None:
        self._tell(force=False)
        shares.advance(self._rounds)
        if self._watch(News(bound=shares.bound)):
            return StoppedBy.REQUEST
        if self._watch.is_best or shares.impossible:
            return StoppedBy.PROOF
        limits = self._limits
        if limits.seconds is not None and self._audience.seconds >= limits.seconds:
            return StoppedBy.CLOCK
        if limits.work is not None and self._work >= limits.work:
            return StoppedBy.WORK_LIMIT
        return None

    # ---------------------------------------------------------------- rounds

    def _round(self) -> None:
        board, random = self._board, self._random
        before = self._lack, board.expense.total
        missing, taken = self._missing, self._choose()
        old = [self._take(index) for index in taken]
        for index in missing:
            self._absences[index] += 1
        self._missing = self._order([*missing, *taken])
        self._insert_missing(TRIES, filling=bool(missing) and random.random() < FILLING)
        if self._accepts(before):
            self._note()
            return
        for index in taken:
            self._take(index)
        for index in missing:
            self._take(index)
        self._missing = missing
        for places in old:
            for place in places:
                board.place(place)

    @property
    def _lack(self) -> int:
        """Return how often what is missing now was missing already: the hardest weigh most."""
        return sum(self._absences[index] for index in self._missing)

    def _order(self, indexes: list[int]) -> list[int]:
        self._random.shuffle(indexes)
        if self._random.random() < EITHER:
            indexes.sort(key=lambda index: (-self._absences[index], self._freedom[index]))
        return indexes

    def _choose(self) -> list[int]:
        """Return related units that stand on the board: kin, or those around one at its venues."""
        random = self._random
        placed = len(self._units) - len(self._missing)
        if not placed:
            return []
        absent = set(self._missing)
        most = min(placed, random.randint(2, MOST_TAKEN))
        seed = random.choice(self._missing) if absent else self._sore_spot()
        near = self._kin[seed] if random.random() < EITHER else self._around(seed)
        pool = [i for i in ([seed, *near] if seed not in absent else near) if i not in absent]
        chosen = pool[:1]
        for index in pool[1:]:
            if len(chosen) >= most:
                break
            if random.random() < TAKEN:
                chosen.append(index)
        while len(chosen) < most:
            index = random.randrange(len(self._units))
            if index not in absent and index not in chosen:
                chosen.append(index)
        return chosen

    def _sore_spot(self) -> int:
        """Return a unit, of a few the one whose people cost most, or any."""
        drawn = [self._random.randrange(len(self._units)) for _ in range(DRAWN)]
        if self._random.random() < EITHER:
            return drawn[0]
        return max(
            drawn, key=lambda index: sum(map(self._board.pain, self._units[index].activities))
        )

    def _around(self, seed: int) -> list[int]:
        """Return the units nearest in time to one of this one's activities, or in its rooms."""
        activity = self._random.choice(self._units[seed].activities)
        moment = self._moment(activity)
        rooms = self._board.open[activity.id] if self._random.random() < EITHER else {}
        places = [p for p in self._board.places.values() if not rooms or p.venue in rooms]
        distance: dict[int, int] = {}
        for place in places:
            index = self._unit_of[place.activity]
            away = abs(place.start - moment)
            distance[index] = min(distance.get(index, away), away)
        distance.pop(seed, None)
        return sorted(distance, key=lambda index: (distance[index], index))[: 3 * MOST_TAKEN]

    def _moment(self, activity: Activity) -> int:
        """Return when the activity is, or could be."""
        if activity.id in self._board.places:
            return self._board.places[activity.id].start
        anywhere = 0
        for mask in self._board.open[activity.id].values():
            anywhere |= mask
        steps = self._board.steps.numbers(anywhere)
        return self._board.steps.grid * int(self._random.choice(steps)) if len(steps) else 0

    def _take(self, index: int) -> list[Placement]:
        return [
            self._board.take(one.id)
            for one in self._units[index].activities
            if one.id in self._board.places
        ]

    def _construct(self) -> None:
        """Place everything where it costs least; what fails is tried again with days filled.

        Once all is placed it is placed anew, with more tries: that starts far lower than a minute
        of rounds would come to (docs/benchmarks.md, Large festivals).
        """
        missing, began = list(self._missing), self._audience.seconds
        self._insert_missing(QUICK_TRIES, filling=False)
        if self._missing:
            self._start_over(missing)
            self._insert_missing(QUICK_TRIES, filling=True)
        self._note()
        left = self._audience.left(self._limits.seconds)
        longer = CAREFUL_SHARE * (self._audience.seconds - began)
        if missing and not self._missing and (left is None or left > longer):
            self._start_over(missing)
            self._insert_missing(CAREFUL_TRIES, filling=False)
            if self._missing:
                self._return_to_best(missing)

    def _start_over(self, indexes: list[int]) -> None:
        """Take these off, to be placed in this order again."""
        for index in indexes:
            self._take(index)
        self._missing = list(indexes)

    def _return_to_best(self, indexes: list[int]) -> None:
        """Put these back to where the best plan has them."""
        self._start_over(indexes)
        self._missing = []
        if self._best is not None:
            for index in indexes:
                for one in self._units[index].activities:
                    self._board.place(self._best[1].by_activity[one.id])

    def _insert_missing(self, tries: int, *, filling: bool) -> None:
        left = []
        for index in self._missing:
            unit: Unit = self._units[index]
            if not self._inserter.insert(unit, tries, self._noise, filling=filling):
                left.append(index)
        self._missing = left

    def _accepts(self, before: tuple[int, int]) -> bool:
        lack, cost = self._lack, self._board.expense.total
        if lack or before[0]:
            return lack <= before[0]
        worse = cost - before[1]
        return worse <= 0 or self._random.random() < exp(-worse / self._temperature)

    @property
    def _temperature(self) -> float:
        limits = self._limits
        if limits.work is not None:
            share = min(1.0, self._work / limits.work)
        elif limits.seconds is not None:
            share = min(1.0, self._audience.seconds / limits.seconds)
        else:
            share = min(1.0, self._rounds / 10_000)
        return float(self._noise * WARM * (COLD / WARM) ** share)

    # --------------------------------------------------------------- telling

    def _begin_from(self, start: Plan) -> None:
        """Take over what of the plan can stand."""
        board = self._board
        for index in list(self._missing):
            unit = self._units[index]
            for activity in unit.activities:
                place = start.by_activity.get(activity.id)
                free = board.possible(activity, unit.allowed(board, activity))
                step, odd = divmod(place.start if place else 0, board.steps.grid)
                if place is None or odd or not free.get(place.venue, 0) >> step & 1:
                    self._take(index)
                    break
                board.place(place)
            else:
                self._missing.remove(index)

    def _note(self) -> None:
        """Keep the board's plan if it is whole and the best one."""
        cost = self._board.expense.total
        if not self._missing and (self._best is None or cost < self._best[0]):
            self._best = cost, self._board.plan
            self._untold = True
            if self._watch.plan is None:
                self._tell(force=True)

    def _tell(self, *, force: bool) -> None:
        """Let the watch know of the best plan, now and then, for the checks take their time."""
        seconds = self._audience.seconds
        if not self._untold or self._best is None:
            return
        if not force and seconds < self._tell_at:
            return
        self._untold = False
        if not violations(self._problem, self._best[1]):
            self._watch(News(plan=self._best[1]))
        checked = self._audience.seconds
        self._tell_at = checked + max(4 * PULSE_SECONDS, CHECKING * (checked - seconds))
