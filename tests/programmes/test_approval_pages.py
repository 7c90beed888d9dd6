"""The page on which a coordinator sets up levels, quotas and the waiting list."""

import pytest
from sqlalchemy import select

from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.database import db
from scheduler.programmes.approval import (
    ApprovalLevel,
    Dimension,
    LevelKind,
    Quota,
    WaitlistPolicy,
)
from tests import factories
from tests.support.pages import text_of


@pytest.fixture
def programme(session):
    return factories.programme(code="festival", names=factories.names("Festival"))


@pytest.fixture
def client(programme, sign_in):
    return sign_in(factories.coordinator(programme))


def kinds():
    query = select(ApprovalLevel.kind).order_by(ApprovalLevel.position)
    return list(db.session.scalars(query))


def test_without_levels_the_page_says_that_coordinators_decide_alone(client):
    page = client.get("/programmes/festival/approval").page
    assert "The coordinators decide alone on what schools submit." in page.text


def test_ticking_a_level_brings_the_school_and_the_organiser_along(client):
    answer = client.post("/programmes/festival/approval", data={"kinds": ["city", "district"]})
    assert answer.status_code == 303
    assert kinds() == ["school", "district", "city", "organiser"]


def test_unticking_all_leaves_none(client, programme):
    factories.levels(programme)
    client.post("/programmes/festival/approval", data={})
    assert kinds() == []


def test_a_level_with_entries_stays(client, programme):
    levels = factories.levels(programme)
    category, school = factories.category(programme), factories.school()
    city = levels[LevelKind.CITY]
    factories.application(category, school, state=State.SUBMITTED, level=city)
    answer = client.post("/programmes/festival/approval", data={"kinds": ["district"]})
    assert answer.status_code == 409
    assert "so it cannot be removed" in answer.page.text
    assert kinds() == ["school", "district", "city", "organiser"]


def test_a_level_gets_its_deadline_in_the_programmes_zone(client, programme):
    factories.levels(programme)
    data = {"closes": "2027-04-16T18:00", "is_blind": "y"}
    client.post("/programmes/festival/approval/city/edit", data=data)
    query = select(ApprovalLevel).where(ApprovalLevel.kind == LevelKind.CITY)
    level = db.session.scalars(query.execution_options(populate_existing=True)).one()
    assert level.closes_at.isoformat() == "2027-04-16T10:00:00+00:00"
    assert (level.is_blind, level.may_return) == (True, False)
    page = client.get("/programmes/festival/approval").page
    assert "Fri 16 April 2027 18:00 (UTC+8)" in page.text


@pytest.mark.parametrize(
    ("data", "stored"),
    [
        ({"whom": "district:"}, ("district", None, None, 6)),
        ({"whom": "any:"}, ("any", None, None, 6)),
        ({"whom": "region:HK"}, ("region", "HK", None, 6)),
        ({"whom": "stage:P", "category": "CHOIR"}, ("stage", "P", "CHOIR", 6)),
        ({"whom": "school:one", "school": "S0001x"}, ("school", "S0001x", None, 6)),
    ],
)
def test_quotas_are_for_each_for_one_or_for_any_other(client, programme, data, stored):
    factories.levels(programme)
    factories.category(programme, code="CHOIR")
    factories.school(code="S0001x")
    db.session.commit()
    answer = client.post(
        "/programmes/festival/approval/district/quotas/new",
        data={"category": "", "places": "6", **data},
    )
    assert answer.status_code == 303
    quota = db.session.scalars(select(Quota)).one()
    category = quota.category.code if quota.category else None
    assert (quota.dimension, quota.key, category, quota.places) == stored


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"whom": "school:one", "school": "nowhere"}, "There is no school with this code."),
        ({"whom": "any:"}, "There is a quota for them already. Remove it first."),
        ({"whom": "district:", "places": "-1"}, "Please enter a whole number from 0 to 10000."),
    ],
)
def test_what_is_wrong_with_a_quota_is_said_beside_its_field(client, programme, data, said):
    factories.quota(factories.levels(programme)[LevelKind.DISTRICT])
    answer = client.post(
        "/programmes/festival/approval/district/quotas/new",
        data={"category": "", "places": "6", **data},
    )
    assert said in answer.page.text
    assert len(db.session.scalars(select(Quota)).all()) == 1


