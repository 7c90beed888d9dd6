"""The scan of a sealed form: checked, kept with the other files, bound to what was printed."""

import secrets

from scheduler.applications.answer_services import Answering
from scheduler.applications.file_checks import CheckedFile
from scheduler.applications.file_services import FileStore, forget_file, store_file
from scheduler.applications.models import Application
from scheduler.applications.sealed_forms import (
    SealedRefusal,
    attached_form,
    can_attach,
    check_code,
    content_digest,
)
from scheduler.applications.sealed_models import AttachedForm
from scheduler.applications.steps import lock_application
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import Refused

FILE_CODE = "sealed form"
"""No field of coordinators can be called so: their codes hold no blanks."""


def attach(
    application: Application,
    code: str,
    checked: CheckedFile,
    answering: Answering,
    store: FileStore,
) -> AttachedForm:
    """Keep the scan of the form that carries this code; the one before it is removed.

    Raises `Refused` where none is asked for or the entry is submitted, and if the code is not
    that of the entry as it is now.
    """
    application = lock_application(application.id)
    if not can_attach(application):
        raise Refused(SealedRefusal.NOT_NOW)
    digest = content_digest(application)
    if _plain(code) != _plain(check_code(digest)):
        raise Refused(SealedRefusal.OTHER_CODE, field="code")
    ref = secrets.token_urlsafe(16)
    made = store_file(application, None, ref, FILE_CODE, checked, answering, store)
    db.session.flush()
    attached = attached_form(application)
    if attached is None:
        attached = AttachedForm(application_id=application.id, file=made, digest=digest)
        db.session.add(attached)
    else:
        former, attached.file, attached.digest = attached.file, made, digest
        db.session.flush()
        forget_file(former, store)
    db.session.flush()
    audit.record(
        "application:attach_sealed_form",
        account_id=answering.actor.account_id,
        subject_type="application",
        subject_ref=application.ref,
        now=answering.now,
        code=check_code(digest),
    )
    return attached


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())
