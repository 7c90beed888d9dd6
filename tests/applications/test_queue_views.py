"""The coordinator's queue over HTTP: counts, filters, sorting, paging, scopes, many decisions."""

import pytest
from sqlalchemy import select

from scheduler.applications.models import Application, Member
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import Region
from tests.applications.making import (
    coordinator_of,
    make_category,
    make_district,
    make_entry,
    make_programme,
    make_school,
    number,
    officer_of,
    reviewer_of,
)
from tests.support.pages import text_of


@pytest.fixture
def coordinator(festival, sign_in):
    return sign_in(festival.coordinator)


@pytest.fixture
def path(festival):
    return f"/programmes/{festival.programme.code}/applications"


def submitted(festival, name, *, school=None, category=None, **values):
    default = {"state": State.SUBMITTED, "group_name": name, "pupils": 0}
    return make_entry(
        category or festival.category, school or festival.school, **(default | values)
    )


def groups(page):
    """The groups of the list, without their references."""
    cells = page.all("th", data_label="Group")
    return [text_of(cell.find("a")) for cell in cells]


def tabs(page):
    return [text_of(link) for link in page.one("nav", aria_label="Applications by state").iter("a")]


def test_the_queue_begins_with_what_waits_for_a_decision(festival, coordinator, path):
    submitted(festival, "Larks")
    submitted(festival, "Robins", state=State.ACCEPTED)
    page = coordinator.get(path).page
    assert groups(page) == ["Larks"]
    assert tabs(page) == [
        "Submitted 1",
        "Waitlisted 0",
        "Accepted 1",
        "Returned for changes 0",
        "Rejected 0",
        "Withdrawn 0",
        "Draft 0",
        "All 2",
    ]


def test_counts_follow_the_other_filters(festival, coordinator, path):
    other = make_category(festival.programme, code="wind")
    submitted(festival, "Larks")
    submitted(festival, "Robins", category=other)
    submitted(festival, "Wrens", category=other, state=State.ACCEPTED)
    page = coordinator.get(f"{path}?category=wind&state=accepted").page
    assert groups(page) == ["Wrens"]
    assert (tabs(page)[0], tabs(page)[2], tabs(page)[-1]) == ("Submitted 1", "Accepted 1", "All 2")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=lark", ["Larks"]),
        ("q=robin+school", ["Robins"]),
        ("q=%25", []),
        ("q=_", []),
        ("region=HK", ["Robins"]),
        ("region=nonsense", ["Larks", "Robins"]),
        ("school=S-R", ["Robins"]),
        ("district=440112", ["Larks"]),
        ("category=none", []),
        ("state=nonsense", ["Larks", "Robins"]),
        ("sort=nonsense&page=99", ["Larks", "Robins"]),
        ("page=-1", ["Larks", "Robins"]),
    ],
)
def test_filters(festival, coordinator, path, query, expected):
    festival.school.district = make_district(code="440112")
    other = make_school(code="S-R", name="Robin School", region=Region.HONG_KONG)
    submitted(festival, "Larks")
    submitted(festival, "Robins", school=other)
    assert groups(coordinator.get(f"{path}?{query}").page) == expected


def test_search_finds_the_reference(festival, coordinator, path):
    entry = submitted(festival, "Larks")
    submitted(festival, "Robins")
    assert groups(coordinator.get(f"{path}?q={entry.ref.lower()}").page) == ["Larks"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("group", ["Ants", "Bees", "Cats"]), ("school", ["Bees", "Cats", "Ants"])],
)
@pytest.mark.parametrize("direction", ["ascending", "descending"])
def test_sorting(festival, coordinator, path, sort, expected, direction):
    for name, school in (("Bees", "A"), ("Ants", "C"), ("Cats", "B")):
        submitted(festival, name, school=make_school(name=school))
    page = coordinator.get(f"{path}?sort={sort}&direction={direction}").page
    assert groups(page) == (expected if direction == "ascending" else expected[::-1])


def test_pages_hold_fifty_and_links_keep_the_filters(festival, coordinator, path):
    for each in range(51):
        submitted(festival, f"Group {each:02}")
    page = coordinator.get(f"{path}?sort=group&q=group&page=2").page
    assert groups(page) == ["Group 50"]
    assert page.one("a", rel="prev").get("href") == f"{path}?sort=group&q=group&page=1"


def test_rows_show_size_notes_and_place_in_line(festival, coordinator, path):
    twice = submitted(festival, "Larks", pupils=3)
    other = make_entry(festival.category, festival.school, state=State.WAITLISTED, pupils=0)
    db.session.flush()
    other.members.append(Member(person=twice.members[0].person, position=1))
    page = coordinator.get(f"{path}?state=all&sort=group").page
    text = page.text
    assert "Primary choir 3 1 in two groups –" in text
    assert "Waitlisted No. 1 in line" in text


def test_tallies_say_when_somebody_can_be_promoted(festival, coordinator, path):
    submitted(festival, "Larks", state=State.WAITLISTED)
    page = coordinator.get(path).page
    link = next(link for link in page.all("a") if text_of(link) == "Show the waiting list")
    assert groups(coordinator.get(link.get("href")).page) == ["Larks"]


def test_the_queue_costs_the_same_with_one_row_and_with_many(
    festival, coordinator, path, count_queries
):
    def fill(times):
        for _ in range(times):
            submitted(festival, f"Group {number()}", school=make_school(), pupils=2)
        db.session.commit()

    fill(1)
    with count_queries() as few:
        coordinator.get(path)
    fill(5)
    with count_queries() as many:
        coordinator.get(path)
    assert many.statements == few.statements


