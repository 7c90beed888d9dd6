"""Joins joint entries to the application: pages, mails, sentences."""

from flask import Flask, g

from scheduler.applications import panels
from scheduler.applications.guest_models import GuestPart
from scheduler.delegations import (
    import_views,
    lead_views,
    mails,
    part_views,
    pupil_views,
    substitution_views,
    texts,
)
from scheduler.delegations.blueprint import blueprint
from scheduler.delegations.panels import schools_panel
from scheduler.delegations.queries import parts_of_schools
from scheduler.delegations.texts import part_step
from scheduler.organisations.models import School

REGISTERED_BY_IMPORT = (
    import_views,
    lead_views,
    mails,
    part_views,
    pupil_views,
    substitution_views,
    texts,
)


def init_app(app: Flask) -> None:
    """Register the pages of both sides."""
    app.register_blueprint(blueprint)
    panels.add(schools_panel)
    app.jinja_env.globals.update(part_step=part_step, guest_parts_of=_parts_of)


def _parts_of(school: School, schools: list[tuple[School, object]]) -> list[GuestPart]:
    """Return a school's parts in others' entries; those of all its page's schools are read once."""
    if "guest_parts" not in g:
        g.guest_parts = parts_of_schools([each.id for each, _calls in schools])
    found: list[GuestPart] = g.guest_parts[school.id]
    return found
