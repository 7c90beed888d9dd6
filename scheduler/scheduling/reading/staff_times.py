"""Jurors and other staff in people × time: the turns of their day, the pauses between them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from scheduler.scheduling.parties.staff_attending import BREAKS
from scheduler.scheduling.parties.staff_forms import DUTIES
from scheduler.scheduling.parties.staff_models import StaffMember
from scheduler.scheduling.reading.person_days import (
    MINUTE,
    Frame,
    PersonDay,
    Turn,
    Ways,
    pause_between,
    stretch_of,
)
from scheduler.scheduling.releases.differences import Line
from scheduler.scheduling.situation import Situation
from scheduler.scheduling.verdict import Broken

ONE_TURN_MINUTES = 20
"""Groups at one venue with no longer pause between them are told as one turn."""


def staff_days(
    situation: Situation,
    lines: Sequence[Line],
    frame: Frame,
    ways: Ways,
    said: Iterable[tuple[Broken, str]],
) -> list[PersonDay]:
    """Return the day of everybody of the staff who attends one of these lines, by name."""
    told = list(said)
    days = []
    for party in situation.problem.parties:
        members = situation.staff.get(party.id, [])
        own = [line for line in lines if line.item.ref in party.activities]
        if members and own:
            turns = _turns(own, ways, with_warm_up=party.attends_warm_up)
            ids = {party.id, f"{BREAKS}{party.id}"}
            problems = [text for one, text in told if ids.intersection(one.ids)]
            days += [_day(member, turns, frame, problems) for member in members]
    return sorted(days, key=lambda day: day.name)


def _turns(lines: list[Line], ways: Ways, *, with_warm_up: bool) -> list[Turn]:
    turns: list[Turn] = []
    for line in sorted(lines, key=lambda one: (one.starts_at, one.item.ref)):
        begins = line.warmup_starts_at if with_warm_up else line.starts_at
        last = turns[-1] if turns else None
        if last and last.venue is line.venue and begins - last.ends_at <= ONE_TURN_MINUTES * MINUTE:
            ends_at = max(last.ends_at, line.ends_at)
            turns[-1] = replace(last, ends_at=ends_at, count=last.count + 1)
        else:
            turns.append(Turn(begins, line.ends_at, line.venue, 1, None))
    pauses = [
        pause_between((before.venue, before.ends_at), (after.venue, after.begins_at), ways)
        for before, after in pairwise(turns)
    ]
    return [replace(turn, pause=pause) for turn, pause in zip(turns, [None, *pauses], strict=True)]


def _day(member: StaffMember, turns: list[Turn], frame: Frame, problems: list[str]) -> PersonDay:
    bar = [stretch_of("stage", turn.begins_at, turn.ends_at, frame) for turn in turns]
    return PersonDay(member.name, str(DUTIES[member.duty]), [], bar, problems, turns)
