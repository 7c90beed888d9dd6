"""Assignments by wishes: solved as a job, exact, fair, explained, locked, never published."""

from collections import Counter

import pytest
from sqlalchemy import select

from scheduler.applications.workflow import State
from scheduler.calendars.models import CalendarEntry
from scheduler.people.models import ConsentPurpose
from scheduler.scheduling.assigning import services
from scheduler.scheduling.assigning.models import (
    AssignmentParticipant,
    Companionship,
    Goal,
    Takers,
    WishAssignment,
)
from scheduler.scheduling.assigning.outcome import Outcome
from scheduler.scheduling.assigning.overview import overview_of
from scheduler.scheduling.assigning.taking_part import all_candidates
from scheduler.scheduling.engine.result import Status
from tests import factories
from tests.reports.conftest import ask, lines


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


@pytest.fixture
def pupils(festival, session):
    """Twenty pupils of four groups take part, one of whom is in two; options A, B and C."""
    made = factories.wish_assignment(festival.programme, "A", "B", "C", most=8)
    session.commit()
    return made


@pytest.fixture
def groups(festival, session):
    """Each of the four accepted groups gets one of two juries."""
    made = factories.wish_assignment(
        festival.programme, "J1", "J2", most=2, takers=Takers.GROUPS, name="Juries"
    )
    session.commit()
    return made


def option(assignment, code):
    return next(each for each in assignment.options if each.code == code)


def wish(assignment, group, *codes, **values):
    wished = [option(assignment, code) for code in codes]
    return factories.assignment_participant(assignment, *wished, application_id=group.id, **values)


def solve(client, assignment, session, **values):
    answer = client.post(f"/assignments/{assignment.ref}", data={"seed": 1, **values})
    session.expire_all()
    return answer


def given(assignment):
    codes = {each.id: each.code for each in assignment.options}
    return {
        one.name: codes.get(one.participant.given_id) if one.participant else None
        for one in all_candidates(assignment)
    }


def test_each_pupil_of_accepted_groups_takes_part_once(festival, pupils, session):
    assert len(all_candidates(pupils)) == 20
    festival.lake_choir.state, festival.lake_choir.places_held = State.WITHDRAWN, 0
    session.flush()
    assert len(all_candidates(pupils)) == 15


def test_whoever_must_not_take_part_is_left_out(festival, pupils, session):
    factories.consent(
        festival.twice,
        purpose=ConsentPurpose.PARTICIPATION,
        is_granted=False,
        programme_id=festival.programme.id,
    )
    session.flush()
    assert festival.twice.ref not in {one.ref for one in all_candidates(pupils)}


def test_a_category_narrows_who_takes_part(festival, pupils, groups, session):
    for assignment in (pupils, groups):
        assignment.category = festival.bands
    session.flush()
    assert len(all_candidates(pupils)) == 8
    assert sorted(one.name for one in all_candidates(groups)) == ["Hill Band", "Lake Band"]


def test_staff_take_part_too(festival, session):
    factories.staff_member(festival.choirs, name="Ms Juror")
    made = factories.wish_assignment(festival.programme, "A", takers=Takers.STAFF)
    assert [one.name for one in all_candidates(made)] == ["Ms Juror"]


def test_the_search_gives_as_many_high_wishes_as_there_can_be(client, festival, groups, session):
    for group in (festival.hill_choir, festival.lake_choir, festival.hill_band):
        wish(groups, group, "J1", "J2")
    wish(groups, festival.lake_band, "J2", "J1")
    session.commit()
    assert solve(client, groups, session).location == f"/assignments/{groups.ref}"
    assert groups.job.state == "done"
    outcome = Outcome.of(groups)
    assert (outcome.status, outcome.value, outcome.bound) == (Status.OPTIMAL, 1, 1)
    assert Counter(given(groups).values()) == {"J1": 2, "J2": 2}
    assert given(groups)["Lake Band"] == "J2"
    overview = overview_of(groups)
    assert (overview.ranks, overview.unwished, overview.without) == ({1: 3, 2: 1}, 0, 0)
    assert outcome.envious == 1


def test_a_page_tells_ranks_proof_and_seed(client, festival, groups, session):
    wish(groups, festival.hill_choir, "J1")
    session.commit()
    solve(client, groups, session, seed=77)
    page = client.get(f"/assignments/{groups.ref}").page.text
    assert "Proven: no assignment meets the wishes better, all in all." in page
    assert "J1 · Option J1" in page
    assert "77" in page
    narrowed = client.get(f"/assignments/{groups.ref}?given=1").page
    assert "Hill Choir" in narrowed.text
    assert "Lake Choir" not in narrowed.text


