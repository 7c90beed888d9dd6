"""Course timetables of ITC-2007 (`.ctt` files): as a problem of the engine, and their cost.

The cost is counted from the plan by the competition's own rules and shares nothing with the engine.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from scheduler.scheduling.engine import (
    STAGE,
    Activity,
    Part,
    Party,
    Plan,
    Problem,
    Venue,
    Weights,
    Window,
)
from scheduler.scheduling.engine.catalogue import InCompany, OneVenue, Seats, SpreadDays

DAY, PERIOD = 1440, 60
NO_WISHES = Weights(**dict.fromkeys(Weights.__dataclass_fields__, 0))


@dataclass(frozen=True)
class Course:
    id: str
    teacher: str
    lectures: int
    least_days: int
    students: int

    @property
    def lessons(self) -> tuple[str, ...]:
        return tuple(f"{self.id}/{number}" for number in range(self.lectures))


@dataclass(frozen=True)
class Timetable:
    days: int
    periods: int
    courses: dict[str, Course]
    seats: dict[str, int]
    curricula: dict[str, tuple[str, ...]]
    unavailable: dict[str, frozenset[tuple[int, int]]]


def read(path: Path) -> Timetable:
    """Return what a `.ctt` file says."""
    head: dict[str, str] = {}
    sections: defaultdict[str, list[list[str]]] = defaultdict(list)
    rows: list[list[str]] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if len(words) == 1 and words[0].endswith(":"):
            rows = sections[words[0]]
        elif words and words[0].endswith(":"):
            head[words[0]] = words[1]
        elif rows is not None and len(words) > 1:
            rows.append(words)
    unavailable = defaultdict(set)
    for course, day, period in sections["UNAVAILABILITY_CONSTRAINTS:"]:
        unavailable[course].add((int(day), int(period)))
    return Timetable(
        int(head["Days:"]),
        int(head["Periods_per_day:"]),
        {
            name: Course(name, teacher, *map(int, numbers))
            for name, teacher, *numbers in sections["COURSES:"]
        },
        {room: int(seats) for room, seats, *_ in sections["ROOMS:"]},
        {name: tuple(courses) for name, _, *courses in sections["CURRICULA:"]},
        {course: frozenset(slots) for course, slots in unavailable.items()},
    )


def problem_of(timetable: Timetable) -> Problem:
    """Return the engine's problem: a lesson is an activity, a room a venue, an hour a period."""
    courses = timetable.courses.values()
    return Problem(
        days=tuple(Window(DAY * day, DAY * (day + 1)) for day in range(timetable.days)),
        venues=tuple(
            Venue(
                room,
                max(course.students for course in courses),
                tuple(
                    Window(DAY * day, DAY * day + PERIOD * timetable.periods)
                    for day in range(timetable.days)
                ),
                seats=seats,
            )
            for room, seats in timetable.seats.items()
        ),
        activities=tuple(
            Activity(lesson, (Part(STAGE, 0, PERIOD),), course.students)
            for course in courses
            for lesson in course.lessons
        ),
        parties=_parties(timetable),
        rules=(
            Seats(id="seats", activities=_lessons(timetable, timetable.courses), weight=1),
            *(
                SpreadDays(id=f"days {c.id}", activities=c.lessons, weight=5, days=c.least_days)
                for c in courses
            ),
            *(OneVenue(id=f"room {c.id}", activities=c.lessons, weight=1) for c in courses),
            *(
                InCompany(id=f"alone {name}", activities=_lessons(timetable, members), weight=2)
                for name, members in timetable.curricula.items()
            ),
        ),
        weights=NO_WISHES,
        grid_minutes=PERIOD,
    )


def _lessons(
    timetable: Timetable, courses: "tuple[str, ...] | dict[str, Course]"
) -> tuple[str, ...]:
    return tuple(one for name in courses for one in timetable.courses[name].lessons)


def _parties(timetable: Timetable) -> tuple[Party, ...]:
    """Return teachers and curricula; the hours at which a course cannot be are its own."""
    taught = defaultdict(list)
    for course in timetable.courses.values():
        taught[course.teacher].append(course.id)
    together = {f"teacher {name}": tuple(ids) for name, ids in taught.items()}
    together |= {f"class {name}": ids for name, ids in timetable.curricula.items()}
    return (
        *(Party(name, _lessons(timetable, ids), rest_minutes=0) for name, ids in together.items()),
        *(
            Party(
                f"course {course}",
                timetable.courses[course].lessons,
                rest_minutes=0,
                busy=tuple(
                    Window(DAY * day + PERIOD * period, DAY * day + PERIOD * (period + 1))
                    for day, period in sorted(slots)
                ),
            )
            for course, slots in timetable.unavailable.items()
        ),
    )


def official_cost(timetable: Timetable, plan: Plan) -> tuple[int, int]:
    """Return the broken hard rules and the cost (UD2) of a plan, as the competition counts them."""
    lectures = defaultdict(list)
    for place in plan.placements:
        day, minute = divmod(place.start, DAY)
        course = place.activity.rsplit("/", 1)[0]
        lectures[course].append((day, minute // PERIOD, place.venue))
    return _broken(timetable, lectures), _cost(timetable, lectures)


def _broken(timetable: Timetable, lectures: dict[str, list[tuple[int, int, str]]]) -> int:
    broken = sum(abs(c.lectures - len(lectures[c.id])) for c in timetable.courses.values())
    rooms = [where for places in lectures.values() for where in places]
    broken += len(rooms) - len(set(rooms))
    teachers = defaultdict(list)
    for course in timetable.courses.values():
        teachers[course.teacher].append(course.id)
    for ids in (*teachers.values(), *timetable.curricula.values()):
        slots = [(day, period) for name in ids for day, period, _ in lectures[name]]
        broken += len(slots) - len(set(slots))
    return broken + sum(
        (day, period) in slots
        for name, slots in timetable.unavailable.items()
        for day, period, _ in lectures[name]
    )


def _cost(timetable: Timetable, lectures: dict[str, list[tuple[int, int, str]]]) -> int:
    cost = 0
    for course in timetable.courses.values():
        places = lectures[course.id]
        cost += sum(max(0, course.students - timetable.seats[room]) for _, _, room in places)
        cost += 5 * max(0, course.least_days - len({day for day, _, _ in places}))
        cost += len({room for _, _, room in places}) - 1
    for names in timetable.curricula.values():
        slots = {(day, period) for name in names for day, period, _ in lectures[name]}
        cost += 2 * sum(
            (day, period - 1) not in slots and (day, period + 1) not in slots
            for day, period in slots
        )
    return cost
