"""Personal links of an accepted group's members: to look at, to print as slips, to mail."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications import queries
from scheduler.applications.blueprint import blueprint
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


def find_accepted(ref: str) -> Application:
    """Return an accepted application; members of others have no timetable."""
    application = queries.find_application(ref)
    if application.state is not State.ACCEPTED:
        raise NotFound
    return application


@blueprint.get("/applications/<string:ref>/links")
@access(Permission.PERSON_LINK, find_accepted)
def personal_links(thing: Application) -> str:
    """Everybody's own page as a slip to be printed and cut out."""
    members = member_links(thing, secret_key=secret_key())
    note_reading(thing, people=len(members))
    return render_template(
        "applications/links.html",
        application=thing,
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


@blueprint.post("/applications/<string:ref>/links/mail")
@access(Permission.PERSON_LINK, find_accepted)
def mail_links(thing: Application) -> Response:
    """Send every guardian with an address the link of their child, once."""
    with transaction():
        count = mail_to_guardians(
            thing, actor=current_actor(), secret_key=secret_key(), now=clock.now()
        )
    if count:
        flash(
            ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", count),
            "success",
        )
    else:
        flash(_("Nothing was sent: every guardian with an address has the link already."), "info")
    return _back(thing)


@blueprint.post("/applications/<string:ref>/links/replace")
@access(Permission.PERSON_LINK, find_accepted)
def replace_one(thing: Application) -> Response:
    """Make one person's link worthless and give a new one; `person=*` means everybody's."""
    if request.form.get("person") == EVERYBODY:
        return _replace_all(thing)
    with transaction():
        person = replace_link(
            thing,
            request.form.get("person", ""),
            actor=current_actor(),
            secret_key=secret_key(),
            now=clock.now(),
        )
        name = person.name
    flash(_("%(name)s has a new link. The old one does not work any more.", name=name), "success")
    return _back(thing)


def _replace_all(application: Application) -> Response:
    with transaction():
        count = replace_all_links(
            application, actor=current_actor(), secret_key=secret_key(), now=clock.now()
        )
    flash(
        ngettext(
            "%(num)s link is replaced. The old one does not work any more.",
            "%(num)s links are replaced. The old ones do not work any more.",
            count,
        ),
        "success",
    )
    return _back(application)


def _back(application: Application) -> Response:
    return redirect(url_for("applications.personal_links", ref=application.ref), code=303)
