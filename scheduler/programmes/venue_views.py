"""Pages about venues, ways between them, and attendance windows."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.organisations.models import Region
from scheduler.programmes import services, venue_services, writing
from scheduler.programmes.days import days_of
from scheduler.programmes.models import Programme, Venue
from scheduler.programmes.venue_forms import (
    AttendanceForm,
    VenueForm,
    VenueTimesForm,
    pair_name,
    travel_form,
)
from scheduler.programmes.views import Answer, blueprint, find_programme, form_page


def find_venue(code: str, venue: str) -> Venue:
    """Return the venue of an address."""
    return venue_services.find_venue(code, venue)


@blueprint.get("/programmes/<string:code>/venues")
@access(Permission.PROGRAMME_READ, find_programme)
def venues(thing: Programme) -> Answer:
    """Show all venues with opening hours and closures, day by day."""
    programme = services.with_everything(thing.code)
    names = {venue.code: venue.name for venue in programme.venues}
    return render_template(
        "programmes/venues.html",
        programme=programme,
        days={venue.code: days_of(venue, programme.timezone) for venue in programme.venues},
        ways=[
            (names[one], names[other], minutes)
            for (one, other), minutes in venue_services.travel_of(programme).items()
        ],
    )


@blueprint.route("/programmes/<string:code>/venues/new", methods=["GET", "POST"])
@access(Permission.VENUE_EDIT, find_programme)
def new_venue(thing: Programme) -> Answer:
    """Add a venue, then go on to its opening hours."""
    form = VenueForm()
    if form.validate_on_submit():
        try:
            with transaction():
                venue = venue_services.add_venue(
                    thing, form.details(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The venue was added. Enter its opening hours next."), "success")
            return redirect(
                url_for("programmes.venue_times", code=thing.code, venue=venue.code), code=303
            )
    return form_page("programmes/venue_form.html", form, programme=thing, venue=None)


@blueprint.route("/programmes/<string:code>/venues/<string:venue>/edit", methods=["GET", "POST"])
@access(Permission.VENUE_EDIT, find_venue)
def edit_venue(thing: Venue) -> Answer:
    """Change a venue's name, address and capacities."""
    form = VenueForm(obj=thing)
    form.remember(venue_services.facts_of(thing))
    del form.code
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(thing.programme)
                form.require_seen(venue_services.facts_of(thing))
                venue_services.change_venue(
                    thing, form.details(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The venue was changed."), "success")
            return redirect(url_for("programmes.venues", code=thing.programme.code), code=303)
    return form_page("programmes/venue_form.html", form, programme=thing.programme, venue=thing)


@blueprint.route("/programmes/<string:code>/venues/<string:venue>/times", methods=["GET", "POST"])
@access(Permission.VENUE_EDIT, find_venue)
def venue_times(thing: Venue) -> Answer:
    """Enter a venue's opening hours and closures, all on one page."""
    programme = thing.programme
    form = VenueTimesForm()
    if request.method == "GET":
        form.show(thing)
        form.remember(_times(thing))
    form.offer_choices(programme)
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(programme)
                form.require_seen(_times(thing))
                venue_services.set_times(
                    thing,
                    form.opening_hours(programme.timezone),
                    form.closed_times(programme.timezone),
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The hours of %(venue)s were saved.", venue=thing.name), "success")
            return redirect(url_for("programmes.venues", code=programme.code), code=303)
    return form_page("programmes/venue_times.html", form, programme=programme, venue=thing)


def _times(venue: Venue) -> dict[str, object]:
    hours, closures = venue_services.times_of(venue)
    return {"hours": hours, "closures": closures}


@blueprint.post("/programmes/<string:code>/venues/<string:venue>/remove")
@access(Permission.VENUE_EDIT, find_venue)
def remove_venue(thing: Venue) -> Answer:
    """Remove a venue that stands in no plan."""
    code = thing.programme.code
    with transaction():
        venue_services.remove_venue(thing, actor=current_actor(), now=clock.now())
    flash(_("The venue was removed."), "success")
    return redirect(url_for("programmes.venues", code=code), code=303)


@blueprint.route("/programmes/<string:code>/travel", methods=["GET", "POST"])
@access(Permission.VENUE_EDIT, find_programme)
def travel(thing: Programme) -> Answer:
    """Enter the minutes between every two venues."""
    programme = services.with_everything(thing.code)
    by_code = {venue.code: venue for venue in programme.venues}
    minutes = venue_services.travel_of(programme)
    form_class = travel_form([(by_code[one], by_code[other]) for one, other in minutes])
    stored = {pair_name(*pair): way for pair, way in minutes.items()}
    form = form_class(data=stored)
    form.remember(stored)
    if form.validate_on_submit():
        entered = {pair: int(form[pair_name(*pair)].data) for pair in minutes}
        try:
            with transaction():
                writing.hold(thing)
                now_stored = venue_services.travel_of(thing)
                form.require_seen({pair_name(*pair): way for pair, way in now_stored.items()})
                venue_services.set_travel(thing, entered, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The ways between the venues were saved."), "success")
            return redirect(url_for("programmes.venues", code=thing.code), code=303)
    return form_page(
        "programmes/travel.html", form, programme=programme, fields=[*map(_pair, minutes)]
    )


def _pair(pair: tuple[str, str]) -> str:
    return pair_name(*pair)


@blueprint.route("/programmes/<string:code>/attendance", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
def attendance(thing: Programme) -> Answer:
    """Enter from when until when groups of each region are there."""
    form = AttendanceForm()
    form.offer_labels()
    if request.method == "GET":
        for region, (earliest, latest) in venue_services.attendance_of(thing).items():
            bounds = {f"earliest_{region.value}": earliest, f"latest_{region.value}": latest}
            form.show_instants(thing.timezone, **bounds)
        form.remember(_attendance(thing))
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(thing)
                form.require_seen(_attendance(thing))
                venue_services.set_attendance(
                    thing,
                    form.windows(thing.timezone),
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The attendance windows were saved."), "success")
            return redirect(url_for("programmes.show", code=thing.code), code=303)
    return form_page("programmes/attendance.html", form, programme=thing, regions=list(Region))


def _attendance(programme: Programme) -> dict[str, object]:
    """Return the stored instants by the names of their fields."""
    return {
        f"{bound}_{region.value}": instant
        for region, window in venue_services.attendance_of(programme).items()
        for bound, instant in zip(("earliest", "latest"), window, strict=True)
    }
