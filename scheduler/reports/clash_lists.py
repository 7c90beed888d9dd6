"""Pupils of a programme who are in several groups, as a list."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.access.permissions import Actor, Permission
from scheduler.clashes.lines import Line, choice_of, lines_from, list_of, reader
from scheduler.formats import named
from scheduler.listing import asked_order, in_order
from scheduler.programmes.services import find_programme
from scheduler.reports.tables import (
    Column,
    Content,
    Holding,
    Listing,
    Row,
    count_of,
    demand,
    in_portions,
)
from scheduler.states import state_look


def _open(actor: Actor, place: str, filters: Mapping[str, str]) -> Content:
    programme = find_programme(place)
    demand(actor, Permission.PERSON_READ, programme.subject)
    found, sorts, groups = list_of(programme, choice_of(filters))
    sort, is_down = asked_order(filters, sorts, default_sort="pupil")
    query = in_order(found, sorts[sort], is_down=is_down)
    who = reader(actor)
    headings = (_("Pupil"), _("School"), _("Group"), _("Other group"), _("When"), _("Times"))
    return Content(
        [Column(heading) for heading in headings],
        lambda: count_of(query),
        lambda: in_portions(
            query, lambda rows: map(_cells, lines_from(rows, groups, who)), scalars=False
        ),
        Permission.PERSON_READ,
        subject=programme.subject,
        about=named(programme.names),
    )


def _cells(line: Line) -> Row:
    meeting = str(state_look(line.meeting).word)
    return (line.name, line.school, line.group, line.other, line.times, meeting)


SEVERAL_GROUPS = Listing(
    "several_groups",
    _l("Pupils in several groups"),
    Holding.PUPILS,
    ("q", "meeting", "sort", "direction"),
    _open,
)
