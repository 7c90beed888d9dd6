"""Pages about activities: what there is beside the performances, for whom, when and where."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.formats import named
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.programmes.views import Answer, form_page
from scheduler.scheduling.activities import services
from scheduler.scheduling.activities.forms import ATTENDANCES, ORDERS, STAFF, ActivityForm, shown
from scheduler.scheduling.activities.models import Before, PlannedActivity, StaffInvited
from scheduler.scheduling.activities.services import find_activity
from scheduler.scheduling.activities.words import KIND_NAMES
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme
from scheduler.scheduling.items import names_of

FORM = "scheduling/activity_form.html"


@blueprint.get("/programmes/<string:code>/activities")
@access(Permission.PLAN_READ, find_programme)
def activities(thing: Programme) -> str:
    """What is planned beside the performances."""
    return render_template(
        "scheduling/activities.html",
        programme=thing,
        activities=services.activities_of(thing),
        kinds=KIND_NAMES,
        names_of=names_of,
        who_of=ATTENDANCES,
        staff=STAFF,
        orders=ORDERS,
        no_staff=StaffInvited.NONE,
        any_order=Before.ANY,
    )


@blueprint.route("/programmes/<string:code>/activities/new", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def new_activity(thing: Programme) -> Answer:
    """Add an activity with everything about it."""
    form = ActivityForm()
    form.offer_choices(thing)
    if form.validate_on_submit():
        try:
            with transaction():
                details = form.details(thing)
                services.add_activity(thing, details, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("%(name)s was added.", name=form.name.data), "success")
            return redirect(url_for("scheduling.activities", code=thing.code), code=303)
    return form_page(FORM, form, programme=thing, activity=None)


@blueprint.route("/programmes/<string:code>/activities/<string:ref>", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_activity)
def edit_activity(thing: PlannedActivity) -> Answer:
    """Change an activity, all on one page."""
    programme = thing.programme
    form = ActivityForm(data=shown(thing))
    if request.method == "GET":
        form.show(thing)
        form.remember(services.facts_of(thing))
    form.offer_choices(programme, thing.chosen)
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(programme)
                form.require_seen(services.facts_of(thing))
                details = form.details(programme)
                services.change_activity(thing, details, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("%(name)s was changed.", name=form.name.data), "success")
            return redirect(url_for("scheduling.activities", code=programme.code), code=303)
    return form_page(FORM, form, programme=programme, activity=thing)


@blueprint.post("/programmes/<string:code>/activities/<string:ref>/remove")
@access(Permission.PLAN_EDIT, find_activity)
def remove_activity(thing: PlannedActivity) -> Answer:
    """Plan an activity no more."""
    code, name = thing.programme.code, named(names_of(thing))
    with transaction():
        writing.hold(thing.programme)
        services.remove_activity(thing, actor=current_actor(), now=clock.now())
    flash(_("%(name)s was removed.", name=name), "success")
    return redirect(url_for("scheduling.activities", code=code), code=303)
