"""The progress page of a job: one page, one fragment that refreshes itself, one stop button."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.jobs import services
from scheduler.jobs.models import Job, JobState
from scheduler.jobs.texts import can_stop, failure_text, title_of

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


@blueprint.get("/<string:ref>")
@access(Permission.OWN_ACCOUNT, services.find)
def show(thing: Job) -> str | Response:
    """The page, or for htmx its fragment; a finished job leads on to its result."""
    if thing.state is JobState.DONE and thing.result_url:
        if request.headers.get("HX-Request"):
            return Response(status=200, headers={"HX-Redirect": thing.result_url})
        return redirect(thing.result_url)
    is_fragment = bool(request.headers.get("HX-Request"))
    template = "jobs/progress.html" if is_fragment else "jobs/show.html"
    return render_template(
        template,
        job=thing,
        title=title_of(thing.kind, is_over=not thing.is_live),
        failure=failure_text(thing.error_code, thing.kind),
        can_stop=can_stop(thing.kind),
    )


@blueprint.post("/<string:ref>/stop")
@access(Permission.OWN_ACCOUNT, services.find)
def stop(thing: Job) -> Response:
    """Ask the job to stop; what it has so far is kept."""
    with transaction():
        services.request_stop(thing, now=clock.now())
    return redirect(url_for("jobs.show", ref=thing.ref), code=303)
