"""Exports that are kept: asked for, approved by a second person, made, taken once they are ready.

Source of the rules: domain.md R9 (watermark, record, a second approval from N rows).
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from scheduler.access.permissions import (
    PERMISSIONS_BY_ROLE,
    SCOPE_BY_ROLE,
    Actor,
    Role,
    ScopeKind,
    Subject,
    can,
)
from scheduler.accounts.models import Account, RoleGrant
from scheduler.accounts.notices import mail
from scheduler.audit import services as audit
from scheduler.database import db, held
from scheduler.errors import NotAllowed, NotFound, Refused
from scheduler.jobs import services as jobs
from scheduler.people.sealing import Sealer
from scheduler.reports.models import Export, ExportState
from scheduler.reports.refusals import ExportRefusal
from scheduler.reports.tables import Content, Listing

MAKE_EXPORT = "reports.make_export"
APPROVAL_ASKED = "reports.approval_asked"
EXPORT_READY = "reports.export_ready"
EXPORT_REFUSED = "reports.export_refused"

KEPT_FOR = dt.timedelta(hours=24)
"""After this a finished export is removed."""

ANSWERED_WITHIN = dt.timedelta(days=7)
"""A request that nobody has answered until then has expired."""

AT_ONCE = 10_000
"""Up to so many rows are written while the reader waits; more are a job."""

MOST_ROWS = 500_000
"""More rows than this are no list that anybody reads; workbooks end at twice as many."""

LONGEST_PURPOSE = 400
MOST_APPROVERS = 20
_CONTENT = "export.content"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which list somebody wants, with which filters, as which kind of file."""

    listing: Listing
    place: str
    filters: Mapping[str, str]
    file_format: str
    locale: str


def needs_approval(listing: Listing, rows: int, *, approval_rows: int) -> bool:
    """Tell whether a second person has to agree before the list leaves the house."""
    return listing.holds.is_personal and rows >= approval_rows


def demand_size(rows: int) -> None:
    """Raise `Refused` for a list that is too long for any file."""
    if rows > MOST_ROWS:
        raise Refused(ExportRefusal.TOO_MANY_ROWS, most=MOST_ROWS)


def note(actor: Actor, wish: Wish, *, rows: int, now: dt.datetime) -> None:
    """Write into the audit log that a list left the house: which, how filtered, how many rows."""
    action = "read:export" if wish.listing.holds.is_personal else "export:list"
    _record(action, actor, wish, rows, now)


def ask(
    actor: Actor, wish: Wish, content: Content, *, rows: int, purpose: str, now: dt.datetime
) -> Export:
    """Ask for a list that a second person has to approve, and mail those who can.

    Raises `Refused` without a purpose: who approves must know it.
    """
    purpose = purpose.strip()[:LONGEST_PURPOSE]
    if not purpose:
        raise Refused(ExportRefusal.PURPOSE_MISSING, field="purpose")
    export = _add(actor, wish, content, rows, ExportState.WAITING, now + ANSWERED_WITHIN, now)
    export.purpose = purpose
    _record("export:ask", actor, wish, rows, now)
    for account in approvers(export):
        _mail(APPROVAL_ASKED, account, export, now=now, name=actor.name, purpose=purpose)
    return export


def begin(actor: Actor, wish: Wish, content: Content, *, rows: int, now: dt.datetime) -> Export:
    """Let a job make a long list that needs nobody's approval."""
    export = _add(actor, wish, content, rows, ExportState.MAKING, now + KEPT_FOR, now)
    _start(export, now)
    return export


def find(ref: str, actor: Actor) -> Export:
    """Return an export to its asker and to whoever may decide on it; raises `NotFound`."""
    export = db.session.scalar(select(Export).where(Export.ref == ref))
    if export is None or not (export.account_id == actor.account_id or may_decide(actor, export)):
        raise NotFound
    return export


def may_decide(actor: Actor, export: Export) -> bool:
    """Tell whether the actor is a second person: somebody else with the same permission."""
    return export.account_id != actor.account_id and _holds(actor, export)


def approve(export: Export, *, actor: Actor, now: dt.datetime) -> Export:
    """Agree: a job makes the file, and the asker is told by mail when it is ready.

    Raises `NotAllowed` for the asker, `Refused` if somebody else has decided already.
    """
    export = _decide(export, ExportState.MAKING, actor, now)
    export.expires_at = now + KEPT_FOR
    _start(export, now)
    return export


def refuse(export: Export, *, actor: Actor, now: dt.datetime) -> Export:
    """Disagree; the asker is told by mail."""
    export = _decide(export, ExportState.REFUSED, actor, now)
    _mail(EXPORT_REFUSED, export.account, export, now=now, name=actor.name)
    return export


def keep(export: Export, content: bytes, sealer: Sealer, *, rows: int, now: dt.datetime) -> None:
    """Keep the finished file, sealed, for a day, and tell the asker."""
    export.content = sealer.seal_bytes(content, field=_CONTENT)
    export.row_count = rows
    export.state = ExportState.READY
    export.expires_at = now + KEPT_FOR
    db.session.flush()
    _mail(EXPORT_READY, export.account, export, now=now, ready_until_at=export.expires_at)


def file_of(export: Export, sealer: Sealer, *, actor: Actor, now: dt.datetime) -> bytes:
    """Return the file to its asker, if the asker may still read the list.

    Raises `NotFound` for anybody else, `NotAllowed` if the permission is gone, `Refused` if there
    is no file yet or any more.
    """
    if export.account_id != actor.account_id:
        raise NotFound
    if not _holds(actor, export):
        raise NotAllowed
    if export.state is not ExportState.READY or export.content is None or export.expires_at <= now:
        raise Refused(ExportRefusal.NOT_READY)
    return sealer.open_bytes(export.content, field=_CONTENT)


