"""The page on which an administrator corrects the address of an account."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts import addresses, services
from scheduler.admin.blueprint import blueprint
from scheduler.admin.forms import AddressForm
from scheduler.database import transaction
from scheduler.errors import Refused


@blueprint.route("/admin/accounts/<string:ref>/address", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER)
def correct_address(ref: str) -> str | tuple[str, int] | Response:
    """Correct an account's address; mails that came back can then be sent again."""
    found, form = services.find(ref), AddressForm()
    if form.validate_on_submit():
        actor = current_actor()
        try:
            with transaction():
                addresses.correct(
                    found,
                    str(form.email.data),
                    inviter=actor.name,
                    actor_id=actor.account_id or 0,
                    now=clock.now(),
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The address is corrected, and both addresses are told."), "success")
            return redirect(url_for("admin.account", ref=ref), code=303)
    page = render_template("admin/address.html", person=found, form=form)
    return (page, 422) if form.errors else page
