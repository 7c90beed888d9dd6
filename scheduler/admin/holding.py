"""People who hold one role in one place (officers of a school, leaders of a group): list them,
invite another one, take the role away. The views say which role and where.
"""

import datetime as dt
from dataclasses import dataclass

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import current_actor
from scheduler.access.permissions import Role
from scheduler.accounts import invitations, offers, roles, services
from scheduler.accounts.models import Account, RoleOffer
from scheduler.accounts.refusals import AccountRefusal
from scheduler.admin import leaving, queries, watching
from scheduler.admin.forms import OfficerForm
from scheduler.admin.texts import ACCOUNT_STATE_LABELS
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.extensions import secret_key
from scheduler.organisations.models import School

Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Place:
    """A role and what it is held for."""

    role: Role
    scope_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds the role, or is asked to; of those only what was typed is shown."""

    ref: str
    name: str
    email: str
    state: str
    is_own: bool = False


def invite(place: Place, form: OfficerForm, *, tell: School | None = None) -> Account:
    """Invite the address in the form, in a transaction of its own.

    With `tell`, the school's officers and the administrators hear of it: they know whether it is
    right, and somebody else has done it.
    """
    actor = current_actor()
    with transaction():
        invited = invitations.invite_or_offer(
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
        if tell is not None:
            watching.tell(tell, invited, inviter=actor, now=clock.now())
    return invited


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
        people=_holders(place),
        state_labels=ACCOUNT_STATE_LABELS,
        **facts,
    )
    return page, 422 if form.errors or form.form_errors else 200


def _holders(place: Place) -> list[Holder]:
    own_id = current_actor().account_id
    holders = [
        Holder(each.ref, each.name, each.email, queries.state_of(each), each.id == own_id)
        for each in queries.holders(place.role, place.scope_id)
    ]
    asked = [Holder(each.ref, each.name, each.account.email, "invited") for each in _offers(place)]
    # By name, not by kind: what kind it is would tell whether there was an account.
    return sorted(holders + asked, key=lambda holder: (holder.name, holder.ref))


def remove(place: Place, ref: str, address: str) -> Response:
    """Take the role away from somebody else who holds it there, and lead on to the address.

    An offer that nobody has taken yet is withdrawn in the same way.
    """
    actor_id = current_actor().account_id or 0
    now = clock.now()
    offer = next((each for each in _offers(place) if each.ref == ref), None)
    found = _holder(place, ref) if offer is None else None
    name = found.name if found else offer.name if offer else ""
    replaced = 0
    with transaction():
        if offer is not None:
            offers.end(offer, actor_id=actor_id, now=now)
        elif found is not None:
            replaced = _revoke(place, found, actor_id, now)
    flash(_("%(name)s does not have this role any more.", name=name), "success")
    if replaced:
        flash(leaving.told(), "info")
    return redirect(address, code=303)


def _revoke(place: Place, found: Account, actor_id: int, now: dt.datetime) -> int:
    roles.revoke(found, place.role, place.scope_id, actor_id=actor_id, now=now)
    return leaving.replace_school_feeds(
        [(place.role, place.scope_id)], secret_key=secret_key(), now=now
    )


def _holder(place: Place, account_ref: str) -> Account:
    found = services.find(account_ref)
    if not roles.has(found, place.role, place.scope_id):
        raise NotFound
    if found.id == current_actor().account_id:
        raise Refused(AccountRefusal.NOT_ONESELF)
    return found


def _offers(place: Place) -> list[RoleOffer]:
    return offers.waiting(place.role, place.scope_id, now=clock.now())
