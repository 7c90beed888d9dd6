"""People who hold one role in one place (officers of a school, leaders of a group): list them,
invite another one, take the role away. The views say which role and where.
"""

from dataclasses import dataclass

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import current_actor
from scheduler.access.permissions import Role
from scheduler.accounts import invitations, roles, services
from scheduler.accounts.models import Account
from scheduler.accounts.refusals import AccountRefusal
from scheduler.admin import queries
from scheduler.admin.forms import OfficerForm
from scheduler.admin.texts import ACCOUNT_STATE_LABELS
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused

Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Place:
    """A role and what it is held for."""

    role: Role
    scope_id: int
    name: str


def invite(place: Place, form: OfficerForm) -> Account:
    """Give the role to the address in the form, in a transaction of its own."""
    actor = current_actor()
    with transaction():
        return invitations.invite(
            email=str(form.email.data),
            name=str(form.name.data or ""),
            locale=str(form.locale.data),
            role=place.role,
            scope_id=place.scope_id,
            scope_names=place.name,
            inviter=actor.name,
            actor_id=actor.account_id,
            now=clock.now(),
        ).account


def invite_and_return(place: Place, form: OfficerForm, address: str) -> Response | None:
    """Invite whom a valid form names and lead on to the address; None if the page must be shown."""
    if not form.validate_on_submit():
        return None
    try:
        invited = invite(place, form)
    except Refused as error:
        form.refuse(error)
        return None
    flash(_("%(email)s is told by mail.", email=invited.email), "success")
    return redirect(address, code=303)


def show(template: str, place: Place, form: OfficerForm, **facts: object) -> Page:
    """Render the page of those who hold the role there."""
    page = render_template(
        template,
        form=form,
        people=queries.holders(place.role, place.scope_id),
        state_of=queries.state_of,
        state_labels=ACCOUNT_STATE_LABELS,
        own_id=current_actor().account_id,
        **facts,
    )
    return page, 422 if form.errors or form.form_errors else 200


def remove(place: Place, account_ref: str, address: str) -> Response:
    """Take the role away from somebody else who holds it there, and lead on to the address."""
    found = services.find(account_ref)
    if not roles.has(found, place.role, place.scope_id):
        raise NotFound
    actor_id = current_actor().account_id or 0
    if found.id == actor_id:
        raise Refused(AccountRefusal.NOT_ONESELF)
    with transaction():
        roles.revoke(found, place.role, place.scope_id, actor_id=actor_id, now=clock.now())
    flash(_("%(name)s does not have this role any more.", name=found.name), "success")
    return redirect(address, code=303)
