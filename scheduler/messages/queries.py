"""The mails about a case, as its page tells of them: to whom, what, and what became of each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from scheduler.access.guard import current_actor, may
from scheduler.access.permissions import Permission, Role
from scheduler.accounts.models import RoleGrant
from scheduler.applications import levels
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.models import Application
from scheduler.applications.queries import find_application
from scheduler.applications.queues import is_in_queue
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.notifications import bouncing, templates
from scheduler.notifications.models import Mail, MailCase, MailState
from scheduler.notifications.reading import is_about, subject_of
from scheduler.notifications.templates import Readers
from scheduler.people.models import Guardian

LATEST = 5
MAIL_SORTS = {"created": (Mail.created_at, Mail.id)}


@dataclass(frozen=True, slots=True)
class CaseMail:
    """A mail about a case. `role` is the receiver's, None for a guardian; `to` is for those alone
    who may read people's data. `comes_back` says so of the address, whatever became of this mail.
    """

    mail: Mail
    subject: str
    role: Role | None
    to: str | None
    comes_back: bool

    @property
    def at(self) -> dt.datetime:
        """When the last thing happened to it."""
        return self.mail.bounced_at or self.mail.sent_at or self.mail.created_at

    @property
    def is_to_guardian(self) -> bool:
        """Tell whether it went to a family."""
        text = templates.find(self.mail.code)
        return text is not None and text.readers is Readers.FAMILY


def find_case(ref: str) -> Application:
    """Return an application whose mails the reader may see; raises `NotFound`.

    Blind reviewers and those of other queues may not: mails name the school.
    """
    application = find_application(ref)
    if not may(Permission.APPLICATION_REVIEW, application):
        return application
    actor = current_actor()
    if levels.sees_blind(actor, application.programme_id) or not is_in_queue(actor, application):
        raise NotFound
    return application


def mails_about(application: Application) -> Select[Mail]:
    """Return the query for the mails about a case that the reader may know of.

    Mails to staff, a reviewer's for example, are shown to those alone who decide on the case, and
    those to families of guest schools' pupils not to the school that leads the entry.
    """
    query = select(Mail).where(is_about(application.ref))
    if may(Permission.APPLICATION_DECIDE, application):
        return query
    query = query.where(Mail.code.in_(templates.codes_for(Readers.SCHOOL, Readers.FAMILY)))
    if may(Permission.APPLICATION_REVIEW, application):
        return query
    return query.where(_is_not_to_guests(application))


def _is_not_to_guests(application: Application) -> ColumnElement[bool]:
    """Match what went to the school, not to guests' officers, and to families that it knows itself.

    Guests that have left count as well: the mails to them and their families are still there.
    """
    had_guests = exists().where(GuestPart.application_id == application.id)
    own = select(func.lower(Guardian.email)).where(
        Guardian.school_id == application.school_id, Guardian.email.is_not(None)
    )
    return or_(
        and_(Mail.code.in_(templates.codes_for(Readers.SCHOOL)), ~_is_to_guest(application)),
        func.lower(Mail.to_address).in_(own),
        ~had_guests,
    )


def _is_to_guest(application: Application) -> ColumnElement[bool]:
    """Match what went to officers of guest schools who are none of the entry's own."""
    guests = select(GuestPart.school_id).where(GuestPart.application_id == application.id)
    is_officer = RoleGrant.role == Role.SCHOOL_OFFICER
    held = select(RoleGrant.account_id).where(RoleGrant.account_id == Mail.account_id, is_officer)
    return and_(
        held.where(RoleGrant.scope_id.in_(guests)).exists(),
        ~held.where(RoleGrant.scope_id == application.school_id).exists(),
    )


def find_mail(application: Application, ref: str) -> Mail:
    """Return one of these mails; raises `NotFound`."""
    found = db.session.scalar(mails_about(application).where(Mail.ref == ref))
    if found is None:
        raise NotFound
    return found


def latest(application: Application) -> tuple[list[CaseMail], int]:
    """Return the newest mails about a case, and how many there are."""
    query = mails_about(application)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(Mail.created_at.desc(), Mail.id.desc()).limit(LATEST)
    return as_shown(application, db.session.scalars(newest).all()), total


def as_shown(application: Application, mails: Sequence[Mail]) -> list[CaseMail]:
    """Return mails as the case's pages show them; the queries are the same for any number."""
    roles = _roles(application, mails)
    returned = bouncing.returned_among({mail.to_address for mail in mails})
    shows_people = may(Permission.PERSON_READ, application)
    return [
        CaseMail(
            mail=mail,
            subject=subject_of(mail),
            role=roles.get(mail.account_id),
            to=f"{mail.to_name} <{mail.to_address}>" if shows_people else None,
            comes_back=mail.to_address in returned,
        )
        for mail in mails
    ]


def is_readable(application: Application, mail: Mail) -> bool:
    """Tell whether the reader may see the text: of a mail about several, all must be theirs.

    A colleague may act for another school too, and is told of both in one mail.
    """
    if may(Permission.APPLICATION_REVIEW, application) or mail.about == application.ref:
        return True
    if mail.account_id == current_actor().account_id:
        return True
    others = (
        select(Application)
        .join(MailCase, MailCase.ref == Application.ref)
        .where(MailCase.mail_id == mail.id)
    )
    return all(may(Permission.APPLICATION_READ, each) for each in db.session.scalars(others))


def has_trouble(mails: Sequence[CaseMail]) -> bool:
    """Tell whether somebody should look: a mail came back or failed, or its address is returned."""
    bad = {MailState.BOUNCED, MailState.FAILED}
    return any(each.comes_back or each.mail.state in bad for each in mails)


def _roles(application: Application, mails: Sequence[Mail]) -> dict[int | None, Role]:
    ids = {mail.account_id for mail in mails if mail.account_id is not None}
    rows = db.session.execute(
        select(RoleGrant.account_id, RoleGrant.role, RoleGrant.scope_id).where(
            RoleGrant.account_id.in_(ids)
        )
    )
    own = {
        Role.SCHOOL_OFFICER: application.school_id,
        Role.TEAM_LEADER: application.id,
        Role.COORDINATOR: application.programme_id,
        Role.CITY_REVIEWER: application.programme_id,
        Role.DISTRICT_REVIEWER: application.school.district_id,
    }
    found: dict[int | None, Role] = {}
    for account_id, role, scope_id in rows:
        if own.get(role) == scope_id:
            found.setdefault(account_id, role)
    return found
