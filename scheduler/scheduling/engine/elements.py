"""What a problem is made of: venues, activities, people and the rules between them.

Times are whole minutes from the programme's first local midnight; zones, names and sentences
belong to the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

STAGE = "stage"
WARM_UP = "warm_up"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of time, from `start` up to and without `end`, in minutes."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start

    def holds(self, other: Window) -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Window) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Room:
    """How many rooms of one kind a venue has beside its stage, such as three warm-up rooms."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Venue:
    """One stage with its rooms and hours; a house with two stages is two venues without travel.

    A closure takes time out of the opening windows. It is kept apart from them so that an
    explanation can name it. `stage_size` is what the stage can hold at all, `seats` what a rule may
    wish to be enough.
    """

    id: str
    stage_size: int
    windows: tuple[Window, ...]
    closures: tuple[Window, ...] = ()
    rooms: tuple[Room, ...] = ()
    seats: int | None = None

    def rooms_of(self, kind: str) -> int:
        if kind == STAGE:
            return 1
        return sum(room.count for room in self.rooms if room.kind == kind)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an activity in one kind of room, `begin` minutes after its stage start.

    What nobody attends (a changeover) occupies the room, but not the people.
    """

    room: str
    begin: int
    minutes: int
    attended: bool = True

    @property
    def end(self) -> int:
        return self.begin + self.minutes


@dataclass(frozen=True)
class Activity:
    """Something that takes place once, in one venue: a performance with all that belongs to it.

    Its start is the start on stage; every part lies at a fixed distance from it. `setup` is how
    the stage has to be arranged for it, a word that `Changeover` knows.
    """

    id: str
    parts: tuple[Part, ...]
    size: int = 0
    school: str | None = None
    region: str | None = None
    setup: str | None = None

    @cached_property
    def first(self) -> int:
        """Where the earliest part begins, relative to the stage start."""
        return min(part.begin for part in self.parts)

    @cached_property
    def last(self) -> int:
        """Where the last part ends, changeover included."""
        return max(part.end for part in self.parts)

    @cached_property
    def begins(self) -> int:
        """When its people must be there, relative to the stage start."""
        return min(part.begin for part in self.parts if part.attended)

    @cached_property
    def ends(self) -> int:
        """When its people are free again."""
        return max(part.end for part in self.parts if part.attended)

    @cached_property
    def stage_begins(self) -> int:
        return min(part.begin for part in self.parts if part.room == STAGE)

    @cached_property
    def played_from(self) -> int:
        """When the stage is attended, relative to the stage start; setting it up is not."""
        return min(part.begin for part in self.parts if part.room == STAGE and part.attended)

    @cached_property
    def stage_ends(self) -> int:
        """When the stage is free for the next, changeover included."""
        return max(part.end for part in self.parts if part.room == STAGE)

    @property
    def stage_minutes(self) -> int:
        return self.stage_ends - self.stage_begins


def performance(
    activity: str,
    *,
    stage_minutes: int,
    changeover_minutes: int = 0,
    warm_up_minutes: int = 25,
    warm_up_gap_minutes: int = 10,
    size: int = 0,
    school: str | None = None,
    region: str | None = None,
) -> Activity:
    """Return an activity with warm-up, stage time and changeover.

    The warm-up ends `warm_up_gap_minutes` before the stage; none takes place when it lasts 0.
    """
    parts = [Part(STAGE, 0, stage_minutes)]
    if warm_up_minutes:
        begin = -(warm_up_gap_minutes + warm_up_minutes)
        parts.insert(0, Part(WARM_UP, begin, warm_up_minutes))
    if changeover_minutes:
        parts.append(Part(STAGE, stage_minutes, changeover_minutes, attended=False))
    return Activity(activity, tuple(parts), size, school, region)


@dataclass(frozen=True, slots=True)
class Travel:
    """Minutes from one venue to another; also the way back unless that is given too."""

    origin: str
    destination: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Changeover:
    """Minutes that lie on one stage between what needs one setup and anything later of another.

    They come on top of changeovers that are parts of an activity, and whoever is not on stage is
    free. From a setup to itself there may be one too.
    """

    before: str
    after: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Party:
    """People who are always in the same place: all members of the same set of activities.

    `rest_minutes` lie at least between the end of one performance and the beginning of the next
    one's warm-up; travel has to fit in there as well. Who does not warm up (a juror) is there
    only while the stage is played. Without `travels` no time is kept for the way.
    """

    id: str
    activities: tuple[str, ...]
    persons: int = 1
    rest_minutes: int = 60
    attends_warm_up: bool = True
    busy: tuple[Window, ...] = ()
    travels: bool = True

    def begins(self, activity: Activity) -> int:
        return activity.begins if self.attends_warm_up else activity.played_from


@dataclass(frozen=True, slots=True)
class Block:
    """A category in one uninterrupted block, in one venue, under one jury.

    All items share one venue and one opening window, and nothing else uses that stage between the
    first and the last. Idle minutes between them are allowed up to `max_idle_minutes` in all
    (None: as many as it takes; they cost). With `may_pause` the block may go on in a later window,
    still with nothing in between.
    """

    id: str
    activities: tuple[str, ...]
    max_idle_minutes: int | None = None
    may_pause: bool = False


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """The people of these activities are present only inside one of these windows.

    `code` is the caller's word for the rule (an arrival, a latest end for primary pupils).
    """

    id: str
    code: str
    activities: tuple[str, ...]
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Lock:
    """Holds an activity at a venue, at a start on stage, or at both."""

    activity: str
    venue: str | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each wish costs; 0 switches it off. `score.py` says what is counted."""

    waiting: int = 1
    school_gap: int = 10
    venue_moves: int = 30
    extra_days: int = 120
    jury_idle: int = 5
    venue_idle: int = 2
    region_runs: int = 20