def test_a_narrower_quota_comes_before_the_broader_ones(client, programme):
    district = factories.district(code="440112", name="黄埔区")
    factories.school(code="S05", district=district)
    level = factories.levels(programme)[LevelKind.CITY]
    factories.category(programme, code="CHOIR")
    db.session.commit()
    new = "/programmes/festival/approval/city/quotas/new"
    for whom in ("any:", "district:", "region:GZ", "district:440112", "school:one"):
        data = {"whom": whom, "school": "S05", "category": "", "places": "1"}
        assert client.post(new, data=data).status_code == 303
    data = {"whom": "district:440112", "category": "CHOIR", "places": "1"}
    assert client.post(new, data=data).status_code == 303
    db.session.refresh(level)
    found = [(each.dimension.value, each.key, bool(each.category)) for each in level.quotas]
    assert found == [
        ("school", "S05", False),
        ("district", "440112", True),
        ("district", "440112", False),
        ("region", "GZ", False),
        ("district", None, False),
        ("any", None, False),
    ]
    assert "No entry comes to this quota" not in client.get("/programmes/festival/approval").text


def test_a_quota_that_no_entry_reaches_is_said_to_be_one(client, programme):
    level = factories.levels(programme)[LevelKind.SCHOOL]
    factories.quota(level, dimension=Dimension.SCHOOL)
    factories.quota(level, dimension=Dimension.DISTRICT)
    factories.quota(level)
    page = client.get("/programmes/festival/approval").page
    said = "No entry comes to this quota: one further up takes them all."
    cells = [text_of(cell) for cell in page.all("th") if cell.get("data-label") == "Quota for"]
    assert cells == ["Each school", f"Each district {said}", f"Any other {said}"]


def test_a_quota_is_removed_and_that_is_audited(client, programme):
    quota = factories.quota(factories.levels(programme)[LevelKind.DISTRICT])
    client.post(f"/programmes/festival/approval/district/quotas/{quota.id}/remove")
    assert db.session.scalars(select(Quota)).all() == []
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.facts["dimension"]) == ("approval:remove_quota", "any")


def test_a_quota_of_another_level_is_not_removed_by_this_address(client, programme):
    quota = factories.quota(factories.levels(programme)[LevelKind.DISTRICT])
    path = f"/programmes/festival/approval/city/quotas/{quota.id}/remove"
    assert client.post(path).status_code == 404


def test_the_waiting_lists_rule_is_set(client, programme):
    data = {"order": "submitted", "is_automatic": "y", "offer_hours": "48"}
    assert client.post("/programmes/festival/waiting-list", data=data).status_code == 303
    policy = db.session.scalars(select(WaitlistPolicy)).one()
    assert (policy.order, policy.is_automatic, policy.offer_hours) == ("submitted", True, 48)


def test_a_wrong_number_of_hours_is_refused_and_nothing_lost(client, programme):
    data = {"order": "submitted", "is_automatic": "y", "offer_hours": "-3"}
    answer = client.post("/programmes/festival/waiting-list", data=data)
    assert answer.status_code == 422
    assert answer.page.values()["offer_hours"] == "-3"
    assert db.session.scalars(select(WaitlistPolicy)).all() == []


def test_only_its_coordinators_set_up_a_programme(programme, sign_in):
    other = sign_in(factories.coordinator(factories.programme()))
    assert other.get("/programmes/festival/approval").status_code == 403
    assert other.post("/programmes/festival/approval", data={"kinds": "city"}).status_code == 403
