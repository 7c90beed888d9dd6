"""Who is told what about an application: the school's officers and the group's leader, by mail.

What happens to many at once is told in one mail to each person (`one_mail_each`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select

from scheduler.access.permissions import Actor, Role
from scheduler.accounts.models import Account, RoleGrant
from scheduler.accounts.notices import mail
from scheduler.accounts.roles import holders
from scheduler.applications import guest_notices
from scheduler.applications.models import Application
from scheduler.applications.workflow import Action
from scheduler.database import db

SEVERAL = "applications.several"

MAIL_BY_ACTION = {
    Action.ACCEPT: "applications.accepted",
    Action.WAITLIST: "applications.waitlisted",
    Action.RETURN: "applications.returned",
    Action.REJECT: "applications.rejected",
    Action.OFFER: "applications.offered",
    Action.RECALL: "applications.recalled",
}

_HELD = "held_news"


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told about an application, as it was when it happened."""

    application_id: int
    school_id: int
    programme_id: int
    code: str
    facts: dict[str, Any]
    is_for_coordinators: bool = False


@contextmanager
def one_mail_each(*, now: dt.datetime) -> Iterator[None]:
    """Hold back what happens inside, and tell each person of it in one mail at the end.

    The mails are queued in the caller's transaction. Whoever is concerned by one application only
    gets its own mail, everybody else one that lists them, for each programme. An error tells
    nobody. Within another such block, the outer one tells.
    """
    info = db.session().info
    if _HELD in info:
        yield
        return
    held: list[News] = []
    info[_HELD] = held
    try:
        yield
    finally:
        del info[_HELD]
    _tell_all(held, now)


@contextmanager
def told_if_done() -> Iterator[None]:
    """Forget what was held back inside if it fails: it is undone, and never happened."""
    held: list[News] = db.session().info.get(_HELD, [])
    count = len(held)
    try:
        yield
    except BaseException:
        del held[count:]
        raise


def tell_decision(
    application: Application, action: Action, *, now: dt.datetime, reason: str | None
) -> None:
    """Queue one mail to each officer of the school and each leader of the group."""
    facts: dict[str, Any] = {"reason": reason or ""}
    if application.offer_ends_at is not None:
        zone = application.programme.timezone
        facts |= {"deadline_at": application.offer_ends_at.isoformat(), "timezone": zone}
        facts["places"] = application.places_held
    _tell(application, MAIL_BY_ACTION[action], now=now, **facts)


def tell_lapse(application: Application, *, now: dt.datetime) -> None:
    """Queue the news that an offer has ended without an answer, for the coordinators as well."""
    _tell(application, "applications.offer_lapsed", now=now)
    _tell_coordinators(application, "applications.offers_not_taken", now=now)


def remind_to_confirm(
    application: Application, until: dt.datetime | None, *, now: dt.datetime
) -> None:
    """Queue the reminder that an accepted group is not confirmed yet, and what comes of it."""
    programme = application.programme
    code = (
        "applications.confirm_or_lose"
        if programme.passes_on_unconfirmed
        else ("applications.confirm_soon")
    )
    deadline = (until or now).isoformat()
    _tell(application, code, now=now, deadline_at=deadline, timezone=programme.timezone)


def tell_not_confirmed(application: Application, *, now: dt.datetime) -> None:
    """Queue the news that a place was not confirmed in time, for the coordinators as well."""
    _tell(application, "applications.not_confirmed", now=now)
    _tell_coordinators(application, "applications.places_not_confirmed", now=now)


def confirm_submission(application: Application, *, now: dt.datetime) -> None:
    """Queue the receipt of a submission."""
    _tell(application, "applications.submitted", now=now)


def confirm_withdrawal(application: Application, *, now: dt.datetime) -> None:
    """Queue the receipt of a withdrawal."""
    _tell(application, "applications.withdrawn", now=now)


def tell_of_place_given_up(application: Application, actor: Actor, *, now: dt.datetime) -> None:
    """Queue for each coordinator but the actor that a school has given up its group's place."""
    code, ref = "applications.place_given_up", application.ref
    facts = common_facts(application) | {"link": f"/applications/{ref}/case"}
    for account in holders(Role.COORDINATOR, application.programme_id):
        if account.id == actor.account_id:
            continue
        mail(
            account,
            code,
            facts,
            now=now,
            about=ref,
            once_key=f"{code}:{ref}:{application.version}:{account.id}",
            programme_id=application.programme_id,
        )


