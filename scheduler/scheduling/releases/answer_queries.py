"""What people answered who were asked to attend: the list that coordinators look through."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from scheduler.calendar_mail.models import Answer, AttendanceRequest
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.programmes.models import Programme
from scheduler.scheduling.releases.entries import scope_of
from scheduler.scheduling.releases.judging_sessions import judging_scope

SORTS: dict[str, Any] = {
    "when": (CalendarEntry.starts_at, AttendanceRequest.name, AttendanceRequest.id),
    "who": (AttendanceRequest.name, CalendarEntry.starts_at, AttendanceRequest.id),
    "answered": (AttendanceRequest.answered_at, AttendanceRequest.id),
}


@dataclass(frozen=True, slots=True)
class AskedAnswers:
    """What a coordinator looks for; empty fields ask for nothing."""

    answer: str = ""
    text: str = ""


def requests_of(programme: Programme, asked: AskedAnswers) -> Select[AttendanceRequest]:
    """Return the query for who is asked to something of the programme now."""
    query = _of(programme, select(AttendanceRequest))
    if asked.answer in set(Answer):
        query = query.where(AttendanceRequest.answer == Answer(asked.answer))
    if asked.text:
        query = query.where(
            or_(
                AttendanceRequest.name.icontains(asked.text, autoescape=True),
                AttendanceRequest.address.icontains(asked.text, autoescape=True),
            )
        )
    return query


def counts_of(programme: Programme) -> dict[Answer, int]:
    """Return how many have answered what."""
    ours = _of(programme, select(AttendanceRequest.id)).subquery()
    query = (
        select(AttendanceRequest.answer, func.count())
        .where(AttendanceRequest.id.in_(select(ours.c.id)))
        .group_by(AttendanceRequest.answer)
    )
    found: dict[Answer, int] = dict(db.session.execute(query).all())
    return {answer: found.get(answer, 0) for answer in Answer}


def find_request(programme: Programme, ref: str) -> AttendanceRequest:
    """Return somebody who is asked to something of the programme; raises `NotFound`."""
    query = _of(programme, select(AttendanceRequest)).where(AttendanceRequest.ref == ref)
    found: AttendanceRequest | None = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _of(programme: Programme, query: Select[Any]) -> Select[Any]:
    scopes = (scope_of(programme), judging_scope(programme))
    is_ours = (
        and_(CalendarEntry.scope_kind == scope.kind, CalendarEntry.scope_key == scope.key)
        for scope in scopes
    )
    return query.join(AttendanceRequest.entry).where(
        or_(*is_ours), AttendanceRequest.withdrawn_at.is_(None)
    )
