"""What a school and a team leader see of their applications, and what the school does with them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission, Role
from scheduler.applications import services
from scheduler.applications.blueprint import blueprint
from scheduler.applications.calls import calls_by_school, schools_of, window_state
from scheduler.applications.case_facts import case_facts
from scheduler.applications.corrections import unchanged_by_id
from scheduler.applications.entry_facts import missing_of
from scheduler.applications.models import Application, Member
from scheduler.applications.published import performance_by_id
from scheduler.applications.queries import (
    find_application,
    led_by,
    members_of,
    programmes_reviewed_by,
    waitlist_rank_by_id,
)
from scheduler.applications.reading import note_reading
from scheduler.applications.steps import LONGEST_TEXT
from scheduler.applications.workflow import State
from scheduler.calendars.models import CalendarEntry
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.formats import named
from scheduler.listing import page_of
from scheduler.people.models import Person
from scheduler.texts import sentence

MEMBER_SORTS: dict[str, Any] = {
    "position": (Member.position, Member.id),
    "name": (Person.sort_key, Person.name, Member.id),
    "role": (Member.role, Member.position, Member.id),
    "part": (Member.part, Member.position, Member.id),
}


@blueprint.get("/applications")
@access(Permission.APPLICATION_READ)
def index() -> str | Response:
    """Lead people to the applications that are theirs, by a choice where there are several."""
    actor = current_actor()
    choices = [
        (
            _("Review: %(programme)s", programme=named(names)),
            url_for("applications.queue", code=code),
        )
        for code, names in programmes_reviewed_by(actor)
    ]
    if actor.has_role(Role.SCHOOL_OFFICER):
        choices.append((_("My school"), url_for("applications.my_school")))
    choices += [
        (application.group_name, url_for("applications.show", ref=application.ref))
        for application in led_by(actor)
    ]
    if len(choices) == 1:
        return redirect(choices[0][1])
    return render_template("applications/index.html", choices=choices)


@blueprint.get("/applications/my-school")
@access(Permission.APPLICATION_ENTER)
def my_school() -> str:
    """One page per officer: every open call, the own entries, what is missing, who acts next."""
    school_ids = sorted(current_actor().scope_ids(Role.SCHOOL_OFFICER))
    calls = calls_by_school(school_ids, now=clock.now())
    schools = [(school, calls[school.id]) for school in schools_of(school_ids)]
    return render_template("applications/my_school.html", schools=schools)


@blueprint.get("/applications/<string:ref>")
@access(Permission.APPLICATION_READ, find_application)
def show(thing: Application) -> str | Response:
    """The case as the school sees it; reviewers are led to theirs."""
    if may(Permission.APPLICATION_REVIEW, thing):
        return redirect(url_for("applications.case", ref=thing.ref))
    return _school_page(thing)


@blueprint.post("/applications/<string:ref>/submit")
@access(Permission.APPLICATION_SUBMIT, find_application)
def submit(thing: Application) -> Response | tuple[str, int]:
    """Hand the entry in; what is missing is said on the entry's own page."""
    try:
        with transaction():
            services.submit(thing, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _school_page(thing, problem=refused), 409
    flash(_("%(group)s has been submitted.", group=thing.group_name), "success")
    return _back(thing)


@blueprint.post("/applications/<string:ref>/withdraw")
@access(Permission.APPLICATION_SUBMIT, find_application)
def withdraw(thing: Application) -> Response | tuple[str, int]:
    """Take the entry out, perhaps with a reason."""
    reason = request.form.get("reason", "").strip()[:LONGEST_TEXT]
    try:
        with transaction():
            services.withdraw(thing, actor=current_actor(), now=clock.now(), reason=reason)
    except Refused as refused:
        return _school_page(thing, problem=refused), 409
    flash(_("%(group)s has been withdrawn.", group=thing.group_name), "success")
    return _back(thing)


@blueprint.post("/applications/<string:ref>/reopen")
@access(Permission.APPLICATION_SUBMIT, find_application)
def reopen(thing: Application) -> Response | tuple[str, int]:
    """Make the entry a draft again."""
    try:
        with transaction():
            services.reopen(thing, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _school_page(thing, problem=refused), 409
    text = _("%(group)s is a draft again. Don't forget to submit it.", group=thing.group_name)
    flash(text, "success")
    return _back(thing)


def _back(application: Application) -> Response:
    return redirect(url_for("applications.show", ref=application.ref), code=303)


def _school_page(application: Application, problem: Refused | None = None) -> str:
    now = clock.now()
    is_own = may(Permission.APPLICATION_SUBMIT, application)
    page = page_of(
        members_of(application), sorts=MEMBER_SORTS, default_sort="position", per_page=100
    )
    note_reading(application, people=len(page.items))
    is_due = application.state in {State.DRAFT, State.RETURNED}
    return render_template(
        "applications/show.html",
        application=application,
        case=case_facts(application),
        members=page,
        missing=missing_of(application) if is_due else (),
        unchanged=unchanged_by_id([application]).get(application.id, ()),
        performance=_performance(application),
        rank=waitlist_rank_by_id([application.id]).get(application.id),
        window=window_state(application.programme, now),
        is_own=is_own,
        shows_birth_dates=may(Permission.PERSON_READ, application),
        problem=sentence(problem.code, **problem.facts) if problem else None,
    )


def _performance(application: Application) -> CalendarEntry | None:
    accepted = [application] if application.state is State.ACCEPTED else []
    return performance_by_id(accepted).get(application.id)
