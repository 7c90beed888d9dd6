"""The factories make rows that the database accepts, with nothing but what they must be given."""

from scheduler.access.permissions import Role
from scheduler.applications.models import MemberRole
from scheduler.organisations.models import Region
from tests import factories


def test_each_factory_makes_a_row_the_database_accepts(session):
    district = factories.district()
    school = factories.school(district=district)
    programme = factories.programme()
    category = factories.category(programme)
    application = factories.application(category, school, pupils=2)
    teacher = factories.person(school, is_adult=True)
    factories.member(application, teacher, role=MemberRole.LEADER)
    factories.guardian(school, *(each.person for each in application.members[:2]))
    factories.consent(application.members[0].person)
    hall, church = factories.venue(programme), factories.venue(programme)
    factories.venue_travel(hall, church, 20)
    factories.venue_closure(hall, factories.at(12), factories.at(13))
    factories.attendance_window(programme, Region.HONG_KONG, earliest_at=factories.at(11))
    factories.history_entry(application)
    level = next(iter(factories.levels(programme).values()))
    factories.quota(level)
    factories.nomination(application, level)
    factories.waitlist_policy(programme)
    plan = factories.plan(programme)
    factories.slot(plan, application, hall, factories.at(10))
    factories.job(factories.administrator())
    factories.mail()
    factories.lottery(category)
    factories.notice(category)
    factories.objection(factories.published_notice(category))
    session.commit()
    assert [member.role for member in application.members] == ["pupil", "pupil", "leader"]


def test_accounts_hold_the_roles_they_are_made_with(session):
    school = factories.school(district=factories.district())
    programme = factories.programme()
    application = factories.application(factories.category(programme), school)
    made = [
        factories.administrator(),
        factories.coordinator(programme),
        factories.reviewer(school.district),
        factories.city_reviewer(programme),
        factories.officer(school),
        factories.leader(application),
    ]
    assert [next(iter(each.actor.grants)).role for each in made] == list(Role)
