"""What a notice would say now: the accepted groups of its categories, without any pupil's name."""

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, func, select

from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.models import Category, Names
from scheduler.publicity.models import PublicNotice


@dataclass(frozen=True, slots=True)
class Line:
    """One accepted group. `application_ref` ties it to the next version and is never shown."""

    application_ref: str
    category_names: Names
    school_name: str
    group_name: str
    advisers: str
    pupils: int | None


def lines_of(notice: PublicNotice) -> list[Line]:
    """Return the lines as of now, by category, school and group, in three queries at most."""
    rows = db.session.execute(
        select(Application.id, Application.ref, Application.group_name, School.name, Category.names)
        .join(School, Application.school_id == School.id)
        .join(Category, Application.category_id == Category.id)
        .where(_is_in(notice))
        .order_by(Category.position, Category.id, School.name, Application.group_name)
    ).all()
    advisers = _advisers(notice)
    counts = _pupil_counts(notice) if notice.shows_pupils else {}
    return [
        Line(
            ref,
            names,
            school_name,
            group_name,
            "、".join(advisers.get(id_, ())),
            counts.get(id_, 0) if notice.shows_pupils else None,
        )
        for id_, ref, group_name, school_name, names in rows
    ]


def digest_of(notice: PublicNotice, lines: list[Line]) -> str:
    """Return what tells one preview from another: everything that would be published."""
    shown = {
        "titles": notice.titles,
        "texts": notice.texts,
        "days": [notice.days, notice.day_kind.value, *notice.days_off],
        "lines": [asdict(line) for line in lines],
    }
    return sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def _is_in(notice: PublicNotice) -> ColumnElement[bool]:
    ids = [category.id for category in notice.categories]
    return Application.category_id.in_(ids) & (Application.state == State.ACCEPTED)


def _advisers(notice: PublicNotice) -> dict[int, list[str]]:
    rows = db.session.execute(
        select(Member.application_id, Person.name)
        .join(Application, Member.application_id == Application.id)
        .join(Person, Member.person_id == Person.id)
        .where(_is_in(notice), Member.role == MemberRole.ADVISER)
        .order_by(Member.application_id, Member.position, Member.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for application_id, name in rows:
        found[application_id].append(name)
    return found


def _pupil_counts(notice: PublicNotice) -> dict[int, int]:
    rows = db.session.execute(
        select(Member.application_id, func.count())
        .join(Application, Member.application_id == Application.id)
        .where(_is_in(notice), Member.role == MemberRole.PUPIL)
        .group_by(Member.application_id)
    )
    return dict(rows.all())
