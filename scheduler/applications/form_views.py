"""Where coordinators make a programme's entry form, and see it as a school does."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications import form_services
from scheduler.applications.answer_inputs import condition_text
from scheduler.applications.answers import Surroundings
from scheduler.applications.entry_forms import answer_form
from scheduler.applications.form_forms import FieldForm, field_values
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.form_texts import ASKED_WHEN, AUDIENCES, FIELD_KINDS, OWNERS
from scheduler.applications.form_use import answer_counts
from scheduler.applications.queries import categories_of
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.programmes.form_fields import FieldKind, FieldOwner
from scheduler.programmes.form_models import FormField
from scheduler.programmes.models import Programme
from scheduler.programmes.views import STEPS, Answer, find_programme, form_page

blueprint = Blueprint("forms", __name__)

_FIELD = "/programmes/<string:code>/form/fields/<string:field>"


def find_field(code: str, field: str) -> FormField:
    """Return the field of an address."""
    return form_services.find_field(code, field)


@blueprint.get("/programmes/<string:code>/form")
@access(Permission.PROGRAMME_EDIT, find_programme)
def index(thing: Programme) -> Answer:
    """List the fields in their order, with how often each is answered."""
    fields = form_services.fields_of(thing)
    plan = FormPlan(tuple(field.spec for field in fields))
    return render_template(
        "applications/form.html",
        programme=thing,
        fields=fields,
        counts=answer_counts(thing.id, fields),
        conditions={spec.code: condition_text(spec, plan) for spec in plan.fields},
        categories={category.code: category.names for category in categories_of(thing)},
        owners=OWNERS,
        kinds=FIELD_KINDS,
        audiences=AUDIENCES,
        whens=ASKED_WHEN,
    )


@blueprint.route("/programmes/<string:code>/form/new", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
def new(thing: Programme) -> Answer:
    """Add a field."""
    form = FieldForm()
    form.offer_choices(form_services.fields_of(thing), categories_of(thing))
    if request.method == "GET":
        form.show(None)
    if form.validate_on_submit():
        try:
            with transaction():
                form_services.add_field(
                    thing, form.details(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The field was added. Schools are asked from now on."), "success")
            return _back(thing.code)
    return form_page("applications/form_field.html", form, programme=thing, stored=None)


@blueprint.route(f"{_FIELD}/edit", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_field)
def edit(thing: FormField) -> Answer:
    """Change a field; what was answered stays."""
    programme = thing.programme
    form = FieldForm(data=field_values(thing))
    others = [
        each
        for each in form_services.fields_of(programme)
        if each.id != thing.id and each.owner is thing.owner
    ]
    form.offer_choices(others, categories_of(programme))
    del form.code
    if request.method == "GET":
        form.show(thing)
    if form.validate_on_submit():
        try:
            with transaction():
                form_services.change_field(
                    thing,
                    form.details(),
                    version=form.seen_version,
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The field was changed."), "success")
            return _back(programme.code)
    return form_page("applications/form_field.html", form, programme=programme, stored=thing)


@blueprint.post(f"{_FIELD}/move")
@access(Permission.PROGRAMME_EDIT, find_field)
def move(thing: FormField) -> Answer:
    """Move a field up or down in the form."""
    step = STEPS.get(request.form.get("direction", ""))
    if step is None:
        raise NotFound
    with transaction():
        form_services.move_field(thing, step, actor=current_actor(), now=clock.now())
        code = thing.programme.code
    return _back(code)


@blueprint.post(f"{_FIELD}/retire")
@access(Permission.PROGRAMME_EDIT, find_field)
def retire(thing: FormField) -> Answer:
    """Ask no more; answers stay."""
    with transaction():
        form_services.retire_field(thing, actor=current_actor(), now=clock.now())
        code = thing.programme.code
    flash(_("The field is not asked any more. Its answers stay."), "success")
    return _back(code)


@blueprint.post(f"{_FIELD}/restore")
@access(Permission.PROGRAMME_EDIT, find_field)
def restore(thing: FormField) -> Answer:
    """Ask again."""
    with transaction():
        form_services.restore_field(thing, actor=current_actor(), now=clock.now())
        code = thing.programme.code
    flash(_("The field is asked again."), "success")
    return _back(code)


@blueprint.post(f"{_FIELD}/remove")
@access(Permission.PROGRAMME_EDIT, find_field)
def remove(thing: FormField) -> Answer:
    """Delete a field that nobody has answered."""
    with transaction():
        code = thing.programme.code
        form_services.remove_field(thing, actor=current_actor(), now=clock.now())
    flash(_("The field was removed."), "success")
    return _back(code)


@blueprint.get("/programmes/<string:code>/form/preview")
@access(Permission.PROGRAMME_EDIT, find_programme)
def preview(thing: Programme) -> Answer:
    """The fields of a category as its schools see them; nothing can be sent."""
    categories = categories_of(thing)
    wanted = request.args.get("category", "")
    chosen = next((c for c in categories if c.code == wanted), next(iter(categories), None))
    specs = [field.spec for field in form_services.fields_of(thing)]
    if chosen is not None:
        specs = [spec for spec in specs if spec.is_of(chosen.code) and spec.is_for_school]
    hosts = frozenset(current_app.config["VIDEO_HOSTS"])
    plan = FormPlan(tuple(specs), Surroundings(hosts=hosts))
    asked = {owner: [spec for spec in specs if spec.owner is owner] for owner in FieldOwner}
    typed = [spec for spec in specs if spec.kind is not FieldKind.FILE]
    return render_template(
        "applications/form_preview.html",
        programme=thing,
        categories=categories,
        chosen=chosen,
        asked=asked,
        form=answer_form(plan, typed),
        owners=OWNERS,
        whens=ASKED_WHEN,
        audiences=AUDIENCES,
    )


def _back(code: str) -> Response:
    return redirect(url_for("forms.index", code=code), code=303)
