"""A list page costs the same number of queries with one row and with five."""

import datetime as dt
import re

import pytest
from flask import url_for
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.workflow import State
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.notifications.models import MailState
from scheduler.panels.models import Panel
from scheduler.people.models import ConsentPurpose
from scheduler.programmes.kinds import CategoryKind
from scheduler.scheduling.assigning.services import find_assignment
from scheduler.scheduling.models import Plan
from tests import factories
from tests.meta.world import make_side


def _group(side):
    other = factories.school(district=side.district)
    for school in (side.school, other):
        category = factories.category(side.programme)
        factories.application(category, school, state=State.SUBMITTED, pupils=2)


def _slot(side):
    group = factories.application(side.application.category, side.school, state=State.SUBMITTED)
    plan = factories.plan(side.programme)
    factories.slot(plan, group, factories.venue(side.programme), factories.at(11))


def _placed_again(side):
    """Another group in the side's draft, with somebody who is in the first one too."""
    plan = db.session.scalars(select(Plan).where(Plan.ref == side.places["plans"])).one()
    group = factories.application(side.application.category, side.school, state=State.ACCEPTED)
    singer = factories.person(side.school)
    factories.member(group, singer)
    factories.member(side.application, singer)
    factories.slot(plan, group, side.programme.venues[0], factories.at(11))


def _travelled(side):
    """Another group of a tour, and something that it alone does, before the ground is ready."""
    category = factories.category(side.programme, kind=CategoryKind.STUDY_TOUR)
    group = factories.application(category, side.school, state=State.ACCEPTED)
    begins = dt.datetime(2027, 7, 17, 9)
    factories.itinerary_item(side.programme, begins, begins.replace(hour=10), group)


def _category(side):
    return side.application.category


def _organisation(side):
    factories.organisation(side.programme)


def _result(side):
    group = factories.application(
        factories.category(side.programme), side.school, state=State.ACCEPTED, pupils=2
    )
    factories.result(group, factories.level(side.programme))


def _record(side):
    audit.record(
        "tests.happened",
        account_id=side.account.id,
        subject_type="school",
        subject_ref=side.school.code,
        now=clock.now(),
    )


def _family(side):
    child = factories.person(side.school)
    factories.member(side.application, child)
    factories.guardian(side.school, child)
    for purpose in (ConsentPurpose.PARTICIPATION, ConsentPurpose.IMAGE):
        factories.asked_purpose(side.programme, purpose)
        factories.consent(child, purpose=purpose, programme_id=side.programme.id)


def _guest(side):
    factories.guest_part(side.application, factories.school(), pupils=2)


def _hosted(side):
    group = factories.application(side.application.category, factories.school())
    factories.guest_part(group, side.school, pupils=2)


def _guest_pupil(side):
    part = db.session.scalars(
        select(GuestPart).where(GuestPart.ref == side.places["guest-parts"])
    ).one()
    factories.member(part.application, factories.person(side.school))


def _in_two_groups(side):
    pupil = factories.person(side.school)
    tour = factories.category(side.programme, kind=CategoryKind.STUDY_TOUR)
    for category in (side.application.category, tour):
        group = factories.application(category, side.school, state=State.SUBMITTED)
        factories.member(group, pupil)


def _paper(side):
    scan = factories.paper_scan(side.programme, side.school, side.account)
    factories.consent(side.application.members[0].person, method="paper", scan_id=scan.id)


def _judged(side):
    panel = db.session.scalars(select(Panel).where(Panel.ref == side.places["panels"])).one()
    group = factories.application(
        side.application.category, factories.school(), state=State.SUBMITTED, level=panel.level
    )
    for reviewer in panel.reviewers:
        factories.assignment(reviewer, group, [7])
    reviewer = factories.panel_reviewer(panel)
    factories.assignment(reviewer, group, [8])


def _judgement(side):
    panel = db.session.scalars(select(Panel).where(Panel.ref == side.places["panels"])).one()
    factories.assignment(factories.panel_reviewer(panel), side.application, [8])


def _mail(side):
    factories.mail(
        account_id=factories.officer(side.school).id,
        about=side.application.ref,
        code="applications.submitted",
        state=MailState.BOUNCED,
    )


def _panel(side):
    level = side.application.level
    factories.panel(level, factories.category(side.programme), factories.category(side.programme))


def _assigned(side):
    """Another juror in the side's assignment, with a wish and something given."""
    assignment = find_assignment(side.places["assignments"])
    juror = factories.staff_member(side.application.category)
    option = assignment.options[0]
    factories.assignment_participant(
        assignment, option, staff_id=juror.id, given_id=option.id, locked_id=option.id
    )


