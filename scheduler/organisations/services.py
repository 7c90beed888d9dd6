"""Schools and districts: found within an actor's scope, added, changed, removed."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor, Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import CodeScheme, District, Region, School
from scheduler.organisations.refusals import Refusal
from scheduler.organisations.school_codes import clean_code

Thing = TypeVar("Thing", School, District)

SCHOOL_SORTS: dict[str, Any] = {
    "code": School.code,
    "name": (School.name, School.code),
    "region": (School.region, School.code),
    "district": (District.code, School.code),
}
"""What the list of schools can be sorted by; districts are joined for it."""


@dataclass(frozen=True)
class SchoolDetails:
    """What stands in a school's form."""

    code: str
    name: str
    region: Region
    country: str
    stages: tuple[str, ...]
    district_code: str | None
    timezone: str
    locale: str
    code_scheme: CodeScheme | None = None
    official_code: str | None = None


def visible_schools(actor: Actor) -> Select[School]:
    """Return the schools an actor may look at.

    Administrators and coordinators see the whole directory, which holds no personal data,
    reviewers their districts, officers their own schools.
    """
    query = select(School).options(joinedload(School.district))
    if actor.has_role(Role.PLATFORM_ADMINISTRATOR) or actor.has_role(Role.COORDINATOR):
        return query
    return query.where(
        or_(
            School.district_id.in_(actor.scope_ids(Role.DISTRICT_REVIEWER)),
            School.id.in_(actor.scope_ids(Role.SCHOOL_OFFICER)),
        )
    )


def matching(
    query: Select[School], *, text: str = "", region: str = "", district: str = ""
) -> Select[School]:
    """Narrow a list of schools by a piece of name or code, by region, by district code."""
    if text:
        like = f"%{_literal(text)}%"
        query = query.where(
            School.name.ilike(like, escape="\\")
            | School.code.ilike(like, escape="\\")
            | School.official_code.ilike(like, escape="\\")
        )
    if region:
        query = query.where(School.region == region)
    if district:
        query = query.where(School.district.has(District.code == district))
    return query


def find_school(code: str) -> School:
    """Return the school; raises `NotFound`."""
    query = select(School).where(School.code == code).options(joinedload(School.district))
    return _found(db.session.scalar(query))


def find_visible(actor: Actor, code: str) -> School:
    """Return the school if the actor may look at it; raises `NotFound` otherwise."""
    return _found(db.session.scalar(visible_schools(actor).where(School.code == code)))


def only_code(school_id: int) -> str | None:
    """Return the code of a school known by its key."""
    return db.session.scalar(select(School.code).where(School.id == school_id))


def officers_of(school: School) -> list[Account]:
    """Return who may enter for the school and can sign in, by name."""
    query = (
        select(Account)
        .join(RoleGrant)
        .where(
            RoleGrant.role == Role.SCHOOL_OFFICER,
            RoleGrant.scope == ScopeKind.SCHOOL,
            RoleGrant.scope_id == school.id,
            Account.deactivated_at.is_(None),
        )
        .order_by(Account.name)
    )
    return list(db.session.scalars(query))


def add_school(details: SchoolDetails, *, actor: Actor, now: dt.datetime) -> School:
    """Add a school; refuses a code that another one has."""
    school = School()
    _apply(school, details)
    db.session.add(school)
    _flush(Refusal.CODE_TAKEN)
    _audit("school:add", "school", school.code, actor, now)
    return school


def change_school(
    school: School, details: SchoolDetails, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over all details but the code, by which calendars know the school."""
    details = replace(details, code=school.code)
    before = _facts(school)
    _apply(school, details)
    _flush(Refusal.CODE_TAKEN)
    changed = sorted(key for key, value in _facts(school).items() if value != before[key])
    if changed:
        _audit("school:change", "school", school.code, actor, now, fields=changed)


def remove_school(school: School, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a school that nothing refers to; otherwise refuses, since its history is kept."""
    granted = select(RoleGrant.id).where(
        RoleGrant.scope == ScopeKind.SCHOOL, RoleGrant.scope_id == school.id
    )
    if db.session.scalar(granted.limit(1)) is not None:
        raise Refused(Refusal.SCHOOL_HAS_OFFICERS)
    code = school.code
    db.session.delete(school)
    # Rooms above refer to schools by foreign keys; the database knows whether one is in use.
    _flush(Refusal.SCHOOL_IN_USE)
    _audit("school:remove", "school", code, actor, now)


def districts_with_counts() -> list[tuple[District, int]]:
    """Return all districts with the number of their schools."""
    query = (
        select(District, func.count(School.id))
        .outerjoin(School, School.district_id == District.id)
        .group_by(District.id)
        .order_by(District.code)
    )
    return [(district, count) for district, count in db.session.execute(query)]


def all_districts() -> list[District]:
    """Return all districts by code."""
    return list(db.session.scalars(select(District).order_by(District.code)))


def find_district(code: str) -> District:
    """Return the district; raises `NotFound`."""
    return _found(db.session.scalar(select(District).where(District.code == code)))


def add_district(code: str, name: str, *, actor: Actor, now: dt.datetime) -> District:
    """Add a district; refuses a code that another one has."""
    district = District(code=code, name=name)
    db.session.add(district)
    _flush(Refusal.CODE_TAKEN)
    _audit("district:add", "district", code, actor, now)
    return district


def change_district(
    district: District, code: str, name: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over code and name."""
    district.code, district.name = code, name
    _flush(Refusal.CODE_TAKEN)
    _audit("district:change", "district", code, actor, now)


def remove_district(district: District, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a district without schools and reviewers; otherwise refuses."""
    granted = select(RoleGrant.id).where(
        RoleGrant.scope == ScopeKind.DISTRICT, RoleGrant.scope_id == district.id
    )
    if db.session.scalar(granted.limit(1)) is not None:
        raise Refused(Refusal.DISTRICT_HAS_REVIEWERS)
    code = district.code
    db.session.delete(district)
    _flush(Refusal.DISTRICT_HAS_SCHOOLS)
    _audit("district:remove", "district", code, actor, now)


def _apply(school: School, details: SchoolDetails) -> None:
    school.code = details.code
    school.name = details.name
    school.region = details.region
    school.country = details.country
    school.stages = list(details.stages)
    school.timezone = details.timezone
    school.locale = details.locale
    school.code_scheme, school.official_code = clean_code(
        details.code_scheme, details.official_code
    )
    school.district = find_district(details.district_code) if details.district_code else None


def _facts(school: School) -> dict[str, Any]:
    keys = ("code", "name", "region", "country", "stages", "timezone", "locale")
    facts = {key: getattr(school, key) for key in (*keys, "code_scheme", "official_code")}
    return facts | {"district": school.district.code if school.district else None}


def _flush(refusal: Refusal) -> None:
    """Write; what the database's own constraints refuse becomes ours."""
    try:
        db.session.flush()
    except IntegrityError as error:
        field = "code" if refusal is Refusal.CODE_TAKEN else None
        if field and "official_code" in str(error.orig):
            raise Refused(Refusal.OFFICIAL_CODE_TAKEN, field="official_code") from error
        raise Refused(refusal, field=field) from error


def _found(thing: Thing | None) -> Thing:
    if thing is None:
        raise NotFound
    return thing


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _audit(action: str, kind: str, ref: str, actor: Actor, now: dt.datetime, **facts: Any) -> None:
    audit.record(
        action,
        account_id=actor.account_id,
        subject_type=kind,
        subject_ref=ref,
        now=now,
        **facts,
    )
