"""Pages about schools and districts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission, Role
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.languages import LOCALES
from scheduler.listing import Page, page_of
from scheduler.organisations import services, texts
from scheduler.organisations.forms import (
    DistrictForm,
    SchoolForm,
    country_name,
    school_values,
)
from scheduler.organisations.models import District, School
from scheduler.organisations.panels import panels_of
from scheduler.web import trimmed

blueprint = Blueprint("organisations", __name__)

Answer = str | tuple[str, int] | Response


def find_school(code: str) -> School:
    """Return the school of an address."""
    return services.find_school(code)


def find_district(code: str) -> District:
    """Return the district of an address."""
    return services.find_district(code)


@blueprint.get("/schools")
@access(Permission.SCHOOL_READ)
def index() -> Answer:
    """List the schools within the actor's scope; who has only one goes straight to it."""
    actor = current_actor()
    visible = services.visible_schools(actor)
    text = trimmed(request.args.get("q")) or ""
    only = _only_school()
    if only is not None:
        return redirect(url_for("organisations.show", code=only))
    page: Page[School] = page_of(
        services.matching(
            visible,
            text=text,
            region=request.args.get("region", ""),
            district=request.args.get("district", ""),
        ).outerjoin(School.district),
        sorts=services.SCHOOL_SORTS,
        default_sort="code",
    )
    return render_template(
        "organisations/schools.html",
        page=page,
        text=text,
        regions=[("", _("All regions")), *texts.REGIONS.items()],
        districts=[
            ("", _("All districts")),
            *((district.code, district.name) for district in services.all_districts()),
        ],
        words=texts,
    )


def _only_school() -> str | None:
    """Return the code of an officer's one and only school."""
    actor = current_actor()
    if {grant.role for grant in actor.grants} != {Role.SCHOOL_OFFICER}:
        return None
    own = actor.scope_ids(Role.SCHOOL_OFFICER)
    if len(own) != 1:
        return None
    return services.only_code(next(iter(own)))


@blueprint.get("/schools/<string:code>")
@access(Permission.SCHOOL_READ)
def show(code: str) -> Answer:
    """Show a school with its officers, and what other rooms know of it."""
    school = services.find_visible(current_actor(), code)
    return render_template(
        "organisations/school.html",
        school=school,
        officers=services.officers_of(school),
        panels=panels_of(school),
        country=country_name(school.country),
        language=LOCALES.get(school.locale, school.locale),
        words=texts,
    )


@blueprint.route("/schools/new", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER)
def new() -> Answer:
    """Add a school."""
    form = SchoolForm(data={"country": "CN", "timezone": "Asia/Shanghai", "locale": "zh_Hans"})
    form.offer_choices()
    if form.validate_on_submit():
        try:
            with transaction():
                school = services.add_school(form.details, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The school was added."), "success")
            return redirect(url_for("organisations.show", code=school.code), code=303)
    return _form_page("organisations/school_form.html", form, school=None)


@blueprint.route("/schools/<string:code>/edit", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER, find_school)
def edit(thing: School) -> Answer:
    """Change a school."""
    form = SchoolForm(data=school_values(thing))
    form.offer_choices()
    del form.code
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_school(thing, form.details, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The school was changed."), "success")
            return redirect(url_for("organisations.show", code=thing.code), code=303)
    return _form_page("organisations/school_form.html", form, school=thing)


@blueprint.post("/schools/<string:code>/remove")
@access(Permission.PLATFORM_ADMINISTER, find_school)
def remove(thing: School) -> Answer:
    """Remove a school that nothing refers to."""
    with transaction():
        services.remove_school(thing, actor=current_actor(), now=clock.now())
    flash(_("The school was removed."), "success")
    return redirect(url_for("organisations.index"), code=303)


@blueprint.get("/districts")
@access(Permission.SCHOOL_READ)
def districts() -> Answer:
    """List the districts with the number of their schools."""
    return render_template("organisations/districts.html", rows=services.districts_with_counts())


@blueprint.route("/districts/new", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER)
def new_district() -> Answer:
    """Add a district."""
    form = DistrictForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_district(
                    str(form.code.data),
                    str(form.name.data),
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The district was added."), "success")
            return redirect(url_for("organisations.districts"), code=303)
    return _form_page("organisations/district_form.html", form, district=None)


@blueprint.route("/districts/<string:code>/edit", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER, find_district)
def edit_district(thing: District) -> Answer:
    """Change a district's name or code."""
    form = DistrictForm(obj=thing)
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_district(
                    thing,
                    str(form.code.data),
                    str(form.name.data),
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The district was changed."), "success")
            return redirect(url_for("organisations.districts"), code=303)
    return _form_page("organisations/district_form.html", form, district=thing)


@blueprint.post("/districts/<string:code>/remove")
@access(Permission.PLATFORM_ADMINISTER, find_district)
def remove_district(thing: District) -> Answer:
    """Remove a district without schools."""
    with transaction():
        services.remove_district(thing, actor=current_actor(), now=clock.now())
    flash(_("The district was removed."), "success")
    return redirect(url_for("organisations.districts"), code=303)


def _form_page(template: str, form: SchoolForm | DistrictForm, **things: object) -> Answer:
    """Answer with a form: anew, or with what was wrong in the one that was sent."""
    return render_template(template, form=form, **things), 422 if request.method == "POST" else 200