# Endpoint, who opens it, and what adds a row to it.
LISTS = [
    ("home.index", Role.COORDINATOR, _group),
    ("home.index", Role.SCHOOL_OFFICER, _group),
    ("home.index", Role.DISTRICT_REVIEWER, _group),
    ("home.index", Role.PLATFORM_ADMINISTRATOR, lambda _: factories.mail()),
    ("programmes.index", Role.COORDINATOR, lambda _: factories.programme()),
    ("programmes.show", Role.SCHOOL_OFFICER, lambda side: factories.category(side.programme)),
    ("programmes.venues", Role.COORDINATOR, lambda side: factories.venue(side.programme)),
    ("programmes.show", Role.COORDINATOR, lambda side: factories.organisation(side.programme)),
    ("programmes.copy", Role.COORDINATOR, lambda side: factories.venue(side.programme)),
    ("programmes.organisations", Role.COORDINATOR, _organisation),
    ("programmes.series_index", Role.COORDINATOR, lambda _: factories.series()),
    ("organisations.organisations", Role.COORDINATOR, lambda _: factories.organisation()),
    ("results.record", Role.COORDINATOR, _result),
    ("results.certificates", Role.COORDINATOR, _result),
    ("organisations.index", Role.PLATFORM_ADMINISTRATOR, lambda side: factories.school()),
    ("organisations.districts", Role.PLATFORM_ADMINISTRATOR, lambda _: factories.district()),
    ("organisations.show", Role.SCHOOL_OFFICER, _group),
    ("applications.my_school", Role.SCHOOL_OFFICER, _group),
    ("applications.queue", Role.COORDINATOR, _group),
    ("applications.queue", Role.DISTRICT_REVIEWER, _group),
    ("reports.show_statistics", Role.COORDINATOR, _group),
    ("reports.show_statistics", Role.DISTRICT_REVIEWER, _group),
    ("lotteries.index", Role.COORDINATOR, lambda side: factories.lottery(_category(side))),
    ("publicity.index", Role.COORDINATOR, lambda side: factories.published_notice(_category(side))),
    ("panels.index", Role.COORDINATOR, _panel),
    ("panels.show", Role.COORDINATOR, _judged),
    ("panels.ranking", Role.COORDINATOR, _judged),
    ("panels.case", Role.COORDINATOR, _judgement),
    ("reviews.index", Role.CITY_REVIEWER, _judged),
    (
        "scheduling.activities",
        Role.COORDINATOR,
        lambda side: factories.activity(side.programme),
    ),
    ("itineraries.show", Role.COORDINATOR, _travelled),
    ("itineraries.side_by_side", Role.COORDINATOR, _travelled),
    ("scheduling.assignment", Role.COORDINATOR, _assigned),
    (
        "scheduling.assignments",
        Role.COORDINATOR,
        lambda side: factories.wish_assignment(side.programme, "A", "B"),
    ),
    (
        "scheduling.answers",
        Role.COORDINATOR,
        lambda side: factories.attendance_request(side.programme),
    ),
    (
        "scheduling.staff",
        Role.COORDINATOR,
        lambda side: factories.staff_member(side.application.category),
    ),
    (
        "scheduling.busy_school",
        Role.COORDINATOR,
        lambda side: factories.busy_time(
            side.programme, factories.at(8), factories.at(9), school_id=side.school.id
        ),
    ),
    ("scheduling.plans", Role.COORDINATOR, lambda side: factories.plan(side.programme)),
    ("scheduling.publish", Role.COORDINATOR, _placed_again),
    ("scheduling.plan_people", Role.COORDINATOR, _placed_again),
    ("timetable.whole", Role.SCHOOL_OFFICER, _slot),
    ("consents.overview", Role.COORDINATOR, _group),
    ("consents.school", Role.SCHOOL_OFFICER, _family),
    ("consents.slips", Role.SCHOOL_OFFICER, _family),
    ("consents.health", Role.SCHOOL_OFFICER, _family),
    ("applications.my_school", Role.SCHOOL_OFFICER, _hosted),
    ("clashes.several_groups", Role.COORDINATOR, _in_two_groups),
    ("delegations.delegation", Role.SCHOOL_OFFICER, _guest),
    ("delegations.part", Role.SCHOOL_OFFICER, _guest_pupil),
    ("consents.record_papers", Role.SCHOOL_OFFICER, _family),
    ("consents.paper_forms", Role.SCHOOL_OFFICER, _family),
    ("consents.papers_recorded", Role.SCHOOL_OFFICER, _paper),
    ("admin.accounts", Role.PLATFORM_ADMINISTRATOR, lambda side: factories.officer(side.school)),
    ("admin.officers", Role.SCHOOL_OFFICER, lambda side: factories.officer(side.school)),
    ("admin.jobs", Role.PLATFORM_ADMINISTRATOR, lambda side: factories.job(side.account)),
    ("admin.mails", Role.PLATFORM_ADMINISTRATOR, lambda _: factories.mail()),
    ("admin.audit_log", Role.PLATFORM_ADMINISTRATOR, _record),
    ("messages.mails", Role.COORDINATOR, _mail),
    ("messages.mails", Role.SCHOOL_OFFICER, _mail),
    ("applications.case", Role.COORDINATOR, _mail),
    ("applications.show", Role.SCHOOL_OFFICER, _mail),
]


@pytest.mark.parametrize(
    ("endpoint", "role", "add_row"), LISTS, ids=[f"{place}-{role}" for place, role, _ in LISTS]
)
def test_more_rows_cost_no_more_queries(app, session, sign_in, queries, endpoint, role, add_row):
    side = make_side(role)
    client = sign_in(side.account)
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    with app.test_request_context():
        values = {
            name: side.places[before]
            for before, name in re.findall(r"([a-z-]+)/<[a-z]+:([a-z_]+)>", rule.rule)
        }
        address = url_for(endpoint, **values)
    costs = []
    for rows in (1, 4):
        for _ in range(rows):
            add_row(side)
        session.commit()
        session.expire_all()
        queries.clear()
        answer = client.get(address)
        assert answer.status_code == 200
        costs.append(sum("SELECT" in each for each in queries))
    assert costs[0] == costs[1]
