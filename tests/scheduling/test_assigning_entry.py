"""What is entered about an assignment: settings, options, sheets of wishes, single wishes."""

import pytest
from sqlalchemy import select

from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.scheduling.assigning.models import (
    AssignmentCompany,
    AssignmentParticipant,
    Companionship,
    Takers,
    WishAssignment,
)
from scheduler.scheduling.assigning.sheets import Known, Says, read_sheet
from tests import factories
from tests.support.pages import text_of


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


@pytest.fixture
def groups(festival, session):
    made = factories.wish_assignment(
        festival.programme, "J1", "J2", "J3", takers=Takers.GROUPS, name="Juries"
    )
    session.commit()
    return made


def keys(assignment, *codes):
    by_code = {each.code: each.id for each in assignment.options}
    return [by_code[code] for code in codes]


def kept(group, session):
    session.expire_all()
    return session.scalar(
        select(AssignmentParticipant).where(AssignmentParticipant.application_id == group.id)
    )


# Settings


SETTINGS = {
    "name": "Workshops",
    "takers": "pupils",
    "goal": "worst_off",
    "gives_unwished": "y",
    "school_most": "3",
}


def test_an_assignment_is_added_once_and_leads_to_its_options(client, session):
    answers = [client.post("/programmes/small/assignments/new", data=SETTINGS) for _ in range(2)]
    made = session.scalars(select(WishAssignment)).one()
    assert {answer.location for answer in answers} == {f"/assignments/{made.ref}/options"}
    assert (made.name, made.takers, made.goal, made.school_most) == (
        "Workshops",
        "pupils",
        "worst_off",
        3,
    )
    assert (made.gives_unwished, made.leaves_out, made.category) == (True, False, None)
    assert "Workshops" in client.get("/programmes/small/assignments").page.text


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("school_most", "0"), ("takers", "x"), ("category", "x")]
)
def test_wrong_settings_are_told_beside_their_field(client, session, field, value):
    answer = client.post("/programmes/small/assignments/new", data={**SETTINGS, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert list(session.scalars(select(WishAssignment))) == []


def test_settings_change_but_not_who_takes_part(client, festival, groups, session):
    data = {"name": "All juries", "takers": "pupils", "goal": "worst_off", "category": "choirs"}
    answer = client.post(f"/assignments/{groups.ref}/settings", data=data)
    assert answer.location == f"/assignments/{groups.ref}"
    session.expire_all()
    assert (groups.name, groups.takers, groups.category) == (
        "All juries",
        Takers.GROUPS,
        festival.choirs,
    )
    assert (groups.gives_unwished, groups.edition) == (False, 2)


def test_an_assignment_is_removed_with_its_wishes(client, festival, groups, session):
    factories.assignment_participant(groups, application_id=festival.hill_choir.id)
    session.commit()
    client.post(f"/assignments/{groups.ref}/remove")
    assert list(session.scalars(select(WishAssignment))) == []
    assert list(session.scalars(select(AssignmentParticipant))) == []


def test_wishes_go_with_the_person(festival, session):
    made = factories.wish_assignment(festival.programme, "A")
    person = factories.person(festival.hill)
    factories.assignment_participant(made, person_id=person.id)
    session.flush()
    session.delete(person)
    session.flush()
    session.expire_all()
    assert list(session.scalars(select(AssignmentParticipant))) == []


def test_what_is_entered_is_noted_without_anybodys_wishes(client, festival, groups, session):
    text = f"{festival.hill_choir.ref}\tJ2\tJ1"
    client.post(f"/assignments/{groups.ref}/sheet", data={"says": "wishes", "text": text})
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "assignment:wishes"))
    assert [record.facts for record in noted] == [
        {"assignment": groups.ref, "kind": "wishes", "count": 1}
    ]


# Options


def rows(*options):
    names = ("key", "code", "name", "activity", "least", "most")
    return {
        f"rows-{number}-{name}": str(value)
        for number, values in enumerate(options)
        for name, value in zip(names, values, strict=True)
    }


