"""A programme's dates in the calendars of those who must keep them."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.access.permissions import ScopeKind
from scheduler.accounts.duty_calendars import EVERY_REVIEWER, EVERY_SCHOOL, holders_of
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Audience, EntryDraft, EntryKind, EntryText, Scope
from scheduler.calendars.wording import catalogue
from scheduler.database import db
from scheduler.formats import named_in
from scheduler.languages import LOCALES
from scheduler.programmes.kinds import DateKind
from scheduler.programmes.models import Programme, ProgrammeDate

SHOWN_MINUTES = 30
"""How long a deadline lasts in a calendar: it ends when the time is over."""
MEETING_MINUTES = 60

Titles = dict[str, str]

_WINDOW: dict[str, Titles] = {
    "entry_opens": {"en": "Entry opens", "zh_Hans": "报名开始", "zh_Hant_HK": "開始報名"},
    "entry_closes": {"en": "Entry closes", "zh_Hans": "报名截止", "zh_Hant_HK": "截止報名"},
}
_DATES: dict[DateKind, Titles] = {
    DateKind.NOTICE: {"en": "Notice", "zh_Hans": "发布通知", "zh_Hant_HK": "發出通告"},
    DateKind.REVIEW_OPENS: {"en": "Review begins", "zh_Hans": "评审开始", "zh_Hant_HK": "開始評審"},
    DateKind.DISTRICT_REVIEW_UNTIL: {
        "en": "District review ends",
        "zh_Hans": "区级评审截止",
        "zh_Hant_HK": "地區評審截止",
    },
    DateKind.MUNICIPAL_REVIEW_UNTIL: {
        "en": "City review ends",
        "zh_Hans": "市级评审截止",
        "zh_Hant_HK": "市級評審截止",
    },
    DateKind.REVIEW_CLOSES: {"en": "Review ends", "zh_Hans": "评审截止", "zh_Hant_HK": "評審截止"},
    DateKind.PUBLIC_NOTICE_FROM: {
        "en": "Public notice begins",
        "zh_Hans": "公示开始",
        "zh_Hant_HK": "公示開始",
    },
    DateKind.CONFIRM_BY: {
        "en": "Last time to confirm places",
        "zh_Hans": "确认名额截止",
        "zh_Hant_HK": "確認名額截止",
    },
    DateKind.LEADERS_MEETING: {
        "en": "Leaders' meeting",
        "zh_Hans": "领队会议",
        "zh_Hant_HK": "領隊會議",
    },
    DateKind.CONSENTS_UNTIL: {
        "en": "Last time for consents",
        "zh_Hans": "提交同意书截止",
        "zh_Hant_HK": "遞交同意書截止",
    },
    DateKind.WITHDRAWAL_UNTIL: {
        "en": "Last time to withdraw",
        "zh_Hans": "退出截止",
        "zh_Hant_HK": "退出截止",
    },
    DateKind.ROSTER_FREEZE: {
        "en": "Rosters are frozen",
        "zh_Hans": "名单锁定",
        "zh_Hant_HK": "名單鎖定",
    },
    DateKind.SUBSTITUTIONS_UNTIL: {
        "en": "Last time for substitutions",
        "zh_Hans": "换人截止",
        "zh_Hant_HK": "更換成員截止",
    },
}
_FOR_REVIEWERS = frozenset(
    {
        DateKind.REVIEW_OPENS,
        DateKind.DISTRICT_REVIEW_UNTIL,
        DateKind.MUNICIPAL_REVIEW_UNTIL,
        DateKind.REVIEW_CLOSES,
    }
)
_CATEGORY: Titles = {"en": "Deadline", "zh_Hans": "截止日期", "zh_Hant_HK": "截止日期"}


@dataclass(frozen=True, slots=True)
class _Date:
    key: str
    at: dt.datetime
    titles: Titles
    audiences: frozenset[Audience]
    is_meeting: bool = False


def publish_dates(programme: Programme, *, now: dt.datetime) -> None:
    """Bring the entry window and the named dates into the calendars of schools and reviewers.

    Only subscribers who want deadlines see them. What is equal to what stands is left alone.
    """
    drafts = [_draft(programme, date) for date in _dates(programme)]
    calendars.publish(Scope("dates", programme.code), drafts, now=now)


def withdraw_dates(programme: Programme, *, now: dt.datetime) -> None:
    """Cancel the dates of a programme that is removed."""
    calendars.publish(Scope("dates", programme.code), [], now=now)


def _dates(programme: Programme) -> list[_Date]:
    staff = holders_of(ScopeKind.PROGRAMME, programme.id)
    schools = frozenset({EVERY_SCHOOL, staff})
    window = {"entry_opens": programme.entry_opens_at, "entry_closes": programme.entry_closes_at}
    found = [_Date(key, at, _WINDOW[key], schools) for key, at in window.items()]
    query = select(ProgrammeDate).where(ProgrammeDate.programme_id == programme.id)
    for each in db.session.scalars(query.order_by(ProgrammeDate.id)):
        is_review = each.kind in _FOR_REVIEWERS
        whose = frozenset({EVERY_REVIEWER, staff}) if is_review else schools
        is_meeting = each.kind is DateKind.LEADERS_MEETING
        found.append(_Date(each.kind.value, each.at, _DATES[each.kind], whose, is_meeting))
    return found


def _draft(programme: Programme, date: _Date) -> EntryDraft:
    starts = date.at if date.is_meeting else date.at - dt.timedelta(minutes=SHOWN_MINUTES)
    ends = date.at + dt.timedelta(minutes=MEETING_MINUTES) if date.is_meeting else date.at
    texts = {
        locale: EntryText(
            catalogue(locale).gettext("%(name)s: %(value)s")
            % {"name": date.titles[locale], "value": named_in(programme.names, locale)},
            category=_CATEGORY[locale],
        )
        for locale in LOCALES
    }
    return EntryDraft(
        key=date.key,
        starts_at=starts,
        ends_at=ends,
        zone=programme.timezone,
        texts=texts,
        audiences=date.audiences,
        is_busy=date.is_meeting,
        kind=EntryKind.MEETING if date.is_meeting else EntryKind.DEADLINE,
    )
