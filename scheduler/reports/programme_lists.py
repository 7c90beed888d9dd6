"""The lists of a programme that name no person: schools, categories, places, the timetable."""

from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from scheduler.access.permissions import Actor, Permission, can
from scheduler.applications.queries import Tally, tallies
from scheduler.errors import NotFound
from scheduler.formats import local, named
from scheduler.listing import asked_order, in_order
from scheduler.organisations.models import School
from scheduler.organisations.services import SCHOOL_SORTS, matching, visible_schools
from scheduler.organisations.texts import REGIONS, STAGES
from scheduler.programmes.models import Category, Programme
from scheduler.programmes.services import find_programme, with_everything
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
from scheduler.scheduling.find import find_school, find_venue
from scheduler.scheduling.timetable import Performance, latest_release, performances_of


def _open_schools(actor: Actor, _place: str, filters: Mapping[str, str]) -> Content:
    demand(actor, Permission.SCHOOL_READ)
    found = matching(
        visible_schools(actor),
        text=filters.get("q", "").strip(),
        region=filters.get("region", ""),
        district=filters.get("district", ""),
    ).outerjoin(School.district)
    sort, is_down = asked_order(filters, SCHOOL_SORTS, default_sort="code")
    query = in_order(found, SCHOOL_SORTS[sort], is_down=is_down)
    headings = (_("Code"), _("Name"), _("Travels from"), _("District"), _("School stages"))
    return Content(
        [Column(heading) for heading in headings],
        lambda: count_of(query),
        lambda: in_portions(query, _school_rows),
        Permission.SCHOOL_READ,
    )


def _school_rows(schools: Iterable[School]) -> Iterator[Row]:
    for each in schools:
        yield (
            each.code,
            each.name,
            str(REGIONS[each.region]),
            each.district.name if each.district else None,
            ", ".join(str(STAGES.get(stage, stage)) for stage in each.stages),
        )


def _open_categories(actor: Actor, place: str, _filters: Mapping[str, str]) -> Content:
    programme = find_programme(place)
    demand(actor, Permission.PROGRAMME_READ, programme.subject)
    shows_taken = can(actor, Permission.APPLICATION_REVIEW, programme.subject)
    categories = with_everything(place).categories
    columns = [
        Column(_("Category")),
        Column(_("Places")),
        *([Column(_("Places taken"))] if shows_taken else []),
        Column(_("Pupils, at least")),
        Column(_("Pupils, at most")),
        Column(_("Works and time")),
        Column(_("Born from")),
        Column(_("Born until")),
    ]
    return Content(
        columns,
        lambda: len(categories),
        lambda: (_category_cells(each, shows_taken=shows_taken) for each in categories),
        Permission.PROGRAMME_READ,
        about=named(programme.names),
    )


def _category_cells(category: Category, *, shows_taken: bool) -> Row:
    works = ngettext("%(num)s work", "%(num)s works", category.max_works)
    time = _(
        "%(minutes)s min + %(changeover)s changeover",
        minutes=category.max_minutes,
        changeover=category.changeover_minutes,
    )
    return (
        named(category.names),
        category.places,
        *([category.places_taken] if shows_taken else []),
        category.min_members,
        category.max_members,
        f"{works}, {time}",
        category.born_from,
        category.born_to,
    )


def _open_places(actor: Actor, place: str, _filters: Mapping[str, str]) -> Content:
    programme = find_programme(place)
    demand(actor, Permission.APPLICATION_DECIDE, programme.subject)
    found = tallies([programme.id])[programme.id]
    headings = (_("Category"), _("Places"), _("Places taken"), _("Free"), _("To decide"))
    return Content(
        [*(Column(heading) for heading in headings), Column(_("Waiting"))],
        lambda: len(found),
        lambda: (_tally_cells(each) for each in found),
        Permission.APPLICATION_DECIDE,
        about=named(programme.names),
    )


def _tally_cells(tally: Tally) -> Row:
    category = tally.category
    return (
        named(category.names),
        category.places,
        category.places_taken,
        category.places_free,
        tally.submitted,
        tally.waitlisted,
    )


def _open_timetable(actor: Actor, place: str, _filters: Mapping[str, str]) -> Content:
    programme = find_programme(place)
    demand(actor, Permission.PROGRAMME_READ, programme.subject)
    return _timetable(programme, _performances(programme), Permission.PROGRAMME_READ)


def _open_venue(actor: Actor, place: str, _filters: Mapping[str, str]) -> Content:
    code, venue_code = _two(place)
    venue = find_venue(code, venue_code)
    demand(actor, Permission.PROGRAMME_READ, venue.programme.subject)
    lines = [
        line
        for line in _performances(venue.programme)
        if line.venue is not None and line.venue.id == venue.id
    ]
    return _timetable(venue.programme, lines, Permission.PROGRAMME_READ, venue.name)


def _open_school(actor: Actor, place: str, _filters: Mapping[str, str]) -> Content:
    code, school_code = _two(place)
    found = find_school(code, school_code)
    demand(actor, Permission.TIMETABLE_READ, found.subject)
    lines = [
        line for line in _performances(found.programme) if found.school.id in line.item.school_ids
    ]
    return _timetable(found.programme, lines, Permission.TIMETABLE_READ, found.school.name)


def _two(place: str) -> tuple[str, str]:
    """Split `programme/part`; raises `NotFound` for anything else."""
    first, slash, second = place.partition("/")
    if not slash:
        raise NotFound
    return first, second


def _performances(programme: Programme) -> list[Performance]:
    release = latest_release(programme)
    return performances_of(release) if release else []


def _timetable(
    programme: Programme, lines: list[Performance], permission: Permission, about: str = ""
) -> Content:
    zone = programme.timezone
    columns = [
        Column(_("Day")),
        Column(_("On stage from"), zone),
        Column(_("On stage until"), zone),
        Column(_("Group")),
        Column(_("Category")),
        Column(_("School")),
        Column(_("Venue")),
        Column(_("Warm-up from"), zone),
        Column(_("Warm-up until"), zone),
        Column(_("Warm-up room")),
    ]
    return Content(
        columns,
        lambda: len(lines),
        lambda: (_line_cells(line, zone) for line in lines),
        permission,
        about=about or named(programme.names),
    )


def _line_cells(line: Performance, zone: str) -> Row:
    return (
        local(line.starts_at, zone).date(),
        line.starts_at,
        line.ends_at,
        line.item.title,
        named(line.item.about),
        line.item.school_text,
        line.venue.name if line.venue else None,
        *(
            (line.warmup_starts_at, line.warmup_ends_at, line.warmup_room)
            if line.item.warms_up
            else (None, None, None)
        ),
    )


SCHOOLS = Listing(
    "schools",
    _l("Schools"),
    Holding.NOBODY,
    ("q", "region", "district", "sort", "direction"),
    _open_schools,
)
CATEGORIES = Listing("categories", _l("Categories"), Holding.NOBODY, (), _open_categories)
PLACES = Listing("places", _l("Places by category"), Holding.NOBODY, (), _open_places)
TIMETABLE = Listing("timetable", _l("Timetable"), Holding.NOBODY, (), _open_timetable)
VENUE = Listing("timetable-venue", _l("Timetable"), Holding.NOBODY, (), _open_venue)
SCHOOL = Listing("timetable-school", _l("Timetable"), Holding.NOBODY, (), _open_school)
