"""Ask people to attend what stands in calendars; tell them of changes, and when it is off.

The mails speak of the very entries that feeds hold: same UID, never a lower SEQUENCE.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Select, delete, select

from scheduler.calendar_mail.entry_facts import facts_of
from scheduler.calendar_mail.models import NAME_LENGTH, Answer, AttendanceRequest
from scheduler.calendar_mail.reply_addresses import organiser_for, reads_replies
from scheduler.calendars import tokens
from scheduler.calendars.entries import Scope, portions
from scheduler.calendars.ical import Status
from scheduler.calendars.itip import Mailbox, Method, PartStat, scheduling_object
from scheduler.calendars.models import CalendarEntry
from scheduler.calendars.rendering import item_of
from scheduler.calendars.services import TOMBSTONE_DAYS
from scheduler.database import db
from scheduler.extensions import secret_key
from scheduler.notifications import services as notifications
from scheduler.notifications.calendar_parts import CalendarPart

ASKED = "calendar_mail.asked"
CHANGED = "calendar_mail.changed"
WITHDRAWN = "calendar_mail.withdrawn"
PURPOSE = "attendance"
"""The tokens of pages on which a request is answered."""

STANDINGS = {
    Answer.WAITING: PartStat.NEEDS_ACTION,
    Answer.ACCEPTED: PartStat.ACCEPTED,
    Answer.TENTATIVE: PartStat.TENTATIVE,
    Answer.DECLINED: PartStat.DECLINED,
}


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who is asked, at an address, in a language."""

    address: str
    name: str
    locale: str
    account_id: int | None = None


def ask(
    scope: Scope, invitees: Mapping[str, Collection[Invitee]], *, about: str, now: dt.datetime
) -> int:
    """Make these the full set of who is asked to a scope's entries, by key; return how many mails.

    Whoever is new is asked. Where time or place changed, everybody is asked anew and earlier
    answers are void; any other change is told and answers stand. Who is no longer wanted, or whose
    entry is cancelled, is told so once. What is over is left alone. `about` is the reference under
    which staff find the mails.
    """
    entries = _entries(scope, now)
    standing = _requests(scope, entries)
    mails = 0
    for entry in entries:
        people = () if entry.is_cancelled else invitees.get(entry.key, ())
        wanted = {each.address.lower(): each for each in people}
        for address, invitee in sorted(wanted.items()):
            request = standing.pop((entry.id, address), None) or _new(entry, address, now)
            mails += _keep_up(request, entry, invitee, about, now)
    for request in standing.values():
        if request.withdrawn_at is None:
            _withdraw(request, about, now)
            mails += 1
    db.session.flush()
    return mails


def ask_again(request: AttendanceRequest, *, about: str, now: dt.datetime) -> bool:
    """Send somebody who has not answered the same request once more, once a day at most.

    Returns False for whoever has answered or is not asked any more.
    """
    is_open = request.answer is Answer.WAITING and request.withdrawn_at is None
    if not is_open or request.entry.ends_at <= now:
        return False
    return _send(request, ASKED, Method.REQUEST, about, now)


def has_past(*, now: dt.datetime) -> bool:
    """Tell whether there are requests to forget, without the write lock."""
    return db.session.scalar(_past(now).limit(1)) is not None


def forget_past(*, now: dt.datetime) -> int:
    """Forget who was asked to what, 30 days after its time, and what they answered; how many."""
    past = list(db.session.scalars(_past(now)))
    for some in portions(past):
        db.session.execute(delete(AttendanceRequest).where(AttendanceRequest.id.in_(some)))
    return len(past)


def path_of(request: AttendanceRequest) -> str:
    """Return the path of the page on which a request is answered."""
    return f"/attendance/{tokens.token(secret_key(), PURPOSE, request.nonce)}"


def _past(now: dt.datetime) -> Select[int]:
    is_over = CalendarEntry.ends_at < now - dt.timedelta(days=TOMBSTONE_DAYS)
    return select(AttendanceRequest.id).join(AttendanceRequest.entry).where(is_over)


def _entries(scope: Scope, now: dt.datetime) -> list[CalendarEntry]:
    query = select(CalendarEntry).where(
        CalendarEntry.scope_kind == scope.kind,
        CalendarEntry.scope_key == scope.key,
        CalendarEntry.ends_at > now,
    )
    return list(db.session.scalars(query.order_by(CalendarEntry.starts_at, CalendarEntry.id)))


