"""Pages about a school's or a venue's own calendar, kept elsewhere and read as busy times."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.calendars.outside.fetching import Fetcher
from scheduler.database import db, transaction
from scheduler.errors import NotFound, Refused
from scheduler.extensions import limiter
from scheduler.formats import venue_name
from scheduler.people.keys import current_sealer
from scheduler.programmes import writing
from scheduler.programmes.models import Programme, Venue
from scheduler.programmes.views import Answer, form_page
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_busy_school, find_venue
from scheduler.scheduling.parties import outside_services
from scheduler.scheduling.parties.busy_services import BusySchool
from scheduler.scheduling.parties.busy_views import hold, may_enter
from scheduler.scheduling.parties.outside_forms import OutsideForm
from scheduler.scheduling.parties.outside_services import Source, Whose
from scheduler.scheduling.parties.outside_texts import failure_of
from scheduler.texts import sentence

FETCHER = "outside_fetcher"
SCHOOL = "/programmes/<string:code>/busy-times/<string:school_code>/calendar"
VENUE = "/programmes/<string:code>/venues/<string:venue_code>/calendar"
OFTEN_ENOUGH = "20 per hour"
"""Each of these has our server connect to wherever somebody wishes."""


@dataclass(frozen=True)
class _At:
    """Whose calendar a page is about, where its pages lie, and who may change it when."""

    whose: Whose
    name: str
    endpoint: str
    arguments: dict[str, Any]
    back: str
    hold: Callable[[], None]
    may_change: bool = True

    def address(self, action: str = "") -> str:
        """Return the address of the page, or of what can be done there."""
        return url_for(f"scheduling.{action}{self.endpoint}", **self.arguments)


@blueprint.route(SCHOOL, methods=["GET", "POST"])
@access(Permission.PERSON_READ, find_busy_school)
@limiter.limit(OFTEN_ENOUGH, methods=["POST"])
def school_calendar(thing: BusySchool) -> Answer:
    """Show what was read of the school's own calendar, and take another."""
    return _page(_of_school(thing))


@blueprint.post(SCHOOL + "/refresh")
@access(Permission.PERSON_READ, find_busy_school)
@limiter.limit(OFTEN_ENOUGH)
def refresh_school_calendar(thing: BusySchool) -> Answer:
    """Read the school's own calendar again, now."""
    return _refresh(_of_school(thing))


@blueprint.post(SCHOOL + "/remove")
@access(Permission.PERSON_READ, find_busy_school)
def remove_school_calendar(thing: BusySchool) -> Answer:
    """Forget the school's own calendar."""
    return _remove(_of_school(thing))


@blueprint.route(VENUE, methods=["GET", "POST"])
@access(Permission.VENUE_EDIT, find_venue)
@limiter.limit(OFTEN_ENOUGH, methods=["POST"])
def venue_calendar(thing: Venue) -> Answer:
    """Show what was read of the venue's own calendar, and take another."""
    return _page(_of_venue(thing))


@blueprint.post(VENUE + "/refresh")
@access(Permission.VENUE_EDIT, find_venue)
@limiter.limit(OFTEN_ENOUGH)
def refresh_venue_calendar(thing: Venue) -> Answer:
    """Read the venue's own calendar again, now."""
    return _refresh(_of_venue(thing))


@blueprint.post(VENUE + "/remove")
@access(Permission.VENUE_EDIT, find_venue)
def remove_venue_calendar(thing: Venue) -> Answer:
    """Forget the venue's own calendar."""
    return _remove(_of_venue(thing))


def fetcher() -> Fetcher:
    """Return what fetches from outside: the open internet's web alone, unless a test widened it."""
    found: Fetcher = current_app.extensions.get(FETCHER) or Fetcher()
    return found


def _of_school(thing: BusySchool) -> _At:
    programme, place = thing.programme, _place(thing.programme, school_code=thing.school.code)
    return _At(
        Whose(programme, school=thing.school),
        thing.school.name,
        "school_calendar",
        place,
        url_for("scheduling.busy_school", **place),
        lambda: hold(thing),
        may_enter(thing),
    )


def _of_venue(thing: Venue) -> _At:
    programme = thing.programme
    return _At(
        Whose(programme, venue=thing),
        venue_name(thing),
        "venue_calendar",
        _place(programme, venue_code=thing.code),
        url_for("programmes.venues", code=programme.code),
        lambda: writing.hold(programme),
    )


def _place(programme: Programme, **arguments: str) -> dict[str, Any]:
    return {"code": programme.code, **arguments}


def _page(at: _At) -> Answer:
    form = OutsideForm()
    if at.may_change and form.validate_on_submit():
        try:
            _take(at, form)
        except Refused as error:
            is_file = bool(form.file_name())
            error.field = error.field or ("file" if is_file else "address")
            form.refuse(error)
        else:
            flash(_("The calendar was read. Planning keeps its times free."), "success")
            return redirect(at.address(), code=303)
    calendar = outside_services.calendar_of(at.whose)
    return form_page(
        "scheduling/outside_calendar.html",
        form,
        programme=at.whose.programme,
        at=at,
        calendar=calendar,
        failure=failure_of(calendar) if calendar else "",
    )


def _take(at: _At, form: OutsideForm) -> None:
    """Read what was given, which takes seconds and holds nothing, and then keep it."""
    days = outside_services.days_of(at.whose.programme)
    db.session.rollback()
    name = form.file_name()
    if name:
        source = Source(file_name=name)
        busy = outside_services.read_for(days, form.content())
    else:
        address = str(form.address.data)
        source, found = outside_services.fetch_for(days, address, fetcher())
        if found is None:
            raise NotFound  # nothing was asked for by its tag
        busy = found
    with transaction():
        at.hold()
        outside_services.keep(
            at.whose,
            source,
            busy,
            sealer=current_sealer(),
            actor=current_actor(),
            now=clock.now(),
        )


def _refresh(at: _At) -> Response:
    calendar = outside_services.calendar_of(at.whose)
    if calendar is None or not at.may_change:
        raise NotFound
    address, etag = outside_services.address_of(calendar, current_sealer()), calendar.etag
    days = outside_services.days_of(at.whose.programme)
    db.session.rollback()
    try:
        source, busy = outside_services.fetch_for(days, address, fetcher(), etag=etag)
    except Refused as error:
        _note_failure(at, error)
        flash(sentence(error.code, **error.facts), "error")
        return redirect(at.address(), code=303)
    with transaction():
        at.hold()
        standing = outside_services.calendar_of(at.whose)
        if standing is None:
            raise NotFound
        outside_services.refreshed(
            standing, busy, source.etag, actor=current_actor(), now=clock.now()
        )
    flash(_("The calendar was read again."), "success")
    return redirect(at.address(), code=303)


def _note_failure(at: _At, error: Refused) -> None:
    with transaction():
        standing = outside_services.calendar_of(at.whose)
        if standing is not None:
            outside_services.failed(standing, error, now=clock.now())


def _remove(at: _At) -> Response:
    with transaction():
        at.hold()
        outside_services.remove(at.whose, actor=current_actor(), now=clock.now())
    flash(_("The calendar was removed. Its times are free again."), "success")
    return redirect(at.address(), code=303)
