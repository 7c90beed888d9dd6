"""Many people in one file: somebody else with the same permission decides (domain.md R9)."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.database import db
from scheduler.notifications.models import Mail
from scheduler.reports import services, tasks
from scheduler.reports.models import Export, ExportState
from tests import factories
from tests.reports.conftest import ask, cells, noted

PURPOSE = "Insurance of all who travel"


@pytest.fixture(autouse=True)
def one_row_is_many(app):
    before = app.config["EXPORT_APPROVAL_ROWS"]
    app.config["EXPORT_APPROVAL_ROWS"] = 2
    yield
    app.config["EXPORT_APPROVAL_ROWS"] = before


@pytest.fixture
def asked(festival, sign_in):
    """The address of a request by the first coordinator for the members of all groups."""
    answer = ask_people(sign_in(festival.coordinator))
    assert answer.status_code == 303
    return answer.location


def ask_people(client, purpose=PURPOSE, filters="sort=group"):
    form = ask(client, "people", "festival", filters=filters)
    assert (form.status_code, form.location.partition("?")[0]) == (303, "/exports/request")
    page = client.get(form.location).page
    assert "From 2 rows on" in page.text
    return client.post(form.location, data={"purpose": purpose})


def mails(code):
    query = select(Mail.to_address).where(Mail.code == code).order_by(Mail.to_address)
    return list(db.session.scalars(query))


def test_a_second_person_approves_and_the_asker_downloads(festival, sign_in, asked):
    asker, second = sign_in(festival.coordinator), sign_in(festival.second)
    assert "Waits for approval" in asker.get(asked).page.text
    assert "Coordinator Two" in asker.get(asked).page.text
    assert PURPOSE in second.get(asked).page.text
    assert "Waiting for your decision" in second.get("/exports").page.text
    assert second.post(f"{asked}/approve").status_code == 303
    assert "Decided by Coordinator Two" in asker.get(asked).page.text
    rows = cells(asker.post(f"{asked}/file"))
    assert rows[0][0].startswith("Members of the groups · ")
    assert "Copy of Coordinator One" in rows[0][0]
    assert [row[3] for row in rows[2:]] == ["Anna Lark", "Quxi Neverseen"]
    assert mails("reports.approval_asked") == [festival.second.email]
    assert mails("reports.export_ready") == [festival.coordinator.email]
    ref = asked.rpartition("/")[2]
    assert noted("export:approve") == [(ref, {"list": "people", "place": "festival", "rows": 2})]
    assert len(noted("read:export")) == 2  # written once, downloaded once


def test_the_file_is_sealed_at_rest(festival, sign_in, asked):
    sign_in(festival.second).post(f"{asked}/approve")
    content = db.session.scalars(select(Export.content)).one()
    assert content
    assert not content.startswith(b"PK")


def test_nobody_approves_the_own_request(festival, sign_in, asked):
    client = sign_in(festival.coordinator)
    assert client.post(f"{asked}/approve").status_code == 403
    assert client.post(f"{asked}/file").status_code == 409
    assert db.session.scalars(select(Export.state)).one() is ExportState.WAITING


def test_only_who_holds_the_same_permission_sees_and_decides(festival, sign_in, asked):
    elsewhere = factories.coordinator(factories.programme())
    for account in (
        festival.officer,
        festival.neighbour,
        festival.reviewer,
        festival.administrator,
        elsewhere,
    ):
        client = sign_in(account)
        assert client.get(asked).status_code == 404
        assert client.post(f"{asked}/approve").status_code == 404
        assert client.post(f"{asked}/refuse").status_code == 404
        assert client.post(f"{asked}/file").status_code == 404
        assert "Members of the groups" not in client.get("/exports").page.text


def test_who_approves_does_not_get_the_file(festival, sign_in, asked):
    second = sign_in(festival.second)
    second.post(f"{asked}/approve")
    assert second.post(f"{asked}/file").status_code == 404


def test_a_refusal_ends_it(festival, sign_in, asked):
    second = sign_in(festival.second)
    second.post(f"{asked}/refuse")
    assert second.post(f"{asked}/approve").status_code == 409
    assert sign_in(festival.coordinator).post(f"{asked}/file").status_code == 409
    assert mails("reports.export_refused") == [festival.coordinator.email]


def test_the_file_is_gone_after_a_day(festival, sign_in, asked, frozen):
    sign_in(festival.second).post(f"{asked}/approve")
    frozen(hours=24, seconds=1)
    client = sign_in(festival.coordinator)
    assert client.post(f"{asked}/file").status_code == 409
    tasks.remove_old_exports()
    export = db.session.scalars(select(Export)).one()
    assert (export.state, export.content) == (ExportState.EXPIRED, None)
    assert "Expired" in client.get(asked).page.text


def test_just_before_the_day_is_over_it_is_still_there(festival, sign_in, asked, frozen):
    sign_in(festival.second).post(f"{asked}/approve")
    frozen(hours=23, minutes=59)
    tasks.remove_old_exports()
    assert sign_in(festival.coordinator).post(f"{asked}/file").status_code == 200


def test_a_request_that_nobody_answers_expires(festival, sign_in, asked):
    with db.session.no_autoflush:
        services.forget_old(now=clock.now() + dt.timedelta(days=7, seconds=1))
    db.session.commit()
    assert sign_in(festival.second).post(f"{asked}/approve").status_code == 409


def test_a_lost_role_ends_the_right_to_the_file(festival, sign_in, asked):
    sign_in(festival.second).post(f"{asked}/approve")
    festival.coordinator.grants.clear()
    assert sign_in(festival.coordinator).post(f"{asked}/file").status_code == 403


def test_a_role_lost_before_the_approval_writes_nothing(festival, sign_in, asked):
    festival.coordinator.grants.clear()
    sign_in(festival.second).post(f"{asked}/approve")
    assert db.session.scalars(select(Export.content)).one() is None
    assert noted("read:export") == []


def test_the_purpose_must_be_said(festival, sign_in):
    answer = ask_people(sign_in(festival.coordinator), purpose="  ")
    assert answer.status_code == 422
    assert "Please write what the list is needed for." in answer.page.text
    assert list(db.session.scalars(select(Export.id))) == []


def test_filters_survive_the_way_through_approval(festival, sign_in):
    filters = "q=%26+%3D&sort=group"
    client = sign_in(festival.coordinator)
    festival.larks.group_name = "Larks & = all"
    festival.robins.group_name = "Robins & = all"
    answer = ask_people(client, filters=filters)
    assert db.session.scalars(select(Export.filters)).one() == {"q": "& =", "sort": "group"}
    sign_in(festival.second).post(f"{answer.location}/approve")
    rows = cells(client.post(f"{answer.location}/file"))
    assert len(rows) == 4
    assert rows[0][0].endswith(" · Search: & =")


def test_few_rows_need_nobody(festival, sign_in):
    client = sign_in(festival.coordinator)
    assert len(cells(ask(client, "people", "festival", filters="q=Larks"))) == 3
    assert (
        client.get("/exports/request?list=people&place=festival&filters=q%3DLarks").status_code
        == 404
    )


def test_lists_that_name_nobody_need_nobody(festival, sign_in):
    assert len(cells(ask(sign_in(festival.coordinator), "queue", "festival"))) == 3


def test_who_is_alone_is_told_so(festival, sign_in):
    db.session.delete(festival.second)
    client = sign_in(festival.coordinator)
    address = ask_people(client).location
    assert "Nobody else holds the permission" in client.get(address).page.text
