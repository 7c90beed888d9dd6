"""Lists as files: the columns and rows of the page, within the actor's reach, marked and noted."""

import datetime as dt

import pytest
from sqlalchemy import insert

from scheduler import clock
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import Region
from scheduler.reports.lists import LISTINGS
from scheduler.reports.tables import Holding
from tests import factories
from tests.reports.conftest import ask, cells, group, lines, noted
from tests.support.pages import text_of

# Each list, its page, and which headings of the page the export has under other or more names.
SPLIT = {
    "Group": {"Group", "Reference"},
    "School": {"School", "District"},
    "State": {"State", "Level", "Confirmed (Asia/Shanghai)", "No. in line"},
    "Submitted on": {"Submitted on (Asia/Shanghai)"},
    "Since": {"Since (Asia/Shanghai)"},
    "Started at": {"Started at (Asia/Shanghai)"},
    "Ended at": {"Ended at (Asia/Shanghai)"},
    "When": {"When (Asia/Shanghai)"},
    "Queued at": {"Queued at (Asia/Shanghai)"},
}
JOB_STATE = {"Work": {"Work", "Reference"}, "State": {"State", "Reason"}}
PERSON = {"Full name": {"Full name", "Name in Latin letters"}}
PAGES = [
    ("queue", "festival", "/programmes/festival/applications", "coordinator", {}),
    ("schools", "", "/schools", "coordinator", {"School": {"School"}}),
    ("accounts", "", "/admin/accounts", "administrator", {"State": {"State"}}),
    ("mails", "", "/admin/mails", "administrator", {"State": {"State"}}),
    ("audit", "", "/admin/audit", "administrator", {}),
    ("jobs", "", "/admin/jobs", "administrator", JOB_STATE),
    ("officers", "S-OWN", "/schools/S-OWN/officers", "officer", {"State": {"State"}}),
]


def head_of(page):
    """The head of the page's list; other tables may stand around it."""
    blocks = [each for each in page.all("div", class_="table-block") if each.get("id")]
    block = blocks[0] if blocks else page.one("div", class_="table-block")
    return next(block.iter("thead"))


@pytest.mark.parametrize(("listing", "place", "path", "who", "split"), PAGES)
def test_an_export_has_exactly_the_columns_of_its_page(
    festival, sign_in, listing, place, path, who, split
):
    factories.job(festival.administrator)
    factories.mail()
    client = sign_in(getattr(festival, who))
    ask(client, "categories", "festival")  # so that the audit log is not empty
    heads = {text_of(head) for head in head_of(client.get(path).page).iter("th")}
    expected = set()
    for head in heads - {"Select", "Remove"}:
        expected |= (SPLIT | split).get(head, {head})
    rows = cells(ask(client, listing, place))
    is_marked = rows[0][0].startswith(("Accounts", "Outbox", "Audit", "Jobs", "School officers"))
    assert set(rows[1 if is_marked else 0]) == expected


def test_members_have_the_columns_of_the_schools_page(festival, sign_in):
    client = sign_in(festival.officer)
    page = client.get(f"/applications/{festival.larks.ref}").page
    heads = {text_of(head) for head in head_of(page).iter("th")}
    rows = cells(ask(client, "members", festival.larks.ref))
    assert set(rows[1]) - {"Name in Latin letters"} <= heads
    assert rows[2] == ["Anna Lark", None, "Pupil", None, None, dt.datetime(2016, 3, 1)]


def test_the_queue_is_exported_as_it_is_filtered_and_sorted(festival, sign_in):
    group(festival.category, festival.school, "Ants")
    group(festival.category, festival.school, "Drafted", state=State.DRAFT)
    client = sign_in(festival.coordinator)
    rows = cells(ask(client, "queue", "festival", filters="q=own&sort=group&direction=descending"))
    assert [row[0] for row in rows[1:]] == ["Larks", "Ants"]
    everything = cells(ask(client, "queue", "festival", filters="state=all&sort=group"))
    assert [row[0] for row in everything[1:]] == ["Ants", "Drafted", "Larks", "Robins"]
    assert noted("export:list")[0] == (
        "queue:festival",
        {
            "filters": {"q": "own", "sort": "group", "direction": "descending"},
            "rows": 2,
            "format": "xlsx",
        },
    )


