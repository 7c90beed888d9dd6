"""A blind level: its reviewers never learn whose entry they read, whatever page they open."""

import datetime as dt

import pytest

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import Region
from scheduler.programmes.approval import Dimension, LevelKind
from scheduler.programmes.form_fields import FieldKind
from tests import factories
from tests.applications.making import (
    city_reviewer_of,
    coordinator_of,
    make_category,
    make_district,
    make_entry,
    make_levels,
    make_programme,
    make_quota,
    make_school,
    reviewer_of,
)

SECRETS = ("Quxi Neverseen", "Bridge End School", "Hidden Larks", "Far Away District", "Hong Kong")


@pytest.fixture(autouse=True)
def on_the_first_of_march(frozen):
    frozen(2027, 3, 1, 8)


@pytest.fixture
def levels(festival):
    levels = make_levels(festival.programme)
    levels[LevelKind.CITY].is_blind = True
    make_quota(levels[LevelKind.CITY], Dimension.ANY, places=1)
    return levels


@pytest.fixture
def entry(festival, levels):
    district = make_district(name="Far Away District")
    school = make_school(name="Bridge End School", district=district, region=Region.HONG_KONG)
    made = make_entry(
        festival.category,
        school,
        state=State.SUBMITTED,
        group_name="Hidden Larks",
        level=levels[LevelKind.CITY],
        introduction="We are the Hidden Larks of Bridge End School.",
    )
    for member in made.members:
        member.person.name = "Quxi Neverseen"
    db.session.commit()
    return made


@pytest.fixture
def juror(festival, sign_in):
    return sign_in(city_reviewer_of(festival.programme))


def pages(entry):
    code = entry.programme.code
    return [
        f"/applications/{entry.ref}/case",
        f"/programmes/{code}/applications",
        f"/programmes/{code}/applications?state=all&q=Bridge",
        f"/programmes/{code}/applications?sort=school&district=440101&region=HK",
        f"/applications/{entry.ref}/pdf",
        f"/programmes/{code}/statistics",
        f"/programmes/{code}/statistics/workbook",
        "/applications",
        "/exports",
        "/",
    ]


def test_the_secrets_are_there_to_be_seen(entry, festival, sign_in):
    client = sign_in(festival.coordinator)
    text = client.get(f"/applications/{entry.ref}/case").get_data(as_text=True)
    assert [secret for secret in SECRETS if secret not in text] == []


def test_no_page_tells_a_blind_reviewer_whose_entry_it_is(entry, juror):
    leaks = [
        (path, secret)
        for path in pages(entry)
        for secret in SECRETS
        if secret in juror.get(path, follow_redirects=True).get_data(as_text=True)
        # The filter of regions is not offered, so no region is named at all.
    ]
    assert leaks == []


def test_a_blind_reviewer_takes_no_list_along(entry, juror):
    for listing in ("queue", "people", "members", "schools"):
        place = entry.ref if listing == "members" else entry.programme.code
        data = {"list": listing, "place": place, "format": "csv", "filters": "state=all"}
        assert juror.post("/exports/download", data=data).status_code == 403


def test_a_search_for_the_school_finds_nothing(entry, juror):
    path = f"/programmes/{entry.programme.code}/applications"
    by_school = juror.get(f"{path}?q=Bridge").page.text
    by_reference = juror.get(f"{path}?q={entry.ref}").page.text
    assert (entry.ref in by_school, entry.ref in by_reference) == (False, True)


def test_no_quota_tells_a_blind_reviewer_whose_entry_was_passed_on(entry, levels, juror):
    queue, case = pages(entry)[1], pages(entry)[0]
    assert all("0 of 1" in juror.get(path).page.text for path in (queue, case))
    quota = make_quota(levels[LevelKind.CITY], Dimension.SCHOOL, places=7)
    factories.nomination(
        entry, levels[LevelKind.CITY], quota_id=quota.id, quota_key=entry.school.code
    )
    db.session.commit()
    for path in (queue, case):
        text = juror.get(path).page.text
        assert [said for said in (entry.school.code, "1 of 7", "0 of 1") if said in text] == []


def test_the_answer_to_a_decision_is_blind_too(entry, juror):
    url = f"/applications/{entry.ref}/decision"
    answer = juror.post(
        url, data={"action": "nominate", "version": entry.version}, follow_redirects=True
    )
    text = answer.get_data(as_text=True)
    assert [secret for secret in SECRETS if secret in text] == []
    assert f"{entry.ref}: Nominated to the next level." in answer.page.text


def test_many_at_once_report_references_and_the_used_up_quota(entry, festival, levels, juror):
    other = make_entry(
        festival.category,
        make_school(name="Bridge End School"),
        state=State.SUBMITTED,
        group_name="Hidden Larks",
        level=levels[LevelKind.CITY],
    )
    db.session.commit()
    path = f"/programmes/{festival.programme.code}/applications/decisions"
    answer = juror.post(path, data={"action": "nominate", "seen": [entry.seen, other.seen]})
    text = answer.page.text
    assert (entry.ref in text, other.ref in text) == (True, True)
    assert "The quota of 1 is used up at this level." in text
    assert [secret for secret in SECRETS if secret in text] == []