def _requests(
    scope: Scope, entries: Collection[CalendarEntry]
) -> dict[tuple[int, str], AttendanceRequest]:
    known = {entry.id for entry in entries}
    query = (
        select(AttendanceRequest)
        .join(AttendanceRequest.entry)
        .where(CalendarEntry.scope_kind == scope.kind, CalendarEntry.scope_key == scope.key)
        .order_by(AttendanceRequest.id)
    )
    rows = (each for each in db.session.scalars(query) if each.entry_id in known)
    return {(each.entry_id, each.address): each for each in rows}


def _new(entry: CalendarEntry, address: str, now: dt.datetime) -> AttendanceRequest:
    nonce = tokens.new_nonce()
    return AttendanceRequest(
        entry=entry,
        address=address,
        nonce=nonce,
        token_digest=tokens.digest(tokens.token(secret_key(), PURPOSE, nonce)),
        sequence=-1,
        entry_sequence=-1,
        mark="",
        asked_at=now,
        answer=Answer.WAITING,
        comment="",
    )


def _keep_up(
    request: AttendanceRequest, entry: CalendarEntry, invitee: Invitee, about: str, now: dt.datetime
) -> int:
    """Ask somebody, or tell of what changed; return how many mails that took."""
    request.name, request.locale = invitee.name[:NAME_LENGTH], invitee.locale
    request.account_id = invitee.account_id
    is_asked = request.withdrawn_at is None and request.sequence >= 0
    if is_asked and request.entry_sequence == entry.sequence:
        return 0
    mark = _mark(entry)
    code = CHANGED if is_asked else ASKED
    _count_up(request, entry)
    if not is_asked or request.mark != mark:
        _forget_answer(request)
        request.asked_sequence, request.asked_at = request.sequence, now
    request.mark, request.withdrawn_at = mark, None
    db.session.add(request)
    db.session.flush()
    return int(_send(request, code, Method.REQUEST, about, now))


def _withdraw(request: AttendanceRequest, about: str, now: dt.datetime) -> None:
    _count_up(request, request.entry)
    request.withdrawn_at = now
    _send(request, WITHDRAWN, Method.CANCEL, about, now)


def _count_up(request: AttendanceRequest, entry: CalendarEntry) -> None:
    """Give the next mail a SEQUENCE that is higher than that of the last, and than the feed's."""
    request.sequence = max(entry.sequence, request.sequence + 1)
    request.entry_sequence = entry.sequence


def _forget_answer(request: AttendanceRequest) -> None:
    request.answer, request.comment = Answer.WAITING, ""
    request.answered_at = request.answer_sequence = request.answer_stamp = None


def _mark(entry: CalendarEntry) -> str:
    """Return a mark of when and where: what an answer was given to."""
    where = entry.text_in("en").location
    times = f"{entry.starts_at.isoformat()}\0{entry.ends_at.isoformat()}\0{where}"
    return hashlib.sha256(times.encode()).hexdigest()


def _send(
    request: AttendanceRequest, code: str, method: Method, about: str, now: dt.datetime
) -> bool:
    is_asked = method is Method.REQUEST
    return notifications.queue(
        code,
        to_address=request.address,
        to_name=request.name,
        locale=request.locale,
        facts=facts_of(request.entry, request.locale),
        secrets={"link": path_of(request)} if is_asked else None,
        about=about,
        once_key=f"{code}:{request.ref}:{request.sequence}:{now.date().isoformat()}",
        account_id=request.account_id,
        calendar=_part(request, method, now),
        now=now,
    )


def _part(request: AttendanceRequest, method: Method, now: dt.datetime) -> CalendarPart:
    entry = request.entry
    item = replace(
        item_of(entry, request.locale),
        sequence=request.sequence,
        modified_at=now,
        status=Status.CANCELLED if method is Method.CANCEL else entry.status,
    )
    organiser = organiser_for(entry.uid, request.address)
    octets = scheduling_object(
        method,
        item,
        organiser=organiser,
        attendee=Mailbox(request.name, request.address),
        standing=STANDINGS[request.answer],
        is_answer_read=reads_replies(),
    )
    return CalendarPart(
        octets.decode(),
        method=method,
        reply_to=organiser.address if reads_replies() else "",
    )
