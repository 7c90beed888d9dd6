"""Publishing an itinerary, and what schools and leaders see of it afterwards."""

from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.models import Application
from scheduler.applications.published import group_audience
from scheduler.applications.queries import find_application
from scheduler.calendars import services as calendars
from scheduler.calendars import timetable
from scheduler.calendars.addresses import shared_addresses
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.extensions import secret_key
from scheduler.itineraries import publishing
from scheduler.itineraries.blueprint import blueprint
from scheduler.itineraries.forms import ReleaseForm
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.programmes.views import Answer


@blueprint.get("/programmes/<string:code>/itinerary/publish")
@access(Permission.PLAN_PUBLISH, find_programme)
def publish(thing: Programme) -> Answer:
    """What would change in everybody's calendar, and what was published before."""
    return _page(thing, ReleaseForm())


@blueprint.post("/programmes/<string:code>/itinerary/publish")
@access(Permission.PLAN_PUBLISH, find_programme)
def confirm_publish(thing: Programme) -> Answer:
    """Publish what the page showed."""
    form = ReleaseForm()
    if not form.validate_on_submit():
        return _page(thing, form)
    try:
        with transaction():
            release = publishing.publish(
                thing,
                notes=str(form.notes.data or ""),
                mark=str(form.mark.data),
                actor=current_actor(),
                now=clock.now(),
                secret_key=secret_key(),
            )
    except Refused as error:
        form.refuse(error)
        return _page(thing, form)
    flash(_("Release %(number)s stands in everybody's calendar.", number=release.number), "success")
    return redirect(url_for("itineraries.show", code=thing.code), code=303)


def _page(programme: Programme, form: ReleaseForm) -> Answer:
    preview = publishing.preview(programme)
    form.mark.data = preview.mark
    page = render_template(
        "itineraries/publish.html",
        programme=programme,
        form=form,
        preview=preview,
        releases=publishing.releases_of(programme),
        locale=str(get_locale()),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/applications/<string:ref>/itinerary")
@access(Permission.TIMETABLE_READ, find_application)
def of_group(thing: Application) -> str:
    """One group's itinerary as it was published, with the group's calendar."""
    entries = calendars.entries_of([group_audience(thing)], since=thing.created_at)
    bulletins = list(calendars.bulletins_of(entries).values())
    return render_template(
        "itineraries/of_group.html",
        application=thing,
        days=timetable.days(entries, thing.programme.timezone, str(get_locale())),
        said=bulletins[-1] if bulletins else None,
        addresses=shared_addresses(group_audience(thing), str(get_locale())),
    )
