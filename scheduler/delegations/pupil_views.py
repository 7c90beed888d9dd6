"""A guest school's own pupils in a joint entry: entered, changed, asked about, given links."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.applications import entry_services
from scheduler.applications.answer_pages import asking_part
from scheduler.applications.answer_views import answers_answer
from scheduler.applications.current_form import current_form
from scheduler.applications.entry_forms import EntryForm, NewMemberForm, member_form
from scheduler.applications.fields import Field
from scheduler.applications.file_services import find_file
from scheduler.applications.file_views import remove_answer, sent, upload_answer
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.guests import part_people
from scheduler.applications.link_views import Slips, links_page, mail_answer, replace_answer
from scheduler.applications.member_pages import (
    is_locked,
    member_page,
    removed_member,
    saved_member,
    shown_member,
    writing_of,
)
from scheduler.applications.reading import note_reading
from scheduler.applications.viewers import Viewer, can_see
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.delegations.blueprint import blueprint
from scheduler.delegations.queries import find_part, find_pupil
from scheduler.errors import NotAllowed, NotFound

Answer = str | Response | tuple[str, int]
_ENDPOINTS = {
    "page": "delegations.links",
    "mail": "delegations.mail",
    "replace": "delegations.replace",
}


def find_joined(ref: str) -> GuestPart:
    """Return a part whose school takes part; raises `NotFound`."""
    part = find_part(ref)
    if not part.takes_part:
        raise NotFound
    return part


def find_accepted_part(ref: str) -> GuestPart:
    """Return a part of an accepted entry; members of others have no timetable."""
    part = find_joined(ref)
    if part.application.state is not State.ACCEPTED:
        raise NotFound
    return part


@blueprint.route("/guest-parts/<string:ref>/members/new", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_joined)
def add_member(thing: GuestPart) -> Answer:
    """Add a pupil of the school; the form comes back empty for the next one, or the part does."""
    form = member_form(current_form(thing.application.category, thing.school), NewMemberForm)
    if not form.is_submitted():
        return _back(thing) if _is_locked(thing) else _member_page(form, thing)
    form.validate()
    if not saved_member(form, thing.application, thing.school):
        return _member_page(form, thing), 422
    flash(_("%(name)s is entered.", name=form.values()["name"]), "success")
    if form.finish.data:
        return _back(thing)
    return redirect(url_for("delegations.add_member", ref=thing.ref), code=303)


@blueprint.route("/guest-parts/<string:ref>/members/<string:person>/edit", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_joined)
def edit_member(thing: GuestPart, person: str) -> Answer:
    """Change a pupil of the school; what is sealed stays unless it is typed anew."""
    application, school = thing.application, thing.school
    form = member_form(current_form(application.category, school), EntryForm)
    writing = writing_of(school, application.category)
    stored = entry_services.stored_member(application, person, writing)
    if not form.is_submitted():
        if _is_locked(thing):
            return _back(thing)
        form.fill(*shown_member(application, school, stored))
        note_reading(application, people=1)
        return _member_page(form, thing, is_new=False)
    form.validate()
    if not saved_member(form, application, school, stored):
        return _member_page(form, thing, is_new=False), 422
    flash(_("The changes are stored."), "success")
    return _back(thing)


@blueprint.post("/guest-parts/<string:ref>/members/<string:person>/remove")
@access(Permission.APPLICATION_ENTER, find_joined)
def remove_member(thing: GuestPart, person: str) -> Response:
    """Take a pupil of the school out of the entry."""
    with transaction():
        name = removed_member(thing.application, thing.school, person)
    flash(_("%(name)s is no longer in the group.", name=name), "info")
    return _back(thing)


_ABOUT = "/guest-parts/<string:ref>/members/<string:person>"


@blueprint.route(f"{_ABOUT}/answers", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_joined)
def answers(thing: GuestPart, person: str) -> Answer:
    """What the school is asked about one of its pupils now."""
    return answers_answer(asking_part(thing, find_pupil(thing, person)))


@blueprint.post(f"{_ABOUT}/fields/<string:field>/file")
@access(Permission.APPLICATION_ENTER, find_joined)
def upload(thing: GuestPart, person: str, field: str) -> Answer:
    """Keep a file about a pupil of the school."""
    return upload_answer(asking_part(thing, find_pupil(thing, person)), field)


@blueprint.post(f"{_ABOUT}/fields/<string:field>/remove-file")
@access(Permission.APPLICATION_ENTER, find_joined)
def remove_file(thing: GuestPart, person: str, field: str) -> Answer:
    """Take a file about a pupil of the school back."""
    return remove_answer(asking_part(thing, find_pupil(thing, person)), field)


@blueprint.get(f"{_ABOUT}/files/<string:file>")
@access(Permission.APPLICATION_ENTER, find_joined)
def download(thing: GuestPart, person: str, file: str) -> Response:
    """Send a file about a pupil of the school."""
    stored, member = find_file(file), find_pupil(thing, person)
    if stored.member_id != member.id:
        raise NotFound
    plan = current_form(thing.application.category, thing.school)
    spec = next((each for each in plan.fields if each.code == stored.field_code), None)
    if spec is None or not can_see(Viewer.OFFICER, spec):
        raise NotAllowed
    return sent(stored)


@blueprint.get("/guest-parts/<string:ref>/links")
@access(Permission.PERSON_LINK, find_accepted_part)
def links(thing: GuestPart) -> str:
    """The personal links of the school's own pupils."""
    return links_page(_slips(thing))


@blueprint.post("/guest-parts/<string:ref>/links/mail")
@access(Permission.PERSON_LINK, find_accepted_part)
def mail(thing: GuestPart) -> Response:
    """Send the links to the guardians of the school's own pupils."""
    return mail_answer(_slips(thing))


@blueprint.post("/guest-parts/<string:ref>/links/replace")
@access(Permission.PERSON_LINK, find_accepted_part)
def replace(thing: GuestPart) -> Response:
    """Replace links of the school's own pupils."""
    return replace_answer(_slips(thing))


def _slips(part: GuestPart) -> Slips:
    return Slips(part.application, part_people(part), _crumbs(part), _ENDPOINTS, part.ref)


def _is_locked(part: GuestPart) -> bool:
    return is_locked(part.application, {Field.MEMBERS})


def _back(part: GuestPart) -> Response:
    return redirect(url_for("delegations.part", ref=part.ref), code=303)


def _crumbs(part: GuestPart) -> list[tuple[str, str]]:
    return [
        (_("My school"), url_for("applications.my_school")),
        (part.application.group_name, url_for("delegations.part", ref=part.ref)),
    ]


def _member_page(form: EntryForm, part: GuestPart, *, is_new: bool = True) -> str:
    return member_page(form, part.application, part.school, crumbs=_crumbs(part), is_new=is_new)
