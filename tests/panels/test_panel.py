"""Cases are distributed and judged, conflicts handed on, and decisions made from the ranking."""

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.applications.decisions import decide_many
from scheduler.applications.models import Application, Nomination
from scheduler.applications.workflow import Action, State
from scheduler.audit.models import AuditEntry
from scheduler.database import db
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.panels import assignments, deciding, judging, services
from scheduler.panels.models import Assignment, Deed, JudgementEntry, Stage
from scheduler.panels.ranking import ranking_of
from scheduler.panels.refusals import Refusal
from scheduler.programmes.approval import LevelKind
from tests import factories
from tests.panels.conftest import add_case


def now():
    return clock.now()


def assign(jury):
    return assignments.assign_all(jury.panel, actor=jury.coordinator.actor, now=now())


def given(reviewer):
    query = select(Assignment).where(Assignment.reviewer_id == reviewer.id)
    return list(db.session.scalars(query.order_by(Assignment.id)))


def judge(assignment, *marks, is_draft=False, comment="", version=None):
    judging.judge(
        assignment,
        judging.Judgement(
            {n: round(mark * 100) for n, mark in enumerate(marks, start=1)},
            comment,
            assignment.version if version is None else version,
            is_draft,
        ),
        actor=assignment.reviewer.account.actor,
        now=now(),
    )


def deeds(application):
    query = select(JudgementEntry.deed, JudgementEntry.marks).where(
        JudgementEntry.application_id == application.id
    )
    return [tuple(row) for row in db.session.execute(query.order_by(JudgementEntry.id))]


def test_every_case_gets_two_of_three_reviewers_in_balance(jury):
    assert assign(jury) == (8, 0)
    assert sorted(len(given(each)) for each in jury.reviewers) == [2, 3, 3]
    assert assign(jury) == (0, 0)


def test_nobody_ever_gets_a_case_of_the_own_school(jury):
    officer, leader, other = jury.reviewers
    school = factories.school()
    mine = [add_case(jury, school) for _ in range(6)]
    officer.account.grants.append(factories.grant(Role.SCHOOL_OFFICER, school))
    leader.account.grants.append(factories.grant(Role.TEAM_LEADER, mine[0]))
    db.session.flush()
    assert assign(jury) == (8 + 6, 6)
    of_school = select(Assignment.reviewer_id).join(Assignment.application)
    judges = set(db.session.scalars(of_school.where(Application.school_id == school.id)))
    assert judges == {other.id}
    for barred in (officer, leader):
        with pytest.raises(Refused) as refused:
            assignments.assign_one(
                jury.panel, mine[1], barred, actor=jury.coordinator.actor, now=now()
            )
        assert refused.value.code is Refusal.REVIEWER_OF_SCHOOL


def test_who_becomes_an_officer_of_the_school_loses_sight_of_the_case(jury):
    assign(jury)
    reviewer = jury.reviewers[0]
    own = given(reviewer)[0]
    assert judging.find_assignment(own.ref, reviewer.account.actor) is own
    reviewer.account.grants.append(factories.grant(Role.SCHOOL_OFFICER, own.application.school))
    db.session.flush()
    with pytest.raises(NotFound):
        judging.find_assignment(own.ref, reviewer.account.actor)


def test_every_change_of_a_mark_is_kept(jury):
    assign(jury)
    own = given(jury.reviewers[0])[0]
    judge(own, 8.5, is_draft=True)
    assert own.stage is Stage.DRAFT
    judge(own, 8.5, 17)
    judge(own, 9, 17, comment="Better than I thought.")
    mine = [step for step in deeds(own.application) if step[0] is not Deed.ASSIGN]
    assert mine == [
        (Deed.DRAFT, {"1": 850}),
        (Deed.SUBMIT, {"1": 850, "2": 1700}),
        (Deed.SUBMIT, {"1": 900, "2": 1700}),
    ]


def test_a_submitted_judgement_is_no_draft_again(jury):
    assign(jury)
    own = given(jury.reviewers[0])[0]
    judge(own, 8, 10)
    with pytest.raises(Refused) as refused:
        judge(own, 8, is_draft=True)
    assert (refused.value.code, refused.value.field) == (Refusal.MARK_MISSING, "mark_2")


@pytest.mark.parametrize("marks", [(10.01, 5), (-0.01, 5), (5, 20.01)])
def test_a_mark_out_of_range_changes_nothing(jury, marks):
    assign(jury)
    own = given(jury.reviewers[0])[0]
    with pytest.raises(Refused) as refused:
        judge(own, *marks)
    assert refused.value.code is Refusal.MARK_OUT_OF_RANGE


def test_marks_on_a_stale_page_are_refused(jury):
    assign(jury)
    own = given(jury.reviewers[0])[0]
    judge(own, 8, 10)
    with pytest.raises(Conflict):
        judge(own, 1, 1, version=1)


@pytest.mark.parametrize(
    ("ends", "code"), [("close", Refusal.PANEL_CLOSED), ("deadline", Refusal.TOO_LATE)]
)
def test_after_the_end_marks_stand_as_they_are(jury, ends, code):
    assign(jury)
    own = given(jury.reviewers[0])[0]
    if ends == "close":
        services.close(jury.panel, actor=jury.coordinator.actor, now=now())
    else:
        jury.level.closes_at = now()
    db.session.flush()
    with pytest.raises(Refused) as refused:
        judge(own, 8, 10)
    assert refused.value.code is code


