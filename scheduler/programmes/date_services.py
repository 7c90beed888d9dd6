"""Named dates of a programme, and the rules that go with them. No Flask here."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.programmes import writing
from scheduler.programmes.deadlines import publish_dates
from scheduler.programmes.kinds import DateKind, DayCount, WithdrawalRule
from scheduler.programmes.models import Programme, ProgrammeDate
from scheduler.programmes.refusals import Refusal

Dates = Mapping[DateKind, dt.datetime]

_ORDER = (
    (DateKind.REVIEW_OPENS, DateKind.REVIEW_CLOSES, Refusal.REVIEW_ORDER),
    (DateKind.ROSTER_FREEZE, DateKind.SUBSTITUTIONS_UNTIL, Refusal.FREEZE_ORDER),
)


@dataclass(frozen=True)
class DateRules:
    """How long the public notice lasts, until when schools withdraw, how many they substitute.

    `substitution_percent` is of a group's pupils; None means as many as are approved. A place that
    is not confirmed in time may pass on.
    """

    public_notice_days: int
    public_notice_counts: DayCount
    withdrawal_rule: WithdrawalRule
    substitution_percent: int | None = None
    passes_on_unconfirmed: bool = False


def dates_of(programme: Programme) -> dict[DateKind, dt.datetime]:
    """Return the named dates that are set."""
    query = select(ProgrammeDate).where(ProgrammeDate.programme_id == programme.id)
    return {each.kind: each.at for each in db.session.scalars(query)}


def set_dates(
    programme: Programme, dates: Dates, rules: DateRules, *, actor: Actor, now: dt.datetime
) -> None:
    """Make these the programme's named dates and rules; refuses what ends before it begins."""
    _check(dates, rules)
    stored = dates_of(programme)
    changed: list[str] = sorted(kind for kind in DateKind if stored.get(kind) != dates.get(kind))
    for name in rules.__dataclass_fields__:
        if getattr(programme, name) != getattr(rules, name):
            setattr(programme, name, getattr(rules, name))
            changed.append(name)
    if not changed:
        return
    db.session.execute(delete(ProgrammeDate).where(ProgrammeDate.programme_id == programme.id))
    for kind, at in dates.items():
        db.session.add(ProgrammeDate(programme_id=programme.id, kind=kind, at=at))
    db.session.flush()
    db.session.expire(programme, ["dates"])
    publish_dates(programme, now=now)
    writing.record("programme:dates", programme, actor, now, fields=[str(each) for each in changed])


def substitutions_until(programme: Programme) -> dt.datetime:
    """Return until when members may be substituted: the date for it, else noon of the first day.

    No zone changes its clocks at noon.
    """
    until = dates_of(programme).get(DateKind.SUBSTITUTIONS_UNTIL)
    first = dt.datetime.combine(programme.starts_on, dt.time(12), ZoneInfo(programme.timezone))
    return until or first.astimezone(dt.UTC)


def _check(dates: Dates, rules: DateRules) -> None:
    for earlier, later, refusal in _ORDER:
        if earlier in dates and later in dates and dates[later] <= dates[earlier]:
            raise Refused(refusal, field=later.value)
    is_until = rules.withdrawal_rule is WithdrawalRule.UNTIL_DATE
    if is_until and DateKind.WITHDRAWAL_UNTIL not in dates:
        raise Refused(Refusal.WITHDRAWAL_DATE_MISSING, field=DateKind.WITHDRAWAL_UNTIL.value)
    if rules.passes_on_unconfirmed and DateKind.CONFIRM_BY not in dates:
        raise Refused(Refusal.CONFIRMATION_DATE_MISSING, field=DateKind.CONFIRM_BY.value)


def may_still_withdraw(programme: Programme, *, now: dt.datetime) -> bool:
    """Tell whether a school may take an accepted entry out by itself."""
    until = withdrawal_until(programme)
    return until is None or now < until


def withdrawal_until(programme: Programme) -> dt.datetime | None:
    """Return until when schools withdraw accepted entries by themselves; None means any time."""
    if programme.withdrawal_rule is WithdrawalRule.ANY_TIME:
        return None
    return dates_of(programme).get(DateKind.WITHDRAWAL_UNTIL)
