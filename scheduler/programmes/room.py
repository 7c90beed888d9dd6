"""What the application registers of this room."""

import datetime as dt

from flask import Flask

from scheduler.formats import format_day, local, named
from scheduler.organisations.models import Region
from scheduler.organisations.texts import REGIONS
from scheduler.programmes import (
    approval_copies,  # noqa: F401 - registers itself
    approval_views,  # noqa: F401 - same blueprint, as the next three
    edition_views,  # noqa: F401
    form_copies,  # noqa: F401 - registers itself
    setting_views,  # noqa: F401
    venue_views,  # noqa: F401
    views,
)
from scheduler.programmes.edition_preview import Line
from scheduler.programmes.parts import parts_by_role
from scheduler.programmes.texts import (
    AGE_FAULTS,
    ALLOCATION_RULES,
    GRADES,
    MILESTONES,
    ORGANISATION_ROLES,
    OUTCOME_KINDS,
    PREVIEW_LABELS,
    WITHDRAWAL_RULES,
)


def init_app(app: Flask) -> None:
    """Register the pages; those about venues stand on the same blueprint."""
    app.register_blueprint(views.blueprint)
    app.jinja_env.filters.update(
        allocation_rule=ALLOCATION_RULES.get,
        age_fault=AGE_FAULTS.get,
        grade=GRADES.get,
        milestone=MILESTONES.get,
        organisation_role=ORGANISATION_ROLES.get,
        outcome_kind=OUTCOME_KINDS.get,
        local_day=local_day,
        parts_by_role=parts_by_role,
        preview_label=PREVIEW_LABELS.get,
        preview_name=preview_name,
        withdrawal_rule=WITHDRAWAL_RULES.get,
    )


def local_day(instant: dt.datetime, zone: str) -> str:
    """Return the local date of an instant, for what has no time of day."""
    return format_day(local(instant, zone).date())


def preview_name(line: Line) -> str:
    """Return whose date it is: a region, a venue or a category."""
    if isinstance(line.name, dict):
        return named(line.name)
    return str(REGIONS[Region(line.name)]) if line.name in set(Region) else line.name
