"""The rules of a programme in the model of periods: how much of each there is.

Each amount is what the rule's `breaches` add up to, or, without rooms, no more than that.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scheduler.scheduling.engine.catalogue import (
    DaysApart,
    Following,
    InCompany,
    InOrder,
    OneDay,
    OneVenue,
    Seats,
    SpreadDays,
)
from scheduler.scheduling.engine.terms import total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scheduler.scheduling.engine.catalogue import ProgrammeRule
    from scheduler.scheduling.engine.periods.model import PeriodModel
    from scheduler.scheduling.engine.terms import Expr, Literal

    Amount = Expr | int
    Count = Callable[[PeriodModel, Any, tuple[int, ...]], Amount]


def _spread_days(model: PeriodModel, rule: SpreadDays, series: tuple[int, ...]) -> Amount:
    used = [model.on_day(series, day) for day in model.timetable.days]
    known = [one for one in used if isinstance(one, int)]
    if len(known) == len(used):
        return max(0, rule.days - sum(known))
    missing = model.cp.new_int_var(0, rule.days, "")
    model.cp.add(missing >= rule.days - total(used))
    return missing


def _one_day(model: PeriodModel, _rule: OneDay, series: tuple[int, ...]) -> Amount:
    used = []
    for day in model.timetable.days:
        literal = model.cp.new_bool_var("")
        used.append(literal)
        for period in model.timetable.periods_of[day]:
            for one in series:
                _implies(model, model.count(one, period), literal)
    further = model.cp.new_int_var(0, len(used), "")
    model.cp.add(further >= total(used) - 1)
    return further


def _implies(model: PeriodModel, count: Amount, literal: Literal) -> None:
    """Make a literal true when something is counted."""
    if isinstance(count, int):
        if count:
            model.cp.add(literal == 1)
    else:
        most = max(1, len(model.timetable.open))
        model.cp.add(count <= most * literal)


def _days_apart(model: PeriodModel, rule: DaysApart, series: tuple[int, ...]) -> Amount:
    pairs = []
    members = len(rule.activities)
    for day in model.timetable.days:
        there = model.counts(series, model.timetable.periods_of[day])
        sharing = model.cp.new_int_var(0, members * (members - 1) // 2, "")
        # n(n-1)/2 is the highest of these lines at every whole n.
        for number in range(1, members):
            model.cp.add(sharing >= number * there - number * (number + 1) // 2)
        pairs.append(sharing)
    return total(pairs)


def _one_venue(model: PeriodModel, _rule: OneVenue, series: tuple[int, ...]) -> Amount:
    if not model.rooms:
        return _moves_of_crowds(model, series)
    places = range(len(model.timetable.problem.venues))
    used = [one for venue in places if (one := model.venue_used(series, venue)) is not None]
    if all(isinstance(one, int) for one in used):
        return max(0, len(used) - 1)
    further = model.cp.new_int_var(0, max(0, len(used) - 1), "")
    model.cp.add(further >= total(used) - 1)
    return further


def _moves_of_crowds(model: PeriodModel, series: tuple[int, ...]) -> Amount:
    """Return 1 when some of these, but not all, are in a venue that is too small for them.

    Which are is told apart only where the seats are too few over the whole programme.
    """
    moves = model.cp.new_bool_var("")
    members = sum(len(model.timetable.series[one].members) for one in series)
    for level in model.timetable.crowded:
        if all(model.timetable.series[one].size >= level for one in series):
            standing = total(model.standing[one, level] for one in series)
            every = model.cp.new_bool_var("")
            model.cp.add(standing >= members * every)
            model.cp.add(standing <= members * (moves + every))
    return moves


def _seats(model: PeriodModel, _rule: Seats, series: tuple[int, ...]) -> Amount:
    return total(model.missing_seats(series)) if model.rooms else total(_crowding(model, series))


def _crowding(model: PeriodModel, series: tuple[int, ...]) -> Iterator[Amount]:
    """Yield the seats that are missing at the least, when the largest get the largest venues."""
    timetable = model.timetable
    for low, high in pairwise(timetable.levels):
        large = [one for one in series if timetable.series[one].size >= high]
        if high in timetable.crowded:
            yield (high - low) * total(model.standing[one, high] for one in large)
            continue
        everybody = sum(len(timetable.series[one].members) for one in large)
        for period in timetable.periods:
            enough = timetable.with_seats(period, high)
            most = min(everybody, len(timetable.open[period])) - enough
            if most > 0:
                over = model.cp.new_int_var(0, most, "")
                model.cp.add(over >= model.counts(large, [period]) - enough)
                yield (high - low) * over


def _in_company(model: PeriodModel, rule: InCompany, series: tuple[int, ...]) -> Amount:
    timetable = model.timetable
    alone: list[Amount] = []
    step = timetable.problem.grid_minutes
    reach = (rule.pause_minutes - timetable.pause) // step + 1
    for day in timetable.days:
        periods = timetable.periods_of[day]
        for period in periods:
            here = model.counts(series, [period])
            if isinstance(here, int) and not here:
                continue
            near = [other for other in periods if 0 < abs(other - period) <= reach]
            beside = model.counts(series, near)
            if isinstance(here, int) and isinstance(beside, int):
                alone.append(int(here > beside))
                continue
            literal = model.cp.new_bool_var("")
            model.cp.add(literal >= here - beside)
            alone.append(literal)
    return total(alone)


def _following(model: PeriodModel, rule: Following, series: tuple[int, ...]) -> Amount:
    timetable = model.timetable
    first, then = (model.start(one) for one in series)
    step, stay = timetable.problem.grid_minutes, timetable.problem.activities[0].ends
    wrong = model.cp.new_int_var(0, 2 * timetable.problem.days[-1].end, "")
    between = step * then - step * first - stay
    model.cp.add(wrong >= rule.least_minutes - between)
    if rule.most_minutes is not None:
        model.cp.add(wrong >= between - rule.most_minutes)
    return wrong


def _in_order(model: PeriodModel, _rule: InOrder, series: tuple[int, ...]) -> Amount:
    backwards = []
    last = model.timetable.problem.days[-1].end
    for one, other in pairwise(series):
        back = model.cp.new_bool_var("")
        model.cp.add(model.start(one) <= model.start(other) + last * back)
        backwards.append(back)
    return total(backwards)


AMOUNTS: Mapping[type[ProgrammeRule], Count] = {
    SpreadDays: _spread_days,
    OneDay: _one_day,
    DaysApart: _days_apart,
    OneVenue: _one_venue,
    Seats: _seats,
    InCompany: _in_company,
    Following: _following,
    InOrder: _in_order,
}
