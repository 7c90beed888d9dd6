"""Personal links of an accepted group's members: to look at, to print as slips, to mail."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, true
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission
from scheduler.applications import queries
from scheduler.applications.blueprint import blueprint
from scheduler.applications.guests import own_people
from scheduler.applications.member_links import (
    mail_to_guardians,
    member_links,
    replace_all_links,
    replace_link,
)
from scheduler.applications.models import Application
from scheduler.applications.reading import note_reading
from scheduler.applications.workflow import State
from scheduler.calendars.addresses import public_url
from scheduler.database import transaction
from scheduler.errors import NotFound
from scheduler.extensions import secret_key

EVERYBODY = "*"
_ENDPOINTS = {
    "page": "applications.personal_links",
    "mail": "applications.mail_links",
    "replace": "applications.replace_one",
}


def find_accepted(ref: str) -> Application:
    """Return an accepted application; members of others have no timetable."""
    application = queries.find_application(ref)
    if application.state is not State.ACCEPTED:
        raise NotFound
    return application


@dataclass(frozen=True)
class Slips:
    """Whose links a page shows, and its addresses: of a whole group, or of a guest's part."""

    application: Application
    whose: ColumnElement[bool]
    crumbs: list[tuple[str, str]]
    endpoints: dict[str, str]
    ref: str

    def address(self, action: str = "page") -> str:
        """Return the page's own address, or that of an action on it (`mail`, `replace`)."""
        return url_for(self.endpoints[action], ref=self.ref)


@blueprint.get("/applications/<string:ref>/links")
@access(Permission.PERSON_LINK, find_accepted)
def personal_links(thing: Application) -> str:
    """Everybody's own page as a slip to be printed and cut out."""
    return links_page(_slips(thing))


@blueprint.post("/applications/<string:ref>/links/mail")
@access(Permission.PERSON_LINK, find_accepted)
def mail_links(thing: Application) -> Response:
    """Send every guardian with an address the link of their child, once."""
    return mail_answer(_slips(thing))


@blueprint.post("/applications/<string:ref>/links/replace")
@access(Permission.PERSON_LINK, find_accepted)
def replace_one(thing: Application) -> Response:
    """Make one person's link worthless and give a new one; `person=*` means everybody's."""
    return replace_answer(_slips(thing))


def links_page(slips: Slips) -> str:
    """Return the page of slips."""
    application = slips.application
    members = member_links(application, slips.whose, secret_key=secret_key())
    note_reading(application, people=len(members))
    return render_template(
        "applications/links.html",
        application=application,
        slips=slips,
        members=members,
        ready=[member for member in members if member.path],
        addresses=sum(len(member.guardians) for member in members if member.path),
        unreachable=[
            member.person.name
            for member in members
            if not member.guardians and not member.person.is_adult
        ],
        public_url=public_url(),
    )


def mail_answer(slips: Slips) -> Response:
    """Send the links to the guardians."""
    with transaction():
        count = mail_to_guardians(
            slips.application,
            slips.whose,
            actor=current_actor(),
            secret_key=secret_key(),
            now=clock.now(),
        )
    if count:
        flash(
            ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", count),
            "success",
        )
    else:
        flash(_("Nothing was sent: every guardian with an address has the link already."), "info")
    return redirect(slips.address(), code=303)


def replace_answer(slips: Slips) -> Response:
    """Replace one person's link, or everybody's."""
    if request.form.get("person") == EVERYBODY:
        return _replace_all(slips)
    with transaction():
        person = replace_link(
            slips.application,
            request.form.get("person", ""),
            slips.whose,
            actor=current_actor(),
            secret_key=secret_key(),
            now=clock.now(),
        )
        name = person.name
    flash(_("%(name)s has a new link. The old one does not work any more.", name=name), "success")
    return redirect(slips.address(), code=303)


def _replace_all(slips: Slips) -> Response:
    with transaction():
        count = replace_all_links(
            slips.application,
            slips.whose,
            actor=current_actor(),
            secret_key=secret_key(),
            now=clock.now(),
        )
    flash(
        ngettext(
            "%(num)s link is replaced. The old one does not work any more.",
            "%(num)s links are replaced. The old ones do not work any more.",
            count,
        ),
        "success",
    )
    return redirect(slips.address(), code=303)


def _slips(application: Application) -> Slips:
    """Return everybody's for those who decide, for the school all but guests' pupils."""
    is_school = may(Permission.APPLICATION_ENTER, application)
    crumbs = [
        (_("My school") if is_school else _("Applications"), url_for("applications.index")),
        (application.group_name, url_for("applications.show", ref=application.ref)),
    ]
    whose = own_people(application) if is_school else true()
    return Slips(application, whose, crumbs, _ENDPOINTS, application.ref)
