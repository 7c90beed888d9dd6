"""What a release changed, or a draft would change, as a list: no person is named."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.access.permissions import Actor, Permission
from scheduler.errors import NotFound
from scheduler.formats import named
from scheduler.programmes.models import Programme
from scheduler.reports.tables import Column, Content, Holding, Listing, Row, demand
from scheduler.scheduling.find import find_plan, find_release
from scheduler.scheduling.releases.change_rows import By, ChangeRow, by_of, rows_of
from scheduler.scheduling.releases.differences import Change, Line, against_release, of_release
from scheduler.scheduling.services import slots_of_plan
from scheduler.states import state_look

LONGEST_NUMBER = 10


def _open(actor: Actor, place: str, filters: Mapping[str, str]) -> Content:
    programme, changes = _changes(actor, place)
    # The page may name people; a file of places does not, whatever the page is grouped by.
    by = by_of(filters.get("by", ""), names_people=False)
    zone = programme.timezone
    columns = [
        *([] if by is By.TIME else [Column(_("School") if by is By.SCHOOL else _("Venue"))]),
        Column(_("Group")),
        Column(_("School")),
        Column(_("What changes")),
        *_columns(_("Before"), zone),
        *_columns(_("Now"), zone),
    ]
    rows = rows_of(changes, by)
    return Content(
        columns,
        lambda: len(rows),
        lambda: (_cells(row, by) for row in rows),
        Permission.PLAN_READ,
        about=named(programme.names),
    )


def _changes(actor: Actor, place: str) -> tuple[Programme, list[Change]]:
    """Return the changes of the release `programme/number`, or of a draft by its reference."""
    code, slash, number = place.partition("/")
    if not slash:
        plan = find_plan(place)
        demand(actor, Permission.PLAN_READ, plan.subject)
        return plan.programme, against_release(plan.programme, slots_of_plan(plan))
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        raise NotFound
    release = find_release(code, int(number))
    demand(actor, Permission.PLAN_READ, release.subject)
    return release.programme, of_release(release)


def _columns(when: str, zone: str) -> list[Column]:
    what = (
        _("On stage from"),
        _("On stage until"),
        _("Venue"),
        _("Warm-up from"),
        _("Warm-up room"),
    )
    return [Column(_("%(label)s: %(content)s", label=when, content=each), zone) for each in what]


def _cells(row: ChangeRow, by: By) -> Row:
    change = row.change
    return (
        *(() if by is By.TIME else (row.under,)),
        change.item.title,
        change.item.school_text,
        str(state_look(change.kind).word),
        *_line_cells(change.was),
        *_line_cells(change.now),
    )


def _line_cells(line: Line | None) -> Row:
    if line is None:
        return (None,) * 5
    venue = line.venue.name if line.venue else None
    warm_up = (line.warmup_starts_at, line.warmup_room) if line.item.warms_up else (None, None)
    return (line.starts_at, line.ends_at, venue, *warm_up)


CHANGES = Listing(
    "timetable-changes", _l("Changes of the timetable"), Holding.NOBODY, ("by",), _open
)