def test_csv_and_workbook_hold_the_same_rows(festival, sign_in):
    client = sign_in(festival.coordinator)
    table = lines(ask(client, "queue", "festival", file_format="csv", filters="sort=group"))
    book = cells(ask(client, "queue", "festival", filters="sort=group"))
    assert [row[:4] for row in table] == [row[:4] for row in book]
    assert [row[0] for row in table] == ["Group", "Larks", "Robins"]


def test_schools_follow_the_filters_of_their_page(festival, sign_in):
    factories.school(name="Far School", code="S-FAR", region=Region.HONG_KONG)
    client = sign_in(festival.coordinator)
    assert [row[0] for row in cells(ask(client, "schools", filters="region=HK"))[1:]] == ["S-FAR"]
    assert len(cells(ask(client, "schools"))) == 4


def test_accounts_follow_the_filters_of_their_page(festival, sign_in):
    rows = cells(ask(sign_in(festival.administrator), "accounts", filters="role=team_leader"))
    assert [row[1] for row in rows[2:]] == [festival.leader.email]


def test_formulas_in_names_stay_texts(festival, sign_in):
    attack = '=HYPERLINK("http://evil.example","x")'
    festival.larks.group_name = attack
    client = sign_in(festival.coordinator)
    rows = lines(ask(client, "queue", "festival", file_format="csv", filters="sort=group"))
    assert f"'{attack}" in [row[0] for row in rows]
    assert attack in [row[0] for row in cells(ask(client, "queue", "festival"))]


def test_categories_places_and_timetable_are_lists_too(festival, sign_in):
    client = sign_in(festival.coordinator)
    assert cells(ask(client, "categories", "festival"))[1][1:5] == [3, 0, 1, 60]
    assert cells(ask(client, "places", "festival"))[1][1:] == [3, 0, 3, 2, 0]
    assert len(cells(ask(client, "timetable", "festival"))) == 1
    assert len(cells(ask(client, "timetable-school", "festival/S-OWN"))) == 1
    assert ask(client, "timetable-venue", "festival/V-NONE").status_code == 404
    assert ask(client, "timetable-school", "festival").status_code == 404


def test_an_officer_is_told_the_places_but_not_how_many_are_taken(festival, sign_in):
    heads = cells(ask(sign_in(festival.officer), "categories", "festival"))[0]
    assert "Places" in heads
    assert "Places taken" not in heads


# Who may not


def test_the_neighbours_officer_gets_nobody(festival, sign_in):
    client = sign_in(festival.neighbour)
    assert ask(client, "members", festival.larks.ref).status_code == 403
    assert ask(client, "officers", "S-OWN").status_code == 403
    assert ask(client, "people", "festival").status_code == 403
    assert ask(client, "timetable-school", "festival/S-OWN").status_code == 403
    assert [row[0] for row in cells(ask(client, "schools"))[1:]] == ["S-OTHER"]


@pytest.mark.parametrize("listing", ["queue", "accounts", "mails", "audit", "jobs", "places"])
def test_an_officer_exports_no_list_of_staff(festival, sign_in, listing):
    answer = ask(sign_in(festival.officer), listing, "festival")
    assert answer.status_code in {403, 404}


def test_a_reviewer_exports_the_own_district_and_no_person(festival, sign_in):
    group(festival.category, festival.school, "Drafted", state=State.DRAFT)
    client = sign_in(festival.reviewer)
    rows = cells(ask(client, "queue", "festival", filters="state=all"))
    assert [row[0] for row in rows[1:]] == ["Larks"]
    assert ask(client, "members", festival.larks.ref).status_code == 403
    assert ask(client, "members", festival.robins.ref).status_code == 403
    assert ask(client, "people", "festival").status_code == 403


def test_another_programmes_coordinator_gets_nothing_of_this_one(festival, sign_in):
    client = sign_in(factories.coordinator(factories.programme()))
    assert ask(client, "queue", "festival").status_code == 404
    assert ask(client, "people", "festival").status_code == 403


