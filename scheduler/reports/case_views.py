"""A case as one PDF."""

from flask import current_app
from flask_babel import get_locale
from werkzeug.wrappers import Response

from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts.models import Account
from scheduler.applications import levels
from scheduler.applications.case_views import find_reviewable
from scheduler.applications.models import Application
from scheduler.applications.reading import note_case_copy
from scheduler.database import db
from scheduler.errors import NotAllowed
from scheduler.reports.blueprint import blueprint
from scheduler.reports.case_pdf import case_pdf, sight_of
from scheduler.reports.copies import mark
from scheduler.reports.pdf_answer import pdf_answer


def find_readable(ref: str) -> Application:
    """Return the application, for reviewers only of their own queue; blind reviewers get none."""
    application = find_reviewable(ref)
    if levels.sees_blind(current_actor(), application.programme_id):
        raise NotAllowed
    return application


@blueprint.get("/applications/<string:ref>/pdf")
@access(Permission.APPLICATION_READ, find_readable)
def case(thing: Application) -> Response:
    """Everything of the application that the reader may see, in the reader's language.

    The copy is marked with the reader's name, and noted in the audit log.
    """
    actor = current_actor()
    content, people = case_pdf(
        thing,
        sight_of(actor, thing),
        locale=str(get_locale()),
        mark=mark(db.session.get_one(Account, actor.account_id)),
        font=current_app.config["PDF_FONT"],
    )
    note_case_copy(thing, people=people)
    return pdf_answer(content, thing.ref)
