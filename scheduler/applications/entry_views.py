"""A school's way to enter a group by form: the group, then its members one by one."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications import entry_services, services
from scheduler.applications.answers import AnswerCode
from scheduler.applications.current_form import current_form, form_for
from scheduler.applications.entry_forms import (
    GROUP_PARTS,
    MEMBER_PARTS,
    EntryForm,
    NewMemberForm,
    asked_keys,
    group_form,
    member_form,
    parts_with_answers,
)
from scheduler.applications.fields import ALL_FIELDS, Field, editable_fields
from scheduler.applications.import_views import find_school
from scheduler.applications.import_words import limits_words
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.queries import find_application, members_of, pupils_in
from scheduler.applications.reading import note_reading
from scheduler.applications.roster import group_values, member_values, read_group, read_member
from scheduler.applications.roster_base import StoredMember
from scheduler.applications.roster_pupils import StoredPerson
from scheduler.applications.roster_records import KEPT, Reading, Row, RowReading
from scheduler.applications.roster_stored import member_row
from scheduler.applications.roster_texts import explain, explain_code
from scheduler.applications.roster_writing import Writing
from scheduler.applications.workflow import Refusal
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.listing import page_of
from scheduler.organisations.models import School
from scheduler.people.keys import current_sealer
from scheduler.people.models import Person
from scheduler.programmes.category_services import find_category
from scheduler.programmes.form_fields import FieldOwner
from scheduler.programmes.models import Category
from scheduler.spreadsheets.cells import CellProblem
from scheduler.texts import sentence

blueprint = Blueprint("entries", __name__)

SORTS: dict[str, Any] = {
    "position": (Member.position, Member.id),
    "name": (Person.sort_key, Person.name, Member.id),
    "part": (Member.part, Member.position, Member.id),
}


@blueprint.route(
    "/programmes/<string:code>/categories/<string:category>/schools/<string:school>/entries/new",
    methods=["GET", "POST"],
)
@access(Permission.APPLICATION_ENTER, find_school)
def new(thing: School, code: str, category: str) -> str | Response | tuple[str, int]:
    """Begin a group as a draft; its members follow on the next page."""
    chosen = find_category(code, category)
    plan = current_form(chosen, thing)
    form = group_form(plan)
    form.limit_to(asked_keys(chosen, plan))
    if not form.validate_on_submit():
        return _group_page(form, thing, chosen)
    read = read_group(form.values(), _reading(thing, chosen))
    saved = _saved_group(form, read, _writing(thing, chosen), None)
    if saved is None:
        return _group_page(form, thing, chosen), 422
    flash(_("The group is kept as a draft. Now enter its members."), "success")
    return redirect(url_for("entries.members", ref=saved.ref), code=303)


@blueprint.route("/applications/<string:ref>/edit", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_application)
def edit(thing: Application) -> str | Response | tuple[str, int]:
    """Change the group; of a returned entry only what was marked."""
    plan = form_for(thing)
    form = group_form(plan)
    keys = entry_services.changeable_keys(thing, plan)
    record = entry_services.group_row(thing)
    stored = group_values(record, str(get_locale()), plan)
    form.limit_to(keys & asked_keys(thing.category, plan))
    if not form.is_submitted():
        if (refusal := _locked(thing, () if keys else ALL_FIELDS)) is not None:
            return refusal
        if not form.has_columns:
            return redirect(url_for("answers.group", ref=thing.ref))
        form.fill(*_shown_group(thing))
        return _group_page(form, thing.school, thing.category, thing)
    form.validate()
    read = read_group({**stored, **form.values()}, _reading(thing.school, thing.category))
    if _saved_group(form, read, _writing(thing.school, thing.category), thing) is None:
        return _group_page(form, thing.school, thing.category, thing), 422
    flash(_("The changes are stored."), "success")
    return redirect(url_for("applications.show", ref=thing.ref), code=303)


@blueprint.get("/applications/<string:ref>/members")
@access(Permission.APPLICATION_ENTER, find_application)
def members(thing: Application) -> str:
    """The pupils of the group, each with its form."""
    pupils = members_of(thing).where(Member.role == MemberRole.PUPIL)
    page = page_of(pupils, sorts=SORTS, default_sort="position")
    note_reading(thing, people=len(page.items))
    return render_template(
        "applications/entry_members.html",
        application=thing,
        members=page,
        can_change=Field.MEMBERS in editable_fields(thing.state, thing.returned_fields),
    )


@blueprint.route("/applications/<string:ref>/members/new", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_application)
def add_member(thing: Application) -> str | Response | tuple[str, int]:
    """Add a pupil; the form comes back empty for the next one, or the list does."""
    form = member_form(form_for(thing), NewMemberForm)
    if not form.is_submitted():
        return _locked(thing, {Field.MEMBERS}) or _member_page(form, thing)
    form.validate()
    if not _saved_member(form, thing):
        return _member_page(form, thing), 422
    flash(_("%(name)s is entered.", name=form.values()["name"]), "success")
    then = "entries.members" if form.finish.data else "entries.add_member"
    return redirect(url_for(then, ref=thing.ref), code=303)


@blueprint.route("/applications/<string:ref>/members/<string:person>/edit", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_application)
def edit_member(thing: Application, person: str) -> str | Response | tuple[str, int]:
    """Change a pupil; what is sealed stays as it is unless it is typed anew."""
    form = member_form(form_for(thing), EntryForm)
    stored, member = entry_services.stored_member(thing, person, _writing_into(thing))
    if not form.is_submitted():
        if (refusal := _locked(thing, {Field.MEMBERS})) is not None:
            return refusal
        form.fill(*_shown_member(thing, stored, member))
        note_reading(thing, people=1)
        return _member_page(form, thing, person)
    form.validate()
    if not _saved_member(form, thing, (stored, member)):
        return _member_page(form, thing, person), 422
    flash(_("The changes are stored."), "success")
    return redirect(url_for("entries.members", ref=thing.ref), code=303)


@blueprint.post("/applications/<string:ref>/members/<string:person>/remove")
@access(Permission.APPLICATION_ENTER, find_application)
def remove_member(thing: Application, person: str) -> Response:
    """Take a pupil out of the group."""
    with transaction():
        writing = _writing_into(thing)
        stored, _member = entry_services.stored_member(thing, person, writing)
        name = stored.values["name"]
        entry_services.remove_member(thing, stored, writing)
    flash(_("%(name)s is no longer in the group.", name=name), "info")
    return redirect(url_for("entries.members", ref=thing.ref), code=303)


def _locked(application: Application, fields: Collection[Field]) -> Response | None:
    """Lead back to the entry and say why, rather than offer a form that cannot be saved."""
    try:
        services.demand_editable(application, now=clock.now(), fields=fields)
    except Refused as refusal:
        flash(sentence(refusal.code, **refusal.facts), "warning")
        return redirect(url_for("applications.show", ref=application.ref))
    return None


def _saved_group(
    form: EntryForm, read: RowReading[Any], writing: Writing, application: Application | None
) -> Application | None:
    form.show_problems(read.problems)
    if read.record is None or form.errors:
        return None
    try:
        with transaction():
            saved, found = entry_services.save_group(
                read.record, writing, application, seen=form.seen.data
            )
            ref = saved.ref
    except Refused as refusal:
        form.show_refusal(refusal)
        if application is not None and refusal.code is Refusal.CHANGED_MEANWHILE:
            form.show_stored(*_shown_group(application))
        return None
    flash_warnings(read, found)
    return find_application(ref)


def _saved_member(
    form: EntryForm,
    application: Application,
    stored: tuple[StoredPerson, StoredMember] | None = None,
) -> bool:
    read = read_member(form.values(), _reading(application.school, application.category))
    form.show_problems(read.problems)
    if read.record is None or form.errors:
        return False
    try:
        with transaction():
            writing = _writing_into(application)
            person = stored[0] if stored else None
            found = entry_services.save_member(
                read.record, writing, application, person, seen=form.seen.data
            )
    except Refused as refusal:
        form.show_refusal(refusal)
        if stored is not None and refusal.code is Refusal.CHANGED_MEANWHILE:
            form.show_stored(*_shown_member(application, *stored))
        return False
    flash_warnings(read, found)
    return True


def flash_warnings(read: RowReading[Row], found: tuple[CellProblem, ...]) -> None:
    for problem in read.problems:
        if problem.code is AnswerCode.MISSING:
            continue  # the entry's page lists what is still open
        flash(explain_code(problem.code, problem.facts, None).wrong, "warning")
    for whole in found:
        flash(explain(whole).wrong, "warning")


def _reading(school: School, category: Category) -> Reading:
    form = current_form(category, school)
    today = clock.today(category.programme.timezone)
    return Reading(school.country, today, needs_works=category.is_staged, form=form)


def _writing(school: School, category: Category) -> Writing:
    form = current_form(category, school)
    return Writing(current_actor(), school, category, current_sealer(), clock.now(), form)


def _writing_into(application: Application) -> Writing:
    return _writing(application.school, application.category)


def _shown_group(application: Application) -> tuple[dict[str, str | None], str]:
    """Return what the form shows of a stored group, and its fingerprint."""
    record = entry_services.group_row(application)
    is_own = record.conductor_is_own
    flag = None if is_own is None else "Y" if is_own else "N"
    plan = form_for(application)
    shown = {
        **group_values(record, str(get_locale()), plan),
        "conductor_is_own": flag,
        **plan.chosen(record.answers),
    }
    return shown, entry_services.group_seen(record, current_sealer())


def _shown_member(
    application: Application, person: StoredPerson, member: StoredMember
) -> tuple[dict[str, str | None], str]:
    """Return what the form shows of a stored member, and the fingerprint; choices by value."""
    record = member_row(person, member, application.group_name)
    choices = {
        "sex": record.sex,
        "document_kind": record.document_kind,
        "consent_held": "Y" if record.consent_held else "N",
    }
    plan = form_for(application)
    shown = {
        **member_values(record, str(get_locale()), plan),
        **choices,
        **plan.chosen(record.answers),
    }
    return shown, entry_services.member_seen(person, member, current_sealer())


def _group_page(
    form: EntryForm, school: School, category: Category, application: Application | None = None
) -> str:
    return render_template(
        "applications/entry_group.html",
        form=form,
        school=school,
        category=category,
        application=application,
        parts=parts_with_answers(
            GROUP_PARTS, current_form(category, school).entry_fields(FieldOwner.GROUP)
        ),
        limits=limits_words(category),
    )


def _member_page(form: EntryForm, application: Application, person: str | None = None) -> str:
    return render_template(
        "applications/entry_member.html",
        form=form,
        application=application,
        person=person,
        parts=parts_with_answers(
            MEMBER_PARTS, form_for(application).entry_fields(FieldOwner.MEMBER)
        ),
        kept=KEPT,
        entered=pupils_in(application),
    )
