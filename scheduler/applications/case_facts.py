"""What the page of a case shows besides its members: works, people in charge, history in words."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, raiseload

from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.history_words import (
    FieldStep,
    field_steps,
    merged_changes,
    state_step,
)
from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole, Piece
from scheduler.applications.published import published_performance
from scheduler.applications.shown_answers import ShownAnswer, group_answers
from scheduler.applications.substitution_history import guests_reasons, with_names
from scheduler.applications.texts import ACTION_LABELS, REASONS_BY_ITSELF, ROLE_LABELS, field_list
from scheduler.applications.viewers import Viewer, hidden_marks
from scheduler.applications.workflow import Action, State, available
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db
from scheduler.formats import format_instant, named
from scheduler.organisations.texts import REGIONS
from scheduler.people.dates import age_on
from scheduler.programmes.form_fields import is_mark
from scheduler.spreadsheets.durations import duration_text

ADULT_AGE = 18
CHILD_AGE = 14


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history, in the reader's words; `steps` say what changed, from, to."""

    at: dt.datetime
    title: str
    actor: str
    text: str
    state: State | None
    steps: tuple[FieldStep, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Works, adults and history of an application, and what can be done with it now."""

    pieces: list[Piece]
    duration: str
    adults: list[tuple[str, str]]
    happenings: list[Happening]
    actions: frozenset[Action]
    marked: str
    answers: list[ShownAnswer]
    published: CalendarEntry | None


def case_facts(
    application: Application, form: FormPlan = PLAIN, viewer: Viewer | None = None
) -> CaseFacts:
    """Return what the page of a case shows, in four queries.

    Of coordinators' fields it holds what the viewer may see.
    """
    labels = form_labels(form, viewer)
    pieces = list(
        db.session.scalars(
            select(Piece)
            .where(Piece.application_id == application.id)
            .order_by(Piece.position)
            .options(raiseload("*"))
        )
    )
    return CaseFacts(
        pieces=pieces,
        duration=duration_text(sum(piece.duration_seconds for piece in pieces)),
        adults=_adults(application),
        happenings=_happenings(application, form, labels),
        actions=available(application.state),
        marked=field_list(application.returned_fields, labels),
        answers=group_answers(application, form, viewer),
        published=published_performance(application),
    )


def entry_facts(application: Application, *, is_blind: bool) -> list[tuple[str, str | None]]:
    """Return what stands in an entry besides people and works; blind without what names anybody."""
    school, zone = application.school, application.programme.timezone
    whose = [
        (_("School"), school.name),
        (_("District"), school.district.name if school.district else None),
        (_("Region"), str(REGIONS[school.region])),
    ]
    open_only = [(_("Introduction"), application.introduction)]
    return [
        (_("Reference"), application.ref),
        *([] if is_blind else whose),
        (_("Submitted on"), format_instant(application.submitted_at, zone)),
        (_("Voicing"), application.voicing),
        (_("Instruments and equipment"), application.equipment),
        *([] if is_blind else open_only),
    ]


def age_band(birth_on: dt.date | None, day: dt.date) -> str:
    """Return the band by which people are told apart who may not see birth dates."""
    if birth_on is None:
        return ""
    age = age_on(birth_on, day)
    if age < CHILD_AGE:
        return str(_("under 14"))
    return str(_("14 to 17") if age < ADULT_AGE else _("18 or older"))


def _adults(application: Application) -> list[tuple[str, str]]:
    members = db.session.scalars(
        select(Member)
        .where(Member.application_id == application.id, Member.role != MemberRole.PUPIL)
        .order_by(Member.position, Member.id)
        .options(joinedload(Member.person), raiseload("*"))
    )
    return [(str(ROLE_LABELS[member.role]), member.person.name) for member in members]


def form_labels(form: FormPlan, viewer: Viewer | None) -> dict[str, str]:
    """Return the labels of the fields that the viewer may see, by their marks."""
    hidden = hidden_marks(viewer, form)
    return {spec.mark: named(dict(spec.names)) for spec in form.fields if spec.mark not in hidden}


def _happenings(
    application: Application, form: FormPlan, labels: Mapping[str, str]
) -> list[Happening]:
    entries = db.session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.application_id == application.id)
        .order_by(HistoryEntry.id.desc())
        .options(raiseload("*"))
    )
    lines = _lines(entries, labels)
    silent = guests_reasons(lines, application)
    return [
        _happening(entry, changes, form, labels, is_silent=entry.id in silent)
        for entry, changes in with_names(lines, application)
    ]


def _lines(
    entries: Iterable[HistoryEntry], labels: Mapping[str, str]
) -> list[tuple[HistoryEntry, dict[str, Any]]]:
    """Return the steps, newest first: forty members typed one after another are one line."""
    found: list[tuple[HistoryEntry, dict[str, Any]]] = []
    for entry in entries:
        if _is_hidden(entry, labels):
            continue
        if found and _is_same_work(*found[-1], entry):
            later, changes = found[-1]
            found[-1] = (later, merged_changes(entry.changes, changes))
        else:
            found.append((entry, entry.changes))
    return found


def _is_same_work(later: HistoryEntry, changes: dict[str, Any], earlier: HistoryEntry) -> bool:
    return (
        later.action is earlier.action is Action.EDIT
        and later.at.date() == earlier.at.date()
        and changes.keys() == earlier.changes.keys()
        and (later.actor_name, later.reason, later.to_state)
        == (earlier.actor_name, earlier.reason, earlier.to_state)
    )


def _happening(
    entry: HistoryEntry,
    changes: dict[str, Any],
    form: FormPlan,
    labels: Mapping[str, str],
    *,
    is_silent: bool,
) -> Happening:
    moved = state_step(entry)
    return Happening(
        at=entry.at,
        title=str(ACTION_LABELS[entry.action]),
        actor=entry.actor_name,
        text="" if is_silent else _said(entry, labels),
        state=entry.to_state if entry.to_state is not entry.from_state else None,
        steps=(*([moved] if moved else []), *field_steps(changes, form, labels)),
    )


def _is_hidden(entry: HistoryEntry, labels: Mapping[str, str]) -> bool:
    """Tell whether an edit changed nothing but what the reader does not see."""
    is_edit = entry.action is Action.EDIT and bool(entry.changes)
    return is_edit and all(is_mark(name) and name not in labels for name in entry.changes)


def _said(entry: HistoryEntry, labels: Mapping[str, str]) -> str:
    is_by_itself = entry.account_id is None and not entry.actor_name
    own = REASONS_BY_ITSELF.get((entry.action, entry.from_state), "") if is_by_itself else ""
    parts = [entry.reason or str(own)]
    if entry.fields:
        said = field_list(entry.fields, labels)
        if entry.action is Action.RETURN:
            parts.append(str(_("Marked: %(fields)s.", fields=said)))
        elif said:
            parts.append(str(_("Changed parts: %(fields)s.", fields=said)))
    return " ".join(part for part in parts if part)
