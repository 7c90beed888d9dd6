"""Jurors and other staff in people × time: the turns of their day, the pauses between them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from scheduler.programmes.models import Programme
from scheduler.scheduling.parties.staff_attending import BREAKS
from scheduler.scheduling.parties.staff_forms import DUTIES
from scheduler.scheduling.parties.staff_models import Duty, StaffMember
from scheduler.scheduling.parties.staff_services import staff_of
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
from scheduler.scheduling.verdict import Broken

ONE_TURN_MINUTES = 20
"""Groups at one venue with no longer pause between them are told as one turn."""


def staff_days(
    programme: Programme,
    lines: Sequence[Line],
    frame: Frame,
    ways: Ways,
    said: Iterable[tuple[Broken, str]],
) -> list[PersonDay]:
    """Return the day of everybody of the staff who attends one of these lines, by name."""
    told = list(said)
    days = []
    for member in sorted(staff_of(programme), key=lambda one: (one.name, one.ref)):
        own = _attended(member, lines)
        if own:
            problems = [text for one, text in told if _concerns(one, member)]
            days.append(_day(member, own, frame, ways, problems))
    return days


def _attended(member: StaffMember, lines: Iterable[Line]) -> list[Line]:
    categories = {category.id for category in member.categories}
    return [line for line in lines if line.application.category_id in categories]


def _concerns(one: Broken, member: StaffMember) -> bool:
    parties = [id_.removeprefix(BREAKS) for id_ in one.ids]
    return any(member.ref in party.split("+") for party in parties)


def _day(
    member: StaffMember, lines: list[Line], frame: Frame, ways: Ways, problems: list[str]
) -> PersonDay:
    turns: list[Turn] = []
    for line in sorted(lines, key=lambda one: (one.starts_at, one.application.ref)):
        begins = line.warmup_starts_at if member.duty is Duty.ACCOMPANIST else line.starts_at
        last = turns[-1] if turns else None
        if last and last.venue is line.venue and begins - last.ends_at <= ONE_TURN_MINUTES * MINUTE:
            ends_at = max(last.ends_at, line.ends_at)
            turns[-1] = replace(last, ends_at=ends_at, count=last.count + 1)
        else:
            turns.append(Turn(begins, line.ends_at, line.venue, 1, None))
    pauses = [
        None,
        *(
            pause_between((before.venue, before.ends_at), (after.venue, after.begins_at), ways)
            for before, after in pairwise(turns)
        ),
    ]
    return PersonDay(
        member.name,
        str(DUTIES[member.duty]),
        [],
        [stretch_of("stage", turn.begins_at, turn.ends_at, frame) for turn in turns],
        problems,
        [replace(turn, pause=pause) for turn, pause in zip(turns, pauses, strict=True)],
    )
