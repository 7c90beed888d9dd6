"""Dates, organisations, levels, series and copies, over HTTP."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.organisations.models import Organisation
from scheduler.programmes.date_services import dates_of
from scheduler.programmes.kinds import DateKind, DayCount, OrganisationRole, WithdrawalRule
from scheduler.programmes.milestones import public_notice_until
from scheduler.programmes.models import (
    Category,
    Programme,
    ProgrammeOrganisation,
    ProgrammeSeries,
)
from scheduler.workdays.counting import WorkCalendar
from tests import factories

RULES = {
    "public_notice_days": "7",
    "public_notice_counts": "calendar",
    "withdrawal_rule": "any_time",
}


@pytest.fixture
def programme(session):
    return factories.programme(
        code="tour", timezone="Europe/London", names=factories.names("Tour 2027")
    )


@pytest.fixture
def coordinator(programme, sign_in):
    return sign_in(factories.coordinator(programme))


def test_dates_are_wall_times_of_the_programme(session, programme, coordinator):
    data = RULES | {"confirm_by": "2027-07-01T18:00", "roster_freeze": "2027-01-10T18:00"}
    assert coordinator.post("/programmes/tour/dates", data=data).status_code == 303
    assert dates_of(programme) == {
        DateKind.CONFIRM_BY: dt.datetime(2027, 7, 1, 17, tzinfo=dt.UTC),
        DateKind.ROSTER_FREEZE: dt.datetime(2027, 1, 10, 18, tzinfo=dt.UTC),
    }
    values = coordinator.get("/programmes/tour/dates").page.values()
    assert values["confirm_by"] == "2027-07-01T18:00"
    assert "Schools confirm by" in coordinator.get("/programmes/tour").page.text


def test_times_that_clocks_skip_or_repeat_are_refused(session, programme, coordinator):
    skipped = coordinator.post(
        "/programmes/tour/dates", data=RULES | {"confirm_by": "2027-03-28T01:30"}
    )
    assert skipped.status_code == 422
    assert "does not exist in London" in skipped.page.text
    data = RULES | {"confirm_by": "2027-10-31T01:30"}
    repeated = coordinator.post("/programmes/tour/dates", data=data)
    assert "twice" in repeated.page.text
    answer = coordinator.post("/programmes/tour/dates", data=data | {"repeated": "second"})
    assert answer.status_code == 303
    assert dates_of(programme) == {
        DateKind.CONFIRM_BY: dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)
    }


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (
            {"review_opens": "2027-02-02T09:00", "review_closes": "2027-02-01T09:00"},
            "review_closes",
        ),
        (
            {"roster_freeze": "2027-02-02T09:00", "substitutions_until": "2027-02-02T09:00"},
            "substitutions_until",
        ),
        ({"withdrawal_rule": "until_date"}, "withdrawal_until"),
        ({"public_notice_days": "0"}, "public_notice_days"),
    ],
)
def test_dates_that_contradict_are_refused_at_their_field(programme, coordinator, data, field):
    answer = coordinator.post("/programmes/tour/dates", data=RULES | data)
    assert answer.status_code == 422
    assert answer.page.one("input", id=field).get("aria-invalid") == "true"
    assert dates_of(programme) == {}


@pytest.mark.parametrize(
    ("begins", "days", "counts", "until"),
    [
        ("2027-05-17", 7, DayCount.CALENDAR, "2027-05-23"),
        ("2027-05-17", 5, DayCount.WORKING, "2027-05-21"),
        ("2027-05-17", 7, DayCount.WORKING, "2027-05-25"),
        ("2027-05-15", 1, DayCount.WORKING, "2027-05-17"),
    ],
)
def test_the_public_notice_counts_its_first_day(begins, days, counts, until):
    programme = Programme(
        timezone="Asia/Shanghai", public_notice_days=days, public_notice_counts=counts
    )
    at = dt.datetime.fromisoformat(f"{begins}T01:00+00:00")
    assert public_notice_until(programme, at, WorkCalendar()) == dt.date.fromisoformat(until)


def test_organisations_are_named_by_role_and_in_the_order_chosen(session, programme, coordinator):
    for code in ("A", "B", "C"):
        factories.organisation(code=code, names=factories.names(f"Bureau {code}"))
    for code, role in (("C", "supporter"), ("B", "host"), ("A", "host"), ("C", "guide")):
        data = {"organisation": code, "role": role}
        answer = coordinator.post("/programmes/tour/organisations", data=data)
        assert answer.status_code == 303
    again = coordinator.post(
        "/programmes/tour/organisations", data={"organisation": "A", "role": "host"}
    )
    assert again.status_code == 422
    move = {"role": "host", "direction": "up"}
    coordinator.post("/programmes/tour/organisations/A/move", data=move)
    text = coordinator.get("/programmes/tour").page.text
    places = [
        text.index(word)
        for word in ("Guided by", "Hosted by", "Bureau A", "Bureau B", "Supported by")
    ]
    assert places == sorted(places)
    coordinator.post("/programmes/tour/organisations/C/remove", data={"role": "guide"})
    parts = session.execute(
        select(Organisation.code, ProgrammeOrganisation.role).join(ProgrammeOrganisation)
    ).all()
    assert sorted(map(tuple, parts)) == [
        ("A", OrganisationRole.HOST),
        ("B", OrganisationRole.HOST),
        ("C", OrganisationRole.SUPPORTER),
    ]


def test_organisations_with_a_part_stay(session, programme, sign_in):
    factories.organisation(programme, code="A")
    factories.organisation(code="B")
    admin = sign_in(factories.administrator())
    assert admin.post("/organisations/A/remove").status_code == 409
    assert admin.post("/organisations/B/remove").status_code == 303
    assert session.scalars(select(Organisation.code)).all() == ["A"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://bureau.example", "bureau.example"])
def test_only_web_addresses_are_taken(session, coordinator, url):
    data = {"name_en": "Bureau", "code": "X", "country": "CN", "url": url}
    answer = coordinator.post("/organisations/new", data=data)
    assert answer.status_code == 422
    assert session.scalars(select(Organisation)).all() == []


def test_levels_are_renamed_and_added_but_not_taken_away_from_groups(
    session, programme, coordinator
):
    kept, given, free = (factories.level(programme, name) for name in ("One", "Two", "Three"))
    group = factories.application(factories.category(programme), factories.school())
    factories.result(group, given)
    rows = {f"rows-{n}-key": str(each.id) for n, each in enumerate((kept, given, free))}
    names = {"rows-0-name_en": "First", "rows-1-name_en": "", "rows-2-name_en": "Three"}
    refused = coordinator.post("/programmes/tour/levels", data=rows | names)
    assert refused.status_code == 422
    assert "Groups have been given this level" in refused.page.text
    names |= {"rows-1-name_en": "Two", "rows-2-name_en": "", "rows-3-name_zh_hans": "四"}
    answer = coordinator.post("/programmes/tour/levels", data=rows | {"rows-3-key": ""} | names)
    assert answer.status_code == 303
    session.expire_all()
    assert [level.names for level in session.get(Programme, programme.id).levels] == [
        {"en": "First"},
        {"en": "Two"},
        {"en": "四", "zh_Hans": "四"},
    ]


def test_series_hold_editions_and_only_empty_ones_go(session, programme, sign_in):
    admin = sign_in(factories.administrator())
    data = {"name_en": "Tours", "code": "tours"}
    assert admin.post("/series/new", data=data).status_code == 303
    assert admin.post("/series/new", data=data).status_code == 422
    series = session.scalar(select(ProgrammeSeries))
    programme.series = series
    assert "Tour 2027" in admin.get("/series/tours").page.text
    assert admin.post("/series/tours/remove").status_code == 409
    programme.series = None
    session.commit()
    assert admin.post("/series/tours/remove").status_code == 303


def test_a_copy_is_made_only_of_dates_that_were_shown(session, programme, coordinator):
    page = coordinator.get("/programmes/tour/copy").page
    values = page.values()
    assert (values["code"], values["starts_on"], values["name_en"]) == (
        "tour-2",
        "2028-07-14",
        "Tour 2028",
    )
    values.pop("preview", None)
    changed = values | {"starts_on": "2028-07-21", "copy": "y"}
    shown = coordinator.post("/programmes/tour/copy", data=changed)
    assert shown.status_code == 200
    assert "Nothing has been made yet" in shown.page.text
    assert "Fri 21 July 2028" in shown.page.text
    assert session.scalars(select(Programme.code)).all() == ["tour"]
    values = shown.page.values() | {"copy": "y"}
    values.pop("preview", None)
    made = coordinator.post("/programmes/tour/copy", data=values)
    assert made.headers["Location"] == "/programmes/tour-2"
    edition = session.scalar(select(Programme).where(Programme.code == "tour-2"))
    assert edition.starts_on == dt.date(2028, 7, 21)
    assert coordinator.get("/programmes/tour-2/edit").status_code == 200


def test_a_form_asks_only_for_what_says_something_about_the_kind(session, programme, coordinator):
    path = "/programmes/tour/categories/new"
    assert "Study-tour group" in coordinator.get(path).page.text
    values = coordinator.get(f"{path}?kind=tennis_singles").page.values()
    assert not {"max_works", "needs_conductor", "is_primary"} & values.keys()
    assert (values["min_members"], values["max_members"], values["max_minutes"]) == ("1", "1", "55")
    assert "max_minutes" not in coordinator.get(f"{path}?kind=study_tour").page.values()
    rule = {"age_rule": "birth_year", "age_max": "12", "play_up_groups": "1"}
    data = values | rule | {"name_en": "Boys U12", "code": "BS12", "places": "32"}
    assert coordinator.post(path, data=data).status_code == 303
    (made,) = session.scalars(select(Category))
    assert (made.max_works, made.needs_conductor, made.age_max) == (0, False, 12)
    assert "aged ≤ 12 in 2027 (born 2015 or later)" in coordinator.get("/programmes/tour").page.text
    other = coordinator.post("/programmes/tour/categories/BS12/edit", data=data | {"kind": "choir"})
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"age_rule": "age_on_date", "age_on": "2027-08-01"}, "age_max"),
        ({"age_rule": "birth_year"}, "age_max"),
        ({"age_rule": "birth_year", "age_min": "12", "age_max": "10"}, "age_max"),
        ({"max_advisers": "1", "min_advisers": "2"}, "max_advisers"),
    ],
)
def test_age_rules_are_whole(session, programme, coordinator, rule, field):
    path = "/programmes/tour/categories/new"
    values = coordinator.get(f"{path}?kind=solo").page.values()
    data = values | {"name_en": "Solo", "code": "SOLO", "places": "3"} | rule
    answer = coordinator.post(path, data=data)
    assert answer.status_code == 422
    assert answer.page.one("input", id=field).get("aria-invalid") == "true"
    assert session.scalars(select(Category)).all() == []


def test_withdrawing_ends_when_the_programme_says_so(session, programme, sign_in):
    programme.withdrawal_rule = WithdrawalRule.UNTIL_DATE
    until = factories.programme_date(
        programme, DateKind.WITHDRAWAL_UNTIL, dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    )
    category = factories.category(programme, places_taken=1)
    school = factories.school()
    group = factories.application(category, school, state=factories.State.ACCEPTED)
    officer = sign_in(factories.officer(school))
    why = {"reason": "Measles"}
    refused = officer.post(f"/applications/{group.ref}/withdraw", data=why)
    assert refused.status_code == 409
    assert "ask the coordinator" in refused.page.text
    until.at = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    assert officer.post(f"/applications/{group.ref}/withdraw", data=why).status_code == 303
    session.expire_all()
    assert group.state is factories.State.WITHDRAWN