def test_a_leader_exports_age_bands_and_no_birth_dates(festival, sign_in):
    rows = cells(ask(sign_in(festival.leader), "members", festival.larks.ref))
    assert rows[1][-1] == "Age on the day"
    assert rows[2] == ["Anna Lark", None, "Pupil", None, None, "under 14"]


def test_strangers_get_nothing(festival, client):
    assert ask(client, "schools").status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"list": "nothing"},
        {"list": "queue", "place": "nowhere"},
        {"list": "queue", "place": "festival", "format": "exe"},
        {"list": "members", "place": "A-NONE"},
        {},
    ],
)
def test_nonsense_is_not_found(festival, sign_in, wrong):
    assert sign_in(festival.coordinator).post("/exports/download", data=wrong).status_code == 404


# Marks and notes


def test_a_list_with_pupils_carries_whose_copy_it_is(festival, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    client = sign_in(festival.officer)
    for rows in (
        cells(ask(client, "members", festival.larks.ref)),
        lines(ask(client, "members", festival.larks.ref, file_format="csv")),
    ):
        assert rows[0][0] == (
            f"Members · Larks · Confidential. Copy of {festival.officer.name} "
            f"({festival.officer.email}), Mon 1 March 2027 16:00 (UTC+8)"
        )
    assert [ref for ref, _ in noted("read:export")] == [f"members:{festival.larks.ref}"] * 2
    assert noted("read:export")[1][1] == {"filters": {}, "rows": 1, "format": "csv"}


def test_a_refused_export_is_not_noted(festival, sign_in):
    ask(sign_in(festival.neighbour), "members", festival.larks.ref)
    assert noted("read:export") == []


def test_every_list_that_names_people_says_so():
    personal = {listing.key for listing in LISTINGS if listing.holds is not Holding.NOBODY}
    assert personal == {
        "assigned-pupils",
        "assigned-staff",
        "people",
        "members",
        "part",
        "several_groups",
        "accounts",
        "officers",
        "mails",
        "audit",
        "jobs",
    }


# Many rows


def test_more_rows_cost_no_more_queries(festival, sign_in, count_queries):
    client = sign_in(festival.coordinator)
    with count_queries() as few:
        ask(client, "queue", "festival")
    for each in range(5):
        group(festival.category, factories.school(), f"Group {each}")
    db.session.commit()
    with count_queries() as many:
        assert len(cells(ask(client, "queue", "festival"))) == 8
    assert len(many.statements) == len(few.statements)


def test_a_long_list_is_made_by_a_job(festival, sign_in, monkeypatch):
    monkeypatch.setattr("scheduler.reports.services.AT_ONCE", 1)
    client = sign_in(festival.coordinator)
    page = client.get(ask(client, "queue", "festival").location).page
    answer = client.post(_file_of(page))
    assert [row[0] for row in cells(answer)] == ["Group", "Larks", "Robins"]


def _file_of(page):
    return next(
        form.get("action") for form in page.all("form") if form.get("action").endswith("/file")
    )


def test_a_list_too_long_for_any_file_is_refused(festival, sign_in, monkeypatch):
    monkeypatch.setattr("scheduler.reports.services.MOST_ROWS", 1)
    answer = ask(sign_in(festival.coordinator), "queue", "festival")
    assert answer.status_code == 409
    assert "at most 1 rows" in answer.page.text


def test_ten_thousand_rows_take_a_fixed_number_of_queries(festival, sign_in, count_queries):
    rows = [
        {
            "ref": f"A-{number:08}",
            "programme_id": festival.programme.id,
            "category_id": festival.category.id,
            "school_id": festival.school.id,
            "group_name": f"Group {number}",
            "state": State.SUBMITTED,
            "created_at": clock.now(),
            "changed_at": clock.now(),
            "submitted_at": clock.now(),
        }
        for number in range(9_998)
    ]
    db.session.execute(insert(Application), rows)
    client = sign_in(festival.coordinator)
    with count_queries() as counted:
        table = lines(ask(client, "queue", "festival", file_format="csv"))
    assert len(table) == 10_001
    assert len({row[1] for row in table[1:]}) == 10_000
    # Two portions with eight look-ups each, and what every request costs.
    assert len(counted.statements) < 40
