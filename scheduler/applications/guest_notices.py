"""Mails to the schools of a joint entry: the guests' officers, and those of the lead school."""

import datetime as dt
from typing import Any

from sqlalchemy import select

from scheduler.access.permissions import Role
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
    _tell(part, code, part.school_id, f"/guest-parts/{part.ref}{page}", now=now, **facts)


def tell_lead(
    part: GuestPart, code: str, *, now: dt.datetime, page: str = "/delegation", **facts: Any
) -> None:
    """Queue a mail to each officer of the school that made the entry, leading to its page."""
    application = part.application
    link = f"/applications/{application.ref}{page}"
    _tell(part, code, application.school_id, link, now=now, **facts)


def _tell(
    part: GuestPart, code: str, school_id: int, link: str, *, now: dt.datetime, **own: Any
) -> None:
    application = part.application
    for account in holders(Role.SCHOOL_OFFICER, school_id):
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
