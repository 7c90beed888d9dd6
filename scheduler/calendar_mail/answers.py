"""What people answer: by their mail program, matched and safe against forgery, or on a page."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import select

from scheduler.audit import services as audit
from scheduler.calendar_mail.asking import STANDINGS
from scheduler.calendar_mail.models import Answer, AttendanceRequest
from scheduler.calendar_mail.replies import Reply
from scheduler.calendar_mail.reply_addresses import is_tagged, tags_in
from scheduler.calendars import tokens
from scheduler.calendars.itip import Method
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db, held
from scheduler.errors import NotFound

ANSWERS = {
    standing: answer for answer, standing in STANDINGS.items() if answer is not Answer.WAITING
}
_LONGEST_UID = 36


class Noted(StrEnum):
    """What became of an answer by mail. Nobody is told of those that were not noted."""

    NOTED = "answers noted"
    KNOWN = "known already"
    OLD = "about a time or place that has changed since, or older than another answer"
    WITHDRAWN = "of somebody who is not asked any more"
    FORGED = "about no request of ours, of somebody else, or not to the address made for it"
    OTHER = "no acceptance, refusal or tentative answer"


def note_reply(reply: Reply, *, now: dt.datetime) -> Noted:
    """Note an answer if it is one to a request of ours; says what became of it.

    It must come from the address that was asked and carry that request's own tag. Whoever makes up
    either learns nothing, since nothing is sent back. Reading an answer again changes nothing.
    """
    standing = reply.standing
    if reply.method != Method.REPLY or standing not in ANSWERS:
        return Noted.OTHER
    request = _request(reply)
    if request is None:
        return Noted.FORGED
    stamp = min(reply.stamp, now)  # a clock that is ahead shall not shut out later answers
    stands_against = _objection(request, reply.sequence, stamp)
    if stands_against is not None:
        return stands_against
    request.answer_sequence, request.answer_stamp = reply.sequence, stamp
    _note(request, ANSWERS[standing], reply.comment, now, by="mail")
    return Noted.NOTED


def note_on_page(
    request: AttendanceRequest, answer: Answer, comment: str, *, now: dt.datetime
) -> None:
    """Note what somebody answered on the page behind their own link."""
    request.answer_sequence, request.answer_stamp = request.sequence, now
    _note(request, answer, comment, now, by="page")


def by_token(token: str) -> AttendanceRequest:
    """Return the request whose page a token opens; raises `NotFound`."""
    query = select(AttendanceRequest).where(AttendanceRequest.token_digest == tokens.digest(token))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def _request(reply: Reply) -> AttendanceRequest | None:
    """Return the request that is answered, held; None without its own tag."""
    if len(reply.uid) > _LONGEST_UID:
        return None
    if not is_tagged(tags_in(reply.written_to), reply.uid, reply.attendee):
        return None
    query = (
        select(AttendanceRequest.id)
        .join(AttendanceRequest.entry)
        .where(CalendarEntry.uid == reply.uid, AttendanceRequest.address == reply.attendee)
    )
    request_id = db.session.scalar(query)
    return None if request_id is None else held(AttendanceRequest, request_id)


def _objection(request: AttendanceRequest, sequence: int, stamp: dt.datetime) -> Noted | None:
    """Return why an answer does not count, by the order of RFC 5546 2.1.5; None if it does."""
    if request.withdrawn_at is not None:
        return Noted.WITHDRAWN
    if sequence > request.sequence:
        return Noted.FORGED
    if sequence < request.asked_sequence:
        return Noted.OLD
    if request.answer_stamp is None:
        return None
    known = (request.answer_sequence or 0, request.answer_stamp)
    if (sequence, stamp) == known:
        return Noted.KNOWN
    return Noted.OLD if (sequence, stamp) < known else None


def _note(
    request: AttendanceRequest, answer: Answer, comment: str, now: dt.datetime, *, by: str
) -> None:
    request.answer, request.comment, request.answered_at = answer, comment, now
    db.session.flush()
    audit.record(
        "attendance:answered",
        account_id=request.account_id,
        subject_type="attendance",
        subject_ref=request.ref,
        now=now,
        answer=str(answer),
        by=by,
    )
