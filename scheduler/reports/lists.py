"""Every list that can be taken along as a file, by its key."""

from collections.abc import Mapping

from scheduler.errors import NotFound
from scheduler.reports import (
    application_lists,
    assignment_lists,
    change_lists,
    clash_lists,
    programme_lists,
    ranking_lists,
    staff_lists,
)
from scheduler.reports.tables import Listing

LISTINGS: tuple[Listing, ...] = (
    application_lists.QUEUE,
    application_lists.PEOPLE,
    application_lists.MEMBERS,
    application_lists.PART,
    programme_lists.SCHOOLS,
    programme_lists.CATEGORIES,
    programme_lists.PLACES,
    programme_lists.TIMETABLE,
    programme_lists.VENUE,
    programme_lists.SCHOOL,
    assignment_lists.PUPILS,
    assignment_lists.GROUPS,
    assignment_lists.STAFF,
    change_lists.CHANGES,
    ranking_lists.RANKING,
    clash_lists.SEVERAL_GROUPS,
    staff_lists.ACCOUNTS,
    staff_lists.OFFICERS,
    staff_lists.MAILS,
    staff_lists.AUDIT,
    staff_lists.JOBS,
    staff_lists.CALENDAR_DAYS,
)
_LISTING_BY_KEY = {listing.key: listing for listing in LISTINGS}


def find_listing(key: str) -> Listing:
    """Return the list; raises `NotFound`."""
    found = _LISTING_BY_KEY.get(key)
    if found is None:
        raise NotFound
    return found


def known_filters(listing: Listing, arguments: Mapping[str, str]) -> dict[str, str]:
    """Return those arguments of an address that the list's page knows, blank ones left out."""
    return {name: arguments[name] for name in listing.filters if arguments.get(name)}