def test_options_are_changed_added_and_removed_and_keep_their_wishes(
    client, festival, groups, session
):
    activity = factories.activity(festival.programme, name="Drum workshop")
    j1, j2, j3 = keys(groups, "J1", "J2", "J3")
    row = factories.assignment_participant(groups, application_id=festival.hill_choir.id)
    row.wishes, row.barred, row.given_id = [j3, j2, j1], [j3], j3
    session.commit()
    data = rows(
        (j1, "J2", "First jury", "", 1, 4),
        (j2, "J1", "", activity.ref, "", 5),
        ("", "", "", "", "", ""),
        ("", "D", "New", "", 0, 2),
    )
    answer = client.post(f"/assignments/{groups.ref}/options", data=data)
    assert answer.location == f"/assignments/{groups.ref}"
    session.expire_all()
    assert [(o.id == j1, o.id == j2, o.code, o.least, o.most) for o in groups.options] == [
        (False, False, "D", 0, 2),
        (False, True, "J1", 0, 5),
        (True, False, "J2", 1, 4),
    ]
    assert (row.wishes, row.barred, row.given_id) == ([j2, j1], [], None)
    assert "J1 · Drum workshop" in client.get(f"/assignments/{groups.ref}").page.text


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (("", "j1", "Again", "", 0, 4), "rows-1-code", "Another option has this code."),
        (("", "X", "", "", 0, 4), "rows-1-name", "Enter a name or choose an activity."),
        (("", "X", "Less", "", 5, 4), "rows-1-most", "This is less than the least number."),
        (("", "", "Codeless", "", 0, 4), "rows-1-code", "Please fill this in"),
        (("", "X", "Many", "", 0, "lots"), "rows-1-most", "Not a valid integer"),
        (("", "X", "Many", "nowhere", 0, 3), "rows-1-activity", "Not a valid choice"),
    ],
)
def test_wrong_options_are_told_beside_their_field(client, groups, session, row, field, words):
    (j1,) = keys(groups, "J1")
    data = rows((j1, "J1", "First", "", 0, 9), row)
    answer = client.post(f"/assignments/{groups.ref}/options", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Again" in answer.text or row[2] in answer.text
    session.expire_all()
    assert len(groups.options) == 3


def test_an_option_of_another_assignment_stays_there(client, festival, groups, session):
    other = factories.wish_assignment(festival.programme, "A", takers=Takers.GROUPS)
    session.commit()
    (foreign,) = keys(other, "A")
    client.post(f"/assignments/{groups.ref}/options", data=rows((foreign, "T", "Taken", "", 0, 1)))
    session.expire_all()
    assert [each.code for each in other.options] == ["A"]
    assert [each.code for each in groups.options] == ["T"]


# Sheets, read


KNOWN = Known(
    {"p-1": ["P-1"], "p-2": ["P-2"], "ann": ["P-1"], "bo": ["P-2", "P-3"]},
    {"a": 1, "clay and fire": 1, "b": 2},
)


def told(text, says=Says.WISHES):
    return [
        (line.number, line.refs, line.options, [cell.problem for cell in line.cells])
        for line in read_sheet(text, says, KNOWN)
    ]


def test_lines_come_with_tabs_semicolons_or_commas_and_a_heading():
    text = "Who\tFirst\r\n P-1 \tA\t\tB\n\np-2; clay  and FIRE\nAnn，B"
    assert [row[:3] for row in told(text.replace("Ann，B", ""))] == [
        (2, ("P-1",), (1, 2)),
        (4, ("P-2",), (1,)),
    ]
    assert told("Ann，B，Z") == [(1, ("P-1",), (2,), [None, None, "no_option"])]


def test_each_wrong_cell_says_what_is_wrong():
    many = "P-1\tA\tA\t?"
    assert told(many) == [(1, ("P-1",), (1,), [None, None, "repeated", "no_option"])]
    assert told("Bo\tA") == [(1, (), (1,), ["several", None])]
    assert told("P-9\tA") == [(1, (), (1,), ["nobody", None])]
    assert [row[3][0] for row in told("P-1\tA\np-1\tB")] == ["repeated", "repeated"]
    known = Known({"p-1": ["P-1"]}, {str(n): n for n in range(12)})
    cells = "\t".join(["P-1", *map(str, range(11))])
    assert [c.problem for c in read_sheet(cells, Says.WISHES, known)[0].cells][-1] == "too_many"


def test_lines_of_sets_name_people_only():
    assert told("P-1, P-2", Says.APART) == [(1, ("P-1", "P-2"), (), [None, None])]
    assert told("P-1", Says.APART)[0][3] == ["alone"]
    assert told("P-1, Ann", Says.TOGETHER)[0][3] == [None, "repeated"]


# Sheets, taken over


def paste(client, groups, text, says="wishes"):
    return client.post(f"/assignments/{groups.ref}/sheet", data={"says": says, "text": text})


def test_pasted_wishes_replace_those_of_who_is_named(client, festival, groups, session):
    factories.assignment_participant(groups, application_id=festival.lake_band.id)
    session.commit()
    answer = paste(client, groups, "Hill Choir\tJ2\tJ1\nLAKE choir\tOption J3")
    assert answer.location == f"/assignments/{groups.ref}"
    assert kept(festival.hill_choir, session).wishes == keys(groups, "J2", "J1")
    assert kept(festival.lake_choir, session).wishes == keys(groups, "J3")
    assert kept(festival.lake_band, session).wishes == []
    paste(client, groups, "Hill Choir\tJ3", says="barred")
    row = kept(festival.hill_choir, session)
    assert (row.wishes, row.barred) == (keys(groups, "J2", "J1"), keys(groups, "J3"))


def test_one_wrong_cell_takes_over_nothing_and_loses_nothing(client, festival, groups, session):
    text = "Hill Choir\tJ2\tJ9\nLake Choir\tJ1"
    answer = paste(client, groups, text)
    assert answer.status_code == 422
    table = answer.page.one("table")
    cells = [text_of(cell) for cell in table.iter("td")]
    assert [cell for cell in cells if "No option is called so." in cell] == [
        "J9 No option is called so."
    ]
    assert "Lake Choir" not in text_of(table)
    assert (answer.page.one("textarea").text or "").strip() == text
    assert list(session.scalars(select(AssignmentParticipant))) == []


def test_nothing_but_headings_is_told(client, groups):
    answer = paste(client, groups, "Name\tFirst wish")
    assert (answer.status_code, 'id="text-error"' in answer.text) == (422, True)


def test_sets_are_added_once_and_removed(client, festival, groups, session):
    for _again in range(2):
        paste(client, groups, "Hill Choir; Lake Choir", says="apart")
    company = session.scalars(select(AssignmentCompany)).one()
    assert (company.kind, company.refs) == (
        Companionship.APART,
        [festival.hill_choir.ref, festival.lake_choir.ref],
    )
    address = f"/assignments/{groups.ref}/companies"
    assert client.post(f"{address}/99999999999999/remove").status_code == 404
    client.post(f"{address}/{company.id}/remove")
    session.expire_all()
    assert list(session.scalars(select(AssignmentCompany))) == []


# One by one


def test_wishes_are_entered_one_by_one(client, festival, groups, session):
    j1, j2, j3 = keys(groups, "J1", "J2", "J3")
    address = f"/assignments/{groups.ref}/participants/{festival.hill_choir.ref}"
    assert "Wishes of Hill Choir" in client.get(address).page.text
    data = {"wish_1": "", "wish_2": j2, "wish_3": j1, "barred": j3, "locked": j1}
    assert client.post(address, data=data).location == f"/assignments/{groups.ref}"
    row = kept(festival.hill_choir, session)
    assert (row.wishes, row.barred, row.locked_id) == ([j2, j1], [j3], j1)
    shown = client.get(address).page
    options = shown.one("select", id="wish_1").iter("option")
    assert [o.get("value") for o in options if "selected" in o.attrib] == [str(j2)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"wish_1": "J1", "wish_2": "J1"}, "wish_2"),
        ({"wish_1": "J1", "barred": "J1"}, "wish_1"),
        ({"locked": "J1", "barred": "J1"}, "locked"),
        ({"wish_1": "nothing"}, "wish_1"),
    ],
)
def test_wishes_that_contradict_are_told_beside_the_field(
    client, festival, groups, session, values, field
):
    by_code = {each.code: str(each.id) for each in groups.options}
    data = {name: by_code.get(value, value) for name, value in values.items()}
    answer = client.post(
        f"/assignments/{groups.ref}/participants/{festival.hill_choir.ref}", data=data
    )
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert kept(festival.hill_choir, session) is None


def test_whoever_does_not_take_part_has_no_page(client, festival, groups, session):
    festival.hill_choir.state, festival.hill_choir.places_held = State.WITHDRAWN, 0
    session.commit()
    address = f"/assignments/{groups.ref}/participants"
    assert client.get(f"{address}/{festival.hill_choir.ref}").status_code == 404
    assert client.get(f"{address}/{festival.twice.ref}").status_code == 404


def test_two_who_edit_at_once_are_told(client, festival, groups, session):
    address = f"/assignments/{groups.ref}/participants/{festival.hill_choir.ref}"
    seen = client.get(address).page.one("input", id="seen").get("value")
    j1, j2 = keys(groups, "J1", "J2")
    factories.assignment_participant(
        groups, groups.options[0], application_id=festival.hill_choir.id
    )
    session.commit()
    answer = client.post(address, data={"seen": seen, "wish_1": str(j2)})
    assert answer.status_code == 422
    assert kept(festival.hill_choir, session).wishes == [j1]
