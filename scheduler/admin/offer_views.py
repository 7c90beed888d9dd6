"""A role that is offered: whoever it is offered to takes or declines it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.accounts import offers
from scheduler.accounts.models import RoleOffer
from scheduler.admin import scopes
from scheduler.admin.blueprint import blueprint
from scheduler.database import transaction


def find_offer(ref: str) -> RoleOffer:
    """Find the offer that the address names."""
    return offers.find(ref)


@blueprint.route("/account/role-offers/<string:ref>", methods=["GET", "POST"])
@access(Permission.OWN_ACCOUNT, find_offer)
def role_offer(thing: RoleOffer) -> str | Response:
    """Who offers which role, with a button to take it and one to decline."""
    if request.method == "GET":
        label = scopes.labels([thing])[thing.id]
        is_late = thing.expires_at <= clock.now()
        return render_template("admin/role_offer.html", offer=thing, label=label, is_late=is_late)
    now = clock.now()
    is_taken = request.form.get("decision") == "take"
    with transaction():
        if is_taken:
            offers.take(thing, now=now)
        else:
            offers.end(thing, actor_id=thing.account_id, now=now)
    flash(_("The role is yours.") if is_taken else _("You have declined the role."), "success")
    return redirect(url_for("home.index"), code=303)
