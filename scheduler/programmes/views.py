"""Pages about programmes and their categories."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.listing import Page, page_of
from scheduler.organisations.texts import REGIONS
from scheduler.programmes import category_services, services, venue_services, writing
from scheduler.programmes.category_forms import CategoryForm, category_values, first_values
from scheduler.programmes.forms import DEFAULTS, ProgrammeForm, programme_values
from scheduler.programmes.kinds import CategoryKind
from scheduler.programmes.local_times import wall_time
from scheduler.programmes.milestones import milestones_of
from scheduler.programmes.models import Category, Programme
from scheduler.programmes.texts import KINDS
from scheduler.workdays.services import calendar_for

blueprint = Blueprint("programmes", __name__)

Answer = str | tuple[str, int] | Response
STEPS = {"up": -1, "down": 1}


def find_programme(code: str) -> Programme:
    """Return the programme of an address."""
    return services.find_programme(code)


def find_category(code: str, category: str) -> Category:
    """Return the category of an address."""
    return category_services.find_category(code, category)


@blueprint.get("/programmes")
@access(Permission.PROGRAMME_READ)
def index() -> Answer:
    """List the programmes, the latest first."""
    page: Page[Programme] = page_of(
        select(Programme),
        sorts={
            "dates": (Programme.starts_on, Programme.id),
            "closes": (Programme.entry_closes_at, Programme.id),
        },
        default_sort="dates",
    )
    return render_template(
        "programmes/programmes.html", page=page, counts=services.place_counts(list(page.items))
    )


@blueprint.get("/programmes/<string:code>")
@access(Permission.PROGRAMME_READ, find_programme)
def show(thing: Programme) -> Answer:
    """Show dates, entry window, categories, venues and the rules of the timetable."""
    programme = services.with_everything(thing.code)
    return render_template(
        "programmes/programme.html",
        programme=programme,
        attendance=venue_services.attendance_of(programme),
        regions=REGIONS,
        milestones=milestones_of(programme, programme.dates, calendar_for(programme.timezone)),
    )


@blueprint.route("/programmes/new", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER)
def new() -> Answer:
    """Add a programme; an administrator then appoints its coordinators."""
    form = ProgrammeForm(data=DEFAULTS)
    form.offer_choices()
    if form.validate_on_submit():
        try:
            with transaction():
                programme = services.add_programme(
                    form.details(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(
                _(
                    "The programme was added. Add its categories and venues, and invite its "
                    "coordinators under Accounts."
                ),
                "success",
            )
            return redirect(url_for("programmes.show", code=programme.code), code=303)
    return form_page("programmes/programme_form.html", form, programme=None)


@blueprint.route("/programmes/<string:code>/edit", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
def edit(thing: Programme) -> Answer:
    """Change a programme."""
    form = ProgrammeForm(data=programme_values(thing))
    form.remember(_stored(thing))
    form.offer_choices()
    del form.code
    if request.method == "GET":
        form.show_instants(
            thing.timezone, entry_opens=thing.entry_opens_at, entry_closes=thing.entry_closes_at
        )
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(thing)
                form.require_seen(_stored(thing))
                services.change_programme(
                    thing, form.details(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The programme was changed."), "success")
            return redirect(url_for("programmes.show", code=thing.code), code=303)
    return form_page("programmes/programme_form.html", form, programme=thing)


def _stored(programme: Programme) -> dict[str, object]:
    """Return what the form shows, its window included."""
    window = {"entry_opens": programme.entry_opens_at, "entry_closes": programme.entry_closes_at}
    zone = programme.timezone
    return programme_values(programme) | {
        name: wall_time(instant, zone) for name, instant in window.items()
    }


@blueprint.post("/programmes/<string:code>/remove")
@access(Permission.PLATFORM_ADMINISTER, find_programme)
def remove(thing: Programme) -> Answer:
    """Remove a programme that nobody has used."""
    with transaction():
        services.remove_programme(thing, actor=current_actor(), now=clock.now())
    flash(_("The programme was removed."), "success")
    return redirect(url_for("programmes.index"), code=303)


@blueprint.route("/programmes/<string:code>/categories/new", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
def new_category(thing: Programme) -> Answer:
    """Add a category: first its kind is chosen, then the form begins with what is usual."""
    asked = request.values.get("kind", "")
    if asked not in set(CategoryKind):
        return render_template("programmes/category_kind.html", programme=thing, kinds=KINDS)
    kind = CategoryKind(asked)
    form = CategoryForm(data=first_values(kind, thing.starts_on))
    form.suit(kind)
    if form.validate_on_submit():
        try:
            with transaction():
                category_services.add_category(
                    thing, form.details(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The category was added."), "success")
            return redirect(url_for("programmes.show", code=thing.code), code=303)
    return form_page("programmes/category_form.html", form, programme=thing, category=None)


@blueprint.route(
    "/programmes/<string:code>/categories/<string:category>/edit", methods=["GET", "POST"]
)
@access(Permission.PROGRAMME_EDIT, find_category)
def edit_category(thing: Category) -> Answer:
    """Change a category."""
    form = CategoryForm(data=category_values(thing))
    form.remember(category_values(thing))
    form.suit(thing.kind)
    del form.code
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(thing.programme)
                form.require_seen(category_values(thing))
                category_services.change_category(
                    thing, form.details(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The category was changed."), "success")
            return redirect(url_for("programmes.show", code=thing.programme.code), code=303)
    return form_page(
        "programmes/category_form.html", form, programme=thing.programme, category=thing
    )


@blueprint.post("/programmes/<string:code>/categories/<string:category>/move")
@access(Permission.PROGRAMME_EDIT, find_category)
def move_category(thing: Category) -> Answer:
    """Move a category up or down in the list."""
    step = STEPS.get(request.form.get("direction", ""))
    if step is None:
        raise NotFound
    with transaction():
        category_services.move_category(thing, step, actor=current_actor(), now=clock.now())
    address = url_for("programmes.show", code=thing.programme.code, _anchor="categories")
    return redirect(address, code=303)


@blueprint.post("/programmes/<string:code>/categories/<string:category>/remove")
@access(Permission.PROGRAMME_EDIT, find_category)
def remove_category(thing: Category) -> Answer:
    """Remove a category that nobody has entered."""
    code = thing.programme.code
    with transaction():
        category_services.remove_category(thing, actor=current_actor(), now=clock.now())
    flash(_("The category was removed."), "success")
    return redirect(url_for("programmes.show", code=code), code=303)


def form_page(template: str, form: object, **things: object) -> Answer:
    """Answer with a form: anew, or with what was wrong in the one that was sent."""
    return render_template(template, form=form, **things), 422 if request.method == "POST" else 200
