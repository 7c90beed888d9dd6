"""Schools and districts, and who sees which."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.audit.models import AuditEntry
from scheduler.errors import NotFound, Refused
from scheduler.organisations import panels, services
from scheduler.organisations.models import CodeScheme, Region, School
from scheduler.organisations.refusals import Refusal
from scheduler.organisations.services import SchoolDetails
from tests import factories

NOW = clock.now()


def details(**values):
    defaults = {
        "code": "S90",
        "name": "广州市试验小学",
        "region": Region.GUANGZHOU,
        "country": "CN",
        "stages": ("P",),
        "district_code": None,
        "timezone": "Asia/Shanghai",
        "locale": "zh_Hans",
    }
    return SchoolDetails(**(defaults | values))


@pytest.fixture
def admin(session):
    return factories.administrator().actor


def codes(session, actor):
    return sorted(school.code for school in session.scalars(services.visible_schools(actor)))


@pytest.fixture
def two_schools(session):
    district = factories.district()
    return factories.school(code="S1", district=district), factories.school(code="S2")


def test_an_administrator_and_a_coordinator_see_every_school(session, admin, two_schools):
    coordinator = factories.coordinator(factories.programme()).actor
    assert codes(session, admin) == codes(session, coordinator) == ["S1", "S2"]


def test_a_reviewer_sees_the_schools_of_the_district(session, two_schools):
    assert codes(session, factories.reviewer(two_schools[0].district).actor) == ["S1"]


def test_an_officer_sees_the_own_school_only(session, two_schools):
    assert codes(session, factories.officer(two_schools[1]).actor) == ["S2"]


def test_a_school_out_of_sight_is_not_found(session, two_schools):
    officer = factories.officer(two_schools[1]).actor
    with pytest.raises(NotFound):
        services.find_visible(officer, "S1")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"text": "江"}, ["S3"]),
        ({"text": "s3"}, ["S3"]),
        ({"text": "99003"}, ["S3"]),
        ({"text": "%"}, []),
        ({"text": "_"}, []),
        ({"region": "HK"}, ["S4"]),
        ({"district": "440112"}, ["S3"]),
        ({}, ["S3", "S4"]),
    ],
)
def test_schools_are_found_by_name_code_region_and_district(session, admin, filters, found):
    district = factories.district(code="440112")
    factories.school(
        code="S3",
        name="珠江小学",
        district=district,
        code_scheme=CodeScheme.HONG_KONG,
        official_code="990030",
    )
    factories.school(code="S4", name="大嶼景小學", region=Region.HONG_KONG)
    query = services.matching(services.visible_schools(admin), **filters)
    assert sorted(school.code for school in session.scalars(query)) == found


def test_a_school_is_added_with_its_district_and_number(session, admin):
    factories.district(code="440112")
    school = services.add_school(
        details(district_code="440112", code_scheme=CodeScheme.CHINA, official_code="2144990090"),
        actor=admin,
        now=NOW,
    )
    assert (school.district.code, school.official_code) == ("440112", "2144990090")


def test_a_code_is_used_once(session, admin):
    factories.school(code="S90")
    with pytest.raises(Refused) as refused:
        services.add_school(details(), actor=admin, now=NOW)
    assert (refused.value.code, refused.value.field) == (Refusal.CODE_TAKEN, "code")


def test_an_official_number_is_used_once_within_its_scheme(session, admin):
    factories.school(code_scheme=CodeScheme.HONG_KONG, official_code="990090")
    services.add_school(
        details(code_scheme=CodeScheme.UNITED_KINGDOM, official_code="990090"),
        actor=admin,
        now=NOW,
    )
    with pytest.raises(Refused) as refused:
        services.add_school(
            details(code="S91", code_scheme=CodeScheme.HONG_KONG, official_code="990090"),
            actor=admin,
            now=NOW,
        )
    assert refused.value.field == "official_code"


def test_a_change_is_audited_with_the_names_of_its_fields(session, admin):
    school = services.add_school(details(), actor=admin, now=NOW)
    services.change_school(school, details(name="新名"), actor=admin, now=NOW)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "school:change")).one()
    assert (entry.subject_ref, entry.facts) == ("S90", {"fields": ["name"]})


def test_a_change_of_nothing_leaves_no_trace(session, admin):
    school = services.add_school(details(), actor=admin, now=NOW)
    services.change_school(school, details(), actor=admin, now=NOW)
    actions = list(session.scalars(select(AuditEntry.action)))
    assert actions == ["school:add"]


def test_an_unused_school_is_removed(session, admin):
    school = factories.school()
    services.remove_school(school, actor=admin, now=NOW)
    assert session.scalars(select(School)).all() == []


def test_a_school_with_pupils_is_kept(session, admin):
    school = factories.school()
    factories.person(school)
    with pytest.raises(Refused) as refused:
        services.remove_school(school, actor=admin, now=NOW)
    assert refused.value.code is Refusal.SCHOOL_IN_USE


def test_a_school_with_officers_is_kept(session, admin):
    school = factories.school()
    factories.officer(school)
    with pytest.raises(Refused) as refused:
        services.remove_school(school, actor=admin, now=NOW)
    assert refused.value.code is Refusal.SCHOOL_HAS_OFFICERS


def test_officers_who_left_are_not_named(session):
    school = factories.school()
    factories.officer(school, name="B")
    factories.officer(school, name="A")
    factories.officer(school, name="C", deactivated_at=NOW)
    assert [officer.name for officer in services.officers_of(school)] == ["A", "B"]


def test_districts_come_with_the_number_of_their_schools(session):
    full, empty = factories.district(code="1"), factories.district(code="2")
    factories.school(district=full)
    factories.school(district=full)
    rows = [(district.code, count) for district, count in services.districts_with_counts()]
    assert rows == [(full.code, 2), (empty.code, 0)]


def test_a_district_with_schools_or_reviewers_is_kept(session, admin):
    with_school, reviewed = factories.district(), factories.district()
    factories.school(district=with_school)
    factories.reviewer(reviewed)
    refusals = []
    for district in (reviewed, with_school):
        with pytest.raises(Refused) as refused:
            services.remove_district(district, actor=admin, now=NOW)
        refusals.append(refused.value.code)
    assert refusals == [Refusal.DISTRICT_HAS_REVIEWERS, Refusal.DISTRICT_HAS_SCHOOLS]


def test_a_district_s_code_is_used_once(session, admin):
    services.add_district("440112", "黄埔区", actor=admin, now=NOW)
    with pytest.raises(Refused) as refused:
        services.add_district("440112", "Huangpu", actor=admin, now=NOW)
    assert refused.value.field == "code"


def test_rooms_above_put_panels_on_a_school_s_page(session, monkeypatch):
    monkeypatch.setattr(panels, "_makers", [])
    school = factories.school()
    panels.add(lambda each: panels.Panel("Own", [panels.Line("Code", each.code)]))
    panels.add(lambda _each: None)
    assert [panel.lines[0].value for panel in panels.panels_of(school)] == [school.code]