def test_one_seed_gives_one_assignment_another_may_give_another(client, pupils, session):
    seen = {}
    for seed in (1, 1, 2, 3):
        solve(client, pupils, session, seed=seed)
        seen.setdefault(seed, []).append(given(pupils))
    assert seen[1][0] == seen[1][1]
    assert seen[1][0] != seen[2][0] or seen[1][0] != seen[3][0]


def test_the_worst_off_come_first_if_that_is_the_goal(client, festival, session):
    made = factories.wish_assignment(
        festival.programme,
        *"ABCD",
        most=1,
        takers=Takers.GROUPS,
        gives_unwished=False,
    )
    wish(made, festival.hill_choir, "A", "B")
    wish(made, festival.lake_choir, "B", "C")
    wish(made, festival.hill_band, "D", "A", "C")
    wish(made, festival.lake_band, "D")
    found = {}
    for goal in Goal:
        made.goal = goal
        session.commit()
        solve(client, made, session)
        outcome = Outcome.of(made)
        found[goal] = (outcome.value, outcome.bound, overview_of(made).ranks)
    assert found == {
        Goal.MOST_WISHES: (2, 2, {1: 3, 2: 0, 3: 1}),
        Goal.WORST_OFF: (3, 2, {1: 1, 2: 3, 3: 0}),
    }


def test_schools_have_their_share(client, festival, pupils, session):
    pupils.school_most = 4
    session.commit()
    solve(client, pupils, session)
    codes = {each.id: each.code for each in pupils.options}
    counts = Counter(
        (one.school_code, codes[one.participant.given_id]) for one in all_candidates(pupils)
    )
    assert max(counts.values()) == 4


def test_together_apart_not_possible_and_locks_are_kept(client, festival, groups, session):
    wish(groups, festival.hill_choir, "J1", locked_id=option(groups, "J2").id)
    wish(groups, festival.lake_band, "J1", barred=[option(groups, "J1").id])
    refs = (festival.hill_choir.ref, festival.lake_choir.ref)
    factories.assignment_company(groups, Companionship.APART, *refs)
    factories.assignment_company(
        groups, Companionship.TOGETHER, festival.hill_band.ref, festival.lake_choir.ref
    )
    session.commit()
    solve(client, groups, session)
    assert given(groups) == {
        "Hill Choir": "J2",
        "Lake Band": "J2",
        "Lake Choir": "J1",
        "Hill Band": "J1",
    }


def test_too_little_room_is_counted_in_words(client, festival, groups, session):
    option(groups, "J2").most = 1
    session.commit()
    solve(client, groups, session)
    outcome = Outcome.of(groups)
    assert (outcome.status, outcome.lack.needed, outcome.lack.available) == ("impossible", 4, 3)
    page = client.get(f"/assignments/{groups.ref}").page.text
    assert (
        "Room is short: 4 places are needed in J1 · Option J1, J2 · Option J2, where there are 3."
        in page
    )
    groups.leaves_out = True
    session.commit()
    solve(client, groups, session)
    assert Counter(given(groups).values()) == {"J1": 2, "J2": 1, None: 1}


def test_too_few_people_are_counted_in_words(client, groups, session):
    option(groups, "J1").least, option(groups, "J1").most = 5, 9
    session.commit()
    solve(client, groups, session)
    page = client.get(f"/assignments/{groups.ref}").page.text
    assert "People are few: J1 · Option J1 must have at least 5, and 4 can be given them." in page


def test_rules_that_collide_are_named(client, festival, groups, session):
    refs = [g.ref for g in (festival.hill_choir, festival.lake_choir, festival.hill_band)]
    factories.assignment_company(groups, Companionship.APART, *refs)
    session.commit()
    solve(client, groups, session)
    page = client.get(f"/assignments/{groups.ref}").page.text
    assert "These rules collide" in page
    assert all(name in page for name in ("Apart:", "Hill Choir", "Lake Choir", "Hill Band"))


def test_what_was_given_before_stays_where_nothing_is_possible(client, groups, session):
    solve(client, groups, session)
    before = given(groups)
    option(groups, "J2").most = 1
    services.touch(groups)
    session.commit()
    assert "Something was changed" in client.get(f"/assignments/{groups.ref}").page.text
    solve(client, groups, session)
    assert given(groups) == before
    assert "What stands below was given before." in client.get(f"/assignments/{groups.ref}").text


