"""Cases for reviewers: distributed by a button, given and taken by hand, handed on."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor, Role
from scheduler.accounts.models import RoleGrant
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db, held
from scheduler.errors import NotFound, Refused
from scheduler.panels import history, notices
from scheduler.panels.assigning import Case, distribute
from scheduler.panels.models import (
    Assignment,
    Deed,
    JudgementEntry,
    Panel,
    PanelCategory,
    PanelReviewer,
    Stage,
)
from scheduler.panels.refusals import Refusal
from scheduler.panels.services import record


def at_panel(panel: Panel) -> ColumnElement[bool]:
    """Return the condition that an application waits for this panel's judgement."""
    categories = select(PanelCategory.category_id).where(PanelCategory.panel_id == panel.id)
    return (
        (Application.state == State.SUBMITTED)
        & (Application.level_id == panel.level_id)
        & Application.category_id.in_(categories)
    )


def own_schools(account_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return the schools that each account acts for, as officer or as leader of a group."""
    ids = list(account_ids)
    found: defaultdict[int, set[int]] = defaultdict(set)
    officers = select(RoleGrant.account_id, RoleGrant.scope_id).where(
        RoleGrant.account_id.in_(ids), RoleGrant.role == Role.SCHOOL_OFFICER
    )
    leaders = (
        select(RoleGrant.account_id, Application.school_id)
        .join(Application, Application.id == RoleGrant.scope_id)
        .where(RoleGrant.account_id.in_(ids), RoleGrant.role == Role.TEAM_LEADER)
    )
    for query in (officers, leaders):
        for account_id, school_id in db.session.execute(query):
            found[account_id].add(school_id)
    return found


def assign_all(panel: Panel, *, actor: Actor, now: dt.datetime) -> tuple[int, int]:
    """Give every case its reviewers; what is assigned already stays.

    Returns how many assignments were made, and how many cases still lack reviewers because too
    few are left who may judge them. Refuses a closed panel and one without criteria.
    """
    panel = held(Panel, panel.id)
    _demand_ready(panel)
    cases = list(db.session.scalars(select(Application).where(at_panel(panel))))
    made = _give(panel, cases, actor=actor, now=now)
    lacking = _lacking(panel, cases)
    record("panel:assign", panel, actor, now, assignments=made, lacking=lacking)
    return made, lacking


def assign_one(
    panel: Panel,
    application: Application,
    reviewer: PanelReviewer,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Give a case to a reviewer by hand; refuses the own school and a second time."""
    panel = held(Panel, panel.id)
    _demand_ready(panel)
    if not is_at_panel(panel, application):
        raise NotFound
    barred = _barred(panel, [application])[application.id]
    if reviewer.id in barred:
        own = own_schools([reviewer.account_id])[reviewer.account_id]
        is_own = not own.isdisjoint(application.all_school_ids)
        raise Refused(Refusal.REVIEWER_OF_SCHOOL if is_own else Refusal.REVIEWER_BUSY)
    _write(panel, [(application.id, reviewer)], actor=actor, now=now)
    record("panel:assign_one", panel, actor, now, case=application.ref)


def release(assignment: Assignment, *, actor: Actor, now: dt.datetime) -> None:
    """Take a case from a reviewer; refuses what is judged, or was a conflict of interest."""
    panel = held(Panel, assignment.panel_id)
    _demand_open(panel)
    db.session.refresh(assignment)
    if assignment.stage in {Stage.JUDGED, Stage.CONFLICT}:
        raise Refused(Refusal.JUDGED_ALREADY)
    history.note(assignment, Deed.RELEASE, actor=actor, now=now)
    record("panel:release", panel, actor, now, case=assignment.application.ref)
    db.session.delete(assignment)
    db.session.flush()


def hand_on(assignment: Assignment, *, actor: Actor, now: dt.datetime) -> bool:
    """Give a case to somebody else than whoever has or had it; False if nobody is left."""
    return _give(assignment.panel, [assignment.application], actor=actor, now=now) > 0


def is_at_panel(panel: Panel, application: Application) -> bool:
    """Tell whether a case waits for the panel's judgement."""
    query = select(Application.id).where(Application.id == application.id, at_panel(panel))
    return db.session.scalar(query) is not None


def _give(
    panel: Panel, applications: Collection[Application], *, actor: Actor, now: dt.datetime
) -> int:
    barred = _barred(panel, applications)
    counts = _counts(panel, applications)
    key_by_reviewer = {each.id: each.account.ref for each in _reviewers(panel)}
    reviewer_by_key = {each.account.ref: each for each in _reviewers(panel) if _is_active(each)}
    application_id_by_ref = {each.ref: each.id for each in applications}
    pairs = distribute(
        [
            Case(
                key=each.ref,
                needs=panel.per_case - counts[each.id],
                barred=frozenset(key_by_reviewer[one] for one in barred[each.id]),
            )
            for each in applications
        ],
        sorted(reviewer_by_key),
        _load(panel, key_by_reviewer),
    )
    _write(
        panel,
        [(application_id_by_ref[case], reviewer_by_key[key]) for case, key in pairs],
        actor=actor,
        now=now,
    )
    return len(pairs)


def _is_active(reviewer: PanelReviewer) -> bool:
    return reviewer.account.is_active


def _write(
    panel: Panel,
    pairs: Collection[tuple[int, PanelReviewer]],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Add the assignments with their history, in two statements however many they are.

    The reviewers are told by mail, each of all their cases at once.
    """
    if not pairs:
        return
    own: dict[str, Any] = {"panel_id": panel.id}
    assignments = [
        own | {"reviewer_id": reviewer.id, "application_id": application_id, "assigned_at": now}
        for application_id, reviewer in pairs
    ]
    entries = [
        own
        | {
            "application_id": application_id,
            "reviewer_account_id": reviewer.account_id,
            "account_id": actor.account_id,
            "at": now,
            "deed": Deed.ASSIGN,
        }
        for application_id, reviewer in pairs
    ]
    db.session.flush()
    db.session.execute(insert(Assignment), assignments)
    db.session.execute(insert(JudgementEntry), entries)
    notices.tell_given(panel, [reviewer for _case, reviewer in pairs], now=now)


def _reviewers(panel: Panel) -> list[PanelReviewer]:
    query = (
        select(PanelReviewer)
        .where(PanelReviewer.panel_id == panel.id)
        .order_by(PanelReviewer.id)
        .options(joinedload(PanelReviewer.account))
    )
    return list(db.session.scalars(query))


def _barred(panel: Panel, applications: Collection[Application]) -> dict[int, set[int]]:
    """Return who may not be given each case: who has or had it, and its own school's people."""
    reviewers = _reviewers(panel)
    schools = own_schools(each.account_id for each in reviewers)
    found = {
        each.id: {
            one.id
            for one in reviewers
            if not schools[one.account_id].isdisjoint(each.all_school_ids)
        }
        for each in applications
    }
    query = select(Assignment.application_id, Assignment.reviewer_id)
    for application_id, reviewer_id in db.session.execute(query.where(_among(panel, applications))):
        found[application_id].add(reviewer_id)
    return found


def _counts(panel: Panel, applications: Collection[Application]) -> Counter[int]:
    query = select(Assignment.application_id).where(
        _among(panel, applications), Assignment.stage != Stage.CONFLICT
    )
    return Counter(db.session.scalars(query))


def _among(panel: Panel, applications: Collection[Application]) -> ColumnElement[bool]:
    """All of the panel's for many; thousands of ids would be more than a statement takes."""
    of_panel = Assignment.panel_id == panel.id
    if len(applications) == 1:
        return of_panel & (Assignment.application_id == next(iter(applications)).id)
    return of_panel & Assignment.application_id.in_(select(Application.id).where(at_panel(panel)))


def _load(panel: Panel, key_by_reviewer: dict[int, str]) -> Counter[str]:
    query = select(Assignment.reviewer_id).where(
        Assignment.panel_id == panel.id, Assignment.stage != Stage.CONFLICT
    )
    return Counter(key_by_reviewer[each] for each in db.session.scalars(query))


def _lacking(panel: Panel, applications: Collection[Application]) -> int:
    counts = _counts(panel, applications)
    return sum(counts[each.id] < panel.per_case for each in applications)


def _demand_open(panel: Panel) -> None:
    if panel.closed_at is not None:
        raise Refused(Refusal.PANEL_CLOSED)


def _demand_ready(panel: Panel) -> None:
    _demand_open(panel)
    if not panel.criteria:
        raise Refused(Refusal.NO_CRITERIA)
    if not panel.reviewers:
        raise Refused(Refusal.TOO_FEW_REVIEWERS)
