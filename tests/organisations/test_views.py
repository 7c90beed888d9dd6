"""Pages about schools and districts."""

import pytest
from sqlalchemy import select

from scheduler.organisations.models import District, School
from tests import factories

FORM = {
    "name": "广州市试验小学",
    "code": "S90",
    "region": "GZ",
    "country": "CN",
    "district": "",
    "stages": ["P", "J"],
    "code_scheme": "cn",
    "official_code": "2144990090",
    "timezone": "Asia/Shanghai",
    "locale": "zh_Hans",
}


@pytest.fixture
def admin(session, sign_in):
    return sign_in(factories.administrator())


def test_the_list_shows_names_regions_and_districts(session, admin):
    district = factories.district(name="黄埔区")
    factories.school(code="S05", name="海丝实验学校", district=district)
    answer = admin.get("/schools")
    assert answer.status_code == 200
    for shown in ("S05", "海丝实验学校", "黄埔区", "Guangzhou", "Primary"):
        assert shown in answer.page.text


def test_the_list_is_searched_and_sorted_by_the_server(session, admin):
    factories.school(code="A1", name="Zeta")
    factories.school(code="A2", name="Alpha")
    factories.school(code="A3", name="Other")
    answer = admin.get("/schools?q=a&sort=name&direction=descending&page=1")
    links = [node.get("href") for node in answer.page.all("a") if "/schools/A" in node.get("href")]
    assert links == ["/schools/A1", "/schools/A3", "/schools/A2"]


@pytest.mark.parametrize("query", ["region=XX", "district=0", "q=nobody", "sort=x&page=-3"])
def test_a_filter_that_finds_nothing_is_no_error(session, admin, query):
    assert admin.get(f"/schools?{query}").status_code == 200


def test_an_officer_goes_straight_to_the_own_school(session, sign_in):
    school = factories.school(code="S05")
    answer = sign_in(factories.officer(school)).get("/schools")
    assert (answer.status_code, answer.location) == (302, "/schools/S05")


def test_an_officer_does_not_find_the_neighbour(session, sign_in):
    neighbour = factories.school(code="S01", name="Neighbour")
    officer = sign_in(factories.officer(factories.school(code="S05")))
    answer = officer.get(f"/schools/{neighbour.code}")
    assert (answer.status_code, "Neighbour" in answer.page.text) == (404, False)


def test_a_school_s_page_names_its_officers(session, admin):
    school = factories.school(code="S05")
    factories.officer(school, name="钟晓岚", email="office@school.example")
    text = admin.get("/schools/S05").page.text
    assert "钟晓岚 office@school.example" in text


def test_an_administrator_adds_a_school(session, admin):
    answer = admin.post("/schools/new", data=FORM)
    assert (answer.status_code, answer.location) == (303, "/schools/S90")
    school = session.scalars(select(School)).one()
    assert (school.name, school.stages, school.official_code) == (
        "广州市试验小学",
        ["P", "J"],
        "2144990090",
    )


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(session, admin):
    answer = admin.post("/schools/new", data=FORM | {"official_code": "12", "code": "S 90"})
    assert answer.status_code == 422
    assert answer.page.values()["name"] == "广州市试验小学"
    assert "Only letters, digits and hyphens" in answer.page.text


def test_a_wrong_number_is_told_at_its_field(session, admin):
    answer = admin.post("/schools/new", data=FORM | {"official_code": "12"})
    assert answer.status_code == 422
    assert answer.page.one("input", id="official_code").get("aria-invalid") == "true"


def test_the_form_shows_what_is_stored_and_saves_it(session, admin):
    admin.post("/schools/new", data=FORM)
    values = admin.get("/schools/S90/edit").page.values()
    assert (values["name"], values["code_scheme"], values["timezone"]) == (
        FORM["name"],
        "cn",
        "Asia/Shanghai",
    )
    answer = admin.post("/schools/S90/edit", data=FORM | {"name": "Renamed", "code": "S91"})
    assert answer.status_code == 303
    school = session.scalars(select(School)).one()
    assert (school.name, school.code) == ("Renamed", "S90")


def test_a_used_code_is_refused_on_the_form(session, admin):
    factories.school(code="S90")
    answer = admin.post("/schools/new", data=FORM)
    assert (answer.status_code, "in use already" in answer.page.text) == (422, True)


def test_a_school_is_removed_or_kept_with_the_reason(session, admin):
    factories.school(code="S91")
    kept = factories.school(code="S92")
    factories.person(kept)
    gone = admin.post("/schools/S91/remove")
    refused = admin.post("/schools/S92/remove")
    assert (gone.status_code, refused.status_code) == (303, 409)
    assert "cannot be removed" in refused.page.text
    assert list(session.scalars(select(School.code))) == ["S92"]


@pytest.mark.parametrize("path", ["/schools/new", "/schools/S05/edit", "/districts/new"])
def test_only_administrators_change_the_directory(session, sign_in, path):
    school = factories.school(code="S05")
    assert sign_in(factories.officer(school)).get(path).status_code == 403


def test_districts_are_added_changed_and_removed(session, admin):
    added = admin.post("/districts/new", data={"code": "440112", "name": "黄埔"})
    changed = admin.post("/districts/440112/edit", data={"code": "440112", "name": "黄埔区"})
    assert (added.status_code, changed.status_code) == (303, 303)
    assert "黄埔区" in admin.get("/districts").page.text
    assert admin.post("/districts/440112/remove").status_code == 303
    assert session.scalars(select(District)).all() == []


def test_what_is_wrong_with_a_district_stands_beside_its_field(session, admin):
    factories.district(code="440112")
    factories.district(code="440113")
    used = {"code": "440113", "name": "Huangpu"}
    answers = [admin.post(f"/districts/{path}", data=used) for path in ("new", "440112/edit")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert {answer.page.one("input", id="code").get("aria-invalid") for answer in answers} == {
        "true"
    }


def test_what_is_wrong_with_a_change_stands_beside_its_field(session, admin):
    factories.school(code="S05")
    answer = admin.post("/schools/S05/edit", data=FORM | {"official_code": "12"})
    assert answer.status_code == 422
    assert answer.page.one("input", id="official_code").get("aria-invalid") == "true"


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant_HK"])
def test_the_pages_speak_the_reader_s_language(session, sign_in, locale):
    factories.school(code="S05")
    client = sign_in(factories.administrator(locale=locale))
    pages = [client.get(path) for path in ("/schools", "/schools/S05", "/schools/new")]
    assert [answer.status_code for answer in pages] == [200, 200, 200]
