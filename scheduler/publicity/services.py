"""What a coordinator does with a public notice: write, publish, correct, take down."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.applications.bulk import insert_rows
from scheduler.audit import services as audit
from scheduler.database import db, held
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.formats import local
from scheduler.programmes.models import Category, Names, Programme
from scheduler.publicity.days import DayKind, end_of
from scheduler.publicity.lines import Line, digest_of, lines_of
from scheduler.publicity.models import (
    LineChange,
    NoticeLine,
    NoticeState,
    NoticeVersion,
    PublicNotice,
)
from scheduler.publicity.refusals import Refusal
from scheduler.references import new_reference
from scheduler.workdays.counting import NOTHING_SPECIAL, Exceptions
from scheduler.workdays.services import calendar_for


@dataclass(frozen=True)
class NoticeDetails:
    """What stands in a notice's form; texts are per locale."""

    titles: Names
    texts: Names
    category_ids: tuple[int, ...]
    days: int
    day_kind: DayKind
    days_off: tuple[dt.date, ...]
    shows_pupils: bool


def find(ref: str) -> PublicNotice:
    """Return the notice; raises `NotFound`."""
    notice = db.session.scalar(select(PublicNotice).where(PublicNotice.ref == ref))
    if notice is None:
        raise NotFound
    return notice


def find_version(ref: str, number: int) -> NoticeVersion:
    """Return a version of a notice; raises `NotFound`."""
    version = db.session.scalar(
        select(NoticeVersion)
        .join(PublicNotice)
        .where(PublicNotice.ref == ref, NoticeVersion.number == number)
        .options(joinedload(NoticeVersion.notice))
    )
    if version is None:
        raise NotFound
    return version


def current_version(notice: PublicNotice) -> NoticeVersion:
    """Return the version that stands; raises `NotFound` before the first."""
    return find_version(notice.ref, notice.number)


def add(
    programme: Programme,
    details: NoticeDetails,
    *,
    actor: Actor,
    now: dt.datetime,
    ref: str | None = None,
) -> PublicNotice:
    """Begin a notice that nobody but the coordinators sees."""
    notice = PublicNotice(
        ref=ref or new_reference("N"), programme=programme, number=0, created_at=now
    )
    _fill(notice, details)
    db.session.add(notice)
    db.session.flush()
    _record("notice:add", notice, actor, now)
    return notice


