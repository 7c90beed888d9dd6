"""How a guest school enters its own pupils by workbook; what follows are the import's own pages."""

from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.import_upload import (
    Answer,
    UploadPlace,
    start_answer,
    workbook_answer,
)
from scheduler.delegations.blueprint import blueprint
from scheduler.delegations.pupil_views import find_joined


@blueprint.route("/guest-parts/<string:ref>/import", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_joined)
def upload_pupils(thing: GuestPart) -> Answer:
    """Download the workbook for the school's own pupils here, and upload it filled in."""
    return start_answer(_place(thing))


@blueprint.get("/guest-parts/<string:ref>/entry-workbook")
@access(Permission.APPLICATION_ENTER, find_joined)
def entry_workbook(thing: GuestPart) -> Response:
    """The workbook to fill in, with the pupils whom the school has entered so far."""
    return workbook_answer(_place(thing))


def _place(part: GuestPart) -> UploadPlace:
    return UploadPlace(part.school, part.application.category, part)
