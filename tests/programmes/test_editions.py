"""An edition copied to the next year: what is moved, what is copied, what stays behind."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.access.permissions import Actor, Grant, Role, ScopeKind
from scheduler.accounts.models import RoleGrant
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.errors import Refused
from scheduler.organisations.models import Region
from scheduler.people.consent_models import AskedPurpose, ConsentRules
from scheduler.programmes import approval_services, editions, services, venue_services
from scheduler.programmes.edition_preview import preview_of
from scheduler.programmes.form_fields import FieldKind
from scheduler.programmes.form_models import FormField
from scheduler.programmes.kinds import AgeRule, DateKind, OrganisationRole
from scheduler.programmes.models import Category, OutcomeLevel, Programme
from scheduler.programmes.moving import shift_between
from scheduler.programmes.refusals import Refusal
from scheduler.scheduling.activities.models import ActivityKind, Attendance, Before, Invited
from scheduler.scheduling.activities.services import activities_of
from scheduler.scheduling.items import turns_of
from scheduler.scheduling.models import Plan
from tests import factories

NEXT = dt.date(2028, 7, 14)
NEXT_DAYS = NEXT - dt.date(2027, 7, 16)


@pytest.fixture
def source(session):
    made = factories.programme(code="festival-2027", names=factories.names("Festival 2027"))
    factories.series(made, code="festival")
    factories.organisation(made, role=OrganisationRole.GUIDE)
    factories.programme_date(made, DateKind.CONFIRM_BY, factories.at(18, day=-50))
    factories.level(made, "Gold")
    category = factories.category(
        made,
        code="U12",
        places=5,
        places_taken=2,
        age_rule=AgeRule.AGE_ON_DATE,
        age_on=dt.date(2027, 8, 1),
        age_max=12,
        born_from=dt.date(2015, 1, 1),
    )
    one, other = factories.venue(made, code="V1"), factories.venue(made, code="V2")
    factories.venue_closure(one, factories.at(13), factories.at(15), reason="Examination")
    for day in range(3):
        noon = factories.at(12, day=day)
        factories.venue_closure(one, noon, noon + dt.timedelta(minutes=30), reason="Lunch")
    factories.venue_travel(one, other, 20)
    factories.attendance_window(made, Region.MACAO, earliest_at=factories.at(10))
    school = factories.school()
    factories.application(category, school, state=State.ACCEPTED, pupils=2)
    factories.plan(made)
    factories.coordinator(made)
    return made


def copied(source, account=None, **shift):
    grant = Grant(Role.COORDINATOR, ScopeKind.PROGRAMME, source.id)
    actor = Actor(account.id if account else None, grants=frozenset({grant} if account else ()))
    moved = shift_between(
        source.starts_on, NEXT, source.timezone, **({"keeps_weekday": True} | shift)
    )
    names = editions.proposed_names(source.names, 1)
    with_all = services.with_everything(source.code)
    return editions.copy_edition(
        with_all, "festival-2028", names, moved, actor=actor, now=clock.now()
    )


def count(session, model, programme):
    query = select(func.count()).select_from(model).where(model.programme_id == programme.id)
    return session.scalar(query)


def test_dates_move_and_settings_stay(session, source):
    made = copied(source)
    year = dt.timedelta(days=364)
    assert made.names == factories.names("Festival 2028")
    assert (made.starts_on, made.ends_on) == (NEXT, NEXT + dt.timedelta(days=2))
    assert made.entry_closes_at == source.entry_closes_at + year
    assert [(each.kind, each.at) for each in made.dates] == [
        (DateKind.CONFIRM_BY, factories.at(18, day=-50) + year)
    ]
    assert made.series_id == source.series_id
    assert [(each.role, each.organisation) for each in made.organisations] == [
        (OrganisationRole.GUIDE, source.organisations[0].organisation)
    ]
    assert [level.names["en"] for level in made.levels] == ["Gold"]
    assert made.roster_revision is not None
    venues = {venue.code: venue for venue in made.venues}
    assert [each.opens_at for each in venues["V1"].hours] == [
        factories.at(9, day=day) + year for day in range(3)
    ]
    # What shut the venue on one day alone is not copied, the pause of each day is.
    assert [(each.starts_at, each.reason) for each in venues["V1"].closures] == [
        (factories.at(12, day=day) + year, "Lunch") for day in range(3)
    ]
    assert venue_services.travel_of(made) == {("V1", "V2"): 20}
    assert venue_services.attendance_of(made)[Region.MACAO] == (factories.at(10) + year, None)


def test_categories_start_empty_and_a_year_younger(session, source):
    copied(source)
    (made,) = session.scalars(
        select(Category).join(Programme).where(Programme.code == "festival-2028")
    )
    assert (made.code, made.places, made.places_taken) == ("U12", 5, 0)
    assert (made.age_rule, made.age_on, made.age_max) == (
        AgeRule.AGE_ON_DATE,
        dt.date(2028, 8, 1),
        12,
    )
    assert made.born_from == dt.date(2016, 1, 1)


def test_entries_plans_and_other_peoples_roles_stay_behind(session, source):
    account = factories.coordinator(source)
    made = copied(source, account)
    assert count(session, Application, source) == 1
    assert count(session, Application, made) == count(session, Plan, made) == 0
    holders = session.scalars(
        select(RoleGrant.account_id).where(
            RoleGrant.scope == ScopeKind.PROGRAMME, RoleGrant.scope_id == made.id
        )
    ).all()
    assert holders == [account.id]


def test_an_administrator_who_copies_becomes_no_coordinator(session, source):
    made = copied(source)
    query = select(RoleGrant).where(
        RoleGrant.scope == ScopeKind.PROGRAMME, RoleGrant.scope_id == made.id
    )
    assert session.scalars(query).all() == []


def test_a_code_that_is_taken_is_refused_and_nothing_is_left(session, source):
    factories.programme(code="festival-2028")
    session.commit()
    with pytest.raises(Refused) as refusal:
        copied(source)
    session.rollback()
    assert (refusal.value.code, refusal.value.field) == (Refusal.CODE_TAKEN, "code")
    assert session.scalar(select(func.count()).select_from(OutcomeLevel)) == 1


def test_rooms_copy_what_they_keep(session, source, monkeypatch):
    seen = []
    monkeypatch.setattr(editions, "_copiers", [])
    editions.on_copy(seen.append)
    editions.on_copy(seen.append)
    made = copied(source)
    (copy,) = seen
    assert (copy.source.id, copy.edition.id, copy.shift.days) == (source.id, made.id, 364)
    old = source.categories[0]
    assert copy.categories[old.id].programme_id == made.id
    assert {venue.code for venue in copy.venues.values()} == {"V1", "V2"}


def test_codes_are_proposed_that_nobody_has():
    assert editions.proposed_code("festival-2027", 1, ()) == "festival-2028"
    assert editions.proposed_code("festival-2027", 1, {"festival-2028"}) == "festival-2028-2"
    assert editions.proposed_code("tour", 1, {"tour", "tour-2"}) == "tour-3"


def test_a_stretch_that_clocks_skip_as_a_whole_is_left_out():
    shift = shift_between(
        dt.date(2027, 3, 21), dt.date(2027, 3, 28), "Europe/London", keeps_weekday=True
    )
    night = dt.datetime(2027, 3, 21, 1, 10, tzinfo=dt.UTC)
    minutes = dt.timedelta(minutes=20)
    assert editions.moved_stretches([(night, night + minutes)], shift) == []
    assert len(editions.moved_stretches([(night, night + 3 * minutes)], shift)) == 1


def test_the_way_of_approval_moves_along(session, source):
    levels = factories.levels(source)
    levels["city"].closes_at = factories.at(18, day=-60)
    category = source.categories[0]
    factories.quota(levels["district"], dimension="district", places=6, category=category)
    factories.waitlist_policy(source, is_automatic=True, offer_hours=48)
    session.commit()
    made = copied(source)
    copies = approval_services.levels_of(made)
    assert [level.kind for level in copies] == ["school", "district", "city", "organiser"]
    assert copies[2].closes_at == factories.at(18, day=-60) + dt.timedelta(days=364)
    (quota,) = copies[1].quotas
    assert (quota.dimension, quota.places, quota.category) == ("district", 6, made.categories[0])
    assert approval_services.waitlist_policy(made).offer_hours == 48


def test_the_form_moves_along_without_what_was_retired(session, source):
    factories.form_field(source, code="shirt", kind=FieldKind.CHOICE)
    factories.form_field(source, code="old", retired_at=clock.now())
    session.commit()
    made = copied(source)
    query = select(FormField).where(FormField.programme_id == made.id)
    (field,) = session.scalars(query)
    assert (field.code, field.kind, len(field.options)) == ("shirt", FieldKind.CHOICE, 2)


def test_consents_are_asked_anew(session, source):
    factories.asked_purpose(source)
    session.add(ConsentRules(programme_id=source.id, contact="Bureau, 020 0000 0000"))
    session.commit()
    made = copied(source)
    query = select(AskedPurpose).where(AskedPurpose.programme_id == made.id)
    (asked,) = session.scalars(query)
    assert (asked.purpose, asked.version, asked.is_required) == ("participation", 1, True)
    assert asked.until_on >= made.ends_on


def test_activities_move_along_and_chosen_groups_are_chosen_anew(session, source):
    (category,) = source.categories
    one, other = source.venues
    factories.activity(
        source,
        kind=ActivityKind.REHEARSAL,
        name="Rehearsal",
        names={"zh_Hans": "排练"},
        invited=Invited.CATEGORY,
        category=category,
        attendance=Attendance.EVERYBODY,
        for_each_group=True,
        before=Before.BEFORE,
        venues=[one, other],
        earliest_at=factories.at(9),
        latest_at=factories.at(18, day=1),
    )
    group = session.scalars(select(Application)).one()
    factories.activity(source, group, name="Chosen")
    factories.activity(source, name="Gone", removed_at=clock.now())
    edition = copied(source)
    chosen, rehearsal = activities_of(edition)
    assert (rehearsal.name, rehearsal.names, rehearsal.kind) == (
        "Rehearsal",
        {"zh_Hans": "排练"},
        ActivityKind.REHEARSAL,
    )
    assert (rehearsal.earliest_at, rehearsal.latest_at) == (
        factories.at(9) + NEXT_DAYS,
        factories.at(18, day=1) + NEXT_DAYS,
    )
    assert rehearsal.category.programme_id == edition.id
    assert [(v.code, v.programme_id) for v in rehearsal.venues] == [
        ("V1", edition.id),
        ("V2", edition.id),
    ]
    assert (chosen.name, chosen.invited, chosen.chosen, chosen.is_for_nobody) == (
        "Chosen",
        Invited.CHOSEN,
        [],
        True,
    )
    assert turns_of(chosen) == []
    assert len(activities_of(source)) == 2


def test_the_moved_bounds_of_activities_are_shown_before(session, source):
    factories.activity(source, name="Meeting", latest_at=factories.at(18))
    shift = shift_between(source.starts_on, NEXT, source.timezone, keeps_weekday=True)
    with_all = services.with_everything(source.code)
    lines = preview_of(with_all, shift).further
    assert [(line.code, line.name["en"], line.before, line.after) for line in lines] == [
        ("activity_latest", "Meeting", factories.at(18), factories.at(18) + NEXT_DAYS)
    ]
