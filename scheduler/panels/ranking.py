"""A panel's ranking with its quota line, read in a constant number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.applications.models import Application
from scheduler.applications.quota_line import reached, within_quota
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.panels.assignments import at_panel
from scheduler.panels.models import Assignment, Criterion, Mark, Panel, Stage
from scheduler.panels.scoring import Judgement, Standing, Weighing, ranking, score_of


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the ranking of its category; without a standing it has not been judged yet.

    `is_within` tells whether quota and places reach down to it; None for what is not this panel's
    to decide any more.
    """

    application: Application
    standing: Standing | None
    rank: int | None
    is_waiting: bool
    is_complete: bool
    is_within: bool | None = None

    @property
    def seen(self) -> str:
        """Return reference and version, on which a decision is made."""
        return self.application.seen


@dataclass(frozen=True, slots=True)
class Table:
    """A category's ranking: the judged by rank, then those not judged by reference."""

    rows: list[Row]

    @property
    def candidates(self) -> list[Row]:
        """Return those on which can be decided, in the order of the ranking."""
        return [row for row in self.rows if row.is_waiting and row.standing is not None]

    @property
    def within(self) -> int:
        """Return how many candidates from the top the quota reaches without a gap."""
        return reached(row.is_within for row in self.candidates)

    @property
    def line_after(self) -> str | None:
        """Return the reference of the case under which the quota line is drawn."""
        reached = self.candidates[: self.within]
        return reached[-1].application.ref if reached else None


def ranking_of(panel: Panel) -> dict[int, Table]:
    """Return the ranking of each category of a panel, by the category's id."""
    applications = _applications(panel)
    given = _given(panel)
    standings = {each.case: each for each in ranking(judgements_of(panel))}
    waiting = set(db.session.scalars(select(Application.id).where(at_panel(panel))))
    by_category: defaultdict[int, list[Row]] = defaultdict(list)
    ordered = sorted(
        applications,
        key=lambda each: (
            each.ref not in standings,
            standings[each.ref].order if each.ref in standings else (0.0, 0, 0, each.ref),
        ),
    )
    within = within_quota(
        panel.level, [a for a in ordered if a.id in waiting and a.ref in standings]
    )
    for each in ordered:
        rows = by_category[each.category_id]
        standing = standings.get(each.ref)
        rows.append(
            Row(
                application=each,
                standing=standing,
                rank=len(rows) + 1 if standing else None,
                is_waiting=each.id in waiting,
                is_complete=standing is not None
                and standing.judgements >= max(given[each.id], panel.per_case),
                is_within=within.get(each.id),
            )
        )
    return {category_id: Table(rows) for category_id, rows in by_category.items()}


def judgements_of(panel: Panel) -> list[Judgement]:
    """Return what every reviewer's submitted marks come to."""
    criteria = {
        each.id: Weighing(each.weight, each.max_mark)
        for each in db.session.scalars(select(Criterion).where(Criterion.panel_id == panel.id))
    }
    rows = db.session.execute(
        select(
            Assignment.reviewer_id,
            Application.ref,
            Application.category_id,
            Mark.criterion_id,
            Mark.hundredths,
        )
        .join(Assignment.application)
        .join(Mark, Mark.assignment_id == Assignment.id)
        .where(Assignment.panel_id == panel.id, Assignment.stage == Stage.JUDGED)
    )
    marks: defaultdict[tuple[int, str, int], dict[int, int]] = defaultdict(dict)
    for reviewer_id, ref, category_id, criterion_id, hundredths in rows:
        marks[reviewer_id, ref, category_id][criterion_id] = hundredths
    return [
        Judgement(reviewer_id, ref, category_id, score_of(own, criteria))
        for (reviewer_id, ref, category_id), own in marks.items()
    ]


def _applications(panel: Panel) -> list[Application]:
    """Everything that waits for the panel or was given to its reviewers, drafts aside."""
    assigned = select(Assignment.application_id).where(Assignment.panel_id == panel.id)
    query = (
        select(Application)
        .where(at_panel(panel) | Application.id.in_(assigned), Application.state != State.DRAFT)
        .options(
            joinedload(Application.school).joinedload(School.district),
            joinedload(Application.category),
        )
    )
    return list(db.session.scalars(query))


def _given(panel: Panel) -> Counter[int]:
    query = select(Assignment.application_id).where(
        Assignment.panel_id == panel.id, Assignment.stage != Stage.CONFLICT
    )
    return Counter(db.session.scalars(query))
