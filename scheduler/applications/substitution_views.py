"""How a school substitutes a member of an accepted group: who leaves, who comes, and why."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts.limits import limit_invitations
from scheduler.applications import substitutions
from scheduler.applications.answer_services import find_own_member
from scheduler.applications.current_form import form_for
from scheduler.applications.entry_forms import MEMBER_PARTS, parts_with_answers
from scheduler.applications.guests import own_people
from scheduler.applications.member_pages import flash_warnings
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.queries import find_application, members_of, pupils_in
from scheduler.applications.reading import note_reading
from scheduler.applications.roster import read_member
from scheduler.applications.roster_records import RowReading
from scheduler.applications.roster_writing import Writing
from scheduler.applications.substitution_entering import Wish, chosen, reading_of
from scheduler.applications.substitution_forms import (
    SubstitutionForm,
    proposed_values,
    substitution_form,
)
from scheduler.applications.substitution_models import Substitution, SubstitutionState
from scheduler.applications.substitution_queries import (
    find_substitution,
    pupils_to_come,
    requests_of,
    rows_of,
)
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.listing import page_of
from scheduler.people.keys import current_sealer
from scheduler.people.models import Person
from scheduler.programmes.date_services import substitutions_until
from scheduler.programmes.form_fields import FieldOwner
from scheduler.texts import sentence

blueprint = Blueprint("substitutions", __name__)

MEMBER_SORTS: dict[str, Any] = {
    "position": (Member.position, Member.id),
    "name": (Person.sort_key, Person.name, Member.id),
    "part": (Member.part, Member.position, Member.id),
}
PUPIL_SORTS: dict[str, Any] = {"name": (Person.sort_key, Person.name, Person.id)}
LONGEST_SEARCH = 80


@blueprint.get("/applications/<string:ref>/substitutions")
@access(Permission.APPLICATION_ENTER, find_application)
def entry(thing: Application) -> str:
    """What was asked for so far, and the members who can be substituted."""
    pupils = members_of(thing).where(Member.role == MemberRole.PUPIL, own_people(thing))
    page = page_of(pupils, sorts=MEMBER_SORTS, default_sort="position")
    asked = requests_of(thing)
    pending = SubstitutionState.PENDING
    note_reading(thing, people=len(page.items))
    return render_template(
        "applications/substitutions.html",
        application=thing,
        members=page,
        rows=rows_of(asked, current_sealer()),
        waiting={each.leaving_id for each in asked if each.state is pending},
        until=substitutions_until(thing.programme),
        most=substitutions.most_substitutions(thing.programme, pupils_in(thing)),
        used=substitutions.count_substitutions(thing),
        refusal=_refusal(thing),
    )


@blueprint.get("/applications/<string:ref>/members/<string:person>/substitute")
@access(Permission.APPLICATION_ENTER, find_application)
def choose(thing: Application, person: str) -> str | Response:
    """Who comes: somebody whom the school has entered before, or somebody new."""
    leaving = find_own_member(thing, person)
    if (text := _refusal(thing)) is not None:
        return _back(thing, text)
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    page = page_of(pupils_to_come(thing, search), sorts=PUPIL_SORTS, default_sort="name")
    note_reading(thing, people=len(page.items))
    return render_template(
        "applications/substitution_choose.html",
        application=thing,
        leaving=leaving,
        pupils=page,
        search=search,
    )


@blueprint.route(
    "/applications/<string:ref>/members/<string:person>/substitute/form", methods=["GET", "POST"]
)
@access(Permission.APPLICATION_ENTER, find_application)
@limit_invitations
def new(thing: Application, person: str) -> str | Response | tuple[str, int]:
    """What is entered of whoever comes, and why; then it is the coordinators' turn."""
    leaving = find_own_member(thing, person)
    if (text := _refusal(thing)) is not None:
        return _back(thing, text)
    coming = chosen(request.args.get("coming"), thing.school)
    form = substitution_form(form_for(thing), coming)
    if not form.is_submitted():
        form.fill(proposed_values(leaving, coming), "")
        note_reading(thing, people=1)
        return _form_page(form, thing, leaving, coming)
    form.validate()
    if not _asked(form, thing, leaving, coming):
        return _form_page(form, thing, leaving, coming), 422
    text = _("The substitution has been asked for. The group stays as it is until it is approved.")
    flash(text, "success")
    return redirect(url_for("substitutions.entry", ref=thing.ref), code=303)


@blueprint.post("/substitutions/<string:substitution>/withdraw")
@access(Permission.APPLICATION_ENTER, find_substitution)
def withdraw(thing: Substitution) -> Response:
    """Take a request back."""
    with transaction():
        substitutions.drop(thing, actor=current_actor(), now=clock.now())
        ref = thing.application.ref
    flash(_("The request has been withdrawn. The group stays as it is."), "info")
    return redirect(url_for("substitutions.entry", ref=ref), code=303)


def writing_into(application: Application) -> Writing:
    """Return who writes into the application now, with the form that it is read with."""
    form, sealer = form_for(application), current_sealer()
    school, category = application.school, application.category
    return Writing(current_actor(), school, category, sealer, clock.now(), form)


def _refusal(application: Application) -> str | None:
    """Return why nobody can be substituted now."""
    try:
        substitutions.demand_open(application, clock.now())
    except Refused as refusal:
        return sentence(refusal.code, **refusal.facts)
    return None


def _back(application: Application, text: str) -> Response:
    flash(text, "warning")
    return redirect(url_for("applications.show", ref=application.ref))


def _asked(
    form: SubstitutionForm, application: Application, leaving: Member, coming: Person | None
) -> bool:
    ref, person_ref, coming_ref = (
        application.ref,
        leaving.person.ref,
        coming.ref if coming else None,
    )
    read: RowReading[Any] = RowReading(None)
    if coming is None:
        read = read_member(form.values(), reading_of(writing_into(application)))
        form.show_problems(read.problems)
    if form.errors:
        return False
    wish = Wish(form.reason.data or "", form.values(), coming_ref)
    try:
        with transaction():
            application = find_application(ref)
            _made, found = substitutions.ask(
                application, person_ref, wish, writing_into(application)
            )
    except Refused as refusal:
        form.show_refusal(refusal)
        return False
    flash_warnings(form, read, found)
    return True


def _form_page(
    form: SubstitutionForm, application: Application, leaving: Member, coming: Person | None
) -> str:
    parts = parts_with_answers(MEMBER_PARTS, form_for(application).entry_fields(FieldOwner.MEMBER))
    return render_template(
        "applications/substitution_form.html",
        form=form,
        application=application,
        leaving=leaving,
        coming=coming,
        parts=((_("Reason"), ("reason",)), *parts),
    )
