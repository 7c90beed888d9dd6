"""Objections to a notice: received from anybody, answered by a coordinator, erased in time."""

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.audit import services as audit
from scheduler.database import db, held
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.notifications.models import Mail
from scheduler.publicity import notices
from scheduler.publicity.models import NoticeState, Objection, ObjectionState, PublicNotice
from scheduler.publicity.refusals import Refusal
from scheduler.references import new_reference

ANSWERS = (ObjectionState.ANSWERED, ObjectionState.UPHELD, ObjectionState.DISMISSED)


@dataclass(frozen=True)
class ObjectionDetails:
    """What stands in the public form."""

    name: str
    email: str
    phone: str | None
    about: str | None
    reason: str
    locale: str


def find(ref: str) -> Objection:
    """Return the objection with its notice; raises `NotFound`."""
    objection = db.session.scalar(
        select(Objection).where(Objection.ref == ref).options(joinedload(Objection.notice))
    )
    if objection is None:
        raise NotFound
    return objection


def objections_of(notice: PublicNotice, state: ObjectionState | None) -> Select[Objection]:
    """Return the query for a notice's objections, in one state or in all."""
    query = select(Objection).where(Objection.notice_id == notice.id)
    return query if state is None else query.where(Objection.state == state)


def counts_by_state(notices_shown: list[PublicNotice]) -> dict[int, dict[ObjectionState, int]]:
    """Return how many objections each notice has in each state, by the notice's key."""
    ids = [notice.id for notice in notices_shown]
    rows = db.session.execute(
        select(Objection.notice_id, Objection.state, func.count())
        .where(Objection.notice_id.in_(ids))
        .group_by(Objection.notice_id, Objection.state)
    )
    found: dict[int, dict[ObjectionState, int]] = {id_: {} for id_ in ids}
    for notice_id, state, count in rows:
        found[notice_id][state] = count
    return found


def receive(
    notice: PublicNotice,
    details: ObjectionDetails,
    *,
    now: dt.datetime,
    ref: str | None = None,
    is_quiet: bool = False,
) -> Objection:
    """Keep an objection; confirm it to the objector and tell the coordinators, by mail.

    The same words from the same address again are the same objection: a form that was sent twice
    leaves one. Raises `Refused` when the notice is over.
    """
    notice = held(PublicNotice, notice.id)
    if notice.state_at(now) is not NoticeState.PUBLISHED:
        raise Refused(Refusal.NOTICE_OVER)
    digest = _digest(details)
    known = db.session.scalar(
        select(Objection).where(Objection.notice_id == notice.id, Objection.digest == digest)
    )
    if known is not None:
        return known
    objection = Objection(
        ref=ref or new_reference("O"),
        notice=notice,
        notice_number=notice.number,
        name=details.name,
        email=details.email,
        phone=details.phone,
        about=details.about,
        reason=details.reason,
        locale=details.locale,
        digest=digest,
        state=ObjectionState.OPEN,
        received_at=now,
    )
    db.session.add(objection)
    db.session.flush()
    _record("objection:receive", objection, None, now, notice=notice.ref)
    if not is_quiet:
        notices.confirm_objection(objection, now=now)
        notices.tell_coordinators(objection, now=now)
    return objection


def answer(
    objection: Objection,
    state: ObjectionState,
    text: str,
    *,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Objection:
    """Close an open objection with the answer that the objector is mailed.

    Upholding changes nothing by itself: the entries are decided on as always, and a correction of
    the notice is published. Raises `Conflict` or `Refused`.
    """
    objection = held(Objection, objection.id)
    if objection.state is not ObjectionState.OPEN or state not in ANSWERS:
        raise Refused(Refusal.OBJECTION_CLOSED)
    if objection.version != version:
        raise Conflict
    if not text:
        raise Refused(Refusal.ANSWER_MISSING, field="answer")
    objection.state, objection.answer = state, text
    objection.handled_at, objection.handler_name = now, actor.name
    db.session.flush()
    _record(f"objection:{state.value}", objection, actor.account_id, now)
    notices.tell_answer(objection, now=now)
    return objection


def erase_old(*, kept_days: int, now: dt.datetime) -> int:
    """Erase who objected and in which words, with the mails about it; return how many.

    Erased are answered objections, so many days after the answer and after the notice's end,
    whichever is later. Open ones wait for their answer. What stays is that there was an objection
    to a notice, when, and how it ended: the counts.
    """
    limit = now - dt.timedelta(days=kept_days)
    rows = db.session.execute(
        select(Objection.id, Objection.ref)
        .join(PublicNotice)
        .where(
            Objection.erased_at.is_(None),
            Objection.handled_at < limit,
            PublicNotice.ends_at < limit,
        )
        .with_for_update(of=Objection)
    ).all()
    if not rows:
        return 0
    empty = dict.fromkeys(("name", "email", "phone", "about", "reason", "answer", "digest"))
    db.session.execute(
        update(Objection)
        .where(Objection.id.in_([row.id for row in rows]))
        .values(**empty, erased_at=now, version=Objection.version + 1)
    )
    db.session.execute(delete(Mail).where(Mail.about.in_([row.ref for row in rows])))
    audit.record(
        "objection:erase",
        account_id=None,
        subject_type="objection",
        subject_ref="old",
        now=now,
        count=len(rows),
    )
    return len(rows)


def _digest(details: ObjectionDetails) -> str:
    words = (details.email.lower(), details.about or "", details.reason)
    return sha256("\n".join(words).encode()).hexdigest()


def _record(
    action: str, objection: Objection, account_id: int | None, now: dt.datetime, **facts: Any
) -> None:
    audit.record(
        action,
        account_id=account_id,
        subject_type="objection",
        subject_ref=objection.ref,
        now=now,
        **facts,
    )
