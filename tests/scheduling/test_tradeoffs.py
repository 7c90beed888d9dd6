"""The table of other timetables: worked out as a job, shown in words, one chosen as a draft."""

import json

import pytest
from sqlalchemy import select

from scheduler.jobs.models import JobState
from scheduler.scheduling import services
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.score import Term
from scheduler.scheduling.models import Plan, PlanState
from scheduler.scheduling.situation import plan_of_slots, situation_of
from scheduler.scheduling.tradeoffs.contents import BEATEN, CHOICE, START, Contents, Line
from scheduler.scheduling.tradeoffs.models import TradeoffTable
from scheduler.scheduling.tradeoffs.wording import bargain
from tests import factories
from tests.factories import at
from tests.support.pages import text_of


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


WAITING = [["waiting", 1, 120], ["venue_moves", 30, 0]]
MOVING = [["waiting", 1, 108], ["venue_moves", 30, 1]]


@pytest.fixture
def table(festival, plan, session):
    """A stored table: the draft, and one that lets people wait less for a move."""
    places = [[s.application.ref, s.venue.code, s.starts_at.isoformat()] for s in plan.slots]
    other = [[ref, code, starts] for ref, code, starts in places]
    other[-1][2] = at(15).isoformat()
    job = factories.job(festival.coordinator, state=JobState.DONE)
    made = TradeoffTable(
        plan_id=plan.id,
        job_id=job.id,
        edition=plan.edition,
        roster_revision=plan.roster_revision,
        seed=1,
        seconds=10,
        is_repeatable=True,
        choices=[
            {"kind": START, "value": 120, "is_proved": True, "terms": WAITING, "places": places},
            {"kind": CHOICE, "value": 138, "is_proved": False, "terms": MOVING, "places": other},
        ],
        floors=[["waiting", 1, 100], ["venue_moves", 30, 0]],
    )
    session.add(made)
    session.commit()
    return made


def seek(client, plan, **values):
    data = {"seconds": 10, "seed": 1, "is_repeatable": "y", **values}
    return client.post(f"/plans/{plan.ref}/tradeoffs", data=data)


def test_the_job_works_out_timetables_that_break_no_rule(client, festival, plan, session):
    answer = seek(client, plan)
    assert answer.location == f"/plans/{plan.ref}/tradeoffs"
    session.expire_all()
    made = session.get_one(TradeoffTable, plan.id)
    assert made.job.state is JobState.DONE
    contents = Contents.of(made)
    assert [line.kind for line in contents.lines].count(CHOICE) >= 1
    situation = situation_of(festival.programme)
    for number in range(len(contents.lines)):
        ref = client.post(f"/plans/{plan.ref}/tradeoffs/{number}").location.split("/")[-1]
        chosen = services.find_plan(ref)
        placed = plan_of_slots(services.slots_of_plan(chosen), situation.timescale)
        assert violations(situation.problem, placed) == []
        assert len(placed.placements) == 4


def test_one_seed_gives_one_table(client, plan, session):
    tables = []
    for _again in range(2):
        seek(client, plan, seed=3)
        session.expire_all()
        tables.append(json.dumps(session.get_one(TradeoffTable, plan.id).choices))
    assert tables[0] == tables[1]


def test_locked_groups_stay_in_all_timetables(client, festival, plan, session):
    slot = next(s for s in plan.slots if s.application is festival.hill_band)
    slot.is_locked = True
    session.commit()
    seek(client, plan)
    session.expire_all()
    choices = session.get_one(TradeoffTable, plan.id).choices
    places = {
        tuple(place)
        for choice in choices
        for place in choice["places"]
        if place[0] == festival.hill_band.ref
    }
    assert places == {(festival.hill_band.ref, "ROOM", at(14).isoformat())}


def test_the_page_says_what_less_of_one_thing_costs(client, plan, table):
    page = client.get(f"/plans/{plan.ref}/tradeoffs").page
    assert "12 min less waiting costs 1 venue move." in page.text
    assert "this draft as it is" in page.text
    assert "has changed since" not in page.text


def test_a_table_of_an_earlier_edition_says_so(client, plan, table, session):
    plan.touch(plan.changed_at)
    session.commit()
    assert "has changed since" in client.get(f"/plans/{plan.ref}/tradeoffs").page.text


