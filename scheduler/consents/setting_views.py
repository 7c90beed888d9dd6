"""The coordinator's pages: which consents a programme asks, on what terms, in which words."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.consents import services
from scheduler.consents.forms import PurposeForm, RulesForm, purpose_values, rule_values
from scheduler.consents.texts import PURPOSE_LABELS
from scheduler.consents.wording import PLACEHOLDERS
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.people.models import ConsentPurpose
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme

blueprint = Blueprint("consents", __name__)

Answer = str | tuple[str, int] | Response


@blueprint.route("/programmes/<string:code>/consents/rules", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
def rules(thing: Programme) -> Answer:
    """Show what is asked, and change what holds for all purposes."""
    form = RulesForm(data=rule_values(services.rules_of(thing)))
    if form.validate_on_submit():
        try:
            with transaction():
                services.set_rules(
                    thing,
                    contact=str(form.contact.data),
                    needs_own_consent=bool(form.needs_own_consent.data),
                    reminder_days=int(form.reminder_days.data or 0),
                    version=_number(form.version.data),
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The rules were saved."), "success")
            return redirect(url_for("consents.rules", code=thing.code), code=303)
    page = render_template(
        "consents/rules.html",
        programme=thing,
        form=form,
        asked=services.asked_in(thing.id),
        purposes=PURPOSE_LABELS,
    )
    return (page, 422) if form.errors else page


@blueprint.route(
    "/programmes/<string:code>/consents/purposes/<string:purpose>", methods=["GET", "POST"]
)
@access(Permission.PROGRAMME_EDIT, find_programme)
def purpose(thing: Programme, purpose: str) -> Answer:
    """Decide about one purpose and publish its texts."""
    chosen = services.find_purpose(purpose)
    asked = services.asked_in(thing.id).get(chosen)
    form = _purpose_form(thing, chosen)
    if form.validate_on_submit():
        try:
            with transaction():
                saved = services.set_purpose(
                    thing,
                    chosen,
                    form.terms(),
                    revision=_number(form.revision.data),
                    actor=current_actor(),
                    now=clock.now(),
                )
                version = saved.version
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved. Guardians now read version %(version)s.", version=version), "success")
            return redirect(url_for("consents.rules", code=thing.code), code=303)
    page = render_template(
        "consents/purpose.html",
        programme=thing,
        purpose=chosen,
        label=PURPOSE_LABELS[chosen],
        asked=asked,
        form=form,
        versions=services.versions_of(thing, chosen),
        placeholders=[f"{{{name}}}" for name in PLACEHOLDERS],
    )
    return (page, 422) if form.errors else page


def _purpose_form(programme: Programme, chosen: ConsentPurpose) -> PurposeForm:
    asked = services.asked_in(programme.id).get(chosen)
    is_always = chosen is ConsentPurpose.PARTICIPATION
    values = {
        "is_asked": True,
        "is_required": is_always,
        "until_on": services.default_until(programme, chosen),
    }
    form = PurposeForm(
        data=values | purpose_values(asked, services.newest_wordings(programme, chosen))
    )
    form.offer_choices()
    if chosen is not ConsentPurpose.TRANSFER:
        del form.recipient, form.country
    if chosen not in services.REQUIRABLE:
        form.is_required.data = False
    if asked is None:
        del form.asks_again
    if is_always and request.method == "POST":
        form.is_asked.data = form.is_required.data = True
    return form


def _number(text: object) -> int:
    shown = str(text)
    return int(shown) if shown.isascii() and shown.isdigit() else -1
