"""Which required fields of coordinators an entry has not answered, for many entries at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true

from scheduler.applications.completeness import Missing, Shortfall
from scheduler.applications.form_plan import is_open
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.people.models import Person
from scheduler.programmes.form_fields import AskedWhen, Audience, FieldOwner, FieldSpec
from scheduler.programmes.form_models import FormField

EVERYBODY = true()
SpecsByProgramme = dict[int, list[FieldSpec]]


def unanswered(
    applications: Sequence[Application], whose: ColumnElement[bool] = EVERYBODY
) -> dict[int, list[Missing]]:
    """Return what is not answered of each application, in two queries however many they are.

    What is asked only once a group is accepted is missing from then on. `whose` limits the pupils.
    """
    specs = _required(applications)
    if not specs:
        return {}
    found: defaultdict[int, list[Missing]] = defaultdict(list)
    counts = _members_without(applications, specs, whose)
    for application in applications:
        for spec in specs.get(application.programme_id, ()):
            if not _applies(spec, application):
                continue
            if spec.owner is FieldOwner.MEMBER:
                found[application.id] += _of_members(
                    spec, counts.get((application.id, application.programme_id, spec.code), 0)
                )
            elif spec.code not in application.answers and spec.is_asked(application.answers):
                found[application.id].append(_missing(Shortfall.NOT_ANSWERED, spec))
    return found


def _required(applications: Sequence[Application]) -> SpecsByProgramme:
    programmes = {application.programme_id for application in applications}
    rows = db.session.scalars(
        select(FormField)
        .where(
            FormField.programme_id.in_(programmes),
            FormField.is_required,
            FormField.retired_at.is_(None),
            FormField.audience != Audience.STAFF,
        )
        .order_by(FormField.position, FormField.id)
    )
    found: defaultdict[int, list[FieldSpec]] = defaultdict(list)
    for row in rows:
        found[row.programme_id].append(row.spec)
    return found


def _applies(spec: FieldSpec, application: Application) -> bool:
    if not spec.is_of(application.category.code):
        return False
    if application.state is State.RETURNED:
        # What was not marked cannot be answered now, so it does not hold the entry up either.
        return is_open(spec, application.state, frozenset(application.returned_fields))
    return spec.asked_when is AskedWhen.ENTRY or application.state is State.ACCEPTED


def _members_without(
    applications: Sequence[Application], specs: SpecsByProgramme, whose: ColumnElement[bool]
) -> dict[tuple[int, int, str], int]:
    """Return how many pupils have not answered, by application, programme and field."""
    asked = [
        (programme_id, spec)
        for programme_id, own in specs.items()
        for spec in own
        if spec.owner is FieldOwner.MEMBER
    ]
    if not asked:
        return {}
    counts = [func.sum(case((_lacks(spec), 1), else_=0)) for _, spec in asked]
    rows = db.session.execute(
        select(Member.application_id, *counts)
        .join(Person, Member.person_id == Person.id)
        .where(
            whose,
            Member.application_id.in_([application.id for application in applications]),
            Member.role == MemberRole.PUPIL,
        )
        .group_by(Member.application_id)
    )
    return {
        (application_id, programme_id, spec.code): int(count)
        for application_id, *sums in rows
        for (programme_id, spec), count in zip(asked, sums, strict=True)
    }


def _lacks(spec: FieldSpec) -> Any:
    lacks = Member.answers[spec.code].as_string().is_(None)
    if spec.condition is None:
        return lacks
    other = Member.answers[spec.condition.field].as_string()
    if spec.condition.values:
        return and_(lacks, other.in_(sorted(spec.condition.values)))
    return and_(lacks, other.is_not(None))


def _of_members(spec: FieldSpec, count: int) -> list[Missing]:
    return [_missing(Shortfall.NOT_ANSWERED_BY_ALL, spec, pupils=count)] if count else []


def _missing(code: Shortfall, spec: FieldSpec, **facts: Any) -> Missing:
    return Missing(
        code,
        {
            "names": dict(spec.names),
            "mark": spec.mark,
            "is_later": spec.asked_when is AskedWhen.ACCEPTED,
            **facts,
        },
    )
