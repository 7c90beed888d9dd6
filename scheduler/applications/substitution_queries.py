"""Lists of requests for substitutions, and what a page shows of each."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, raiseload

from scheduler.access.guard import may
from scheduler.access.permissions import Permission
from scheduler.applications.findings import CODE_BY_FAULT, NOT_TAKING_PART, Finding, Kind
from scheduler.applications.history_words import SUBSTITUTION
from scheduler.applications.models import Application, HistoryEntry, Member
from scheduler.applications.substitution_entering import Told, told
from scheduler.applications.substitution_models import Substitution, SubstitutionState
from scheduler.applications.texts import finding_count
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.organisations.models import School
from scheduler.organisations.panels import Line, Panel
from scheduler.people.models import Person
from scheduler.people.sealing import Sealer
from scheduler.programmes.ages import fault_of
from scheduler.programmes.models import Category, Programme


@dataclass(frozen=True, slots=True)
class Row:
    """A request as lists show it; `told` is None once it is decided."""

    substitution: Substitution
    told: Told | None
    notes: list[str]

    @property
    def coming(self) -> str:
        """Return the name of whoever comes; of an ended request about somebody new it is gone."""
        person = self.substitution.coming
        name = person.name if person else None
        return self.told.name if self.told else name or "–"


def find_substitution(substitution: str) -> Substitution:
    """Return a request; raises `NotFound`."""
    found = db.session.scalar(select(Substitution).where(Substitution.ref == substitution))
    if found is None:
        raise NotFound
    return found


def requests_in(programme: Programme, state: SubstitutionState) -> Select[Substitution]:
    """Return the query for a programme's requests in a state, with everything a row shows."""
    return _requests().where(Application.programme_id == programme.id, Substitution.state == state)


def requests_of(application: Application, school: School) -> list[Substitution]:
    """Return the requests about the school's own pupils in a group, the newest first."""
    if school.id == application.school_id:
        return _newest(application, ~_is_of_guest(application))
    return _newest(application, Substitution.leaving.has(Person.school_id == school.id))


def reasons_of(application: Application, asked: Collection[Substitution]) -> dict[int, str]:
    """Return what was written when these requests were decided, by their ids; from the history."""
    query = select(HistoryEntry).where(
        HistoryEntry.application_id == application.id,
        HistoryEntry.action.in_((Action.SUBSTITUTE, Action.REFUSE_SUBSTITUTION)),
        HistoryEntry.reason.is_not(None),
    )
    said = {
        (entry.at, entry.changes[SUBSTITUTION][0]): entry.reason or ""
        for entry in db.session.scalars(query.order_by(HistoryEntry.id))
    }
    keys = {each.id: (each.decided_at, each.leaving and each.leaving.ref) for each in asked}
    return {key: said[told] for key, told in keys.items() if told in said}


def guests_requests_of(application: Application) -> list[tuple[Substitution, str | None]]:
    """Return the requests of the group's guest schools, the newest first, with who is to leave.

    None for whoever has left the group: that is the guest's business alone, as in the history.
    """
    asked = _newest(application, _is_of_guest(application))
    members = set(
        db.session.scalars(
            select(Member.person_id).where(
                Member.application_id == application.id,
                Member.person_id.in_([each.leaving_id for each in asked]),
            )
        )
    )
    return [
        (each, each.leaving.name if each.leaving and each.leaving_id in members else None)
        for each in asked
    ]


def _is_of_guest(application: Application) -> ColumnElement[bool]:
    return Substitution.leaving.has(Person.school_id != application.school_id)


def _newest(application: Application, whose: ColumnElement[bool]) -> list[Substitution]:
    query = _requests().where(Substitution.application_id == application.id, whose)
    return list(db.session.scalars(query.order_by(Substitution.id.desc())))


def counts_by_state(programme: Programme) -> dict[SubstitutionState, int]:
    """Return how many requests of a programme stand where."""
    rows = db.session.execute(
        select(Substitution.state, func.count())
        .join(Application, Substitution.application_id == Application.id)
        .where(Application.programme_id == programme.id)
        .group_by(Substitution.state)
    )
    return dict.fromkeys(SubstitutionState, 0) | dict(rows.all())


