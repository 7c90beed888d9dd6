"""Mails about a joint entry: to the guests' officers, those of the lead school, coordinators."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from scheduler.access.permissions import Role
from scheduler.accounts.models import Account
from scheduler.accounts.notices import mail
from scheduler.accounts.roles import holders
from scheduler.applications.guest_models import TAKES_PART, GuestPart
from scheduler.applications.models import Application
from scheduler.database import db

NEWS = "delegations.news"


def tell_guests(application: Application, *, now: dt.datetime) -> None:
    """Tell the guest schools that something happened to the entry; what, their page says."""
    if not application.guest_school_ids:
        return
    parts = db.session.scalars(
        select(GuestPart)
        .where(GuestPart.application_id == application.id, GuestPart.state.in_(TAKES_PART))
        .order_by(GuestPart.id)
    )
    for part in parts:
        tell_guest(part, NEWS, now=now)


def tell_guest(
    part: GuestPart, code: str, *, now: dt.datetime, page: str = "", **facts: Any
) -> None:
    """Queue a mail to each officer of the guest school; it leads to the part, or a page of it."""
    officers = holders(Role.SCHOOL_OFFICER, part.school_id)
    _tell(part, code, officers, f"/guest-parts/{part.ref}{page}", now=now, **facts)


def tell_lead(
    part: GuestPart, code: str, *, now: dt.datetime, page: str = "/delegation", **facts: Any
) -> None:
    """Queue a mail to each officer of the school that made the entry, leading to its page."""
    application = part.application
    link = f"/applications/{application.ref}{page}"
    officers = holders(Role.SCHOOL_OFFICER, application.school_id)
    _tell(part, code, officers, link, now=now, **facts)


def tell_coordinators(part: GuestPart, code: str, *, now: dt.datetime, **facts: Any) -> None:
    """Queue a mail to each coordinator of the programme, leading to the case."""
    application = part.application
    coordinators = holders(Role.COORDINATOR, application.programme_id)
    _tell(part, code, coordinators, f"/applications/{application.ref}/case", now=now, **facts)


def _tell(
    part: GuestPart,
    code: str,
    accounts: Iterable[Account],
    link: str,
    *,
    now: dt.datetime,
    **own: Any,
) -> None:
    application = part.application
    for account in accounts:
        facts = {
            "group": application.group_name,
            "lead": application.school.name,
            "school": part.school.name,
            "category": application.category.names,
            "programme": application.programme.names,
            "link": link,
            **own,
        }
        mail(
            account,
            code,
            facts,
            now=now,
            about=application.ref,
            programme_id=application.programme_id,
        )