def test_what_is_not_at_the_city_is_not_the_citys_business(festival, levels, juror):
    draft = make_entry(festival.category, festival.school)
    below = make_entry(
        festival.category,
        festival.school,
        state=State.SUBMITTED,
        level=levels[LevelKind.DISTRICT],
    )
    db.session.commit()
    answers = [juror.get(f"/applications/{each.ref}/case").status_code for each in (draft, below)]
    assert answers == [404, 404]


def test_a_district_reviewer_opens_no_draft(festival, levels, sign_in):
    district = make_district()
    draft = make_entry(festival.category, make_school(district=district))
    client = sign_in(reviewer_of(district))
    assert client.get(f"/applications/{draft.ref}/case").status_code == 404


def test_who_also_coordinates_sees_openly(entry, festival, sign_in):
    account = coordinator_of(festival.programme)
    text = sign_in(account).get(f"/applications/{entry.ref}/case").page.text
    assert "Bridge End School" in text


def test_the_reviewer_of_an_open_level_sees_the_quota_and_decides(festival, levels, sign_in):
    district = make_district()
    make_quota(levels[LevelKind.DISTRICT], Dimension.DISTRICT, places=2)
    entry = make_entry(
        festival.category,
        make_school(district=district),
        state=State.SUBMITTED,
        level=levels[LevelKind.DISTRICT],
    )
    client = sign_in(reviewer_of(district))
    url = f"/applications/{entry.ref}/decision"
    assert (
        client.post(url, data={"action": "nominate", "version": entry.version}).status_code == 303
    )
    page = client.get(f"/programmes/{festival.programme.code}/applications?state=all").page
    assert f"Each district: {district.name}" in page.text
    found = db.session.get_one(Application, entry.id, populate_existing=True)
    assert found.level.kind is LevelKind.CITY


def test_of_coordinators_fields_a_juror_sees_the_recording_and_no_words(entry, festival, juror):
    for kind, code in ((FieldKind.VIDEO, "video"), (FieldKind.TEXT, "words")):
        factories.form_field(festival.programme, code=code, kind=kind, names={"en": code.title()})
    entry.answers = {"video": "https://video.example/v/1", "words": "Bridge End School"}
    db.session.commit()
    text = juror.get(f"/applications/{entry.ref}/case").get_data(as_text=True)
    assert ("https://video.example/v/1" in text, "Bridge End School" in text) == (True, False)


@pytest.mark.parametrize("sort", ["school", "group"])
def test_no_order_by_names_is_told_beside_a_case(entry, festival, levels, juror, sort):
    """The first of the alphabet was submitted last."""
    first = make_school(name="Abbey School")
    other = make_entry(
        festival.category,
        first,
        state=State.SUBMITTED,
        group_name="Angels",
        level=levels[LevelKind.CITY],
    )
    entry.submitted_at, other.submitted_at = (clock.now() - dt.timedelta(days=n) for n in (2, 1))
    db.session.commit()
    page = juror.get(f"/applications/{entry.ref}/case?sort={sort}").text
    assert f"1. {entry.ref}</a>" in page
    assert f"2. {other.ref}</a>" in page


@pytest.mark.parametrize("version", [0, 1])
def test_another_programme_tells_nothing_of_what_is_read_blind_here(
    entry, festival, sign_in, version
):
    """Last year's reviewer, who reads openly there, sends this year's references."""
    last_year = make_programme()
    open_level = make_levels(last_year)[LevelKind.CITY]
    reviewer = city_reviewer_of(festival.programme)
    reviewer.grants.append(factories.grant(Role.CITY_REVIEWER, last_year))
    category = make_category(last_year)
    own = make_entry(category, make_school(), state=State.SUBMITTED, level=open_level)
    db.session.commit()
    path = f"/programmes/{last_year.code}/applications/decisions"
    data = {"action": "nominate", "seen": [f"{entry.ref}.{entry.version * version}", own.seen]}
    answer = sign_in(reviewer).post(path, data=data)
    assert answer.status_code == 200
    assert [secret for secret in SECRETS if secret in answer.text] == []
    assert "There is no such application." in answer.text
    assert own.group_name in answer.text
    assert entry.level.kind is LevelKind.CITY


def test_a_reviewer_is_told_nothing_of_other_districts_entries(entry, festival, sign_in):
    near = make_district(name="Near District")
    reviewer = reviewer_of(near)
    make_entry(festival.category, make_school(district=near), state=State.SUBMITTED)
    db.session.commit()
    path = f"/programmes/{festival.programme.code}/applications/decisions"
    answer = sign_in(reviewer).post(path, data={"action": "nominate", "seen": entry.seen})
    assert answer.status_code == 200
    assert entry.ref in answer.text
    assert [secret for secret in SECRETS if secret in answer.text] == []
