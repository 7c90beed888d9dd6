"""Files that answer coordinators' fields: sent up, taken back, read by who may see the field."""

from flask import flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications import file_services
from scheduler.applications.answer_pages import Asking, answers_page, asking
from scheduler.applications.answer_services import find_member
from scheduler.applications.answer_views import Answer, blueprint
from scheduler.applications.current_form import form_for
from scheduler.applications.file_forms import FileForm
from scheduler.applications.file_storage import current_store
from scheduler.applications.guests import shown_in_full
from scheduler.applications.models import Application, Member, StoredFile
from scheduler.applications.queries import find_application
from scheduler.applications.reading import note_file_reading
from scheduler.applications.viewers import can_see, viewer_of
from scheduler.database import db, transaction
from scheduler.errors import NotAllowed, Refused
from scheduler.people.keys import current_sealer
from scheduler.web import file_answer

_GROUP = "/applications/<string:ref>/fields/<string:field>"
_MEMBER = "/applications/<string:ref>/members/<string:person>/fields/<string:field>"


def find_file(ref: str) -> StoredFile:
    """Find the file that the address names."""
    return file_services.find_file(ref)


@blueprint.post(f"{_GROUP}/file")
@access(Permission.APPLICATION_READ, find_application)
def upload(thing: Application, field: str) -> Answer:
    """Keep a file about the group."""
    return _upload(thing, None, field)


@blueprint.post(f"{_MEMBER}/file")
@access(Permission.APPLICATION_READ, find_application)
def upload_of_member(thing: Application, person: str, field: str) -> Answer:
    """Keep a file about a pupil."""
    return _upload(thing, find_member(thing, person), field)


@blueprint.post(f"{_GROUP}/remove-file")
@access(Permission.APPLICATION_READ, find_application)
def remove(thing: Application, field: str) -> Answer:
    """Take a file about the group back."""
    return _remove(thing, None, field)


@blueprint.post(f"{_MEMBER}/remove-file")
@access(Permission.APPLICATION_READ, find_application)
def remove_of_member(thing: Application, person: str, field: str) -> Answer:
    """Take a file about a pupil back."""
    return _remove(thing, find_member(thing, person), field)


@blueprint.get("/files/<string:ref>")
@access(Permission.APPLICATION_READ, find_file)
def download(thing: StoredFile) -> Response:
    """Send a file to be saved, never to be shown; that it was read stands in the audit log."""
    _demand_not_guests(thing)
    specs = form_for(thing.application).fields
    spec = next((each for each in specs if each.code == thing.field_code), None)
    viewer = viewer_of(current_actor(), thing.application)
    if spec is None or not can_see(viewer, spec):
        raise NotAllowed
    return sent(thing)


def _demand_not_guests(stored: StoredFile) -> None:
    """Raise `NotAllowed` for a file about a guest school's pupil, unless staff asks for it."""
    if stored.member_id is None:
        return
    about = db.session.get_one(Member, stored.member_id)
    viewer = viewer_of(current_actor(), stored.application)
    if not shown_in_full([about], stored.application, viewer):
        raise NotAllowed


def sent(stored: StoredFile) -> Response:
    """Return the file as an answer to be saved, and note that it was read."""
    content = file_services.content_of(stored, current_sealer(), current_store())
    answer = file_answer(content, media_type=stored.media_type, file_name=stored.file_name)
    note_file_reading(stored)
    return answer


def _upload(application: Application, about: Member | None, field: str) -> Answer:
    return upload_answer(asking(application, about), field)


def upload_answer(asked: Asking, field: str) -> Answer:
    """Keep the file that was sent, or show the page with what is wrong with it."""
    application, about = asked.application, asked.member
    spec = asked.file_field(field)
    form = FileForm(prefix=f"{field}-")
    answering, own = asked.answering(), asked.own
    try:
        # Looked at before the transaction: a scanner takes its time.
        checked = form.checked()
        with transaction():
            file_services.keep_file(application, about, spec, checked, answering, current_store())
    except Refused as refusal:
        form.refuse(refusal)
        return answers_page(asked, asked.filled_form(), (spec, form)), 422
    flash(_("The file is stored."), "success")
    return redirect(own, code=303)


def _remove(application: Application, about: Member | None, field: str) -> Answer:
    return remove_answer(asking(application, about), field)


def remove_answer(asked: Asking, field: str) -> Answer:
    """Take the file back."""
    application, about = asked.application, asked.member
    spec = asked.file_field(field)
    answering, own = asked.answering(), asked.own
    with transaction():
        file_services.remove_file(application, about, spec, answering, current_store())
    flash(_("The file has been removed."), "info")
    return redirect(own, code=303)
