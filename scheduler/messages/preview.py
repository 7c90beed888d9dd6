"""A mail as it would be written now about a real case, in each language, without sending it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager

from scheduler.applications import notices, offers, queues
from scheduler.applications.guests import school_names
from scheduler.applications.models import Application, HistoryEntry
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.languages import LOCALES
from scheduler.notifications import templates
from scheduler.notifications.own_words import Words
from scheduler.notifications.templates import MASK, Written
from scheduler.organisations.models import School
from scheduler.programmes.models import Programme

MOST_CASES = 20
"""So many cases are offered; beyond that, a search finds them."""

_ACTION_BY_CODE = {code: action for action, code in notices.MAIL_BY_ACTION.items()}
_CODE_BY_STATE = {
    State.WAITLISTED: notices.MAIL_BY_ACTION[Action.WAITLIST],
    State.OFFERED: notices.MAIL_BY_ACTION[Action.OFFER],
    State.REJECTED: notices.MAIL_BY_ACTION[Action.REJECT],
    State.RETURNED: notices.MAIL_BY_ACTION[Action.RETURN],
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of the entries that a search finds, and how many it finds."""

    cases: list[Application]
    total: int


def cases_of(programme: Programme, search: str = "") -> Choice:
    """Return the entries to choose from, by school and group; not the drafts, which nobody sent.

    They are searched by group, school and number, as in the queue.
    """
    chosen = queues.QueueFilter(search=search[: queues.LONGEST_SEARCH])
    query = queues.joined_with_school(select(Application)).where(
        _sent(programme), *chosen.conditions()
    )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Choice(_by_school(query, MOST_CASES), total)


def _sent(programme: Programme) -> ColumnElement[bool]:
    return (Application.programme_id == programme.id) & (Application.state != State.DRAFT)


def _by_school(query: Select[Application], most: int) -> list[Application]:
    ordered = query.order_by(School.name, Application.group_name, Application.id).limit(most)
    shown = (contains_eager(Application.school), contains_eager(Application.category))
    return list(db.session.scalars(ordered.options(*shown)))


def previews(code: str, application: Application, words: Words, *, now: dt.datetime) -> Any:
    """Return the mail by locale, as it would be written about the case with these words.

    What only the sending knows (links with a token, a release's changes) is shown as masked.
    """
    facts = _facts(code, application, now)
    receivers = notices.recipients(application)
    return {locale: _written(code, facts, words, locale, receivers) for locale in LOCALES}


def _written(
    code: str, facts: dict[str, Any], words: Words, locale: str, receivers: list[Any]
) -> Written:
    is_school = templates.adaptable()[code].readers is templates.Readers.SCHOOL
    return templates.write(
        code,
        facts,
        locale=locale,
        to_name=receivers[0].name if is_school and receivers else MASK,
        public_url=current_app.config["PUBLIC_URL"],
        own=words.get(locale),
    )


def _facts(code: str, application: Application, now: dt.datetime) -> dict[str, Any]:
    facts = dict.fromkeys(templates.placeholders(code).values(), MASK) | _news(
        code, application, now
    )
    if "pupil" in facts:
        facts["link"] = MASK
    if templates.adaptable()[code].readers is templates.Readers.PARTNER:
        guests = school_names(application)
        guest = next((guests[each] for each in application.guest_school_ids), MASK)
        facts |= {"lead": application.school.name, "school": guest, "link": MASK}
    if code == notices.SEVERAL:
        shown = [application, *_others(application)]
        facts |= {
            "count": len(shown),
            "link": "/applications",
            "entries": [_entry(each, now) for each in shown],
        }
    return facts


def _others(application: Application) -> list[Application]:
    """Return two more entries that a mail about several could tell of, of its own school if any."""
    query = queues.joined_with_school(select(Application)).where(
        _sent(application.programme), Application.id != application.id
    )
    own = query.where(Application.school_id == application.school_id)
    return _by_school(own, 2) or _by_school(query, 2)


def _entry(application: Application, now: dt.datetime) -> dict[str, Any]:
    code = _CODE_BY_STATE.get(application.state, notices.MAIL_BY_ACTION[Action.ACCEPT])
    return {"code": code, "facts": _news(code, application, now)}


def _news(code: str, application: Application, now: dt.datetime) -> dict[str, Any]:
    """Return the facts of a decision on the case, as they were, or as they would be."""
    hours = offers.policy_of(application.programme_id).offer_hours or 1
    ends_at = application.offer_ends_at or now + dt.timedelta(hours=hours)
    return notices.common_facts(application) | {
        "reason": _reason(code, application),
        "deadline_at": ends_at.isoformat(),
        "timezone": application.programme.timezone,
        "places": application.places_held or 1,
    }


def _reason(code: str, application: Application) -> str | LazyString:
    """Return the reason that was written last, or words for one in the language of the mail."""
    action = _ACTION_BY_CODE.get(code)
    query = (
        select(HistoryEntry.reason)
        .where(
            HistoryEntry.application_id == application.id,
            HistoryEntry.action == action,
            HistoryEntry.reason.is_not(None),
        )
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )
    return (action and db.session.scalar(query)) or _l("[What you write when you decide]")
