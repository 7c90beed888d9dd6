"""Pages about jurors and other staff: who they are, what they attend, when they are there."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.programmes.views import Answer, form_page
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme, find_staff
from scheduler.scheduling.parties import staff_services
from scheduler.scheduling.parties.staff_forms import DUTIES, StaffForm
from scheduler.scheduling.parties.staff_models import StaffMember


@blueprint.get("/programmes/<string:code>/staff")
@access(Permission.PLAN_READ, find_programme)
def staff(thing: Programme) -> str:
    """Jurors, accompanists and others with what they attend, their hours and breaks."""
    return render_template(
        "scheduling/staff.html",
        programme=thing,
        staff=staff_services.staff_of(thing),
        duties=DUTIES,
    )


@blueprint.route("/programmes/<string:code>/staff/new", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def new_staff(thing: Programme) -> Answer:
    """Add somebody with everything about them."""
    form = StaffForm()
    if request.method == "GET":
        form.show_member(None, thing.timezone)
    form.offer_choices(thing)
    if form.validate_on_submit():
        try:
            with transaction():
                details = form.details(thing)
                staff_services.add_staff(thing, details, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("%(name)s was added.", name=form.name.data), "success")
            return redirect(url_for("scheduling.staff", code=thing.code), code=303)
    return form_page("scheduling/staff_form.html", form, programme=thing, member=None)


@blueprint.route("/programmes/<string:code>/staff/<string:ref>", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_staff)
def edit_staff(thing: StaffMember) -> Answer:
    """Change somebody, all on one page."""
    programme = thing.programme
    form = StaffForm(data=_shown(thing))
    if request.method == "GET":
        form.show_member(thing, programme.timezone)
        form.remember(staff_services.facts_of(thing))
    form.offer_choices(programme)
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(programme)
                form.require_seen(staff_services.facts_of(thing))
                details = form.details(programme)
                staff_services.change_staff(thing, details, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("%(name)s was changed.", name=form.name.data), "success")
            return redirect(url_for("scheduling.staff", code=programme.code), code=303)
    return form_page("scheduling/staff_form.html", form, programme=programme, member=thing)


def _shown(member: StaffMember) -> dict[str, object]:
    """Return what the form's simple fields show; rows are filled by themselves."""
    facts = staff_services.facts_of(member)
    return {key: value for key, value in facts.items() if key not in {"hours", "closures"}}


@blueprint.post("/programmes/<string:code>/staff/<string:ref>/remove")
@access(Permission.PLAN_EDIT, find_staff)
def remove_staff(thing: StaffMember) -> Answer:
    """Remove somebody with their hours."""
    code, name = thing.programme.code, thing.name
    with transaction():
        writing.hold(thing.programme)
        staff_services.remove_staff(thing, actor=current_actor(), now=clock.now())
    flash(_("%(name)s was removed.", name=name), "success")
    return redirect(url_for("scheduling.staff", code=code), code=303)
