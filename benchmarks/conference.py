"""A conference for the engine and for conference-scheduler: talks, slots, tags, absences, seats.

Talks of one tag are not at the same time, its speakers are away now and then, and a talk should
be in a room that holds its audience. Drawn at random, the same every time.
"""

import os
import random
from datetime import datetime, timedelta
from importlib.util import find_spec

from scheduler.scheduling.engine import (
    STAGE,
    Activity,
    Part,
    Party,
    Problem,
    Venue,
    Weights,
    Window,
)
from scheduler.scheduling.engine.catalogue import Seats

HOUR, PERIODS = 60, 10
SEATS = (300, 120, 60, 60)


def conference(events: int, slots: int) -> Problem:
    """Return so many talks for rooms that have so many slots in ten periods a day."""
    random_ = random.Random(1)
    days = slots // (PERIODS * len(SEATS))
    talks = [
        Activity(f"talk {number}", (Part(STAGE, 0, HOUR),), random_.choice((30, 50, 100)))
        for number in range(events)
    ]
    ids = [talk.id for talk in talks]
    return Problem(
        days=tuple(Window(1440 * day, 1440 * (day + 1)) for day in range(days)),
        venues=tuple(
            Venue(
                f"room {number}",
                max(SEATS),
                tuple(Window(1440 * d, 1440 * d + HOUR * PERIODS) for d in range(days)),
                seats=seats,
            )
            for number, seats in enumerate(SEATS)
        ),
        activities=tuple(talks),
        parties=tuple(
            Party(
                f"tag {number}",
                tuple(sorted(random_.sample(ids, 5))),
                rest_minutes=0,
                busy=(_hour(random_.randrange(days), random_.randrange(PERIODS)),),
            )
            for number in range(events // 5)
        ),
        rules=(Seats(id="seats", activities=tuple(ids), weight=1),),
        weights=Weights(**dict.fromkeys(Weights.__dataclass_fields__, 0)),
        grid_minutes=HOUR,
    )


def _hour(day: int, period: int) -> Window:
    return Window(1440 * day + HOUR * period, 1440 * day + HOUR * (period + 1))


def processor_time() -> float:
    """Return the seconds this process and its ended children have used."""
    return sum(os.times()[:4])


def peer_seconds(problem: Problem) -> float | None:
    """Return conference-scheduler's processor time, None where it is not installed.

    It looks for any valid plan; rooms that hold the audience would be its objective.
    """
    if find_spec("conference_scheduler") is None:
        return None
    from conference_scheduler import scheduler
    from conference_scheduler.resources import Event, Slot
    from pulp import PULP_CBC_CMD

    began = processor_time()
    slots = {
        (venue.id, start): Slot(
            venue.id,
            datetime(2027, 1, 1) + timedelta(minutes=start),  # noqa: DTZ001 - as the peer has it
            HOUR,
            venue.seats or 0,
            str(window.start),
        )
        for venue in problem.venues
        for window in venue.windows
        for start in range(window.start, window.end, HOUR)
    }
    events = {one.id: Event(one.id, HOUR, one.size) for one in problem.activities}
    for party in problem.parties:
        away = [slot for (_, start), slot in slots.items() if start == party.busy[0].start]
        for id_ in party.activities:
            # A talk of the same tag is one during which this one cannot be.
            others = [events[other] for other in party.activities if other > id_]
            events[id_].add_unavailability(*away, *others)
    quiet = PULP_CBC_CMD(msg=False)
    if scheduler.schedule(list(events.values()), list(slots.values()), solver=quiet) is None:
        return None
    return processor_time() - began
