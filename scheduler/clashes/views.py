"""The list of a programme's pupils who are in several groups."""

from dataclasses import replace

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.elsewhere import Meeting
from scheduler.applications.reading import note_programme_reading
from scheduler.clashes.lines import choice_of, lines_from, list_of, reader
from scheduler.listing import page_of
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.states import state_look

blueprint = Blueprint("clashes", __name__)


@blueprint.get("/programmes/<string:code>/several-groups")
@access(Permission.PERSON_READ, find_programme)
def several_groups(thing: Programme) -> str:
    """Pupils in two groups, or in a group here and one elsewhere: what may meet, or everything."""
    choice = choice_of(request.args)
    query, sorts, groups = list_of(thing, choice)
    page = page_of(query, sorts=sorts, default_sort="pupil", scalars=False)
    lines = lines_from(page.items, groups, reader(current_actor()))
    note_programme_reading(thing, people=len(page.items), action="read:several-groups")
    meetings = [("", _("May meet or overlap")), ("all", _("All"))]
    meetings += [(each.value, str(state_look(each).word)) for each in Meeting]
    return render_template(
        "clashes/list.html",
        programme=thing,
        page=replace(page, items=lines),
        choice=choice,
        meetings=meetings,
    )