def approvers(export: Export) -> list[Account]:
    """Return who could approve: others with the same permission there, by name, not too many."""
    roles = [role for role in Role if export.needed in PERMISSIONS_BY_ROLE[role]]
    granted = select(RoleGrant.account_id).where(or_(*(_reaches(role, export) for role in roles)))
    query = (
        select(Account)
        .where(
            Account.id.in_(granted),
            Account.id != export.account_id,
            Account.deactivated_at.is_(None),
            Account.password_hash.is_not(None),
        )
        .order_by(Account.name, Account.id)
        .limit(MOST_APPROVERS)
    )
    return [each for each in db.session.scalars(query) if may_decide(each.actor, export)]


def of_account(actor: Actor, *, most: int = 50) -> list[Export]:
    """Return what the actor has asked for, the newest first."""
    query = select(Export).where(Export.account_id == actor.account_id)
    return list(db.session.scalars(query.order_by(Export.id.desc()).limit(most)))


def waiting_for(actor: Actor) -> list[Export]:
    """Return the requests of others on which the actor may decide, the oldest first."""
    query = select(Export).where(Export.state == ExportState.WAITING).order_by(Export.id)
    return [each for each in db.session.scalars(query) if may_decide(actor, each)]


def forget_old(*, now: dt.datetime) -> None:
    """Remove files after their day, and requests that nobody answered."""
    live = (ExportState.WAITING, ExportState.MAKING, ExportState.READY)
    db.session.execute(
        update(Export)
        .where(Export.expires_at <= now, Export.state.in_(live))
        .values(state=ExportState.EXPIRED, content=None)
    )


def _holds(actor: Actor, export: Export) -> bool:
    subject = export.subject
    return can(actor, export.needed, None if subject == Subject() else subject)


def _reaches(role: Role, export: Export) -> ColumnElement[bool]:
    """Return the condition on grants of the role that reach the export's list."""
    scope = SCOPE_BY_ROLE[role]
    subject = export.subject
    is_role = RoleGrant.role == role
    if scope is ScopeKind.PLATFORM or subject == Subject():
        return is_role
    own = {
        ScopeKind.PROGRAMME: subject.programme_id,
        ScopeKind.DISTRICT: subject.district_id,
        ScopeKind.SCHOOL: subject.school_id,
        ScopeKind.APPLICATION: subject.application_id,
    }[scope]
    return is_role & (RoleGrant.scope_id == (own or -1))


def _add(
    actor: Actor,
    wish: Wish,
    content: Content,
    rows: int,
    state: ExportState,
    expires_at: dt.datetime,
    now: dt.datetime,
) -> Export:
    # Guest schools reach nothing, so they are no scope.
    scopes = asdict(content.subject) if content.subject else {}
    scopes.pop("guest_school_ids", None)
    export = Export(
        ref=secrets.token_urlsafe(12),
        account=db.session.get_one(Account, actor.account_id),
        listing=wish.listing.key,
        place=wish.place,
        about=content.about[:160],
        filters=dict(wish.filters),
        file_format=wish.file_format,
        locale=wish.locale,
        row_count=rows,
        permission=str(content.permission),
        scopes={name: value for name, value in scopes.items() if value is not None},
        state=state,
        created_at=now,
        expires_at=expires_at,
    )
    db.session.add(export)
    db.session.flush()
    return export


def _decide(export: Export, state: ExportState, actor: Actor, now: dt.datetime) -> Export:
    found = held(Export, export.id)
    if not may_decide(actor, found):
        raise NotAllowed
    if found.state is not ExportState.WAITING:
        raise Refused(ExportRefusal.DECIDED_ALREADY)
    found.state = state
    found.decided_by = actor.account_id
    found.decided_at = now
    db.session.flush()
    audit.record(
        "export:approve" if state is ExportState.MAKING else "export:refuse",
        account_id=actor.account_id,
        subject_type="export",
        subject_ref=found.ref,
        now=now,
        list=found.listing,
        place=found.place,
        rows=found.row_count,
    )
    return found


def _start(export: Export, now: dt.datetime) -> None:
    job = jobs.start(
        MAKE_EXPORT,
        account_id=export.account_id,
        now=now,
        total=export.row_count,
        result_url=f"/exports/{export.ref}",
        ref=export.ref,
    )
    export.job_id = job.id
    db.session.flush()


def _record(action: str, actor: Actor, wish: Wish, rows: int, now: dt.datetime) -> None:
    audit.record(
        action,
        account_id=actor.account_id,
        subject_type="list",
        subject_ref=f"{wish.listing.key}:{wish.place}"[:64].rstrip(":"),
        now=now,
        filters=dict(wish.filters),
        rows=rows,
        format=wish.file_format,
    )


def _mail(
    code: str, account: Account, export: Export, *, now: dt.datetime, **facts: str | dt.datetime
) -> None:
    shown: dict[str, Any] = {
        name: fact.isoformat() if isinstance(fact, dt.datetime) else fact
        for name, fact in facts.items()
    }
    shown |= {
        "about": export.about or export.listing,
        "rows": export.row_count,
        "link": f"/exports/{export.ref}",
    }
    mail(account, code, shown, now=now, about=export.ref)
