"""The stored form of a category, as one school's entries are read with it."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from scheduler.applications.answers import Surroundings
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.form_fields import AskedWhen, FieldKind, FieldSpec
from scheduler.programmes.form_models import FormField
from scheduler.programmes.models import Category


def form_of(category: Category, school: School, hosts: Iterable[str] = ()) -> FormPlan:
    """Return what the category's entry form asks the school, in at most three queries.

    `hosts` are those of which videos may be linked.
    """
    fields = tuple(spec for spec in specs_of(category.programme_id) if spec.is_of(category.code))
    asks_later = any(
        spec.asked_when is AskedWhen.ACCEPTED and not spec.is_retired for spec in fields
    )
    return FormPlan(
        fields,
        Surroundings(_adults(school, fields), frozenset(hosts)),
        asks_later=asks_later and has_accepted(category, school),
    )


def specs_of(programme_id: int) -> list[FieldSpec]:
    """Return the programme's fields in their order, retired ones included."""
    rows = db.session.scalars(
        select(FormField)
        .where(FormField.programme_id == programme_id)
        .order_by(FormField.position, FormField.id)
    )
    return [row.spec for row in rows]


def has_accepted(category: Category, school: School) -> bool:
    """Tell whether a group of the school is accepted in the category."""
    found = db.session.scalar(
        select(Application.id)
        .where(
            Application.school_id == school.id,
            Application.category_id == category.id,
            Application.state == State.ACCEPTED,
        )
        .limit(1)
    )
    return found is not None


def _adults(school: School, fields: Collection[FieldSpec]) -> tuple[tuple[str, str], ...]:
    """Return the school's adults by name, if a field asks for one of them."""
    if not any(spec.kind is FieldKind.PERSON for spec in fields):
        return ()
    rows = db.session.execute(
        select(Person.ref, Person.name)
        .where(Person.school_id == school.id, Person.is_adult)
        .order_by(Person.sort_key, Person.id)
    )
    return tuple((ref, name) for ref, name in rows)
