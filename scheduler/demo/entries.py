"""What was entered: the festival's 48 groups and those that were not accepted, with their story.

61 entries were decided on: 48 accepted, 6 waitlisted, 5 rejected, 2 withdrawn. Beside them some
are still on their way, so that there is something to do in the demo (docs/demo.md lists them).
"""

import datetime as dt
from dataclasses import dataclass, field

from scheduler.applications.workflow import Action, State
from scheduler.demo.festival import Festival
from scheduler.demo.programme import CATEGORIES

Story = tuple[tuple[float, Action], ...]
"""Days before the demo was loaded, and what was done then; create and submit come before."""

ACCEPTED: Story = ((6, Action.ACCEPT),)
WAITLISTED: Story = ((6, Action.WAITLIST),)
REJECTED: Story = ((5, Action.REJECT),)
PROMOTED: Story = ((6, Action.WAITLIST), (3.5, Action.ACCEPT))
LEFT_ITS_PLACE: Story = ((6, Action.ACCEPT), (4, Action.WITHDRAW))
WITHDRAWN_EARLY: Story = ((9, Action.WITHDRAW),)
CORRECTED: Story = ((9, Action.RETURN), (7.5, Action.SUBMIT), (6, Action.ACCEPT))

PROMOTED_GROUP = "G26"
CORRECTED_GROUPS = frozenset({"G03", "G12", "G35"})

RESULTS = {
    Action.SUBMIT: State.SUBMITTED,
    Action.RETURN: State.RETURNED,
    Action.ACCEPT: State.ACCEPTED,
    Action.WAITLIST: State.WAITLISTED,
    Action.REJECT: State.REJECTED,
    Action.WITHDRAW: State.WITHDRAWN,
}


@dataclass(frozen=True)
class Entry:
    """An application to be: who enters what with whom, and what became of it."""

    key: str
    kind: str
    school: str
    members: tuple[str, ...]
    voicing: str | None = None
    story: Story = ()
    is_submitted: bool = True
    place: int | None = None
    reason: str | None = None
    fields: tuple[str, ...] = field(default=())

    @property
    def state(self) -> State:
        """Where the story leaves it."""
        if self.story:
            return RESULTS[self.story[-1][1]]
        return State.SUBMITTED if self.is_submitted else State.DRAFT


@dataclass(frozen=True)
class _Further:
    """An entry beyond the file's groups; its members are pupils of the school of the right age."""

    kind: str
    school: str
    size: int
    story: Story = ()
    is_submitted: bool = True
    place: int | None = None
    reason: str | None = None
    fields: tuple[str, ...] = ()


FULL = "本类别名额已满，按评审顺序未入围。All places went to entries ranked higher."
TOO_LATE = "曲目与本类别不符，且未在期限内更正。The works do not fit the category."
FURTHER = (
    _Further("CHOIR_TREBLE_P", "S16", 36, WAITLISTED, place=1),
    _Further("CHOIR_TREBLE_P", "S11", 38, WAITLISTED, place=2),
    _Further("CHOIR_TREBLE_P", "S02", 32, WAITLISTED, place=3),
    _Further("CHOIR_TREBLE_J", "S24", 36, WAITLISTED, place=1),
    _Further("STRING_ORCH", "S36", 30, WAITLISTED, place=1),
    _Further("CHAMBER", "S19", 8, WAITLISTED, place=1),
    _Further("CHOIR_MIXED_JH", "S19", 33, REJECTED, reason=FULL),
    _Further("CHAMBER", "S10", 6, REJECTED, reason=FULL),
    _Further("STRING_ORCH", "S40", 24, REJECTED, reason=TOO_LATE),
    _Further("WIND_BAND", "S11", 40, REJECTED, reason=FULL),
    _Further("CHOIR_TREBLE_P", "S07", 33, REJECTED, reason=FULL),
    _Further("CHOIR_MIXED_JH", "S24", 38, LEFT_ITS_PLACE,
             reason="行程冲突。The school's exchange week falls on the same days."),
    _Further("CHAMBER", "S37", 6, WITHDRAWN_EARLY,
             reason="Two players cannot travel."),
    _Further("CHOIR_SMALL", "S17", 10),
    _Further("CHOIR_SMALL", "S06", 12),
    _Further("CHAMBER", "S20", 5),
    _Further("CHOIR_SMALL", "S05", 14, ((2, Action.RETURN),),
             reason="请补充第二首曲目的词曲作者，并更正时长。Please name the composer of the "
             "second work and correct its duration.", fields=("pieces",)),
    _Further("CHAMBER", "S05", 4, is_submitted=False),
)  # fmt: skip


def all_entries(festival: Festival) -> list[Entry]:
    """Return the 48 groups of the file, then the further ones, numbered on."""
    entries = [
        Entry(
            group.key,
            group.kind,
            group.school,
            group.members,
            group.voicing,
            story=_story_of(group.key),
        )
        for group in festival.groups.values()
    ]
    for number, further in enumerate(FURTHER, start=len(entries) + 1):
        entries.append(_entry(f"G{number:02}", further, festival))
    return entries


def _story_of(key: str) -> Story:
    if key == PROMOTED_GROUP:
        return PROMOTED
    return CORRECTED if key in CORRECTED_GROUPS else ACCEPTED


def _entry(key: str, further: _Further, festival: Festival) -> Entry:
    born_from, born_to = _ages(further.kind)
    of_age = [
        pupil.key
        for pupil in festival.pupils.values()
        if pupil.school == further.school
        and (born_from is None or born_from <= pupil.born)
        and (born_to is None or pupil.born <= born_to)
    ]
    if len(of_age) < further.size:
        raise ValueError(f"{further.school} has only {len(of_age)} pupils for {further.kind}.")
    voicing = {"CHOIR_MIXED_JH": "SATB", "CHOIR_SMALL": "SA"}.get(further.kind)
    if further.kind.startswith("CHOIR_TREBLE"):
        voicing = "SSA"
    return Entry(
        key=key,
        kind=further.kind,
        school=further.school,
        # From the end: those in two accepted groups stand at the beginning of their school.
        members=tuple(of_age[-further.size :]),
        voicing=voicing,
        story=further.story,
        is_submitted=further.is_submitted,
        place=further.place,
        reason=further.reason,
        fields=further.fields,
    )


def _ages(kind: str) -> tuple[dt.date | None, dt.date | None]:
    born: tuple[dt.date | None, dt.date | None] = next(
        category[7] for category in CATEGORIES if category[0] == kind
    )
    return born
