"""The page on which coordinators state that two groups belong together, apart or in an order."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.programmes.models import Programme
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme
from scheduler.scheduling.rules import relation_services
from scheduler.scheduling.rules.earlier_edition import stated_before
from scheduler.scheduling.rules.relation_form import RelationForm, relation_form
from scheduler.scheduling.rules.relation_models import RelationKind
from scheduler.scheduling.rules.relation_texts import relation_sentence, strength_text
from scheduler.scheduling.situation import accepted_groups


@blueprint.route("/programmes/<string:code>/plans/relations", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def relations(thing: Programme) -> str | Response | tuple[str, int]:
    """What is stated about pairs of groups, and the form that states more."""
    groups = {group.ref: group for group in accepted_groups(thing)}
    form = relation_form(groups)
    if not form.validate_on_submit():
        return (_page(thing, form), 422) if form.errors else _page(thing, form)
    try:
        with transaction():
            relation_services.state(
                thing,
                RelationKind(form.kind.data),
                groups[form.first.data],
                groups[form.second.data],
                weight=form.price(),
                actor=current_actor(),
                now=clock.now(),
            )
            address = url_for("scheduling.relations", code=thing.code)
    except Refused as refused:
        form.refuse(refused)
        return _page(thing, form), 409
    flash(_("It holds from the next search on."), "success")
    return redirect(address, code=303)


@blueprint.post("/programmes/<string:code>/plans/relations/<int:number>/withdraw")
@access(Permission.PLAN_EDIT, find_programme)
def withdraw_relation(thing: Programme, number: int) -> Response:
    """Take back what is stated about two groups."""
    with transaction():
        relation_services.withdraw(thing, number, actor=current_actor(), now=clock.now())
        address = url_for("scheduling.relations", code=thing.code)
    flash(_("It no longer counts."), "success")
    return redirect(address, code=303)


@blueprint.post("/programmes/<string:code>/plans/relations/<int:number>/again")
@access(Permission.PLAN_EDIT, find_programme)
def state_again(thing: Programme, number: int) -> Response:
    """State what was stated at the edition before about the groups that have come again."""
    with transaction():
        known = stated_before(thing, accepted_groups(thing))
        one = next((each for each in known if each.stated.id == number), None)
        if one is None:
            raise NotFound
        relation_services.state(
            thing,
            one.stated.kind,
            one.first,
            one.second,
            weight=one.stated.weight,
            actor=current_actor(),
            now=clock.now(),
        )
        address = url_for("scheduling.relations", code=thing.code)
    flash(_("It holds from the next search on."), "success")
    return redirect(address, code=303)


def _page(programme: Programme, form: RelationForm) -> str:
    return render_template(
        "scheduling/relations.html",
        programme=programme,
        form=form,
        again=stated_before(programme, accepted_groups(programme)),
        relations=relation_services.relations_of(programme),
        relation_sentence=relation_sentence,
        strength_text=strength_text,
    )
