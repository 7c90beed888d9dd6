"""Results: recorded for many at once, never over another's, shown to schools when released."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from scheduler.applications.models import MemberRole, Result
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.people.models import ConsentPurpose
from scheduler.programmes.kinds import OutcomeKind
from scheduler.programmes.models import Programme
from tests import factories


@pytest.fixture
def groups(session):
    """Two accepted groups of two schools, one that waits, and two levels."""
    programme = factories.programme(code="festival")
    factories.level(programme, "Gold")
    factories.level(programme, "Silver")
    category = factories.category(programme, code="choirs")
    made = [
        factories.application(
            category, factories.school(name=f"School {name}"), state=state, group_name=name
        )
        for name, state in (
            ("Ants", State.ACCEPTED),
            ("Bees", State.ACCEPTED),
            ("Cats", State.SUBMITTED),
        )
    ]
    session.commit()
    return made


@pytest.fixture
def client(groups, sign_in):
    return sign_in(factories.coordinator(groups[0].programme))


def level_keys(groups):
    return [str(level.id) for level in groups[0].programme.levels]


def save(client, *rows):
    data = {}
    for group, was, now in rows:
        data |= {f"was-{group.ref}": was, f"result-{group.ref}": now}
    return client.post("/programmes/festival/results", data=data)


def stored(session, group):
    return session.scalar(select(Result).where(Result.application_id == group.id))


def test_levels_are_given_to_many_at_once_and_noted(client, groups, session):
    gold, silver = level_keys(groups)
    ants, bees, _cats = groups
    answer = save(client, (ants, "", gold), (bees, "", silver))
    assert answer.status_code == 303
    assert [stored(session, each).level.names["en"] for each in (ants, bees)] == ["Gold", "Silver"]
    query = select(AuditEntry.subject_ref).where(AuditEntry.action == "result:record")
    assert sorted(session.scalars(query)) == sorted([ants.ref, bees.ref])
    page = client.get("/programmes/festival/results").page
    assert page.one("input", name=f"was-{ants.ref}").get("value") == gold
    assert "Cats" not in page.text


def test_a_result_that_somebody_changed_meanwhile_stops_all_of_them(client, groups, session):
    gold, silver = level_keys(groups)
    ants, bees, _cats = groups
    factories.result(bees, groups[0].programme.levels[0])
    answer = save(client, (ants, "", gold), (bees, "", silver))
    assert answer.status_code == 409
    assert stored(session, ants) is None
    assert stored(session, bees).level.names["en"] == "Gold"


def test_a_row_that_was_not_touched_is_not_compared(client, groups, session):
    gold, silver = level_keys(groups)
    ants, bees, _cats = groups
    factories.result(bees, groups[0].programme.levels[0])
    assert save(client, (ants, "", gold), (bees, "", "")).status_code == 303
    assert stored(session, bees).level.names["en"] == "Gold"
    assert save(client, (bees, gold, "")).status_code == 303
    assert stored(session, bees) is None
    assert save(client, (ants, gold, silver)).status_code == 303
    assert stored(session, ants).level.names["en"] == "Silver"


@pytest.mark.parametrize("value", ["0", "gold", "-1", "¹", "99999"])
def test_what_is_no_level_is_refused_and_nothing_is_lost(client, groups, session, value):
    ants, bees, _cats = groups
    gold = level_keys(groups)[0]
    answer = save(client, (ants, "", gold), (bees, "", value))
    assert answer.status_code == 422
    assert f"“{value}” is no result" in answer.page.text
    chosen = answer.page.one("select", name=f"result-{ants.ref}")
    assert [o.get("value") for o in chosen if o.get("selected") is not None] == [gold]
    assert stored(session, ants) is None


def test_a_category_may_rank_where_the_programme_does_not(client, groups, session):
    ants, bees, _cats = groups
    ants.category.outcome = OutcomeKind.RANKING
    assert save(client, (ants, "", "1"), (bees, "", "0")).status_code == 422
    assert save(client, (ants, "", "1"), (bees, "", "2")).status_code == 303
    assert [stored(session, each).rank for each in (ants, bees)] == [1, 2]


def test_nobody_gives_a_result_to_the_own_school(groups, session, sign_in):
    ants, bees, _cats = groups
    account = factories.coordinator(ants.programme)
    account.grants.append(factories.grant(factories.Role.SCHOOL_OFFICER, bees.school))
    client = sign_in(account)
    gold = level_keys(groups)[0]
    assert save(client, (ants, "", gold), (bees, "", gold)).status_code == 403
    assert stored(session, ants) is None
    assert "your own school" in client.get("/programmes/festival/results").page.text


def test_a_school_sees_its_own_result_once_it_is_released(client, groups, session, sign_in):
    ants, bees, _cats = groups
    factories.result(ants, ants.programme.levels[0])
    factories.result(bees, ants.programme.levels[1])
    officer = sign_in(factories.officer(ants.school))
    pages = ("/applications/my-school", f"/applications/{ants.ref}")
    assert not any("Gold" in officer.get(page).text for page in pages)
    client.post("/programmes/festival/results/release", data={"show": "yes"})
    assert session.scalar(select(Programme.results_released_at)) is not None
    shown = [officer.get(page).text for page in pages]
    assert all("Gold" in text and "Silver" not in text for text in shown)
    client.post("/programmes/festival/results/release", data={"show": "no"})
    assert not any("Gold" in officer.get(page).text for page in pages)


def test_the_certificate_list_names_who_takes_part_and_notes_who_read_it(client, groups, session):
    ants, bees, _cats = groups
    pupil = factories.person(ants.school, name="=HYPERLINK(1)", latin_name="CHEN HAN")
    refusing = factories.person(ants.school, name="Refusing Pupil")
    adviser = factories.person(ants.school, name="Adviser Wu", is_adult=True)
    for person, role in (
        (adviser, MemberRole.ADVISER),
        (pupil, MemberRole.PUPIL),
        (refusing, MemberRole.PUPIL),
    ):
        factories.member(ants, person, role=role)
    factories.consent(refusing, purpose=ConsentPurpose.PARTICIPATION, is_granted=False)
    factories.member(bees, factories.person(bees.school, name="Without Result"))
    factories.result(ants, ants.programme.levels[0])
    page = client.get("/programmes/festival/certificates").page
    assert "Adviser Wu" in page.text
    assert "Refusing Pupil" not in page.text
    assert "Without Result" not in page.text
    answer = client.get("/programmes/festival/certificates/workbook")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [
        [
            ants.category.names["en"],
            "Ants",
            "School Ants",
            "Gold",
            role,
            name,
            latin,
        ]
        for role, name, latin in (
            ("Pupil", "=HYPERLINK(1)", "CHEN HAN"),
            ("Adviser", "Adviser Wu", ""),
        )
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    query = select(AuditEntry.facts).where(AuditEntry.action == "read:certificates")
    assert [facts["people"] for facts in session.scalars(query)] == [2, 2]


def test_the_certificate_list_is_for_coordinators_alone(groups, sign_in):
    ants = groups[0]
    for account in (factories.officer(ants.school), factories.administrator()):
        answer = sign_in(account).get("/programmes/festival/certificates")
        assert answer.status_code in {403, 404}
