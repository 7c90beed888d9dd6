"""What a search leaves alone: parts, venues, times, orders; and one timetable for one seed."""

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.jobs.models import Job, JobState
from scheduler.scheduling import services
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.engine import Lock
from scheduler.scheduling.holding import Holding, Keep
from scheduler.scheduling.models import Plan, PlanMethod, PlanState
from scheduler.scheduling.placing import stored_places
from scheduler.scheduling.situation import situation_of
from tests import factories
from tests.factories import at


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


def locks(festival, plan, part="", keeps=(), method=PlanMethod.IMPROVE):
    """The locks by group: the venue and the hour, each None where it is free."""
    situation = situation_of(festival.programme)
    held = Holding(method, part, keeps).of(situation, Basis.of_plan(plan).within(situation))
    names = {ref: item.groups[0].group_name for ref, item in situation.items.items()}
    return {names[one.activity]: one for one in held.problem.locks}, held.problem.rules


@pytest.mark.parametrize(
    ("part", "held"),
    [
        ("category:choirs", {"Hill Band", "Lake Band"}),
        ("venue:ROOM", {"Hill Choir", "Lake Choir"}),
        ("day:2000-01-01", {"Hill Choir", "Lake Choir", "Hill Band", "Lake Band"}),
        ("", set()),
    ],
)
def test_what_is_outside_of_the_part_stays_where_it_is(festival, plan, part, held):
    found, _rules = locks(festival, plan, part)
    assert set(found) == held
    assert all(one.venue and one.start is not None for one in found.values())


def test_the_day_of_the_programme_is_a_part(festival, plan):
    day = at(10).astimezone().date()
    found, _rules = locks(festival, plan, f"day:{day.isoformat()}")
    assert found == {}


def test_what_may_move_can_keep_its_venue_or_its_time(festival, plan):
    found, _rules = locks(festival, plan, "category:bands", (Keep.VENUE,))
    band, choir = festival.hill_band.ref, festival.hill_choir.ref
    assert found["Hill Band"] == Lock(band, "ROOM")
    assert (found["Hill Choir"].venue, found["Hill Choir"].start is None) == ("HALL", False)
    assert found["Hill Choir"].activity == choir
    found, _rules = locks(festival, plan, "", (Keep.TIME,))
    assert {one.venue for one in found.values()} == {None}
    assert len({one.start for one in found.values()}) == 4


def test_the_order_on_each_stage_can_be_kept(festival, plan):
    _locks, rules = locks(festival, plan, "", (Keep.ORDER,))
    names = {a.ref: a.group_name for a in (slot.application for slot in plan.slots)}
    kept = [[names[ref] for ref in rule.activities] for rule in rules if rule.kind == "in_order"]
    assert kept == [["Hill Choir", "Lake Choir"], ["Hill Band", "Lake Band"]]


def test_a_locked_group_stays_though_it_is_in_the_part(festival, plan, session):
    slot = next(s for s in plan.slots if s.application is festival.hill_choir)
    slot.is_locked = True
    session.commit()
    found, _rules = locks(festival, plan, "category:choirs", (Keep.TIME,))
    assert found["Hill Choir"].venue == "HALL"
    assert found["Lake Choir"].venue is None


def test_only_the_part_is_planned_again(client, festival, plan, session):
    client.post(
        "/programmes/small/plans",
        data={
            "method": "improve",
            "based_on": plan.ref,
            "part": "category:choirs",
            "keeps": ["order"],
            "seconds": 10,
            "seed": 1,
            "is_repeatable": "y",
        },
    )
    made = session.query(Plan).order_by(Plan.id.desc()).first()
    assert (made.state, made.is_repeatable, made.locked_count) == (PlanState.DRAFT, True, 2)
    starts = {slot.application.group_name: slot.starts_at for slot in made.slots}
    assert (starts["Hill Band"], starts["Lake Band"]) == (at(14), at(14, 40))
    assert starts["Hill Choir"] < starts["Lake Choir"]
    assert not any(slot.is_locked for slot in made.slots)


def test_a_part_that_does_not_exist_is_answered_beside_the_field(client, plan):
    answer = client.post(
        "/programmes/small/plans",
        data={
            "method": "improve",
            "based_on": plan.ref,
            "part": "category:nothing",
            "seconds": 10,
            "seed": 1,
        },
    )
    assert answer.status_code == 422
    assert 'id="part-error"' in answer.text


def test_a_repeatable_search_gives_one_timetable_for_a_seed(festival, actor, session):
    made = []
    for _again in range(2):
        with transaction():
            made.append(
                services.begin(
                    festival.programme,
                    actor=actor,
                    now=clock.now(),
                    seconds=10,
                    seed=5,
                    is_repeatable=True,
                )
            )
    session.expire_all()
    one, other = (
        [(s.application.ref, s.venue.code, s.starts_at, s.warmup_room) for s in plan.slots]
        for plan in made
    )
    assert one == other
    assert len(one) == 4


@pytest.fixture
def searching(festival, plan, session):
    """A search under way that has found what the draft holds."""
    situation = situation_of(festival.programme)
    found = Basis.of_plan(plan).plan(situation)
    job = factories.job(
        state=JobState.RUNNING,
        progress={"value": 200, "places": stored_places(found, situation.timescale)},
    )
    made = factories.plan(festival.programme, state=PlanState.SOLVING, job_id=job.id)
    session.commit()
    return made


def test_the_best_so_far_stands_on_a_board_to_look_at(client, searching):
    page = client.get(f"/plans/{searching.ref}/progress/board")
    assert all(name in page.text for name in ("Hill Choir", "Lake Band", "Great Hall"))
    assert "/slots/" not in page.page.text
    assert f'href="/plans/{searching.ref}/slots/' not in page.text
    assert "/lock" not in page.text


def test_before_anything_is_found_the_board_says_so(client, searching, session):
    session.get_one(Job, searching.job_id).progress = {}
    session.commit()
    page = client.get(f"/plans/{searching.ref}/progress/board")
    assert "Nothing found yet" in page.page.text


def test_after_the_search_the_board_is_the_drafts(client, searching, session):
    session.get_one(Job, searching.job_id).state = JobState.DONE
    session.commit()
    answer = client.get(f"/plans/{searching.ref}/progress/board")
    assert answer.location == f"/plans/{searching.ref}"


def test_schools_do_not_see_a_search(searching, festival, sign_in):
    answer = sign_in(festival.hill_officer).get(f"/plans/{searching.ref}/progress/board")
    assert answer.status_code in {403, 404}
    assert "Lake Band" not in answer.text
