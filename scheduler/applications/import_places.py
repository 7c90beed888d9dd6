"""What an upload is for: a school's own groups of a category, or its part in another's entry."""

import datetime as dt

from sqlalchemy import ColumnElement, select

from scheduler.applications.fields import Field, editable_fields
from scheduler.applications.forms_stored import form_of
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.guests import Refusal, demand_part_open
from scheduler.applications.models import Application, ImportState, RosterImport
from scheduler.applications.services import demand_editable, demand_open
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.organisations.models import School
from scheduler.programmes.models import Category

ENDED = (ImportState.DONE, ImportState.FAILED)


def waiting_of(
    school: School, category: Category, part: GuestPart | None = None
) -> tuple[ColumnElement[bool], ...]:
    """Return what selects the school's uploads, of its own groups or of a part, not yet ended."""
    return (
        RosterImport.part_id == (part.id if part else None),
        RosterImport.school_id == school.id,
        RosterImport.category_id == category.id,
        RosterImport.state.not_in(ENDED),
    )


def demand_enterable(school: School, category: Category, now: dt.datetime) -> None:
    """Raise `Refused` if the school can change nothing in the category now.

    Fields that are asked once a group is accepted stay open after the window.
    """
    returned = db.session.scalar(
        select(Application.id)
        .where(
            Application.school_id == school.id,
            Application.category_id == category.id,
            Application.state == State.RETURNED,
        )
        .limit(1)
    )
    if returned is None and not form_of(category, school).asks_later:
        demand_open(category.programme, now)


def demand_part_enterable(part: GuestPart, now: dt.datetime) -> None:
    """Raise `Refused` if the guest school cannot change its pupils in the entry now.

    A school that takes no part any more is told that alone, not how the entry fares.
    """
    if not part.takes_part:
        raise Refused(Refusal.PART_ENDED)
    application = part.application
    if Field.MEMBERS not in editable_fields(application.state, application.returned_fields):
        raise Refused(Refusal.MEMBERS_CLOSED)
    demand_editable(application, now=now, fields={Field.MEMBERS})
    demand_part_open(application, part.school)


def part_of_import(roster_import: RosterImport) -> GuestPart | None:
    """Return the part of another school's entry that the upload is for, None for own groups."""
    if roster_import.part_id is None:
        return None
    return db.session.get_one(GuestPart, roster_import.part_id)