def test_other_programmes_are_not_there(festival, coordinator):
    other = make_programme()
    make_entry(make_category(other), festival.school, state=State.SUBMITTED)
    assert coordinator.get(f"/programmes/{other.code}/applications").status_code == 404


def test_a_district_reviewer_reads_the_own_districts_schools(festival, sign_in, path):
    district = make_district()
    own, foreign = make_school(district=district), make_school(district=make_district())
    submitted(festival, "Larks", school=own)
    submitted(festival, "Robins", school=foreign)
    submitted(festival, "Drafted", school=own, state=State.DRAFT)
    client = sign_in(reviewer_of(district))
    page = client.get(f"{path}?state=all").page
    assert groups(page) == ["Larks"]
    assert page.all("input", type="checkbox") == []
    assert tabs(page)[-1] == "All 1"


def test_an_officer_has_no_queue(festival, sign_in, path):
    assert sign_in(festival.officer).get(path).status_code == 403


def decide(client, path, action, *entries, **data):
    seen = [f"{entry.ref}.{entry.version}" for entry in entries]
    return client.post(f"{path}/decisions", data={"action": action, "seen": seen, **data})


def outcomes(page):
    names = [text_of(cell.find("a")) for cell in page.all("th", data_label="Group")]
    texts = [text_of(cell) for cell in page.all("td", data_label="Outcome")]
    return dict(zip(names, texts, strict=True))


def test_many_are_accepted_as_far_as_places_reach(festival, coordinator, path):
    entries = [submitted(festival, name) for name in ("Ants", "Bees", "Cats")]
    page = decide(coordinator, path, "accept", *entries).page
    assert "2 of 3 decisions were applied." in page.text
    assert outcomes(page) == {
        "Ants": "Accepted",
        "Bees": "Accepted",
        "Cats": "All 2 places of this category are taken.",
    }
    states = db.session.scalars(select(Application.state).order_by(Application.group_name))
    assert list(states) == [State.ACCEPTED, State.ACCEPTED, State.SUBMITTED]


def test_sending_the_list_again_applies_nothing(festival, coordinator, path):
    entry = submitted(festival, "Ants")
    seen = {"action": "accept", "seen": [entry.seen]}
    coordinator.post(f"{path}/decisions", data=seen)
    page = coordinator.post(f"{path}/decisions", data=seen).page
    assert outcomes(page) == {
        "Ants": "Somebody changed it since you opened the list. Look at it again."
    }


def test_rejecting_many_needs_the_reason(festival, coordinator, path):
    entry = submitted(festival, "Ants")
    page = decide(coordinator, path, "reject", entry).page
    assert outcomes(page) == {"Ants": "Please give the reason: the school will read it."}
    page = decide(coordinator, path, "reject", entry, **{"reject-reason": "No room."}).page
    assert outcomes(page) == {"Ants": "Rejected"}


def test_what_was_ticked_and_typed_is_there_to_be_completed(festival, coordinator, path):
    entries = [submitted(festival, name) for name in ("Ants", "Bees")]
    draft = make_entry(festival.category, festival.school, pupils=0)
    data = {"return-fields": ["pieces"], "return-reason": ""}
    page = decide(coordinator, path, "return", *entries, draft, **data).page
    again = [each.get("value") for each in page.all("input", type="hidden", name="seen")]
    assert again == [entry.seen for entry in (*entries, draft)]
    values = {**page.values(), "seen": again, "return-reason": "Please shorten."}
    page = coordinator.post(f"{path}/decisions", data=values).page
    assert list(outcomes(page).values())[:2] == ["Returned for changes"] * 2
    assert db.session.get_one(Application, entries[1].id).returned_fields == ["pieces"]


def test_returning_many_marks_the_same_fields(festival, coordinator, path):
    entry = submitted(festival, "Ants")
    data = {"return-reason": "Please shorten.", "return-fields": ["pieces", "nonsense"]}
    page = decide(coordinator, path, "return", entry, **data).page
    assert outcomes(page) == {"Ants": "Returned for changes"}
    assert db.session.get_one(Application, entry.id).returned_fields == ["pieces"]


def test_nothing_ticked_is_said(coordinator, path):
    page = decide(coordinator, path, "accept").page
    assert "Nothing was ticked, so nothing was decided." in page.text


def test_an_unknown_decision_does_not_exist(festival, coordinator, path):
    entry = submitted(festival, "Ants")
    assert decide(coordinator, path, "withdraw", entry).status_code == 404


def test_another_programmes_applications_cannot_be_slipped_in(festival, sign_in, path):
    own = make_programme()
    entry = submitted(festival, "Ants")
    client = sign_in(coordinator_of(own))
    answer = decide(client, f"/programmes/{own.code}/applications", "accept", entry)
    assert "There is no such application." in answer.page.text
    assert "Ants" not in answer.text


def test_only_coordinators_decide_on_many(festival, sign_in, path):
    entry = submitted(festival, "Ants")
    festival.school.district = make_district()
    for account in (festival.officer, officer_of(make_school())):
        assert decide(sign_in(account), path, "accept", entry).status_code == 403
    # Where no level is a district's, its reviewers read what is theirs, and decide on nothing.
    elsewhere, here = reviewer_of(make_district()), reviewer_of(festival.school.district)
    assert decide(sign_in(elsewhere), path, "accept", entry).status_code == 404
    assert decide(sign_in(here), path, "accept", entry).status_code == 403
