"""What tests of applications are made of: a programme, schools, people who act, whole entries."""

import datetime as dt
from itertools import count

from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant
from scheduler.applications.models import Application, Member, MemberRole, Piece
from scheduler.applications.workflow import HOLDS_PLACE, State
from scheduler.database import db
from scheduler.organisations.models import District, Region, School
from scheduler.people.models import Consent, ConsentPurpose, Person
from scheduler.programmes.approval import ApprovalLevel, LevelKind, Quota
from scheduler.programmes.models import Category, CategoryKind, Programme

OPENS = dt.datetime(2027, 2, 22, 1, tzinfo=dt.UTC)
CLOSES = dt.datetime(2027, 3, 31, 10, tzinfo=dt.UTC)
NOW = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)
LATE = dt.datetime(2027, 4, 10, 8, tzinfo=dt.UTC)

_numbers = count(1)


def number():
    return next(_numbers)


def keep(thing):
    db.session.add(thing)
    db.session.flush()
    return thing


def make_programme(**values):
    default = {
        "code": f"festival-{number()}",
        "names": {"en": "Huangpu Festival", "zh_Hans": "黄埔艺术节", "zh_Hant_HK": "黃埔藝術節"},
        "starts_on": dt.date(2027, 7, 16),
        "ends_on": dt.date(2027, 7, 18),
        "entry_opens_at": OPENS,
        "entry_closes_at": CLOSES,
        "created_at": OPENS,
    }
    return keep(Programme(**(default | values)))


def make_category(programme, **values):
    default = {
        "programme": programme,
        "code": f"choir-{number()}",
        "names": {"en": "Primary choir", "zh_Hans": "小学合唱", "zh_Hant_HK": "小學合唱"},
        "kind": CategoryKind.CHOIR,
        "places": 2,
        "min_members": 2,
        "max_members": 4,
        "max_works": 2,
        "max_minutes": 8,
        "changeover_minutes": 4,
        "needs_conductor": True,
    }
    return keep(Category(**(default | values)))


def make_district(**values):
    each = number()
    return keep(District(**({"code": f"4401{each:02}", "name": f"District {each}"} | values)))


def make_school(**values):
    each = number()
    default = {"code": f"S{each:03}", "name": f"School {each}", "region": Region.GUANGZHOU}
    return keep(School(**(default | values)))


def make_account(*grants, **values):
    each = number()
    default = {"email": f"person{each}@example.org", "name": f"Person {each}", "created_at": OPENS}
    account = keep(Account(**(default | values)))
    for role, scope, thing in grants:
        account.grants.append(
            RoleGrant(role=role, scope=scope, scope_id=thing.id, granted_at=OPENS)
        )
    db.session.flush()
    return account


def coordinator_of(programme, *more):
    return make_account((Role.COORDINATOR, ScopeKind.PROGRAMME, programme), *more)


def officer_of(*schools):
    return make_account(*((Role.SCHOOL_OFFICER, ScopeKind.SCHOOL, school) for school in schools))


def leader_of(application):
    return make_account((Role.TEAM_LEADER, ScopeKind.APPLICATION, application))


def city_reviewer_of(programme):
    return make_account((Role.CITY_REVIEWER, ScopeKind.PROGRAMME, programme))


def make_levels(programme, kinds=tuple(LevelKind)):
    """The levels by their kind, in order, without quotas."""
    return {
        kind: keep(ApprovalLevel(programme=programme, kind=kind, position=position))
        for position, kind in enumerate(kinds, start=1)
    }


def make_quota(level, dimension, *, places, key=None, category=None):
    position = len(level.quotas) + 1
    return keep(
        Quota(
            level=level,
            dimension=dimension,
            key=key,
            category=category,
            places=places,
            position=position,
        )
    )


def reviewer_of(district):
    return make_account((Role.DISTRICT_REVIEWER, ScopeKind.DISTRICT, district))


def make_person(school, *, has_consent=True, **values):
    each = number()
    default = {
        "ref": f"P-{each:08}",
        "school": school,
        "name": f"Pupil {each}",
        "birth_on": dt.date(2016, 5, 4),
        "created_at": OPENS,
    }
    person = keep(Person(**(default | values)))
    if has_consent and not person.is_adult:
        declare(person)
    return person


def declare(person, is_granted=True):
    return keep(
        Consent(
            person_id=person.id,
            purpose=ConsentPurpose.PARTICIPATION,
            is_granted=is_granted,
            given_at=OPENS,
        )
    )


def make_entry(category, school, *, pupils=3, state=State.DRAFT, **values):
    """A complete entry, put straight into a state; the counters of its state are kept right."""
    default = {
        "ref": f"A-{number():08}",
        "programme": category.programme,
        "category": category,
        "school": school,
        "group_name": f"Group {number()}",
        "state": state,
        "created_at": OPENS,
        "changed_at": OPENS,
    }
    application = Application(**(default | values))
    for position in range(pupils):
        person = make_person(school)
        application.members.append(Member(person=person, position=position))
    for role in (MemberRole.LEADER, MemberRole.CONDUCTOR):
        adult = make_person(school, name=f"Adult {number()}", is_adult=True, birth_on=None)
        application.members.append(Member(person=adult, role=role, position=90))
    application.pieces.append(Piece(position=1, title="Jasmine Flower", duration_seconds=200))
    if state in HOLDS_PLACE:
        application.places_held = 1
        category.places_taken += 1
    if state is State.OFFERED and application.offer_ends_at is None:
        application.offer_ends_at = CLOSES
    if state is State.WAITLISTED and application.waitlist_position is None:
        application.waitlist_position = number()
    return keep(application)
