"""Who takes part in an assignment, with what they wish and were given, as a list."""

from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.access.permissions import Actor, Permission
from scheduler.errors import NotFound
from scheduler.formats import listed, named
from scheduler.listing import asked_order, in_order
from scheduler.reports.tables import (
    Column,
    Content,
    Holding,
    Listing,
    Open,
    Row,
    count_of,
    demand,
    in_portions,
)
from scheduler.scheduling.assigning.models import Takers, WishAssignment
from scheduler.scheduling.assigning.option_names import option_names
from scheduler.scheduling.assigning.overview import list_of
from scheduler.scheduling.assigning.services import find_assignment
from scheduler.scheduling.assigning.taking_part import Candidate, candidates_from
from scheduler.scheduling.assigning.wording import rank_text


def _opener(takers: Takers) -> Open:
    def open_list(actor: Actor, place: str, filters: Mapping[str, str]) -> Content:
        assignment = find_assignment(place)
        demand(actor, Permission.PLAN_EDIT, assignment.subject)
        if assignment.takers is not takers:
            raise NotFound
        return _content(assignment, filters)

    return open_list


def _content(assignment: WishAssignment, filters: Mapping[str, str]) -> Content:
    found, sorts = list_of(assignment, filters)
    sort, is_down = asked_order(filters, sorts, default_sort="name")
    query = in_order(found, sorts[sort], is_down=is_down)
    headings = (_("Name"), _("Reference"), _("School"), _("Assigned"), _("Option"), _("Wish"))
    return Content(
        [Column(heading) for heading in (*headings, _("Locked to"), _("Wishes"))],
        lambda: count_of(query),
        lambda: in_portions(query, lambda rows: _rows(assignment, rows), scalars=False),
        Permission.PLAN_EDIT,
        subject=assignment.subject,
        about=assignment.name,
    )


def _rows(assignment: WishAssignment, rows: Iterable[object]) -> Iterator[Row]:
    codes = {each.id: each.code for each in assignment.options}
    names = {each.id: named(option_names(each)) for each in assignment.options}
    for one in candidates_from(rows):
        yield _cells(one, codes, names)


def _cells(one: Candidate, codes: Mapping[int, str], names: Mapping[int, str]) -> Row:
    row = one.participant
    given = row.given_id if row else None
    return (
        one.name,
        one.ref,
        one.school or None,
        codes.get(given) if given else None,
        names.get(given) if given else None,
        rank_text(row.given_rank) if row and given else None,
        codes.get(row.locked_id) if row and row.locked_id else None,
        listed(codes[key] for key in one.wishes if key in codes) or None,
    )


def _listing(takers: Takers, title: LazyString, holds: Holding) -> Listing:
    filters = ("q", "option", "given", "sort", "direction")
    return Listing(f"assigned-{takers.value}", title, holds, filters, _opener(takers))


PUPILS = _listing(Takers.PUPILS, _l("Pupils and their options"), Holding.PUPILS)
GROUPS = _listing(Takers.GROUPS, _l("Groups and their options"), Holding.NOBODY)
STAFF = _listing(Takers.STAFF, _l("Staff and their options"), Holding.ADULTS)