def test_locking_everybody_keeps_the_assignment_whatever_is_wished(
    client, festival, groups, session
):
    wish(groups, festival.hill_choir, "J1")
    session.commit()
    solve(client, groups, session)
    before = given(groups)
    client.post(f"/assignments/{groups.ref}/locks", data={"is_locked": "y"})
    for row in session.scalars(select(AssignmentParticipant)):
        row.wishes = [option(groups, "J2").id]
    session.commit()
    solve(client, groups, session, seed=9)
    assert given(groups) == before
    client.post(f"/assignments/{groups.ref}/locks")
    session.expire_all()
    assert {row.locked_id for row in session.scalars(select(AssignmentParticipant))} == {None}


def test_nothing_is_published(client, groups, session):
    solve(client, groups, session)
    assert list(session.scalars(select(CalendarEntry))) == []


def test_without_options_or_people_nothing_is_searched(client, festival, session):
    bare = factories.wish_assignment(festival.programme, takers=Takers.GROUPS)
    alone = factories.wish_assignment(festival.programme, "A", takers=Takers.STAFF)
    session.commit()
    for assignment, words in ((bare, "Enter the options"), (alone, "Nobody takes part")):
        solve(client, assignment, session)
        assert assignment.job is None
        assert words in client.get(f"/assignments/{assignment.ref}").text


def test_while_a_search_runs_nothing_changes(client, festival, groups, session):
    groups.job = factories.job(festival.coordinator, state="running")
    session.commit()
    ref = groups.ref
    page = client.get(f"/assignments/{ref}")
    assert "Looking for the best assignment" in page.text
    part = client.get(f"/assignments/{ref}", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "Looking for the best assignment" in part.text
    client.post(f"/assignments/{ref}/remove")
    client.post(f"/assignments/{ref}/locks", data={"is_locked": "y"})
    session.expire_all()
    assert session.get(WishAssignment, groups.id).edition == 1
    groups.job.state = "done"
    session.commit()
    ended = client.get(f"/assignments/{ref}", headers={"HX-Request": "true"})
    assert ended.headers["HX-Redirect"] == f"/assignments/{ref}"


def test_bad_seeds_are_answered_beside_the_field(client, groups, session):
    answer = solve(client, groups, session, seed="many")
    assert (answer.status_code, 'id="seed-error"' in answer.text) == (422, True)
    assert groups.job is None


def test_an_officer_sees_nobodys_wishes(festival, groups, pupils, session, sign_in):
    wish(groups, festival.hill_choir, "J1")
    session.commit()
    officer = sign_in(festival.lake_officer)
    for address in (
        f"/assignments/{groups.ref}",
        f"/assignments/{pupils.ref}",
        f"/assignments/{groups.ref}/participants/{festival.hill_choir.ref}",
        "/programmes/small/assignments",
    ):
        answer = officer.get(address)
        assert answer.status_code in {403, 404}
        assert "Hill Choir" not in answer.text
    assert officer.post(f"/assignments/{groups.ref}", data={"seed": 1}).status_code in {403, 404}


# Taken along as a file


def test_the_list_is_taken_along_as_it_is_filtered(client, festival, groups, session):
    for group, code in ((festival.hill_choir, "J1"), (festival.lake_choir, "J2")):
        wish(groups, group, code, locked_id=option(groups, code).id)
    session.commit()
    solve(client, groups, session)
    filters = "given=1&sort=name&direction=descending"
    rows = lines(ask(client, "assigned-groups", groups.ref, file_format="csv", filters=filters))
    heads = ["Name", "Reference", "School", "Assigned", "Option", "Wish", "Locked to", "Wishes"]
    lake, hill = festival.lake_choir.ref, festival.hill_choir.ref
    assert rows == [
        heads,
        ["Lake Choir", lake, "Lake School", "J2", "Option J2", "wish 1", "J2", "J2"],
        ["Hill Choir", hill, "Hill School", "J1", "Option J1", "wish 1", "J1", "J1"],
    ]


def test_a_list_of_pupils_is_marked_and_named_as_one(client, pupils):
    rows = lines(ask(client, "assigned-pupils", pupils.ref, file_format="csv"))
    assert rows[0][0].startswith(f"Pupils and their options · {pupils.name} · Confidential.")
    assert len(rows) == 22
    assert ask(client, "assigned-groups", pupils.ref).status_code == 404


def test_nobody_else_takes_the_list_along(festival, pupils, sign_in):
    assert ask(sign_in(festival.lake_officer), "assigned-pupils", pupils.ref).status_code == 403