def test_what_is_chosen_becomes_a_draft_beside_this_one(client, festival, plan, table, session):
    answer = client.post(f"/plans/{plan.ref}/tradeoffs/1")
    chosen = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
    assert answer.location == f"/plans/{chosen.ref}"
    assert (chosen.state, chosen.made_from, chosen.value) == (PlanState.DRAFT, plan.name, 138)
    starts = {slot.application.group_name: slot.starts_at for slot in chosen.slots}
    assert starts["Lake Band"] == at(15)
    assert {slot.starts_at for slot in plan.slots} != set(starts.values())


@pytest.mark.parametrize("number", ["2", "99999999999999999999"])
def test_there_is_nothing_to_choose_beyond_the_table(client, plan, table, number):
    assert client.post(f"/plans/{plan.ref}/tradeoffs/{number}").status_code == 404


def test_nothing_can_be_chosen_where_no_table_is(client, plan):
    assert client.post(f"/plans/{plan.ref}/tradeoffs/0").status_code == 404


def test_while_it_is_worked_out_the_page_shows_how_far_it_is(client, plan, table, session):
    table.job.state, table.job.done, table.job.total = JobState.RUNNING, 12, 60
    table.job.progress = {"search": 5, "searches": 24, "choices": 3}
    session.commit()
    page = client.get(f"/plans/{plan.ref}/tradeoffs")
    assert all(text in page.text for text in ("5 of 24", "12 of 60 s"))
    before = table.job_id
    seek(client, plan)
    session.expire_all()
    assert table.job_id == before
    client.post(f"/plans/{plan.ref}/tradeoffs/stop")
    assert table.job.stop_requested_at is not None


def test_bad_input_is_answered_beside_the_field(client, plan):
    answer = seek(client, plan, seed="many")
    assert answer.status_code == 422
    assert 'id="seed-error"' in answer.text


def test_only_drafts_have_a_table(client, festival, session):
    solving = factories.plan(festival.programme, state=PlanState.IMPOSSIBLE)
    session.commit()
    assert client.get(f"/plans/{solving.ref}/tradeoffs").location == f"/plans/{solving.ref}"
    seek(client, solving)
    assert session.get(TradeoffTable, solving.id) is None


def test_schools_see_nothing_of_it(festival, plan, table, sign_in):
    officer = sign_in(festival.hill_officer)
    page = officer.get(f"/plans/{plan.ref}/tradeoffs")
    assert page.status_code in {403, 404}
    assert "venue move" not in page.text
    assert officer.post(f"/plans/{plan.ref}/tradeoffs/1").status_code in {403, 404}


def line(number, *amounts, kind=CHOICE):
    codes = ("waiting", "venue_moves", "one_day")
    terms = tuple(Term(code, 30, amount) for code, amount in zip(codes, amounts, strict=True))
    return Line(number, kind, 0, terms, is_proved=False)


FURTHER_DAYS = "Further days of groups that belong on one"


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ((88, 2, 0), "12 min less waiting costs 2 venue moves."),
        ((90, 0, 3), f"10 min less waiting costs {FURTHER_DAYS}: +3."),
        (
            (60, 1, 1),
            f"40 min less waiting costs 1 venue move and {FURTHER_DAYS}: +1.",
        ),
        ((60, 0, 0), "40 min less waiting, and nothing gets worse."),
        ((100, 1, 0), "1 venue move, and nothing gets better."),
        ((100, 0, 0), ""),
    ],
)
def test_a_bargain_in_words(app, amounts, words):
    with app.test_request_context():
        assert bargain(line(1, *amounts), line(0, 100, 0, 0, kind=BEATEN)) == words


def test_the_draft_that_another_beats_is_still_what_all_are_compared_with(festival, table):
    table.choices = [table.choices[1], {**table.choices[0], "kind": BEATEN}]
    contents = Contents.of(table)
    assert contents.reference.number == 1
    assert contents.wishes == [("waiting", 1), ("venue_moves", 30)]
    assert contents.bound("waiting", 1) == 100


def test_timetables_are_counted_without_the_draft(client, plan, table):
    table.choices = [table.choices[1], table.choices[0], table.choices[1]]
    page = client.get(f"/plans/{plan.ref}/tradeoffs").page
    heads = [text_of(head) for head in page.all("th", scope="row")]
    assert heads == [plan.name, "Timetable 1", "Timetable 2", "Proven at least"]
