"""Lists about panels: a programme's, a reviewer's own, everybody's progress, a case's marks."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application, Piece
from scheduler.database import db
from scheduler.panels.assignments import at_panel
from scheduler.panels.models import (
    Assignment,
    JudgementEntry,
    Panel,
    PanelCategory,
    PanelReviewer,
    Stage,
)
from scheduler.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the cases that were given have been judged; conflicts are not counted."""

    judged: int
    given: int
    conflicts: int = 0


def panels_of(programme: Programme) -> list[Panel]:
    """Return a programme's panels in the order in which they were set up."""
    query = (
        select(Panel)
        .where(Panel.programme_id == programme.id)
        .order_by(Panel.id)
        .options(joinedload(Panel.level), selectinload(Panel.shares))
    )
    return list(db.session.scalars(query))


def panels_judged_by(actor: Actor) -> list[Panel]:
    """Return the panels on which the actor judges, the newest first."""
    own = select(PanelReviewer.panel_id).where(PanelReviewer.account_id == actor.account_id)
    query = (
        select(Panel)
        .where(Panel.id.in_(own))
        .order_by(Panel.id.desc())
        .options(joinedload(Panel.programme), joinedload(Panel.level))
    )
    return list(db.session.scalars(query))


def is_reviewer(actor: Actor) -> bool:
    """Tell whether the actor judges on any panel."""
    query = select(PanelReviewer.id).where(PanelReviewer.account_id == actor.account_id)
    return db.session.scalar(query.limit(1)) is not None


def progress_by_panel(panel_ids: list[int], actor: Actor | None = None) -> dict[int, Progress]:
    """Return each panel's progress, or the actor's own on it."""
    query = select(Assignment.panel_id, Assignment.stage, func.count()).where(
        Assignment.panel_id.in_(panel_ids)
    )
    if actor is not None:
        query = query.join(Assignment.reviewer).where(PanelReviewer.account_id == actor.account_id)
    rows = db.session.execute(query.group_by(Assignment.panel_id, Assignment.stage))
    return _progress(panel_ids, {(key, stage): count for key, stage, count in rows})


def progress_by_reviewer(panel: Panel) -> dict[int, Progress]:
    """Return how far each reviewer of a panel is."""
    rows = db.session.execute(
        select(Assignment.reviewer_id, Assignment.stage, func.count())
        .where(Assignment.panel_id == panel.id)
        .group_by(Assignment.reviewer_id, Assignment.stage)
    )
    ids = [each.id for each in panel.reviewers]
    return _progress(ids, {(key, stage): count for key, stage, count in rows})


def _progress(keys: list[int], counts: dict[tuple[int, Stage], int]) -> dict[int, Progress]:
    def of(key: int, stage: Stage) -> int:
        return counts.get((key, stage), 0)

    return {
        key: Progress(
            judged=of(key, Stage.JUDGED),
            given=sum(of(key, stage) for stage in Stage if stage is not Stage.CONFLICT),
            conflicts=of(key, Stage.CONFLICT),
        )
        for key in keys
    }


def lacking(panel: Panel) -> int:
    """Return how many cases at the panel lack reviewers."""
    ids = db.session.scalars(select(Application.id).where(at_panel(panel))).all()
    given = Counter(
        db.session.scalars(
            select(Assignment.application_id).where(
                Assignment.panel_id == panel.id, Assignment.stage != Stage.CONFLICT
            )
        )
    )
    return sum(given[each] < panel.per_case for each in ids)


def own_cases(actor: Actor, panel: Panel) -> Select[Assignment]:
    """Return the query for the cases of one reviewer on a panel, without what names anybody."""
    return (
        select(Assignment)
        .join(Assignment.reviewer)
        .join(Assignment.application)
        .where(
            Assignment.panel_id == panel.id,
            Assignment.stage != Stage.CONFLICT,
            PanelReviewer.account_id == actor.account_id,
        )
        .options(
            joinedload(Assignment.application).joinedload(Application.category),
            raiseload("*"),
        )
    )


OWN_SORTS = {
    "stage": (Assignment.stage != Stage.OPEN, Assignment.stage != Stage.DRAFT, Application.ref),
    "case": (Application.ref,),
    "category": (Application.category_id, Application.ref),
}


def next_case(assignment: Assignment) -> Assignment | None:
    """Return another case that its reviewer has still to judge, a draft last."""
    query = (
        select(Assignment)
        .join(Assignment.application)
        .where(
            Assignment.reviewer_id == assignment.reviewer_id,
            Assignment.id != assignment.id,
            Assignment.stage.in_((Stage.OPEN, Stage.DRAFT)),
        )
        .order_by(Assignment.stage != Stage.OPEN, Application.ref)
    )
    return db.session.scalar(query.limit(1))


def pieces_of(application: Application) -> list[Piece]:
    """Return the works of an entry."""
    query = select(Piece).where(Piece.application_id == application.id).order_by(Piece.position)
    return list(db.session.scalars(query.options(raiseload("*"))))


def assignments_of(panel: Panel, application: Application) -> list[Assignment]:
    """Return who judges a case, with their marks, conflicts included."""
    query = (
        select(Assignment)
        .where(Assignment.panel_id == panel.id, Assignment.application_id == application.id)
        .order_by(Assignment.id)
        .options(
            joinedload(Assignment.reviewer).joinedload(PanelReviewer.account),
            selectinload(Assignment.marks),
        )
    )
    return list(db.session.scalars(query))


def history_of(panel: Panel, application: Application) -> list[JudgementEntry]:
    """Return every step of a case's judgements, the newest first."""
    query = (
        select(JudgementEntry)
        .where(JudgementEntry.panel_id == panel.id)
        .where(JudgementEntry.application_id == application.id)
        .order_by(JudgementEntry.id.desc())
        .options(joinedload(JudgementEntry.reviewer))
    )
    return list(db.session.scalars(query))


def published_comments(application: Application) -> list[str]:
    """Return what reviewers wrote about an entry, once the coordinator has published it.

    Neither who wrote it nor any mark; in an order that tells nothing about who it was.
    """
    query = (
        select(Assignment.comment)
        .join(Assignment.panel)
        .where(
            Assignment.application_id == application.id,
            Assignment.stage == Stage.JUDGED,
            Assignment.comment != "",
            Panel.comments_published_at.is_not(None),
        )
        .order_by(Assignment.comment)
    )
    return list(db.session.scalars(query))


def given_to(actor: Actor, programme_id: int) -> ColumnElement[bool] | None:
    """Return the condition that a case was given to the actor, or that no panel judges its kind.

    None for whoever is on no panel of the programme: their list is not narrowed. In categories
    without a panel it is the level's reviewers who decide, members of panels among them.
    """
    own = (
        select(PanelReviewer.id)
        .join(Panel, Panel.id == PanelReviewer.panel_id)
        .where(PanelReviewer.account_id == actor.account_id, Panel.programme_id == programme_id)
    )
    if db.session.scalar(own.limit(1)) is None:
        return None
    given = select(Assignment.application_id).where(
        Assignment.reviewer_id.in_(own), Assignment.stage != Stage.CONFLICT
    )
    judged = (
        select(PanelCategory.category_id)
        .join(Panel, Panel.id == PanelCategory.panel_id)
        .where(Panel.programme_id == programme_id)
    )
    return or_(Application.id.in_(given), Application.category_id.not_in(judged))
