"""The sealed form of an entry: the way to print it, its scan, and who may read that."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission
from scheduler.applications import levels, sealed_files, sealed_forms
from scheduler.applications.answer_services import Answering
from scheduler.applications.case_views import find_reviewable
from scheduler.applications.current_form import form_for
from scheduler.applications.entry_forms import Required
from scheduler.applications.file_forms import FileForm
from scheduler.applications.file_storage import current_store
from scheduler.applications.file_views import sent
from scheduler.applications.models import Application
from scheduler.applications.queries import find_application
from scheduler.applications.sealed_forms import Match, SealedRefusal
from scheduler.database import transaction
from scheduler.errors import NotAllowed, NotFound, Refused
from scheduler.organisations.panels import Line, Panel
from scheduler.people.keys import current_sealer
from scheduler.programmes.kinds import SealedForm
from scheduler.states import state_look
from scheduler.texts import add_sentences, sentence

blueprint = Blueprint("sealed_forms", __name__)

add_sentences(
    {
        SealedRefusal.NOT_NOW: _l("A sealed form can be attached until the entry is submitted."),
        SealedRefusal.OTHER_CODE: _l(
            "This is not the code of the entry as it is now. If the entry was changed since the "
            "form was printed, print it anew and have that sealed."
        ),
        SealedRefusal.OUTDATED: _l(
            "The entry was changed after the sealed form was printed. Print it anew, have it "
            "sealed, and attach that scan."
        ),
    }
)


class SealedFileForm(FileForm):
    """A scan, and the code that stands on it."""

    code = StringField(
        _l("Check code on the form"),
        description=_l("Ten characters, such as 3F9A-01BC-7D"),
        validators=[Required()],
        render_kw={"autocomplete": "off", "maxlength": 20},
    )


@blueprint.route("/applications/<string:ref>/sealed-form", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_application)
def show(thing: Application) -> str | Response | tuple[str, int]:
    """How it stands, the way to print it, and the upload of its scan."""
    form = SealedFileForm()
    if not form.is_submitted():
        return _page(form, thing)
    form.validate()
    answering = Answering(current_actor(), form_for(thing), current_sealer(), clock.now())
    code = form.code.data or ""
    try:
        # Looked at before the transaction: a scanner takes its time.
        checked = form.checked()
        with transaction():
            sealed_files.attach(thing, code, checked, answering, current_store())
    except Refused as refused:
        text = sentence(refused.code, **refused.facts)
        beside = form.code if refused.field == "code" else form.file
        beside.errors = [*beside.errors, text]
        return _page(form, thing), 422
    flash(_("The sealed form is attached."), "success")
    return redirect(url_for("applications.show", ref=thing.ref), code=303)


@blueprint.get("/applications/<string:ref>/sealed-form/scan")
@access(Permission.APPLICATION_READ, find_reviewable)
def scan(thing: Application) -> Response:
    """Send the scan to the school and to reviewers who may know whose entry it is."""
    if levels.sees_blind(current_actor(), thing.programme_id):
        raise NotAllowed
    attached = sealed_forms.attached_form(thing)
    if attached is None:
        raise NotFound
    return sent(attached.file)


def sealed_panel(application: Application) -> Panel | None:
    """Return how an entry stands with its sealed form, and the ways to it."""
    if application.category.sealed_form is SealedForm.NONE:
        return None
    match = sealed_forms.match_of(application)
    is_own = may(Permission.APPLICATION_ENTER, application)
    url = url_for("sealed_forms.show", ref=application.ref) if is_own else None
    lines = [Line(_("State"), str(state_look(match).word), url)]
    if match is not Match.NONE:
        address = url_for("sealed_forms.scan", ref=application.ref)
        lines.append(Line(_("Scan"), _("Download"), address))
    return Panel(_("Form with the school's seal"), lines)


def _page(form: SealedFileForm, application: Application) -> str:
    attached = sealed_forms.attached_form(application)
    return render_template(
        "applications/sealed_form.html",
        form=form,
        application=application,
        attached=attached,
        match=sealed_forms.match_of(application),
        code=sealed_forms.check_code(sealed_forms.content_digest(application)),
        can_attach=sealed_forms.can_attach(application),
    )
