"""A guest school's page of its part in another school's entry, and what it does there."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts.limits import limit_invitations
from scheduler.applications.coming import may_come_in_part
from scheduler.applications.current_form import current_form
from scheduler.applications.fields import Field, editable_fields
from scheduler.applications.findings import Kind, age_findings, kinds_of
from scheduler.applications.guest_models import GuestPart, PartState
from scheduler.applications.import_words import limits_words
from scheduler.applications.published import published_performance
from scheduler.applications.queries import pupils_in
from scheduler.applications.reading import note_reading
from scheduler.applications.viewers import Viewer, answerable
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.delegations import order, queries, services
from scheduler.delegations.blueprint import blueprint
from scheduler.delegations.queries import find_part
from scheduler.errors import Refused
from scheduler.listing import page_of
from scheduler.programmes.form_fields import FieldOwner
from scheduler.states import state_look
from scheduler.texts import sentence
from scheduler.web import shown_version

Answer = str | Response | tuple[str, int]


@blueprint.get("/guest-parts/<string:ref>")
@access(Permission.APPLICATION_ENTER, find_part)
def part(thing: GuestPart) -> str:
    """What the school was asked, what it has entered, and what it can do now."""
    return _page(thing)


@blueprint.post("/guest-parts/<string:ref>/accept")
@access(Permission.APPLICATION_SUBMIT, find_part)
def accept(thing: GuestPart) -> Answer:
    """Take part."""
    said = _("The school takes part. Now enter its pupils.")
    return _step(thing, services.accept, said)


@blueprint.post("/guest-parts/<string:ref>/decline")
@access(Permission.APPLICATION_SUBMIT, find_part)
def decline(thing: GuestPart) -> Answer:
    """Decline the invitation with a reason."""
    return _step(thing, services.decline, _("The invitation is declined."), has_reason=True)


@blueprint.post("/guest-parts/<string:ref>/ready")
@access(Permission.APPLICATION_SUBMIT, find_part)
@limit_invitations
def ready(thing: GuestPart) -> Answer:
    """Say that the school's pupils are complete."""
    said = _("The lead school is told that your pupils are complete.")
    return _step(thing, services.declare_ready, said)


@blueprint.post("/guest-parts/<string:ref>/change-again")
@access(Permission.APPLICATION_SUBMIT, find_part)
def change_again(thing: GuestPart) -> Answer:
    """Open the part once more."""
    said = _("You can change your pupils again. Don't forget to say when they are complete.")
    return _step(thing, services.change_again, said)


@blueprint.post("/guest-parts/<string:ref>/withdraw")
@access(Permission.APPLICATION_SUBMIT, find_part)
def withdraw(thing: GuestPart) -> Answer:
    """Leave the entry with all pupils of the school."""
    said = _("The school and its pupils have left the entry.")
    return _step(thing, services.withdraw, said, has_reason=True)


@blueprint.post("/guest-parts/<string:ref>/come-first")
@access(Permission.APPLICATION_ENTER, find_part)
def come_first(thing: GuestPart) -> Answer:
    """Say which of the school's pupils come if not all can."""
    ref, people = thing.ref, frozenset(request.form.getlist("first"))
    try:
        with transaction():
            order.come_first(thing, people, actor=current_actor(), now=clock.now())
    except Refused as refusal:
        return _page(find_part(ref), refusal), 409
    flash(_("The order of your pupils is stored."), "success")
    return redirect(url_for("delegations.part", ref=ref) + "#order", code=303)


def _step(
    thing: GuestPart, step: Callable[..., GuestPart], said: str, *, has_reason: bool = False
) -> Answer:
    reasons = (request.form.get("reason", ""),) if has_reason else ()
    ref = thing.ref
    try:
        with transaction():
            step(thing, *reasons, version=shown_version(), actor=current_actor(), now=clock.now())
    except Refused as refusal:
        return _page(find_part(ref), refusal), 409
    flash(said, "success")
    return redirect(url_for("delegations.part", ref=ref), code=303)


def _page(found: GuestPart, problem: Refused | None = None) -> str:
    application = found.application
    is_in = found.takes_part
    pupils = page_of(
        queries.pupils_of_part(found), sorts=queries.PART_SORTS, default_sort="position"
    )
    if is_in:
        note_reading(application, people=len(pupils.items))
    plan = current_form(application.category, found.school)
    total = pupils_in(application)
    line = queries.line_of(found)
    is_open = _is_open(found)
    facts: dict[str, Any] = {
        "part": found,
        "application": application,
        "line": line,
        "standing": _standing(found, total, is_open=is_open),
        "left": total - line.pupils,
        "members": pupils,
        "missing": queries.missing_of_part(found) if is_in else [],
        "outside_age": _outside_age(found) if is_open else [],
        "asks": answerable(Viewer.OFFICER, application, plan, FieldOwner.MEMBER),
        "limits": limits_words(application.category),
        "is_open": is_open,
        "can_enter": is_open and found.state is PartState.JOINED,
        "in_order": order.pupils_in_order(found) if is_in and may_come_in_part(application) else [],
        "performance": published_performance(application) if is_in else None,
    }
    return render_template(
        "delegations/part.html",
        problem=sentence(problem.code, **problem.facts) if problem else None,
        **facts,
    )


def _standing(found: GuestPart, total: int, *, is_open: bool) -> list[tuple[str, object]]:
    """Return how the entry stands: nothing for a school that takes no part in it (any more)."""
    application = found.application
    pupils: tuple[str, object] = (_("Pupils of all schools"), total)
    if not found.takes_part:
        return [pupils] if found.state is PartState.INVITED and is_open else []
    shown = [(_("State of the entry"), state_look(application.state).word), pupils]
    if application.state is State.OFFERED:
        shown.append((_("Places held"), application.places_held))
    if application.least_members is not None:
        shown.append((_("If not all can come, at least"), application.least_members))
    return shown


def _outside_age(found: GuestPart) -> list[Kind]:
    return kinds_of(age_findings(found.application_id, found.school_id))


def _is_open(found: GuestPart) -> bool:
    """Tell whether pupils can be entered or changed now, as far as the entry is concerned."""
    application = found.application
    if Field.MEMBERS not in editable_fields(application.state, application.returned_fields):
        return False
    return application.state is not State.DRAFT or application.programme.is_open_at(clock.now())
