"""What a school and a team leader see of their applications, and what the school does with them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission, Role
from scheduler.applications import arrivals, confirmations, first_come, levels, offers, services
from scheduler.applications.answer_pages import answers_link
from scheduler.applications.blueprint import blueprint
from scheduler.applications.calls import DUE, calls_by_school, schools_of, window_state
from scheduler.applications.case_facts import case_facts, form_labels
from scheduler.applications.coming import split
from scheduler.applications.completeness import Missing, Shortfall
from scheduler.applications.corrections import unchanged_by_id
from scheduler.applications.current_form import form_for
from scheduler.applications.entry_facts import missing_of
from scheduler.applications.findings import Kind, age_findings, kinds_of
from scheduler.applications.guests import (
    school_codes,
    school_names,
    shown_in_full,
    unanswered_by_id,
)
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.published import performance_by_id
from scheduler.applications.queries import (
    ended_by_id,
    find_application,
    led_by,
    members_of,
    waitlist_rank_by_id,
)
from scheduler.applications.queues import programmes_reviewed_by
from scheduler.applications.reading import note_reading
from scheduler.applications.required_consents import missing_required_by_id
from scheduler.applications.results import released_results
from scheduler.applications.sealed_forms import is_outdated
from scheduler.applications.shown_answers import member_answers
from scheduler.applications.steps import LONGEST_TEXT
from scheduler.applications.texts import field_list
from scheduler.applications.viewers import viewer_of
from scheduler.applications.workflow import State
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.formats import named
from scheduler.listing import page_of
from scheduler.people.keys import current_sealer
from scheduler.people.models import Person
from scheduler.programmes.texts import LEVELS
from scheduler.texts import sentence
from scheduler.web import whole_number, whole_numbers

Answer = Response | tuple[str, int]
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
    return render_template("applications/my_school.html", schools=schools, level_labels=LEVELS)


@blueprint.get("/applications/<string:ref>")
@access(Permission.APPLICATION_READ, find_application)
def show(thing: Application) -> str | Response:
    """The case as the school sees it; reviewers are led to theirs."""
    if may(Permission.APPLICATION_REVIEW, thing):
        return redirect(url_for("applications.case", ref=thing.ref))
    return _school_page(thing)


@blueprint.get("/applications/<string:ref>/place-in-line")
@access(Permission.APPLICATION_READ, find_application)
def place_in_line(thing: Application) -> str | Response:
    """How many are served before the entry: for its page, which asks while it waits."""
    receipt = first_come.receipt_of(thing)
    if receipt is None or receipt.served_at is not None:
        address = url_for("applications.show", ref=thing.ref)
        is_asked_by_page = bool(request.headers.get("HX-Request"))
        return Response(headers={"HX-Refresh": "true"}) if is_asked_by_page else redirect(address)
    before = first_come.before(receipt)
    return render_template(
        "applications/place_in_line.html", application=thing, receipt=receipt, before=before
    )


@blueprint.post("/applications/<string:ref>/submit")
@access(Permission.APPLICATION_SUBMIT, find_application)
def submit(thing: Application) -> Answer:
    """Hand the entry in; what is missing is said on the entry's own page."""
    name, address = thing.group_name, url_for("applications.show", ref=thing.ref)
    try:
        if thing.category.is_first_come:
            arrivals.submit(thing, actor=current_actor())
        else:
            with transaction():
                services.submit(thing, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _school_page(thing, problem=refused), 409
    flash(_("%(group)s has been submitted.", group=name), "success")
    return redirect(address, code=303)


@blueprint.post("/applications/<string:ref>/withdraw")
@access(Permission.APPLICATION_SUBMIT, find_application)
def withdraw(thing: Application) -> Answer:
    """Take the entry out, perhaps with a reason."""
    reason = request.form.get("reason", "").strip()[:LONGEST_TEXT]
    return _step(
        thing,
        lambda step: services.withdraw(thing, **step, reason=reason),
        _("%(group)s has been withdrawn.", group=thing.group_name),
    )


@blueprint.post("/applications/<string:ref>/reopen")
@access(Permission.APPLICATION_SUBMIT, find_application)
def reopen(thing: Application) -> Answer:
    """Make the entry a draft again."""
    return _step(
        thing,
        lambda step: services.reopen(thing, **step),
        _("%(group)s is a draft again. Don't forget to submit it.", group=thing.group_name),
    )


@blueprint.post("/applications/<string:ref>/take-up")
@access(Permission.APPLICATION_SUBMIT, find_application)
def take_up(thing: Application) -> Answer:
    """Take an offered place; of a delegation that comes in part, those who were ticked.

    Of each guest school as many as were said.
    """
    coming = whole_numbers("coming")
    places = {
        school_id: whole_number(request.form.get(f"from-{code}", "").strip()) or 0
        for school_id, code in school_codes([thing]).items()
    }
    return _step(
        thing,
        lambda step: offers.take_up(thing, **step, coming=coming, places_by_school=places),
        _("%(group)s has a place.", group=thing.group_name),
    )


@blueprint.post("/applications/<string:ref>/confirm")
@access(Permission.APPLICATION_SUBMIT, find_application)
def confirm(thing: Application) -> Answer:
    """Confirm that an accepted group comes."""
    return _step(
        thing,
        lambda step: services.confirm(thing, **step),
        _("%(group)s is confirmed.", group=thing.group_name),
    )


@blueprint.post("/applications/<string:ref>/least-members")
@access(Permission.APPLICATION_SUBMIT, find_application)
def set_least_members(thing: Application) -> Answer:
    """Say how many of a delegation come if not all can; blank means all or none."""
    text = request.form.get("least_members", "").strip()
    # Words are no number and mean nothing: refused like 0, never taken for a blank.
    least = (whole_number(text) or 0) if text else None
    return _step(thing, lambda step: services.set_least_members(thing, least, **step), _("Saved."))


def _step(application: Application, act: Callable[[dict[str, Any]], object], done: str) -> Answer:
    """Take a step for the school, by actor and time; what refuses it is said on the page."""
    try:
        with transaction():
            act({"actor": current_actor(), "now": clock.now()})
    except Refused as refused:
        return _school_page(application, problem=refused), 409
    flash(done, "success")
    return redirect(url_for("applications.show", ref=application.ref), code=303)


def _pupils(application: Application) -> list[Member]:
    """Return the pupils among whom a delegation chooses who comes."""
    query = members_of(application).where(Member.role == MemberRole.PUPIL)
    return list(db.session.scalars(query.order_by(Member.position, Member.id)))


def _school_page(application: Application, problem: Refused | None = None) -> str:
    now = clock.now()
    is_own = may(Permission.APPLICATION_SUBMIT, application)
    page = page_of(
        members_of(application), sorts=MEMBER_SORTS, default_sort="position", per_page=100
    )
    note_reading(application, people=len(page.items))
    plan, viewer = form_for(application), viewer_of(current_actor(), application)
    is_offered = application.state is State.OFFERED
    pupils, shares = split(_pupils(application) if is_offered else [], application)
    return render_template(
        "applications/show.html",
        application=application,
        case=case_facts(application, plan, viewer),
        members=page,
        member_answers=member_answers(
            shown_in_full(page.items, application, viewer), plan, viewer, current_sealer()
        ),
        guests=school_names(application),
        shows_guests=False,
        answers_link=answers_link(application, plan, viewer),
        missing=_missing(application),
        invited=unanswered_by_id([application]).get(application.id, ()),
        unchanged=_unchanged(application, form_labels(plan, viewer)),
        performance=_performance(application),
        rank=waitlist_rank_by_id([application.id]).get(application.id),
        window=window_state(application.programme, now),
        way=levels.way_of(application),
        level_labels=LEVELS,
        confirm_by=confirmations.confirm_by(application),
        ended_by=ended_by_id([application]).get(application.id),
        lacking=missing_required_by_id([application.id])[application.id],
        receipt=(receipt := first_come.receipt_of(application)),
        before=first_come.before(receipt) if receipt and receipt.served_at is None else 0,
        policy=offers.policy_of(application.programme_id),
        pupils=pupils,
        shares=shares,
        is_own=is_own,
        result=released_results([application.id]).get(application.id),
        outside_age=_outside_age(application),
        shows_birth_dates=may(Permission.PERSON_READ, application),
        problem=sentence(problem.code, **problem.facts) if problem else None,
    )


def _outside_age(application: Application) -> list[Kind]:
    """Return the school's own pupils of the wrong age; guests' birth dates are not for it."""
    if application.state not in DUE:
        return []
    return kinds_of(age_findings(application.id, application.school_id))


def _missing(application: Application) -> tuple[Missing, ...]:
    """Return what the school has to complete now: of an accepted group what is asked since."""
    if application.state in {State.DRAFT, State.RETURNED}:
        outdated = [Missing(Shortfall.SEALED_FORM_OUTDATED)] if is_outdated(application) else []
        return (*missing_of(application), *outdated)
    if application.state is State.ACCEPTED:
        return tuple(missing for missing in missing_of(application) if missing.is_later)
    return ()


def _unchanged(application: Application, labels: Mapping[str, str]) -> str:
    """Return in words which marked parts nobody has changed yet."""
    return field_list(unchanged_by_id([application]).get(application.id, ()), labels)


def _performance(application: Application) -> CalendarEntry | None:
    accepted = [application] if application.state is State.ACCEPTED else []
    return performance_by_id(accepted).get(application.id)
