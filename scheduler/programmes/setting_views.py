"""Pages on which coordinators set named dates, organisations and showcase levels."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.formats import named
from scheduler.organisations import partners
from scheduler.programmes import date_services, levels, parts
from scheduler.programmes.edition_forms import DatesForm, LevelsForm, PartForm, date_values
from scheduler.programmes.kinds import DateKind
from scheduler.programmes.models import Programme
from scheduler.programmes.views import STEPS, Answer, blueprint, find_programme, form_page


@blueprint.route("/programmes/<string:code>/dates", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
def dates(thing: Programme) -> Answer:
    """Set the named dates and the rules that go with them."""
    form = DatesForm(data=date_values(thing))
    form.offer_choices()
    if request.method == "GET":
        stored = date_services.dates_of(thing)
        form.show_instants(thing.timezone, **{kind.value: at for kind, at in stored.items()})
    if form.validate_on_submit():
        try:
            with transaction():
                date_services.set_dates(
                    thing,
                    form.dates(thing.timezone),
                    form.rules,
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The dates were saved."), "success")
            return redirect(url_for("programmes.show", code=thing.code), code=303)
    return form_page(
        "programmes/dates.html", form, programme=thing, kinds=[kind.value for kind in DateKind]
    )


@blueprint.route("/programmes/<string:code>/organisations", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
def organisations(thing: Programme) -> Answer:
    """Say which organisations take part, and as what."""
    form = PartForm()
    known = partners.all_organisations()
    form.offer_choices([(each.code, named(each.names)) for each in known])
    if form.validate_on_submit():
        try:
            with transaction():
                parts.give_part(
                    thing,
                    partners.find_organisation(str(form.organisation.data)),
                    form.part,
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The organisation takes part."), "success")
            return redirect(url_for("programmes.organisations", code=thing.code), code=303)
    return form_page(
        "programmes/organisations.html",
        form,
        programme=thing,
        roles=parts.parts_by_role(parts.parts_of(thing)),
        known=known,
    )


@blueprint.post("/programmes/<string:code>/organisations/<string:organisation>/move")
@access(Permission.PROGRAMME_EDIT, find_programme)
def move_organisation(thing: Programme, organisation: str) -> Answer:
    """Move an organisation up or down among those of its role."""
    step = STEPS.get(request.form.get("direction", ""))
    if step is None:
        raise NotFound
    with transaction():
        part = parts.find_part(thing, organisation, request.form.get("role", ""))
        parts.move_part(thing, part, step, actor=current_actor(), now=clock.now())
    return redirect(url_for("programmes.organisations", code=thing.code), code=303)


@blueprint.post("/programmes/<string:code>/organisations/<string:organisation>/remove")
@access(Permission.PROGRAMME_EDIT, find_programme)
def remove_organisation(thing: Programme, organisation: str) -> Answer:
    """Take an organisation's part away."""
    with transaction():
        part = parts.find_part(thing, organisation, request.form.get("role", ""))
        parts.take_part(thing, part, actor=current_actor(), now=clock.now())
    flash(_("The organisation no longer has this part."), "success")
    return redirect(url_for("programmes.organisations", code=thing.code), code=303)


@blueprint.route("/programmes/<string:code>/levels", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
def outcome_levels(thing: Programme) -> Answer:
    """Name the showcase levels in each language, in their order."""
    form = LevelsForm()
    if request.method == "GET":
        form.show(levels.levels_of(thing))
    if form.validate_on_submit():
        try:
            with transaction():
                levels.set_levels(thing, form.levels, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The levels were saved."), "success")
            return redirect(url_for("programmes.show", code=thing.code), code=303)
    return form_page("programmes/levels.html", form, programme=thing)
