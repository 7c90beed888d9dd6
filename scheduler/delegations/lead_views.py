"""The lead school's page of a joint entry: its schools, how far each is, invitations."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts.limits import limit_invitations
from scheduler.applications.fields import Field, editable_fields
from scheduler.applications.models import Application
from scheduler.applications.queries import find_application, pupils_in
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.delegations import queries, services
from scheduler.delegations.blueprint import blueprint
from scheduler.delegations.forms import InvitationForm
from scheduler.errors import NotFound, Refused
from scheduler.organisations import services as schools
from scheduler.texts import sentence
from scheduler.web import shown_version

Answer = str | Response | tuple[str, int]


def find_joint(ref: str) -> Application:
    """Return an entry of a category that schools may enter together; raises `NotFound`."""
    application = find_application(ref)
    if not application.category.is_joint and not application.guest_school_ids:
        raise NotFound
    return application


@blueprint.get("/applications/<string:ref>/delegation")
@access(Permission.APPLICATION_ENTER, find_joint)
def delegation(thing: Application) -> str:
    """The schools of the entry, and the search for another one."""
    return _page(thing, InvitationForm(school=request.args.get("school", "")))


@blueprint.post("/applications/<string:ref>/delegation/invite")
@access(Permission.APPLICATION_ENTER, find_joint)
@limit_invitations
def invite(thing: Application) -> Answer:
    """Invite the school that was chosen."""
    form = InvitationForm()
    if not form.validate():
        return _page(thing, form), 422
    school = schools.find_school(form.chosen)
    name = school.name
    try:
        with transaction():
            services.invite(
                thing, school, form.invitation(), actor=current_actor(), now=clock.now()
            )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(thing, form), 409
    flash(_("%(school)s is invited. Its officers are told by mail.", school=name), "success")
    return redirect(url_for("delegations.delegation", ref=thing.ref), code=303)


@blueprint.post("/applications/<string:ref>/parts/<string:part>/remove")
@access(Permission.APPLICATION_ENTER, find_joint)
def remove(thing: Application, part: str) -> Answer:
    """Take an invitation back, or a school out of the entry."""
    found = queries.part_in(thing, part)
    name = found.school.name
    try:
        with transaction():
            services.remove(
                found,
                request.form.get("reason", ""),
                version=shown_version(),
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refusal:
        return _page(thing, InvitationForm(formdata=None), refusal), 409
    flash(_("%(school)s is no longer part of the entry.", school=name), "info")
    return redirect(url_for("delegations.delegation", ref=thing.ref), code=303)


def _page(application: Application, form: InvitationForm, problem: Refused | None = None) -> str:
    search = request.args.get("q", "")
    chosen = None
    if form.school.data:
        try:
            chosen = schools.find_school(form.school.data)
        except NotFound:
            form.school.data = ""
    editable = editable_fields(application.state, application.returned_fields)
    own, own_lacking = queries.of_lead(application)
    return render_template(
        "delegations/delegation.html",
        application=application,
        lines=queries.lines_of(application),
        total=pupils_in(application),
        own=own,
        own_lacking=own_lacking,
        form=form,
        chosen=chosen,
        search=search,
        found=queries.schools_found(application, search),
        can_change=Field.MEMBERS in editable and _is_open(application),
        problem=sentence(problem.code, **problem.facts) if problem else None,
    )


def _is_open(application: Application) -> bool:
    """Tell whether the entry window lets a draft be changed; returned entries do not ask."""
    return application.state is not State.DRAFT or application.programme.is_open_at(clock.now())
