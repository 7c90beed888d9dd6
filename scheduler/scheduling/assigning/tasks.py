"""The worker's part of an assignment: search for the best one, and keep it."""

from typing import Any

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.jobs.running import Report, work
from scheduler.programmes import writing
from scheduler.scheduling.assigning import entering
from scheduler.scheduling.assigning.models import Goal, WishAssignment
from scheduler.scheduling.assigning.outcome import stored, take_over
from scheduler.scheduling.assigning.problem import problem_of
from scheduler.scheduling.assigning.services import ASSIGN
from scheduler.scheduling.assigning.taking_part import all_candidates

SECONDS = 60
"""What a search may take where some stay together or apart; without these it is exact anyway."""


@work(ASSIGN)
def assign_options(report: Report, assignment_id: int) -> dict[str, Any]:
    """Look for the best assignment; where there is none, what was given before stays."""
    # NumPy and OR-Tools bring hundreds of modules with them; only the worker needs them.
    from scheduler.scheduling.engine.assigning.result import Aim  # noqa: PLC0415
    from scheduler.scheduling.engine.assigning.solve import assign  # noqa: PLC0415

    assignment = db.session.get_one(WishAssignment, assignment_id)
    goal, edition = assignment.goal, assignment.edition
    revision = assignment.programme.roster_revision
    found = all_candidates(assignment)
    problem = problem_of(assignment, found, assignment.seed)
    db.session.rollback()
    report.advance(0, 1, people=len(found), options=len(problem.places))
    aim = Aim.CHEAPEST if goal is Goal.MOST_WISHES else Aim.FAIREST
    result = assign(problem, aim=aim, seconds=SECONDS)
    with transaction():
        assignment = db.session.get_one(WishAssignment, assignment_id)
        writing.hold(assignment.programme)
        assignment.result = stored(result, goal, len(found))
        assignment.solved_edition, assignment.solved_revision = edition, revision
        assignment.solved_at = clock.now()
        if result.value is not None:
            entering.rows_for(assignment, all_candidates(assignment))
            take_over(assignment, result, all_candidates(assignment))
    return {"people": len(found)}
