"""Pages on which an itinerary is made: its days, its items, what is late."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.itineraries import reading, services
from scheduler.itineraries.blueprint import blueprint
from scheduler.itineraries.details import facts_of
from scheduler.itineraries.forms import CopyDayForm, ItemForm, LateForm, shown
from scheduler.itineraries.late import late_preview
from scheduler.itineraries.models import ItineraryItem
from scheduler.itineraries.services import find_item
from scheduler.itineraries.shifting import Reach
from scheduler.itineraries.words import KIND_NAMES
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.programmes.views import Answer, form_page

FORM = "itineraries/item_form.html"


@blueprint.get("/programmes/<string:code>/itinerary")
@access(Permission.PLAN_READ, find_programme)
def show(thing: Programme) -> str:
    """The itinerary by day, of all groups or of one, with everything that cannot be right."""
    groups, items = services.tour_groups(thing), services.items_of(thing)
    doubts = services.doubts_about(items, groups)
    asked = next((group for group in groups if group.ref == request.args.get("group")), None)
    if asked is not None:
        items = reading.of_group(items, asked)
    refs = {item.ref for item in items}
    days = reading.days(items, [d for d in doubts if d.ref in refs], thing.timezone)
    return render_template(
        "itineraries/itinerary.html",
        programme=thing,
        groups=groups,
        asked=asked,
        days=days,
        wrong=sum(not told.is_hint for day in days for line in day.lines for told in line.doubts),
        kinds=KIND_NAMES,
    )


@blueprint.get("/programmes/<string:code>/itinerary/groups")
@access(Permission.PLAN_READ, find_programme)
def side_by_side(thing: Programme) -> str:
    """What each group does on each day, beside one another."""
    groups = services.tour_groups(thing)
    days = reading.days(services.items_of(thing), [], thing.timezone)
    return render_template(
        "itineraries/side_by_side.html",
        programme=thing,
        groups=groups,
        days=reading.side_by_side(days, groups),
    )


@blueprint.route("/programmes/<string:code>/itinerary/new", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def new_item(thing: Programme) -> Answer:
    """Add an item; a new one goes on where and when another ends."""
    form = ItemForm(starts_zone=thing.timezone)
    form.offer_choices(services.tour_groups(thing))
    before = _asked_before(thing)
    if request.method == "GET" and before is not None:
        form.begin_after(before)
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_item(thing, form.details(), actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("%(name)s was added.", name=form.name.data), "success")
            return redirect(url_for("itineraries.show", code=thing.code), code=303)
    return form_page(FORM, form, programme=thing, item=None)


def _asked_before(programme: Programme) -> ItineraryItem | None:
    """Return the item after which a new one is added: the one asked for, else the last."""
    items = services.items_of(programme)
    asked = (item for item in items if item.ref == request.args.get("after"))
    return next(asked, items[-1] if items else None)


@blueprint.route("/programmes/<string:code>/itinerary/<string:ref>", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_item)
def edit_item(thing: ItineraryItem) -> Answer:
    """Change an item, all on one page."""
    programme = thing.programme
    form = ItemForm(data=shown(thing))
    if request.method == "GET":
        form.show(thing)
        form.remember(facts_of(thing))
    form.offer_choices([*services.tour_groups(programme), *thing.groups])
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(programme)
                form.require_seen(facts_of(thing))
                services.change_item(thing, form.details(), actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("%(name)s was changed.", name=form.name.data), "success")
            return redirect(url_for("itineraries.show", code=programme.code), code=303)
    return form_page(FORM, form, programme=programme, item=thing)


@blueprint.post("/programmes/<string:code>/itinerary/<string:ref>/remove")
@access(Permission.PLAN_EDIT, find_item)
def remove_item(thing: ItineraryItem) -> Answer:
    """Take an item out."""
    code, name = thing.programme.code, thing.name
    with transaction():
        writing.hold(thing.programme)
        services.remove_item(thing, actor=current_actor(), now=clock.now())
    flash(_("%(name)s was removed.", name=name), "success")
    return redirect(url_for("itineraries.show", code=code), code=303)


@blueprint.route("/programmes/<string:code>/itinerary/copy-day", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def copy_day(thing: Programme) -> Answer:
    """Do a day's programme again on another day."""
    form = CopyDayForm()
    form.offer_days(thing, services.days_of(services.items_of(thing)))
    if form.validate_on_submit():
        day, to_day = form.days
        try:
            with transaction():
                count = services.copy_day(
                    thing,
                    day,
                    to_day,
                    repeated=form.which,
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(
                ngettext("%(num)s item was copied.", "%(num)s items were copied.", count), "success"
            )
            return redirect(url_for("itineraries.show", code=thing.code), code=303)
    return form_page("itineraries/copy_day.html", form, programme=thing)


@blueprint.route("/programmes/<string:code>/itinerary/<string:ref>/late", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_item)
def late(thing: ItineraryItem) -> Answer:
    """Say by how much something is late; what that moves is looked at before it is moved."""
    programme, form, preview = thing.programme, LateForm(), None
    if form.validate_on_submit():
        minutes, reach = int(form.minutes.data or 0), Reach(form.reach.data)
        chosen = set(request.form.getlist("items"))
        try:
            if request.form.get("step") == "move":
                with transaction():
                    count = services.delay(
                        thing, minutes, reach, chosen, actor=current_actor(), now=clock.now()
                    )
                told = ngettext("%(num)s item was moved.", "%(num)s items were moved.", count)
                flash(told, "success")
                return redirect(url_for("itineraries.show", code=programme.code), code=303)
            preview = late_preview(thing, minutes, reach)
        except Refused as error:
            form.refuse(error)
    page = render_template(
        "itineraries/late.html", programme=programme, item=thing, form=form, preview=preview
    )
    return page, 422 if form.errors else 200
