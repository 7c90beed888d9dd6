"""From accepted groups to a draft, or to the reasons why there is none."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.jobs.models import Job, JobState
from scheduler.programmes.models import VenueHours
from scheduler.scheduling import services
from scheduler.scheduling.board import editing
from scheduler.scheduling.engine.relief import Way
from scheduler.scheduling.models import Plan, PlanState
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.rule_texts import RULES
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.verdict import broken_rules
from tests import factories
from tests.factories import at


def plan_now(festival, actor, **values):
    with transaction():
        return services.begin(
            festival.programme, actor=actor, now=clock.now(), seconds=10, **values
        )


def test_situation_holds_groups_parties_blocks_and_ways(festival):
    problem = situation_of(festival.programme).problem
    sizes = {a.id: a.size for a in problem.activities}
    assert sizes == {
        festival.hill_choir.ref: 9,
        festival.lake_choir.ref: 6,
        festival.hill_band.ref: 5,
        festival.lake_band.ref: 5,
    }
    assert [(p.activities, p.persons, p.rest_minutes) for p in problem.parties] == [
        (tuple(sorted([festival.hill_choir.ref, festival.hill_band.ref])), 1, 60)
    ]
    assert {block.id for block in problem.blocks} == {"choirs", "bands"}
    assert problem.travel_minutes("HALL", "ROOM") == 20


def test_whose_guardian_refuses_is_not_on_stage_until_they_consent(festival, session):
    refusing = factories.ConsentPurpose.PARTICIPATION
    factories.consent(festival.twice, purpose=refusing, is_granted=False)
    session.commit()
    problem = situation_of(festival.programme).problem
    assert (problem.parties, problem.activity_by_id[festival.hill_choir.ref].size) == ((), 8)
    factories.consent(festival.twice, purpose=refusing, is_granted=True)
    session.commit()
    problem = situation_of(festival.programme).problem
    assert problem.activity_by_id[festival.hill_choir.ref].size == 9


def test_solving_gives_every_group_a_place_that_breaks_no_rule(festival, actor, session):
    plan = plan_now(festival, actor)
    session.expire_all()
    assert plan.state is PlanState.DRAFT
    slots = services.slots_of_plan(plan)
    assert {slot.item.ref for slot in slots} == {
        festival.hill_choir.ref,
        festival.lake_choir.ref,
        festival.hill_band.ref,
        festival.lake_band.ref,
    }
    assert broken_rules(plan, slots) == []
    assert plan.bound <= plan.value
    assert session.get_one(Job, plan.job_id).state is JobState.DONE


def test_impossible_programme_names_the_colliding_rules(festival, actor, session):
    for hours in session.scalars(select(VenueHours)):
        hours.closes_at = at(9, 50)
    session.commit()
    plan = plan_now(festival, actor)
    session.expire_all()
    assert plan.state is PlanState.IMPOSSIBLE
    assert services.slots_of_plan(plan) == []
    rules = [one for one in plan.explanation if one["code"] in RULES]
    assert rules, "no colliding rule was kept"
    assert {way for way, _amount in (rule["relief"] for rule in rules)} <= set(Way)


def test_locked_slots_stay_when_planning_again(festival, actor, session):
    basis = festival.draft()
    locked = next(s for s in basis.slots if s.application is festival.hill_band)
    locked.is_locked = True
    session.commit()
    plan = plan_now(festival, actor, based_on=basis)
    session.expire_all()
    kept = editing.slot_of(plan, festival.hill_band.ref)
    assert (kept.venue.code, kept.starts_at, kept.is_locked) == ("ROOM", at(14), True)


def test_planning_is_refused_without_groups_venues_or_hours(festival, actor, session):
    for hours in session.scalars(select(VenueHours)):
        session.delete(hours)
    session.commit()
    with pytest.raises(Refused) as without_hours:
        plan_now(festival, actor)
    for group in (
        festival.hill_choir,
        festival.lake_choir,
        festival.hill_band,
        festival.lake_band,
    ):
        group.state, group.places_held = State.SUBMITTED, 0
    session.commit()
    with pytest.raises(Refused) as without_groups:
        plan_now(festival, actor)
    assert (without_hours.value.code, without_groups.value.code) == (
        Refusal.NO_HOURS,
        Refusal.NO_ACCEPTED_GROUPS,
    )


def test_only_one_search_at_a_time(festival, actor, session):
    job = factories.job(state=JobState.RUNNING)
    factories.plan(festival.programme, state=PlanState.SOLVING, job_id=job.id)
    session.commit()
    with pytest.raises(Refused) as refused:
        plan_now(festival, actor)
    assert refused.value.code is Refusal.ALREADY_SOLVING


def test_search_whose_worker_was_lost_does_not_block_the_next(festival, actor, session):
    job = factories.job(state=JobState.FAILED, error_code="worker_lost")
    lost = factories.plan(festival.programme, state=PlanState.SOLVING, job_id=job.id)
    session.commit()
    plan = plan_now(festival, actor)
    session.expire_all()
    assert (lost.state, plan.state) == (PlanState.UNDECIDED, PlanState.DRAFT)


def test_change_of_the_roster_makes_a_plan_stale(festival, session):
    plan = festival.draft()
    assert not services.is_stale(plan)
    festival.programme.roster_revision += 1
    session.commit()
    assert services.is_stale(plan)


def test_discarding_deletes_the_draft_and_its_slots(festival, actor, session):
    plan = festival.draft()
    session.commit()
    with transaction():
        services.discard(plan, actor=actor, now=clock.now())
    assert session.scalars(select(Plan)).all() == []


def test_what_is_not_performed_on_a_stage_is_left_out_and_said(festival, session, sign_in):
    tennis = factories.category(festival.programme, kind="tennis_singles", max_works=0)
    groups = [
        factories.application(tennis, factories.school(), state=State.ACCEPTED, pieces=0)
        for _ in range(2)
    ]
    account = factories.coordinator(festival.programme)
    session.commit()
    problem = situation_of(festival.programme).problem
    assert len(problem.activities) == 4
    assert not {group.ref for group in groups} & {each.id for each in problem.activities}
    session.commit()
    page = sign_in(account).get(f"/programmes/{festival.programme.code}/plans").page
    assert "2 accepted groups are in categories that are not performed on a stage" in page.text


def test_tennis_alone_is_nothing_to_plan(session):
    programme = factories.programme()
    factories.venue(programme)
    tennis = factories.category(programme, kind="tennis_singles", max_works=0)
    factories.application(tennis, factories.school(), state=State.ACCEPTED, pieces=0)
    account = factories.coordinator(programme)
    session.commit()
    acting = Actor(account.id)
    with pytest.raises(Refused) as refusal, transaction():
        services.begin(programme, actor=acting, now=clock.now(), seconds=1)
    assert refusal.value.code is Refusal.NO_ACCEPTED_GROUPS
