"""What a coordinator sets up: a panel, its categories, criteria and reviewers. No Flask here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from scheduler.access.permissions import Actor
from scheduler.accounts.models import Account
from scheduler.applications.models import Application
from scheduler.audit import services as audit
from scheduler.database import db, held
from scheduler.errors import NotFound, Refused
from scheduler.panels import history
from scheduler.panels.models import (
    Assignment,
    Criterion,
    Deed,
    JudgementEntry,
    Mark,
    Panel,
    PanelCategory,
    PanelReviewer,
    Stage,
)
from scheduler.panels.refusals import Refusal
from scheduler.programmes.approval import ApprovalLevel
from scheduler.programmes.models import Category, Names, Programme


@dataclass(frozen=True, slots=True)
class PanelDetails:
    """What stands in a panel's form."""

    name: str
    per_case: int
    categories: Sequence[Category]


@dataclass(frozen=True, slots=True)
class CriterionDetails:
    """What stands in a criterion's form."""

    names: Names
    weight: int
    max_mark: int


def find_panel(ref: str) -> Panel:
    """Return the panel; raises `NotFound`."""
    found = db.session.scalar(select(Panel).where(Panel.ref == ref))
    if found is None:
        raise NotFound
    return found


def add_panel(
    programme: Programme,
    level: ApprovalLevel,
    details: PanelDetails,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Panel:
    """Set up a panel without criteria and reviewers; refuses a category that another one has."""
    panel = Panel(
        programme=programme,
        level=level,
        name=details.name,
        per_case=details.per_case,
        created_at=now,
    )
    db.session.add(panel)
    _take_categories(panel, details.categories)
    record("panel:add", panel, actor, now, level=str(level.kind), per_case=details.per_case)
    return panel


def change_panel(panel: Panel, details: PanelDetails, *, actor: Actor, now: dt.datetime) -> None:
    """Take over name, reviewers per case and categories; refuses to leave out one with cases."""
    panel = held(Panel, panel.id)
    panel.name, panel.per_case = details.name, details.per_case
    wanted = {category.id for category in details.categories}
    for share in list(panel.shares):
        if share.category_id not in wanted:
            if _has_cases(panel, share.category_id):
                raise Refused(Refusal.CATEGORY_IN_USE, field="categories")
            panel.shares.remove(share)
    db.session.flush()
    known = {share.category_id for share in panel.shares}
    _take_categories(panel, [each for each in details.categories if each.id not in known])
    record("panel:change", panel, actor, now, per_case=details.per_case)


def _take_categories(panel: Panel, categories: Sequence[Category]) -> None:
    for category in categories:
        panel.shares.append(PanelCategory(level_id=panel.level.id, category_id=category.id))
    if not panel.shares:
        raise Refused(Refusal.CATEGORY_MISSING, field="categories")
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        raise Refused(Refusal.CATEGORY_TAKEN, field="categories") from error


def _has_cases(panel: Panel, category_id: int) -> bool:
    query = (
        select(Assignment.id)
        .join(Assignment.application)
        .where(Assignment.panel_id == panel.id)
        .where(Application.category_id == category_id)
    )
    return db.session.scalar(query.limit(1)) is not None


def add_criterion(
    panel: Panel, details: CriterionDetails, *, actor: Actor, now: dt.datetime
) -> Criterion:
    """Add a criterion at the end; refuses once there are marks, which would lack it."""
    panel = held(Panel, panel.id)
    _demand_no_marks(panel)
    last = db.session.scalar(
        select(func.max(Criterion.number)).where(Criterion.panel_id == panel.id)
    )
    criterion = Criterion(
        panel=panel,
        number=(last or 0) + 1,
        names=details.names,
        weight=details.weight,
        max_mark=details.max_mark,
    )
    db.session.add(criterion)
    db.session.flush()
    facts = {"number": criterion.number, "weight": details.weight, "max_mark": details.max_mark}
    record("panel:add_criterion", panel, actor, now, **facts)
    return criterion


def remove_criterion(panel: Panel, number: int, *, actor: Actor, now: dt.datetime) -> None:
    """Take a criterion away; refuses once there are marks."""
    panel = held(Panel, panel.id)
    found = next((each for each in panel.criteria if each.number == number), None)
    if found is None:
        raise NotFound
    _demand_no_marks(panel)
    panel.criteria.remove(found)
    db.session.flush()
    record("panel:remove_criterion", panel, actor, now, number=number)


def _demand_no_marks(panel: Panel) -> None:
    marked = select(Mark.id).join(Mark.assignment).where(Assignment.panel_id == panel.id)
    given = select(JudgementEntry.id).where(
        JudgementEntry.panel_id == panel.id, JudgementEntry.deed.in_((Deed.DRAFT, Deed.SUBMIT))
    )
    if any(db.session.scalar(query.limit(1)) is not None for query in (marked, given)):
        raise Refused(Refusal.CRITERIA_IN_USE)


def add_reviewer(
    panel: Panel, account: Account, *, actor: Actor, now: dt.datetime
) -> PanelReviewer:
    """Let an account judge on the panel; cases come to it when they are distributed."""
    panel = held(Panel, panel.id)
    if any(each.account_id == account.id for each in panel.reviewers):
        raise Refused(Refusal.REVIEWER_TWICE, field="email")
    reviewer = PanelReviewer(panel=panel, account=account)
    db.session.add(reviewer)
    db.session.flush()
    record("panel:add_reviewer", panel, actor, now, reviewer=account.ref)
    return reviewer


def find_reviewer(panel: Panel, account_ref: str) -> PanelReviewer:
    """Return a panel's reviewer by the account's reference; raises `NotFound`."""
    query = (
        select(PanelReviewer)
        .join(PanelReviewer.account)
        .where(PanelReviewer.panel_id == panel.id, Account.ref == account_ref)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def remove_reviewer(reviewer: PanelReviewer, *, actor: Actor, now: dt.datetime) -> None:
    """Take a reviewer off; what is not judged yet waits to be distributed again.

    Refuses once they have judged a case or declared a conflict, which must stay on record.
    """
    panel = held(Panel, reviewer.panel_id)
    own = list(db.session.scalars(select(Assignment).where(Assignment.reviewer_id == reviewer.id)))
    if any(each.stage in {Stage.JUDGED, Stage.CONFLICT} for each in own):
        raise Refused(Refusal.REVIEWER_HAS_JUDGED)
    for assignment in own:
        history.note(assignment, Deed.RELEASE, actor=actor, now=now)
    db.session.flush()
    db.session.execute(delete(Mark).where(Mark.assignment_id.in_([each.id for each in own])))
    db.session.execute(delete(Assignment).where(Assignment.reviewer_id == reviewer.id))
    db.session.expire_all()
    record("panel:remove_reviewer", panel, actor, now, reviewer=reviewer.account.ref)
    db.session.delete(reviewer)
    db.session.flush()


def close(panel: Panel, *, actor: Actor, now: dt.datetime) -> None:
    """End the judging: marks stand as they are."""
    panel = held(Panel, panel.id)
    panel.closed_at = panel.closed_at or now
    record("panel:close", panel, actor, now)


def reopen(panel: Panel, *, actor: Actor, now: dt.datetime) -> None:
    """Let reviewers give and change marks again."""
    panel = held(Panel, panel.id)
    panel.closed_at = None
    record("panel:reopen", panel, actor, now)


def publish_comments(panel: Panel, *, is_published: bool, actor: Actor, now: dt.datetime) -> None:
    """Show schools what reviewers wrote about their entries, without names and marks; or stop."""
    panel = held(Panel, panel.id)
    panel.comments_published_at = now if is_published else None
    action = "panel:publish_comments" if is_published else "panel:withdraw_comments"
    record(action, panel, actor, now)


def record(action: str, panel: Panel, actor: Actor, now: dt.datetime, **facts: Any) -> None:
    """Write the audit log about a panel."""
    audit.record(
        action,
        account_id=actor.account_id,
        subject_type="panel",
        subject_ref=panel.ref,
        now=now,
        **facts,
    )
