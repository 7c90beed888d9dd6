"""A case as one PDF."""

from flask import current_app, make_response
from flask_babel import get_locale
from werkzeug.wrappers import Response

from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts.models import Account
from scheduler.applications.models import Application
from scheduler.applications.queries import find_application
from scheduler.applications.reading import note_case_copy
from scheduler.database import db
from scheduler.reports.blueprint import blueprint
from scheduler.reports.case_pdf import case_pdf, sight_of
from scheduler.reports.copies import mark


@blueprint.get("/applications/<string:ref>/pdf")
@access(Permission.APPLICATION_READ, find_application)
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
    answer = make_response(content)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{thing.ref}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
