"""A case beside its neighbours, and the decision on it, over HTTP."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.applications import services
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.database import db, transaction
from scheduler.notifications.models import Mail
from scheduler.programmes.approval import Dimension, LevelKind
from tests import factories
from tests.applications.making import (
    NOW,
    city_reviewer_of,
    declare,
    make_category,
    make_district,
    make_entry,
    make_levels,
    make_quota,
    make_school,
    reviewer_of,
)
from tests.support.pages import text_of


@pytest.fixture(autouse=True)
def on_the_first_of_march(frozen):
    frozen(2027, 3, 1, 8)


@pytest.fixture
def coordinator(festival, sign_in):
    return sign_in(festival.coordinator)


@pytest.fixture
def three(festival):
    """Three submitted groups, in the order of their names."""
    return [
        make_entry(festival.category, festival.school, state=State.SUBMITTED, group_name=name)
        for name in ("Ants", "Bees", "Cats")
    ]


def case_path(application, query="sort=group"):
    return f"/applications/{application.ref}/case?{query}"


def decide(client, application, action, query="sort=group", **data):
    values = {"action": action, "version": application.version, **data}
    return client.post(f"/applications/{application.ref}/decision?{query}", data=values)


def found(page, box):
    """The lines of a box of findings."""
    section = page.one("section", aria_labelledby=box)
    return [text_of(line) for line in section.iter() if line.tag in {"p", "li"}]


def state_of(application):
    return db.session.get_one(Application, application.id).state


def test_a_case_stands_between_its_neighbours_under_the_filters(three, coordinator):
    page = coordinator.get(case_path(three[1])).page
    assert page.h1 == "Bees"
    assert "2 of 3" in page.text
    assert [page.one("a", rel=rel).get("href") for rel in ("prev", "next")] == [
        case_path(three[0]),
        case_path(three[2]),
    ]


def test_sorting_turns_the_neighbours_round(three, coordinator):
    page = coordinator.get(case_path(three[0], "sort=group&direction=descending")).page
    assert "3 of 3" in page.text
    assert page.one("a", rel="prev").get("href").startswith(f"/applications/{three[1].ref}/case")


def test_a_case_outside_the_filters_has_no_neighbours(three, coordinator):
    page = coordinator.get(case_path(three[0], "state=accepted")).page
    assert page.all("a", rel="next") == []


def test_accepting_leads_on_to_the_next_case(three, coordinator):
    answer = decide(coordinator, three[1], "accept")
    assert (answer.status_code, answer.location) == (303, case_path(three[2]))
    assert state_of(three[1]) is State.ACCEPTED
    assert "Bees: Accepted." in coordinator.get(answer.location).page.text


def test_after_the_last_case_it_goes_back_and_then_to_the_queue(festival, three, coordinator):
    assert decide(coordinator, three[2], "accept").location == case_path(three[0])
    make_category(festival.programme)
    assert decide(coordinator, three[0], "accept").location == case_path(three[1])
    answer = decide(coordinator, three[1], "waitlist")
    assert answer.location == f"/programmes/{festival.programme.code}/applications?sort=group"


def test_no_place_left_is_said_and_nothing_is_lost(three, coordinator):
    for application in three[:2]:
        decide(coordinator, application, "accept")
    answer = decide(coordinator, three[2], "accept")
    assert (answer.status_code, state_of(three[2])) == (409, State.SUBMITTED)
    alert = answer.page.one("p", role="alert")
    assert text_of(alert) == "All 2 places of this category are taken."


def test_a_stale_page_is_refused_and_shown_anew_with_what_was_typed(festival, three, coordinator):
    seen = three[0].version
    with transaction():
        services.note_edit(three[0], actor=festival.officer.actor, now=NOW, changes={"pieces": []})
    answer = decide(
        coordinator, three[0], "reject", version=seen, **{"reject-reason": "No room this year."}
    )
    assert (answer.status_code, state_of(three[0])) == (409, State.SUBMITTED)
    assert "Nothing was applied" in text_of(answer.page.one("p", role="alert"))
    assert text_of(answer.page.one("textarea", id="reject-reason")) == "No room this year."
    versions = {field.get("value") for field in answer.page.all("input", name="version")}
    assert versions == {str(seen + 1)}


@pytest.mark.parametrize(
    ("action", "data", "anchor", "sentence"),
    [
        (
            "reject",
            {},
            "#reject-reason",
            "Reason: Please give the reason: the school will read it.",
        ),
        (
            "return",
            {"return-fields": ["pieces"]},
            "#return-reason",
            "Message to the school: Please write what has to be changed.",
        ),
        (
            "return",
            {"return-reason": "Shorten"},
            "#return-fields-0",
            "What has to be changed: Please mark at least one part that has to be changed.",
        ),
    ],
)
def test_missing_grounds_are_said_beside_the_field(
    three, coordinator, action, data, anchor, sentence
):
    answer = decide(coordinator, three[0], action, **data)
    assert (answer.status_code, state_of(three[0])) == (409, State.SUBMITTED)
    summary = answer.page.one("div", class_="error-summary")
    link = next(summary.iter("a"))
    assert (link.get("href"), text_of(link)) == (anchor, sentence)


def test_returning_tells_the_school_what_to_change(festival, three, coordinator):
    data = {"return-fields": ["pieces", "conductor"], "return-reason": " Shorten, please. "}
    decide(coordinator, three[0], "return", **data)
    application = db.session.get_one(Application, three[0].id)
    assert (application.state, application.returned_fields, application.returned_message) == (
        State.RETURNED,
        ["conductor", "pieces"],
        "Shorten, please.",
    )
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.to_address, mail.facts["reason"]) == (festival.officer.email, "Shorten, please.")


def test_an_accepted_group_is_moved_to_the_waiting_list_with_a_reason(festival, coordinator):
    application = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    assert decide(coordinator, application, "waitlist").status_code == 409
    decide(coordinator, application, "waitlist", **{"waitlist-reason": "Counted twice."})
    assert state_of(application) is State.WAITLISTED


def test_the_case_points_out_what_deserves_a_look(festival, coordinator):
    category = make_category(
        festival.programme, born_from=dt.date(2012, 9, 1), born_to=dt.date(2015, 8, 31)
    )
    application = make_entry(category, festival.school, state=State.SUBMITTED, group_name="Ants")
    other = make_entry(festival.category, festival.school, state=State.ACCEPTED, group_name="Bees")
    gone = make_entry(festival.category, festival.school, state=State.REJECTED)
    young, old, fitting = (m.person for m in application.members if m.role is MemberRole.PUPIL)
    young.name, old.name = "Young One", "Old One"
    old.birth_on, fitting.birth_on = dt.date(2012, 8, 31), dt.date(2015, 8, 31)
    declare(fitting, is_granted=False)
    other.members.append(Member(person=fitting, position=9))
    gone.members.append(Member(person=old, position=9))
    page = coordinator.get(case_path(application)).page
    assert found(page, "warnings") == [
        "Too young for the category: 1",
        "Young One (2016-05-04)",
        "Too old for the category: 1",
        "Old One (2012-08-31)",
        "Guardian's consent missing or refused: 1",
        fitting.name,
    ]
    # The box of clashes names who is in another group: the notes do not repeat it.
    assert not page.all("section", aria_labelledby="notes")
    assert page.text.count("Bees") == 1


def test_adults_of_other_schools_and_of_other_groups(festival, coordinator):
    application = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    other = make_entry(festival.category, make_school(), state=State.SUBMITTED, group_name="Bees")
    conductor = next(m.person for m in application.members if m.role is MemberRole.CONDUCTOR)
    other.members.append(Member(person=conductor, role=MemberRole.CONDUCTOR, position=91))
    page = coordinator.get(case_path(other)).page
    assert found(page, "notes") == [
        "Adults in another group as well: 1",
        f"{conductor.name} → {application.group_name} {application.ref}",
        "Adults of another school: 1",
        conductor.name,
    ]


def test_a_district_reviewer_sees_neither_names_nor_decisions(festival, sign_in):
    festival.school.district = make_district()
    application = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    pupil = application.members[0].person.name
    client = sign_in(reviewer_of(festival.school.district))
    page = client.get(case_path(application)).page
    assert (pupil in page.text, "2016-05-04" in page.text) == (False, False)
    assert "You can read this application. Others decide on it." in page.text
    assert decide(client, application, "accept").status_code == 403


def test_out_of_turn_everybody_reads_whose_turn_it_is(festival, sign_in, coordinator):
    levels = make_levels(festival.programme)
    festival.school.district = make_district()
    application = make_entry(
        festival.category,
        festival.school,
        state=State.SUBMITTED,
        level=levels[LevelKind.DISTRICT],
    )
    db.session.commit()
    answer = decide(coordinator, application, "accept")
    assert answer.status_code == 409
    assert "It is the district's turn to decide on this entry." in answer.page.text
    form = {"action": "accept", "seen": application.seen}
    queue = f"/programmes/{festival.programme.code}/applications/decisions"
    assert "It is the district's turn" in coordinator.post(queue, data=form).page.text
    application.level = levels[LevelKind.ORGANISER]
    db.session.commit()
    reviewer = sign_in(reviewer_of(festival.school.district))
    answer = decide(reviewer, application, "nominate")
    assert answer.status_code == 409
    assert "It is the organiser's turn to decide on this entry." in answer.page.text
    db.session.expire_all()
    assert (application.state, application.level.kind) == (State.SUBMITTED, LevelKind.ORGANISER)


def test_reading_a_case_is_noted(festival, three, coordinator):
    coordinator.get(case_path(three[0]))
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_ref, entry.account_id) == (
        "read:members",
        three[0].ref,
        festival.coordinator.id,
    )


def test_the_school_is_not_shown_the_coordinators_page(festival, three, sign_in):
    assert sign_in(festival.officer).get(case_path(three[0])).status_code == 403


def test_an_unknown_decision_does_not_exist(three, coordinator):
    assert decide(coordinator, three[0], "submit").status_code == 404


def test_the_case_costs_the_same_with_few_members_and_many(festival, coordinator, count_queries):
    paths = [
        case_path(
            make_entry(festival.category, festival.school, state=State.SUBMITTED, pupils=pupils)
        )
        for pupils in (1, 12)
    ]
    counted = []
    for path in paths:
        with count_queries() as queries:
            coordinator.get(path)
        counted.append(queries.statements)
    assert counted[0] == counted[1]


@pytest.mark.parametrize("is_blind", [False, True])
def test_whoever_decides_sees_the_quota_that_the_entry_counts_against(
    festival, three, sign_in, is_blind
):
    city = make_levels(festival.programme)[LevelKind.CITY]
    city.is_blind = is_blind
    first = make_quota(city, Dimension.SCHOOL, places=2)
    make_quota(city, Dimension.ANY, places=9)
    for each in three:
        each.level = city
    factories.nomination(three[0], city, quota_id=first.id, quota_key=festival.school.code)
    db.session.commit()
    page = sign_in(city_reviewer_of(festival.programme)).get(case_path(three[1])).page
    coordinator = sign_in(festival.coordinator).get(case_path(three[1])).page
    assert ("Quota (" in page.text) is not is_blind
    assert ("1 of 2" in page.text) is not is_blind
    assert "Quota (" not in coordinator.text


def test_a_move_in_line_that_is_refused_says_so_beside_its_field(festival, coordinator):
    line = [
        make_entry(
            festival.category, festival.school, state=State.WAITLISTED, waitlist_position=place
        )
        for place in (1, 2)
    ]
    path = f"/applications/{line[1].ref}/rank"
    sent = {"version": line[1].version, "move-rank": "1", "move-reason": ""}
    page = coordinator.post(path, data=sent).page
    opened = [each for each in page.all("details") if each.get("open") is not None]
    assert [text_of(each[0]) for each in opened] == ["Move in line…"]
    assert "Please give the reason" in text_of(page.one("div", id="move-reason-error"))
    assert page.values()["move-rank"] == "1"
    page = coordinator.post(path, data=sent | {"move-rank": "3", "move-reason": "Twins"}).page
    told = text_of(page.one("div", id="move-rank-error"))
    assert told == "Please enter a place in line from 1 to 2."
    answer = coordinator.post(path, data=sent | {"move-reason": "Twins"})
    assert answer.status_code == 303
    assert [each.waitlist_position for each in line] == [2, 1]
