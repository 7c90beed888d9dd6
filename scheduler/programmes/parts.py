"""Organisations' parts in a programme: given, ordered, taken away. No Flask here."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.organisations.models import Organisation
from scheduler.programmes import writing
from scheduler.programmes.kinds import OrganisationRole
from scheduler.programmes.models import Programme, ProgrammeOrganisation
from scheduler.programmes.refusals import Refusal


def parts_by_role(
    parts: Iterable[ProgrammeOrganisation],
) -> list[tuple[OrganisationRole, list[ProgrammeOrganisation]]]:
    """Return the parts by role as a notice names them: guide, host, organiser and so on."""
    ordered = sorted(parts, key=lambda part: (part.position, part.id))
    found = [(role, [part for part in ordered if part.role is role]) for role in OrganisationRole]
    return [(role, of_role) for role, of_role in found if of_role]


def parts_of(programme: Programme) -> list[ProgrammeOrganisation]:
    """Return the parts with their organisations."""
    query = select(ProgrammeOrganisation).where(ProgrammeOrganisation.programme_id == programme.id)
    return list(db.session.scalars(query.options(joinedload(ProgrammeOrganisation.organisation))))


def find_part(programme: Programme, code: str, role: str) -> ProgrammeOrganisation:
    """Return the part of an organisation (its code); raises `NotFound`."""
    for part in parts_of(programme):
        if (part.organisation.code, part.role) == (code, role):
            return part
    raise NotFound


def give_part(
    programme: Programme,
    organisation: Organisation,
    role: OrganisationRole,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Give the organisation a part, last among those of the role; refuses one that it has."""
    last = db.session.scalar(
        select(func.max(ProgrammeOrganisation.position)).where(
            ProgrammeOrganisation.programme_id == programme.id, ProgrammeOrganisation.role == role
        )
    )
    db.session.add(
        ProgrammeOrganisation(
            programme_id=programme.id,
            organisation_id=organisation.id,
            role=role,
            position=(last or 0) + 1,
        )
    )
    writing.flush_or_refuse(Refusal.PART_TAKEN, field="organisation")
    _record("programme:give-part", programme, organisation, role, actor, now)


def move_part(
    programme: Programme, part: ProgrammeOrganisation, step: int, *, actor: Actor, now: dt.datetime
) -> None:
    """Move an organisation up (-1) or down (1) among those of its role; ends stay ends."""
    order = dict(parts_by_role(parts_of(programme)))[part.role]
    place = order.index(part)
    target = min(max(place + step, 0), len(order) - 1)
    order.insert(target, order.pop(place))
    for position, each in enumerate(order, start=1):
        each.position = position
    db.session.flush()
    if target != place:
        _record("programme:move-part", programme, part.organisation, part.role, actor, now)


def take_part(
    programme: Programme, part: ProgrammeOrganisation, *, actor: Actor, now: dt.datetime
) -> None:
    """Take the part away; the organisation itself stays."""
    organisation, role = part.organisation, part.role
    db.session.delete(part)
    db.session.flush()
    _record("programme:take-part", programme, organisation, role, actor, now)


def _record(
    action: str,
    programme: Programme,
    organisation: Organisation,
    role: OrganisationRole,
    actor: Actor,
    now: dt.datetime,
) -> None:
    writing.record(action, programme, actor, now, organisation=organisation.code, role=str(role))