def waiting_by_programme(programme_ids: Collection[int]) -> dict[int, int]:
    """Return by programme how many requests wait for a decision; nothing where none do."""
    rows = db.session.execute(
        select(Application.programme_id, func.count())
        .join(Substitution, Substitution.application_id == Application.id)
        .where(
            Application.programme_id.in_(programme_ids),
            Substitution.state == SubstitutionState.PENDING,
        )
        .group_by(Application.programme_id)
    )
    return dict(rows.all())


def rows_of(substitutions: Sequence[Substitution], sealer: Sealer) -> list[Row]:
    """Return what lists show of these requests, in one query more however many they are."""
    others = _other_groups(substitutions)
    found = []
    for each in substitutions:
        content = told(each, sealer)
        notes = _notes(each, content, others.get(each.id, [])) if content else []
        found.append(Row(each, content, notes))
    return found


def pupils_to_come(application: Application, school: School, search: str) -> Select[Person]:
    """Return the query for the school's pupils who are not in the group, by part of a name."""
    members = select(Member.person_id).where(Member.application_id == application.id)
    query = select(Person).where(
        Person.school_id == school.id,
        Person.is_adult.is_(False),
        Person.id.not_in(members),
    )
    if search:
        query = query.where(
            Person.name.icontains(search, autoescape=True)
            | Person.latin_name.icontains(search, autoescape=True)
        )
    return query.options(raiseload("*"))


def substitutions_panel(application: Application) -> Panel | None:
    """Return how many requests wait, and the way to them; None where there are none."""
    if application.state is not State.ACCEPTED:
        return None
    rows = db.session.execute(
        select(Substitution.state, func.count())
        .where(Substitution.application_id == application.id)
        .group_by(Substitution.state)
    )
    counts = dict(rows.all())
    if not counts:
        return None
    url = None
    if may(Permission.APPLICATION_DECIDE, application):
        url = url_for("substitutions.queue", code=application.programme.code)
    elif may(Permission.APPLICATION_ENTER, application):
        url = url_for("substitutions.entry", ref=application.ref)
    waiting = counts.get(SubstitutionState.PENDING, 0)
    done = counts.get(SubstitutionState.APPROVED, 0)
    lines = [Line(_("Wait for a decision"), str(waiting), url), Line(_("Approved"), str(done))]
    return Panel(_("Substitutions"), lines)


def _requests() -> Select[Substitution]:
    return (
        select(Substitution)
        .join(Substitution.application)
        .join(Application.school)
        .join(Application.category)
        .join(Category.programme)
        .options(
            contains_eager(Substitution.application).options(
                contains_eager(Application.school),
                contains_eager(Application.category).contains_eager(Category.programme),
            ),
            joinedload(Substitution.leaving).joinedload(Person.school),
            joinedload(Substitution.coming),
            raiseload("*"),
        )
    )


def _notes(substitution: Substitution, content: Told, others: list[str]) -> list[str]:
    application = substitution.application
    country = substitution.school.country
    limits = application.category.age_limits
    fault = fault_of(limits, born=content.birth_on, grade=content.grade, country=country)
    notes = []
    if fault is not None:
        finding = Finding(CODE_BY_FAULT[fault], "", content.name)
        notes.append(str(finding_count(Kind(finding.code, [finding]))))
    return notes + [str(_("Also in %(group)s", group=name)) for name in others]


def _other_groups(substitutions: Sequence[Substitution]) -> dict[int, list[str]]:
    """Return by request in which other live groups of the programme whoever comes is."""
    rows = db.session.execute(
        select(Substitution.id, Application.group_name)
        .join(Member, Member.person_id == Substitution.coming_id)
        .join(Application, Member.application_id == Application.id)
        .where(
            Substitution.id.in_([each.id for each in substitutions]),
            Substitution.state == SubstitutionState.PENDING,
            Application.id != Substitution.application_id,
            Application.state.not_in(NOT_TAKING_PART),
            Application.programme_id.in_({each.application.programme_id for each in substitutions}),
        )
        .order_by(Substitution.id, Application.group_name)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for substitution_id, name in rows:
        found[substitution_id].append(name)
    return found
