"""Places activities in venues and time: problems in, plans, bounds and reasons out.

Pure: nothing of the application is imported here. Only `search`, `repair` and `explain` load
OR-Tools, so they are imported where a plan is really solved, never from this package.
"""

from scheduler.scheduling.engine.elements import (
    STAGE,
    WARM_UP,
    Activity,
    Block,
    Changeover,
    Lock,
    Part,
    Party,
    Room,
    TimeLimit,
    Travel,
    Venue,
    Weights,
    Window,
    performance,
)
from scheduler.scheduling.engine.plan import Placement, Plan, moved_between, plan_of
from scheduler.scheduling.engine.problem import Problem, parties_of
from scheduler.scheduling.engine.shape import ProblemError

__all__ = [
    "STAGE",
    "WARM_UP",
    "Activity",
    "Block",
    "Changeover",
    "Lock",
    "Part",
    "Party",
    "Placement",
    "Plan",
    "Problem",
    "ProblemError",
    "Room",
    "TimeLimit",
    "Travel",
    "Venue",
    "Weights",
    "Window",
    "moved_between",
    "parties_of",
    "performance",
    "plan_of",
]
