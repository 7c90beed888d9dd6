"""Pages about programmes and categories."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.programmes.models import Category, Programme
from tests import factories

FORM = {
    "name_en": "Tour 2027",
    "name_zh_hans": "研学2027",
    "name_zh_hant": "",
    "code": "tour-2027",
    "timezone": "Europe/London",
    "starts_on": "2027-10-30",
    "ends_on": "2027-11-01",
    "entry_opens": "2027-02-22T09:00",
    "entry_closes": "2027-03-31T18:00",
    "rest_minutes": "60",
    "school_gap_minutes": "90",
    "warmup_minutes": "25",
    "warmup_ends_before_minutes": "10",
    "call_minutes": "60",
    "frozen_hours": "24",
    "primary_latest_end": "18:30",
}
CATEGORY = {
    "name_en": "Primary choir",
    "name_zh_hans": "小学合唱",
    "name_zh_hant": "小學合唱",
    "code": "CHOIR_P",
    "kind": "choir",
    "places": "12",
    "min_members": "30",
    "max_members": "40",
    "max_works": "2",
    "max_minutes": "8",
    "changeover_minutes": "4",
    "age_rule": "born_between",
    "play_up_groups": "0",
    "min_advisers": "0",
    "max_advisers": "2",
    "min_chaperones": "0",
    "born_from": "2015-01-01",
    "born_to": "2018-12-31",
    "is_primary": "y",
}


@pytest.fixture
def programme(session):
    return factories.programme(code="festival", names=factories.names("Festival"))


@pytest.fixture
def coordinator(programme, sign_in):
    return sign_in(factories.coordinator(programme))


@pytest.fixture
def admin(session, sign_in):
    return sign_in(factories.administrator())


def test_the_list_tells_which_programmes_are_open(session, admin):
    now = clock.now()
    day = dt.timedelta(days=1)
    for code, opens, closes in (
        ("past", now - 3 * day, now - day),
        ("present", now - day, now + day),
        ("future", now + day, now + 3 * day),
    ):
        factories.programme(code=code, entry_opens_at=opens, entry_closes_at=closes)
    answer = admin.get("/programmes?sort=closes")
    words = [
        word
        for word in ("closed", "open", "not open yet")
        for node in answer.page.all("span", class_="status")
        if "".join(node.itertext()).strip() == word
    ]
    assert words == ["closed", "open", "not open yet"]


def test_a_programme_s_page_shows_window_categories_and_rules(session, programme, coordinator):
    factories.category(
        programme, names={"en": "Primary choir"}, places=12, places_taken=3, max_members=40
    )
    text = coordinator.get("/programmes/festival").page.text
    for shown in ("Primary choir", "3 of 12", "1–40", "10 min + 5 changeover", "Shanghai (UTC+8)"):
        assert shown in text


def test_a_school_sees_limits_and_places_but_not_how_many_are_taken(session, programme, sign_in):
    factories.category(programme, places=12, places_taken=3)
    officer = sign_in(factories.officer(factories.school()))
    page = officer.get("/programmes/festival").page
    assert ("3 of 12" in page.text, "Change" in page.text) == (False, False)


def test_an_unknown_programme_is_not_found(session, admin):
    assert admin.get("/programmes/nowhere").status_code == 404


def test_an_administrator_adds_a_programme(session, admin):
    answer = admin.post("/programmes/new", data=FORM)
    assert (answer.status_code, answer.location) == (303, "/programmes/tour-2027")
    added = session.scalars(select(Programme)).one()
    assert added.names == {"en": "Tour 2027", "zh_Hans": "研学2027"}
    assert added.entry_opens_at == dt.datetime(2027, 2, 22, 9, tzinfo=dt.UTC)


def test_a_time_that_clocks_skip_is_explained_beside_its_field(session, admin):
    answer = admin.post("/programmes/new", data=FORM | {"entry_opens": "2027-03-28T01:30"})
    field = answer.page.one("input", id="entry_opens")
    assert (answer.status_code, field.get("aria-invalid"), field.get("value")) == (
        422,
        "true",
        "2027-03-28T01:30",
    )
    assert "does not exist in London" in answer.page.text
    assert "02:30" in answer.page.text


def test_a_time_that_clocks_show_twice_is_asked_about_and_then_taken(session, admin):
    data = FORM | {"entry_closes": "2027-10-31T01:30", "ends_on": "2027-11-03"}
    asked = admin.post("/programmes/new", data=data)
    answers = [node.get("value") for node in asked.page.all("input", name="repeated")]
    assert (asked.status_code, answers) == (422, ["first", "second"])
    admin.post("/programmes/new", data=data | {"repeated": "second"})
    added = session.scalars(select(Programme)).one()
    assert added.entry_closes_at == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)


def test_the_form_keeps_asking_while_a_stored_time_is_one_of_two(session, admin):
    closes = dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)
    factories.programme(code="tour", timezone="Europe/London", entry_closes_at=closes)
    page = admin.get("/programmes/tour/edit").page
    assert page.values()["repeated"] == "second"
    admin.post("/programmes/tour/edit", data={"timezone": "Europe/London"} | page.values())
    assert session.scalars(select(Programme)).one().entry_closes_at == closes


def test_the_question_does_not_stand_where_it_is_not_needed(session, admin):
    page = admin.get("/programmes/new").page
    assert page.all("input", name="repeated") == []


def test_the_form_shows_what_is_stored_and_saves_it_unchanged(session, programme, coordinator):
    page = coordinator.get("/programmes/festival/edit").page
    before = (programme.entry_opens_at, programme.starts_on, programme.names)
    answer = coordinator.post("/programmes/festival/edit", data=page.values())
    assert answer.status_code == 303
    # A form of minutes cannot keep the seconds that factories add.
    assert abs((programme.entry_opens_at - before[0]).total_seconds()) < 60
    assert (programme.starts_on, programme.names) == before[1:]


def test_a_used_code_is_told_at_its_field(session, programme, admin):
    answer = admin.post("/programmes/new", data=FORM | {"code": "festival"})
    assert answer.status_code == 422
    assert answer.page.one("input", id="code").get("aria-invalid") == "true"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_en", " "),
        ("code", "no spaces"),
        ("timezone", "Nowhere/Here"),
        ("starts_on", "soon"),
        ("rest_minutes", "-1"),
        ("rest_minutes", "x"),
        ("primary_latest_end", "25:00"),
        ("entry_opens", ""),
        ("entry_opens", "0001-01-01T00:00"),
        ("ends_on", "9999-12-31"),
    ],
)
def test_bad_input_is_refused_beside_the_field(session, admin, field, value):
    answer = admin.post("/programmes/new", data=FORM | {field: value})
    wrong = [node.get("id") for node in answer.page.elements if node.get("aria-invalid") == "true"]
    assert (answer.status_code, wrong) == (422, [field])
    assert session.scalars(select(Programme)).all() == []


def test_a_programme_is_removed_or_kept_with_the_reason(session, programme, admin):
    factories.application(factories.category(programme), factories.school())
    factories.programme(code="unused")
    kept = admin.post("/programmes/festival/remove")
    gone = admin.post("/programmes/unused/remove")
    assert (kept.status_code, gone.status_code) == (409, 303)
    assert "cannot be removed" in kept.page.text
    assert list(session.scalars(select(Programme.code))) == ["festival"]


@pytest.mark.parametrize(
    "path",
    [
        "/programmes/festival/edit",
        "/programmes/festival/categories/new",
        "/programmes/festival/venues/new",
        "/programmes/festival/travel",
        "/programmes/festival/attendance",
    ],
)
def test_another_programme_s_coordinator_changes_nothing_here(session, programme, sign_in, path):
    stranger = sign_in(factories.coordinator(factories.programme()))
    assert stranger.get(path).status_code == 403


# Categories


def test_a_coordinator_adds_and_changes_a_category(session, programme, coordinator):
    added = coordinator.post("/programmes/festival/categories/new", data=CATEGORY)
    values = coordinator.get("/programmes/festival/categories/CHOIR_P/edit").page.values()
    changed = coordinator.post(
        "/programmes/festival/categories/CHOIR_P/edit", data=values | {"places": "13"}
    )
    assert (added.status_code, changed.status_code) == (303, 303)
    category = session.scalars(select(Category)).one()
    assert (category.places, category.born_from, category.is_primary, category.names) == (
        13,
        dt.date(2015, 1, 1),
        True,
        {"en": "Primary choir", "zh_Hans": "小学合唱", "zh_Hant_HK": "小學合唱"},
    )


def test_places_below_those_taken_are_refused_at_their_field(session, programme, coordinator):
    factories.category(programme, code="CHOIR_P", places=12, places_taken=5)
    data = CATEGORY | {"places": "4"}
    answer = coordinator.post("/programmes/festival/categories/CHOIR_P/edit", data=data)
    assert answer.status_code == 422
    assert answer.page.one("input", id="places").get("aria-invalid") == "true"
    assert "5 groups have been accepted" in answer.page.text


def test_categories_are_moved(session, programme, coordinator):
    factories.category(programme, code="a", position=1)
    factories.category(programme, code="b", position=2)
    answer = coordinator.post("/programmes/festival/categories/b/move", data={"direction": "up"})
    assert answer.status_code == 303
    assert [category.code for category in programme.categories] == ["b", "a"]


def test_a_move_elsewhere_is_no_such_thing(session, programme, coordinator):
    factories.category(programme, code="a")
    answer = coordinator.post("/programmes/festival/categories/a/move", data={"direction": "off"})
    assert answer.status_code == 404


def test_a_category_with_entries_is_kept_with_the_reason(session, programme, coordinator):
    factories.application(factories.category(programme, code="full"), factories.school())
    factories.category(programme, code="empty")
    kept = coordinator.post("/programmes/festival/categories/full/remove")
    gone = coordinator.post("/programmes/festival/categories/empty/remove")
    assert (kept.status_code, gone.status_code) == (409, 303)
    assert list(session.scalars(select(Category.code))) == ["full"]


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant_HK"])
def test_the_pages_speak_the_reader_s_language(session, programme, sign_in, locale):
    factories.category(programme)
    factories.venue(programme, code="V1")
    client = sign_in(factories.coordinator(programme, locale=locale))
    paths = ("", "/edit", "/venues", "/venues/V1/times", "/attendance", "/travel")
    answers = [client.get(f"/programmes/festival{path}") for path in paths]
    assert [answer.status_code for answer in answers] == [200] * 6
    mark = {"zh_Hans": "(简)", "zh_Hant_HK": "(繁)"}[locale]
    assert answers[0].page.h1.endswith(mark)


def test_everything_wrong_with_the_dates_is_told_at_once(admin):
    wrong = {"ends_on": "2027-10-01", "entry_closes": "2027-01-01T00:00", "rest_minutes": "-1"}
    answer = admin.post("/programmes/new", data=FORM | wrong)
    marked = [n.get("id") for n in answer.page.elements if n.get("aria-invalid") == "true"]
    assert sorted(marked) == ["ends_on", "entry_closes", "rest_minutes"]


def test_hours_that_the_last_day_would_leave_out_are_no_fault_of_the_first(programme, coordinator):
    factories.venue(programme, name="Hall", days=3)
    form = FORM | {"timezone": "Asia/Shanghai", "starts_on": "2027-07-16", "ends_on": "2027-07-17"}
    answer = coordinator.post("/programmes/festival/edit", data=form)
    marked = [n.get("id") for n in answer.page.elements if n.get("aria-invalid") == "true"]
    assert marked == ["ends_on"]


def test_a_refusal_leads_back_to_the_page_it_came_from(programme, admin):
    factories.coordinator(programme)
    own = {"Referer": "http://localhost/programmes/festival"}
    answer = admin.post("/programmes/festival/remove", headers=own)
    assert answer.status_code == 409
    assert [n.get("href") for n in answer.page.all("a", href="/programmes/festival")]
    foreign = {"Referer": "http://elsewhere.example/programmes/festival"}
    answer = admin.post("/programmes/festival/remove", headers=foreign)
    assert not answer.page.all("a", href="/programmes/festival")
