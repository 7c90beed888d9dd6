"""Requests that only programs send: each is a clear 4xx, none is a form, none is a 500."""

import io

import pytest
from sqlalchemy import func, select

from scheduler.applications.workflow import Action
from scheduler.organisations.models import District
from scheduler.web import whole_number
from tests import factories


@pytest.fixture
def admin(session, sign_in):
    account = factories.administrator()
    session.commit()
    return sign_in(account)


@pytest.mark.parametrize(
    "path", ["/schools/a%00b", "/schools?q=a%00b", "/schools?region=%00", "/schools?%00=a"]
)
def test_a_nul_in_an_address(admin, path):
    assert admin.get(path).status_code == 400


@pytest.mark.parametrize(
    "data",
    [
        {"code": "440112", "name": "a\x00b"},
        {"code": "440112", "name": "ab", "\x00": "x"},
        {"code": "440112", "name": "ab", "file": "a\x00b.xlsx"},
    ],
    ids=["value", "name", "file name"],
)
def test_a_nul_in_a_form(admin, session, data):
    if "file" in data:  # a new one for each database: sending closes it
        data = data | {"file": (io.BytesIO(b"x"), data["file"])}
    assert admin.post("/districts/new", data=data).status_code == 400
    assert session.scalar(select(func.count(District.id))) == 0


@pytest.mark.parametrize(
    "body", [{"email": "a@b.example", "password": "x"}, {"email": {}}, ["x"], 7, "\ud800"]
)
def test_json_is_no_form(client, admin, session, body):
    assert client.post("/sign-in", json=body).status_code == 415
    assert client.post("/reset", json=body).status_code == 415
    districts = {"code": "440112", "name": "District"}
    assert admin.post("/districts/new", json=districts).status_code == 415
    assert admin.post("/districts/new", json=districts, content_type="a/b").status_code == 415
    assert session.scalar(select(func.count(District.id))) == 0


def test_a_file_is_no_text_and_a_text_no_file(client, session, sign_in):
    answer = client.post("/sign-in", data={"email": (io.BytesIO(b"x"), "x.txt"), "password": "x"})
    assert answer.status_code == 422
    school, programme = factories.school(), factories.programme()
    category = factories.category(programme)
    officer = sign_in(factories.officer(school))
    session.commit()
    place = f"/programmes/{programme.code}/categories/{category.code}/schools/{school.code}"
    assert officer.post(f"{place}/import", data={"file": "x"}).status_code == 422


@pytest.mark.parametrize(
    "name", ["endpoint", "_scheme", "_anchor", "_method", "_external", "values", "self"]
)
def test_a_list_keeps_arguments_that_mean_nothing_to_it(admin, session, name):
    for _ in range(51):
        factories.school()
    session.commit()
    page = admin.get(f"/schools?{name}=POST&q=&page=1", headers={"Host": "localhost"})
    assert page.status_code == 200
    links = {link.get("href") for link in page.page.all("a") if "page=2" in link.get("href", "")}
    assert f"/schools?{name}=POST&q=&page=2" in links


def test_a_foreign_host_name_is_answered_with_nothing_of_ours(app_with):
    app = app_with(TRUSTED_HOSTS=["ours.example", "localhost"])
    for path in ("/sign-in", "/schools?_external=1", "/no-such-page", "/healthz"):
        answer = app.test_client().get(path, headers={"Host": "evil.example"})
        assert (answer.status_code, answer.mimetype) == (400, "text/plain")
        assert "evil.example" not in answer.text
    assert app.test_client().get("/sign-in", headers={"Host": "ours.example"}).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "9999-12-31", "9999-12-30"])
def test_the_ends_of_the_calendar_can_be_asked_for(admin, day):
    for asked in (f"first={day}", f"last={day}", f"first={day}&last={day}"):
        assert admin.get(f"/admin/audit?{asked}").status_code == 200


def test_a_version_of_thousands_of_digits_is_no_version(session, sign_in):
    programme = factories.programme()
    entry = factories.application(factories.category(programme), factories.school())
    coordinator = sign_in(factories.coordinator(programme))
    session.commit()
    data = {"seen": f"{entry.ref}.{'9' * 5_000}", "action": Action.ACCEPT}
    page = f"/programmes/{programme.code}/decisions"
    assert coordinator.post(page, data=data).status_code < 500


def test_a_picture_is_drawn_of_addresses_that_can_be_ours(client):
    assert client.get(f"/calendars/{'x' * 32}/qr.svg").status_code == 200
    assert client.get(f"/calendars/{'x' * 3_000}/qr.svg").status_code == 404


@pytest.mark.parametrize(
    ("offered", "is_taken"), [("a" * 36, True), ("a" * 37, False), ("a" * 64, False)]
)
def test_a_request_id_fits_the_audit_log(client, offered, is_taken):
    answer = client.get("/sign-in", headers={"X-Request-ID": offered})
    assert (answer.headers["X-Request-ID"] == offered) is is_taken


def test_pages_behind_a_secret_link_are_named_to_nobody(client):
    for path in ("/reset/x", "/invitations/x", "/sign-in", "/reset"):
        assert client.get(path).headers["Referrer-Policy"] == "no-referrer"


def test_their_forms_work_over_https_without_a_referer(app_with):
    app = app_with(WTF_CSRF_ENABLED=True)
    client = app.test_client()
    page = client.get("/reset", base_url="https://localhost").page
    data = page.values() | {"email": "nobody@school.example"}
    assert client.post("/reset", data=data, base_url="https://localhost").status_code == 200


@pytest.mark.parametrize(
    ("word", "number"),
    [("7", 7), ("007", 7), ("", None), ("-1", None), ("七", None), ("٣", None), ("9" * 5000, None)],
)
def test_numbers_of_forms_are_read_or_passed_over(word, number):
    assert whole_number(word) == number
