"""What the page of a case shows besides its members: works, people in charge, history in words."""

import datetime as dt
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, raiseload

from scheduler.applications.fields import editable_fields
from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole, Piece
from scheduler.applications.published import published_performance
from scheduler.applications.texts import ACTION_LABELS, FIELD_LABELS, ROLE_LABELS, field_list
from scheduler.applications.workflow import Action, State, available
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db
from scheduler.people.dates import age_on
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
    published: CalendarEntry | None


def case_facts(application: Application) -> CaseFacts:
    """Return what the page of a case shows, in four queries."""
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
        happenings=_happenings(application),
        actions=available(application.state),
        marked=field_list(application.returned_fields),
        published=published_performance(application),
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


def _happenings(application: Application) -> list[Happening]:
    entries = db.session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.application_id == application.id)
        .order_by(HistoryEntry.id.desc())
        .options(raiseload("*"))
    )
    found: list[Happening] = []
    for entry in entries:
        happening = Happening(
            at=entry.at,
            title=str(ACTION_LABELS[entry.action]),
            actor=entry.actor_name,
            text=_said(entry),
            state=entry.to_state if entry.to_state is not entry.from_state else None,
        )
        if not (found and entry.action is Action.EDIT and _is_same_work(found[-1], happening)):
            found.append(happening)
    return found


def _is_same_work(later: Happening, earlier: Happening) -> bool:
    """Forty members typed one after another are one line, not forty."""
    return replace(earlier, at=later.at) == later and earlier.at.date() == later.at.date()


def _said(entry: HistoryEntry) -> str:
    parts = [entry.reason or ""]
    if entry.fields:
        parts.append(str(_("Marked: %(fields)s.", fields=field_list(entry.fields))))
    if entry.changes:
        parts.append(str(_("Changed: %(fields)s.", fields=field_list(entry.changes))))
    return " ".join(part for part in parts if part)