def change(
    notice: PublicNotice, details: NoticeDetails, *, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Take over the details. What is published stays as it is until a correction is published."""
    notice = _locked(notice, version)
    if notice.state_at(now) not in {NoticeState.DRAFT, NoticeState.PUBLISHED}:
        raise Refused(Refusal.NOTICE_OVER)
    _fill(notice, details)
    db.session.flush()
    _record("notice:change", notice, actor, now)


def remove(notice: PublicNotice, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a draft; what was published stays on record."""
    notice = _locked(notice, None)
    if notice.number:
        raise Refused(Refusal.NOTICE_PUBLISHED)
    db.session.delete(notice)
    db.session.flush()
    _record("notice:remove", notice, actor, now)


def publish(
    notice: PublicNotice,
    *,
    version: int,
    digest: str,
    actor: Actor,
    now: dt.datetime,
    correction: str | None = None,
    restarts: bool = False,
) -> NoticeVersion:
    """Freeze what was previewed and open it to everybody until the last of its days is over.

    The first version begins the period; a correction needs its reason, keeps the end unless the
    days are to run anew (`restarts`), and is shown as such. Raises `Conflict` when accepted groups
    or texts are no longer those of the preview (`digest`).
    """
    notice = _locked(notice, version)
    state = notice.state_at(now)
    if state not in {NoticeState.DRAFT, NoticeState.PUBLISHED}:
        raise Refused(Refusal.NOTICE_OVER)
    is_first = state is NoticeState.DRAFT
    if not is_first and not correction:
        raise Refused(Refusal.CORRECTION_MISSING, field="correction")
    lines = lines_of(notice)
    if not lines:
        raise Refused(Refusal.NOTHING_TO_PUBLISH)
    if digest_of(notice, lines) != digest:
        raise Conflict
    before = {} if is_first else _frozen_by_ref(current_version(notice))
    if is_first or restarts:
        notice.ends_at = end_when_published(notice, now)
    made = NoticeVersion(
        notice=notice,
        number=notice.number + 1,
        titles=notice.titles,
        texts=notice.texts,
        shows_pupils=notice.shows_pupils,
        correction=None if is_first else correction,
        published_at=now,
        ends_at=notice.ends_at,
        publisher_name=actor.name,
    )
    made.removed_count = len(before.keys() - {line.application_ref for line in lines})
    notice.number += 1
    notice.published_at = notice.published_at or now
    db.session.add(made)
    db.session.flush()
    _keep_lines(made, lines, before)
    _record("notice:publish", notice, actor, now, number=made.number, groups=len(lines))
    return made


def end_when_published(notice: PublicNotice, now: dt.datetime) -> dt.datetime:
    """Return when the notice would end if it were published now."""
    days_off = {dt.date.fromisoformat(day) for day in notice.days_off}
    zone = notice.programme.timezone
    return end_of(now, notice.days, notice.day_kind, days_off, zone, calendar_for(zone))


def exceptions_of(notice: PublicNotice, now: dt.datetime) -> tuple[Exceptions, str]:
    """Return what the count of the notice's days leaves out, and the region of its calendar.

    Nothing where all days are counted.
    """
    zone = notice.programme.timezone
    calendar = calendar_for(zone)
    if notice.day_kind is DayKind.CALENDAR:
        return NOTHING_SPECIAL, calendar.region
    first = local(notice.published_at or now, zone).date() + dt.timedelta(days=1)
    over = notice.ends_at or end_when_published(notice, now)
    last = local(over, zone).date() - dt.timedelta(days=1)
    return calendar.exceptions(first, last), calendar.region


def take_down(
    notice: PublicNotice, *, reason: str, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Close the page before its time, with a reason for the record; it cannot be opened again."""
    notice = _locked(notice, version)
    if notice.state_at(now) is not NoticeState.PUBLISHED:
        raise Refused(Refusal.NOTICE_NOT_PUBLISHED)
    if not reason:
        raise Refused(Refusal.REASON_MISSING)
    notice.taken_down_at, notice.taken_down_reason = now, reason[:1000]
    db.session.flush()
    _record("notice:take_down", notice, actor, now)


def _locked(notice: PublicNotice, version: int | None) -> PublicNotice:
    notice = held(PublicNotice, notice.id)
    if version is not None and notice.version != version:
        raise Conflict
    return notice


def _fill(notice: PublicNotice, details: NoticeDetails) -> None:
    categories = db.session.scalars(
        select(Category)
        .where(Category.id.in_(details.category_ids), Category.programme_id == notice.programme.id)
        .order_by(Category.position)
    ).all()
    if not categories:
        raise Refused(Refusal.NO_CATEGORY, field="categories")
    notice.titles, notice.texts = details.titles, details.texts
    notice.categories = list(categories)
    notice.days, notice.day_kind = details.days, details.day_kind
    notice.days_off = [day.isoformat() for day in details.days_off]
    notice.shows_pupils = details.shows_pupils


Shown = tuple[str, str, str, str]


def _frozen_by_ref(version: NoticeVersion) -> dict[str, Shown]:
    rows = db.session.scalars(select(NoticeLine).where(NoticeLine.version_id == version.id))
    return {row.application_ref: _shown(row) for row in rows}


def _shown(line: Line | NoticeLine) -> Shown:
    category = str(sorted(line.category_names.items()))
    return category, line.school_name, line.group_name, line.advisers


def _keep_lines(version: NoticeVersion, lines: list[Line], before: dict[str, Shown]) -> None:
    insert_rows(
        NoticeLine,
        [
            {
                "version_id": version.id,
                "position": position,
                **asdict(line),
                "change": _change(line, before) if before else None,
            }
            for position, line in enumerate(lines, start=1)
        ],
    )


def _change(line: Line, before: dict[str, Shown]) -> LineChange | None:
    if line.application_ref not in before:
        return LineChange.NEW
    return LineChange.CHANGED if before[line.application_ref] != _shown(line) else None


def _record(
    action: str, notice: PublicNotice, actor: Actor, now: dt.datetime, **facts: Any
) -> None:
    audit.record(
        action,
        account_id=actor.account_id,
        subject_type="notice",
        subject_ref=notice.ref,
        now=now,
        **facts,
    )