def recipients(application: Application) -> list[Account]:
    """Return the live accounts of the school's officers and the group's leaders, each once."""
    held = _holders({application.id}, {application.school_id})
    return list(dict.fromkeys(account for account, _role, _scope_id in held))


def common_facts(application: Application) -> dict[str, Any]:
    """Return what every mail about an application can name."""
    return {
        "ref": application.ref,
        "group": application.group_name,
        "school": application.school.name,
        "category": application.category.names,
        "programme": application.programme.names,
        "link": f"/applications/{application.ref}",
    }


def _tell(application: Application, code: str, *, now: dt.datetime, **facts: Any) -> None:
    guest_notices.tell_guests(application, now=now)
    _hold(_news(application, code, common_facts(application) | facts), now)


def _tell_coordinators(application: Application, code: str, *, now: dt.datetime) -> None:
    facts = common_facts(application) | {"link": f"/applications/{application.ref}/case"}
    facts["all_link"] = f"/programmes/{application.programme.code}/applications"
    _hold(replace(_news(application, code, facts), is_for_coordinators=True), now)


def _news(application: Application, code: str, facts: dict[str, Any]) -> News:
    return News(
        application_id=application.id,
        school_id=application.school_id,
        programme_id=application.programme_id,
        code=code,
        facts=facts,
    )


def _hold(news: News, now: dt.datetime) -> None:
    held: list[News] | None = db.session().info.get(_HELD)
    if held is None:
        _tell_all([news], now)
    else:
        held.append(news)


def _tell_all(held: Collection[News], now: dt.datetime) -> None:
    _tell_schools([news for news in held if not news.is_for_coordinators], now)
    by_code: defaultdict[tuple[int, str], list[News]] = defaultdict(list)
    for news in held:
        if news.is_for_coordinators:
            by_code[news.programme_id, news.code].append(news)
    for (programme_id, code), same in by_code.items():
        facts = {
            "programme": same[0].facts["programme"],
            "groups": "\n".join(
                f"- {each.facts['group']}, {each.facts['school']}" for each in same
            ),
            "link": same[0].facts["link" if len(same) == 1 else "all_link"],
        }
        cases = [str(each.facts["ref"]) for each in same]
        for account in holders(Role.COORDINATOR, programme_id):
            mail(account, code, facts, now=now, cases=cases, programme_id=programme_id)


def _tell_schools(held: Collection[News], now: dt.datetime) -> None:
    if not held:
        return
    schools: defaultdict[int, list[tuple[int, News]]] = defaultdict(list)
    applications: defaultdict[int, list[tuple[int, News]]] = defaultdict(list)
    for place, news in enumerate(held):
        schools[news.school_id].append((place, news))
        applications[news.application_id].append((place, news))
    own: defaultdict[tuple[Account, int], dict[int, News]] = defaultdict(dict)
    for account, role, scope_id in _holders(applications, schools):
        scope = schools if role is Role.SCHOOL_OFFICER else applications
        for place, news in scope[scope_id]:
            own[account, news.programme_id][place] = news
    for (account, programme_id), by_place in own.items():
        _mail(account, programme_id, [by_place[place] for place in sorted(by_place)], now)


def _mail(account: Account, programme_id: int, all_news: list[News], now: dt.datetime) -> None:
    first = all_news[0]
    if len(all_news) == 1:
        ref = str(first.facts["ref"])
        mail(account, first.code, first.facts, now=now, about=ref, programme_id=programme_id)
        return
    facts = {
        "programme": first.facts["programme"],
        "count": len(all_news),
        "entries": [{"code": news.code, "facts": news.facts} for news in all_news],
        "link": "/applications",
    }
    cases = [str(news.facts["ref"]) for news in all_news]
    mail(account, SEVERAL, facts, now=now, cases=cases, programme_id=programme_id)


def _holders(
    application_ids: Collection[int], school_ids: Collection[int]
) -> list[tuple[Account, Role, int]]:
    """Return whom the news reach, by account; who is officer and leader stands there as both."""
    is_officer = (RoleGrant.role == Role.SCHOOL_OFFICER) & RoleGrant.scope_id.in_(school_ids)
    is_leader = (RoleGrant.role == Role.TEAM_LEADER) & RoleGrant.scope_id.in_(application_ids)
    rows = db.session.execute(
        select(Account, RoleGrant.role, RoleGrant.scope_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(or_(is_officer, is_leader), Account.deactivated_at.is_(None))
        .order_by(Account.id, RoleGrant.id)
    )
    return [(account, role, scope_id) for account, role, scope_id in rows]
