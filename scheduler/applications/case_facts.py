"""What the page of a case shows besides its members: works, people in charge, history in words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, raiseload

from scheduler.applications.fields import editable_fields
from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole, Piece
from scheduler.applications.shown_answers import ShownAnswer, group_answers
from scheduler.applications.texts import ACTION_LABELS, FIELD_LABELS, ROLE_LABELS, field_list
from scheduler.applications.viewers import Viewer, hidden_marks
from scheduler.applications.workflow import Action, State, available
from scheduler.database import db
from scheduler.formats import named
from scheduler.people.dates import age_on
from scheduler.programmes.form_fields import is_mark
from scheduler.spreadsheets.durations import duration_text

ADULT_AGE = 18
CHILD_AGE = 14


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history, in the reader's words."""

    at: dt.datetime
    title: str
    actor: str
    text: str
    state: State | None


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


def case_facts(
    application: Application, form: FormPlan = PLAIN, viewer: Viewer | None = None
) -> CaseFacts:
    """Return what the page of a case shows, in three queries.

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
    )


def age_band(birth_on: dt.date | None, day: dt.date) -> str:
    """Return the band by which people are told apart who may not see birth dates."""
    if birth_on is None:
        return ""
    age = age_on(birth_on, day)
    if age < CHILD_AGE:
        return str(_("under 14"))
    return str(_("14 to 17") if age < ADULT_AGE else _("18 or older"))


def editable_labels(application: Application) -> list[str]:
    """Return the parts that the school can change now, in words."""
    editable = editable_fields(application.state, application.returned_fields)
    return [str(label) for field, label in FIELD_LABELS.items() if field in editable]


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
    found: list[Happening] = []
    for entry in entries:
        if _is_hidden(entry, labels):
            continue
        happening = Happening(
            at=entry.at,
            title=str(ACTION_LABELS[entry.action]),
            actor=entry.actor_name,
            text=_said(entry, form, labels),
            state=entry.to_state if entry.to_state is not entry.from_state else None,
        )
        if not (found and entry.action is Action.EDIT and _is_same_work(found[-1], happening)):
            found.append(happening)
    return found


def _is_same_work(later: Happening, earlier: Happening) -> bool:
    """Forty members typed one after another are one line, not forty."""
    return replace(earlier, at=later.at) == later and earlier.at.date() == later.at.date()


def _is_hidden(entry: HistoryEntry, labels: Mapping[str, str]) -> bool:
    """Tell whether an edit changed nothing but what the reader does not see."""
    is_edit = entry.action is Action.EDIT and bool(entry.changes)
    return is_edit and all(is_mark(name) and name not in labels for name in entry.changes)


def _said(entry: HistoryEntry, form: FormPlan, labels: Mapping[str, str]) -> str:
    parts = [entry.reason or ""]
    if entry.fields:
        parts.append(str(_("Marked: %(fields)s.", fields=field_list(entry.fields, labels))))
    if entry.changes:
        worded = _worded(entry.changes, form, labels)
        others = {mark: label for mark, label in labels.items() if mark not in worded}
        if fields := field_list(entry.changes, others):
            parts.append(str(_("Changed: %(fields)s.", fields=fields)))
        parts += worded.values()
    return " ".join(part for part in parts if part)


def _worded(
    changes: Mapping[str, Any], form: FormPlan, labels: Mapping[str, str]
) -> dict[str, str]:
    """Return what a field was and became, where the history keeps the words."""
    locale = str(get_locale())
    own = {mark: tuple(changes[mark]) for mark in labels if mark in changes}
    return {
        mark: _(
            "%(field)s: %(before)s → %(after)s.",
            field=labels[mark],
            before=form.shown(mark, before, locale) or "–",
            after=form.shown(mark, after, locale) or "–",
        )
        for mark, (before, after) in own.items()
        if (before, after) != (None, None)
    }
