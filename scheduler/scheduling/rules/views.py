"""The page on which coordinators choose how much each rule of the timetable counts."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.programmes.models import Programme
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme
from scheduler.scheduling.forms import RulesForm, rules_form
from scheduler.scheduling.rules import services as rule_services
from scheduler.scheduling.rules.offered import Choices


@blueprint.route("/programmes/<string:code>/plans/rules", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def rules(thing: Programme) -> str | Response | tuple[str, int]:
    """Choose which rules hold, which are wished for and at what price, and which do not count."""
    stored = rule_services.choices_of(thing)
    form = rules_form(stored)
    form.remember(_marked(stored))
    if not form.validate_on_submit():
        page = render_template("scheduling/rules.html", programme=thing, form=form)
        return (page, 422) if form.errors else page
    try:
        with transaction():
            form.require_seen(_marked(rule_services.choices_of(thing)))
            rule_services.choose(thing, form.choices(), actor=current_actor(), now=clock.now())
            address = url_for("scheduling.plans", code=thing.code)
    except Refused as refused:
        return _again(thing, form, refused), 409
    flash(_("The rules have been saved. They hold from the next search on."), "success")
    return redirect(address, code=303)


def _marked(stored: Choices) -> dict[str, str]:
    """Return what is stored by the field that shows it, for the marks of an open form."""
    return {
        f"strength_{code}": f"{each.strength} {each.price} {each.minutes}"
        for code, each in stored.items()
    }


def _again(programme: Programme, form: RulesForm, refused: Refused) -> str:
    form.refuse(refused)
    return render_template("scheduling/rules.html", programme=programme, form=form)