def test_a_conflict_of_interest_hands_the_case_on_and_is_logged(jury):
    assign(jury)
    own = given(jury.reviewers[0])[0]
    judge(own, 10, 20)
    before = {each.reviewer_id for each in of_case(own.application)}
    third = next(each for each in jury.reviewers if each.id not in before)
    assert judging.declare_conflict(
        own, reason="My niece.", actor=own.reviewer.account.actor, now=now()
    )
    assert own.stage is Stage.CONFLICT
    assert [each.reviewer_id for each in of_case(own.application)][-1] == third.id
    assert ranking_of(jury.panel)[jury.category.id].candidates == []
    assert deeds(own.application)[-2][0] is Deed.CONFLICT
    facts = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "panel:conflict"))
    assert facts.facts == {"case": own.application.ref, "handed_on": True}
    other = next(each for each in of_case(own.application) if each.stage is Stage.OPEN)
    assert not judging.declare_conflict(
        other, reason="My school.", actor=other.reviewer.account.actor, now=now()
    )


def of_case(application):
    query = select(Assignment).where(Assignment.application_id == application.id)
    return list(db.session.scalars(query.order_by(Assignment.id)))


def test_criteria_stand_once_marks_were_given(jury):
    assign(jury)
    judge(given(jury.reviewers[0])[0], 8, is_draft=True)
    with pytest.raises(Refused) as refused:
        services.remove_criterion(jury.panel, 1, actor=jury.coordinator.actor, now=now())
    assert refused.value.code is Refusal.CRITERIA_IN_USE


def test_one_category_has_one_panel_at_a_level(jury):
    details = services.PanelDetails("Second", 2, [jury.category])
    with pytest.raises(Refused) as refused:
        services.add_panel(
            jury.programme, jury.level, details, actor=jury.coordinator.actor, now=now()
        )
    assert refused.value.code is Refusal.CATEGORY_TAKEN


# Decisions


@pytest.fixture
def ranked(jury):
    """The cases judged so that they rank in their order, and a quota of two."""
    factories.quota(jury.level, places=2)
    for reviewer in jury.reviewers[:2]:
        for place, case in enumerate(jury.cases):
            factories.assignment(reviewer, case, [9 - place, 10])
    db.session.commit()
    return jury


def choice(jury, count, rest=None, reason=""):
    rows = ranking_of(jury.panel)[jury.category.id].candidates
    seen = [(row.application.ref, row.application.version) for row in rows]
    return deciding.Choice(count, rest, reason, seen)


def decide(jury, chosen, actor=None):
    actor = actor or jury.coordinator.actor
    asked = deciding.asked_from_ranking(jury.panel, jury.category, chosen, actor=actor, now=now())
    return decide_many(asked, actor=actor, now=now())


def test_the_quota_line_is_drawn_under_the_second(ranked):
    table = ranking_of(ranked.panel)[ranked.category.id]
    assert [row.application for row in table.rows] == ranked.cases
    assert [row.is_within for row in table.rows] == [True, True, False, False]
    assert (table.within, table.line_after) == (2, ranked.cases[1].ref)


def test_the_first_two_pass_and_the_rest_is_rejected(ranked):
    outcomes = decide(ranked, choice(ranked, 2, Action.REJECT, "The quota is two."))
    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert [(case.state, case.level) for case in ranked.cases] == [
        (State.SUBMITTED, ranked.levels[LevelKind.ORGANISER]),
        (State.SUBMITTED, ranked.levels[LevelKind.ORGANISER]),
        (State.REJECTED, None),
        (State.REJECTED, None),
    ]
    assert db.session.scalar(select(func.count()).select_from(Nomination)) == 2


def test_beyond_the_quota_each_outcome_is_reported_and_the_others_stand(ranked):
    outcomes = decide(ranked, choice(ranked, 3))
    assert [str(outcome.error) for outcome in outcomes] == ["None", "None", "no_quota_left"]
    assert ranked.cases[3].state is State.SUBMITTED


def test_a_case_that_was_changed_since_is_reported_and_holds_up_nobody(ranked):
    chosen = choice(ranked, 2)
    ranked.cases[0].introduction = "Changed meanwhile."
    db.session.flush()
    outcomes = decide(ranked, chosen)
    assert [type(outcome.error) for outcome in outcomes] == [Conflict, type(None)]


def test_another_ranking_than_the_one_shown_applies_nothing(ranked):
    chosen = choice(ranked, 2)
    judge(of_case(ranked.cases[3])[0], 10, 20)
    judge(of_case(ranked.cases[3])[1], 10, 20)
    with pytest.raises(Conflict):
        decide(ranked, chosen)


def test_what_is_not_judged_is_neither_passed_nor_rejected(ranked):
    late = add_case(ranked)
    db.session.flush()
    decide(ranked, choice(ranked, 2, Action.REJECT, "The quota is two."))
    assert late.state is State.SUBMITTED


def test_at_the_organisers_level_the_rest_waits(ranked):
    organiser = ranked.levels[LevelKind.ORGANISER]
    ranked.panel.level = organiser
    for case in ranked.cases:
        case.level = organiser
    db.session.flush()
    table = ranking_of(ranked.panel)[ranked.category.id]
    assert table.within == 3  # places, no quota
    decide(ranked, choice(ranked, 3, Action.WAITLIST))
    assert [case.state for case in ranked.cases] == [State.ACCEPTED] * 3 + [State.WAITLISTED]


def test_a_reviewer_decides_nothing_by_the_ranking(ranked):
    outcomes = decide(ranked, choice(ranked, 1), actor=ranked.reviewers[0].account.actor)
    assert [type(outcome.error) for outcome in outcomes] == [NotAllowed]
