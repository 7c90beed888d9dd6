"""What a programme's choices state about its groups, schools and staff, as rules of the engine."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from scheduler.applications.models import Application
from scheduler.programmes.models import Programme
from scheduler.scheduling.engine.catalogue import (
    CompactDays,
    FewEarly,
    InOrder,
    OneDay,
    OneVenue,
    ProgrammeRule,
)
from scheduler.scheduling.parties.staff_attending import Attending
from scheduler.scheduling.rules.earlier_edition import early_before
from scheduler.scheduling.rules.lots_services import lots_of
from scheduler.scheduling.rules.offered import Choices, RuleCode

LOTS, COMPACT = "lots ", "compact "
"""Begin the names of rules about drawn lots, and about the days of a party of the staff."""


def stated_rules(
    programme: Programme,
    applications: Iterable[Application],
    staff: Iterable[Attending],
    choices: Choices,
) -> tuple[ProgrammeRule, ...]:
    """Return the rules that are on, those about schools first."""
    by_school: defaultdict[str, list[str]] = defaultdict(list)
    for application in applications:
        by_school[application.school.code].append(application.ref)
    refs = {school: tuple(sorted(groups)) for school, groups in sorted(by_school.items())}
    return (
        *_of_schools(refs, choices),
        *_early(programme, refs, choices),
        *_in_drawn_order(programme, {ref for some in refs.values() for ref in some}, choices),
        *_compact(staff, choices),
    )


def _of_schools(refs: Mapping[str, tuple[str, ...]], choices: Choices) -> Iterator[ProgrammeRule]:
    """Yield the rules about each school that sends more than one group."""
    for code, rule in ((RuleCode.ONE_DAY, OneDay), (RuleCode.ONE_VENUE, OneVenue)):
        for school, groups in refs.items():
            if choices[code].is_on and len(groups) > 1:
                weight = choices[code].weight
                yield rule(id=f"{code} {school}", activities=groups, weight=weight)


def _early(
    programme: Programme, refs: Mapping[str, tuple[str, ...]], choices: Choices
) -> Iterator[ProgrammeRule]:
    """Yield for each school that early slots could fall on twice how many it may have.

    One; none for a school that had one at the edition before.
    """
    choice = choices[RuleCode.EARLY]
    if not choice.is_on or choice.minutes is None:
        return
    before = early_before(programme, choice.minutes)
    for school, groups in refs.items():
        most = 0 if school in before else 1
        if len(groups) > most:
            yield FewEarly(
                id=f"{RuleCode.EARLY} {school}",
                activities=groups,
                weight=choice.weight,
                early_minutes=choice.minutes,
                most=most,
            )


def _in_drawn_order(
    programme: Programme, refs: set[str], choices: Choices
) -> Iterator[ProgrammeRule]:
    """Yield the order of each category for which lots were drawn; who has left leaves no gap."""
    choice = choices[RuleCode.LOTS]
    for category, lots in lots_of(programme).items() if choice.is_on else ():
        order = tuple(ref for ref in lots.refs if ref in refs)
        if len(order) > 1:
            yield InOrder(id=f"{LOTS}{category}", activities=order, weight=choice.weight)


def _compact(staff: Iterable[Attending], choices: Choices) -> Iterator[ProgrammeRule]:
    choice = choices[RuleCode.COMPACT_DAYS]
    for each in staff if choice.is_on else ():
        if len(each.party.activities) > 1:
            yield CompactDays(
                id=f"{COMPACT}{each.party.id}",
                activities=each.party.activities,
                weight=choice.weight,
                pause_minutes=choice.minutes or 0,
                with_warm_up=each.party.attends_warm_up,
            )
