"""A school's way to enter a group by form: the group, then its members one by one."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.applications import entry_services
from scheduler.applications.current_form import current_form, form_for
from scheduler.applications.entry_forms import (
    GROUP_PARTS,
    EntryForm,
    NewMemberForm,
    asked_keys,
    group_form,
    member_form,
    parts_with_answers,
)
from scheduler.applications.fields import ALL_FIELDS, Field, editable_fields
from scheduler.applications.guests import school_names
from scheduler.applications.import_views import find_school
from scheduler.applications.import_words import limits_words
from scheduler.applications.member_pages import (
    flash_warnings,
    is_locked,
    member_page,
    reading_of,
    removed_member,
    saved_member,
    shown_member,
    writing_of,
)
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.queries import find_application, members_of
from scheduler.applications.reading import note_reading
from scheduler.applications.roster import group_values, read_group
from scheduler.applications.roster_records import RowReading
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
    read = read_group(form.values(), reading_of(thing, chosen))
    saved = _saved_group(form, read, writing_of(thing, chosen), None)
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
    form.limit_to(keys & asked_keys(thing.category, plan, works=len(record.pieces)))
    if not form.is_submitted():
        if is_locked(thing, () if keys else ALL_FIELDS):
            return redirect(url_for("applications.show", ref=thing.ref))
        if not form.has_columns:
            return redirect(url_for("answers.group", ref=thing.ref))
        form.fill(*_shown_group(thing))
        return _group_page(form, thing.school, thing.category, thing)
    form.validate()
    read = read_group({**stored, **form.values()}, reading_of(thing.school, thing.category))
    if _saved_group(form, read, writing_of(thing.school, thing.category), thing) is None:
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
        guests=school_names(thing),
        can_change=Field.MEMBERS in editable_fields(thing.state, thing.returned_fields),
    )


@blueprint.route("/applications/<string:ref>/members/new", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_application)
def add_member(thing: Application) -> str | Response | tuple[str, int]:
    """Add a pupil; the form comes back empty for the next one, or the list does."""
    form = member_form(form_for(thing), NewMemberForm)
    if not form.is_submitted():
        if is_locked(thing, {Field.MEMBERS}):
            return redirect(url_for("applications.show", ref=thing.ref))
        return _member_page(form, thing)
    form.validate()
    if not saved_member(form, thing, thing.school):
        return _member_page(form, thing), 422
    flash(_("%(name)s is entered.", name=form.values()["name"]), "success")
    then = "entries.members" if form.finish.data else "entries.add_member"
    return redirect(url_for(then, ref=thing.ref), code=303)


@blueprint.route("/applications/<string:ref>/members/<string:person>/edit", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_application)
def edit_member(thing: Application, person: str) -> str | Response | tuple[str, int]:
    """Change a pupil; what is sealed stays as it is unless it is typed anew."""
    form = member_form(form_for(thing), EntryForm)
    writing = writing_of(thing.school, thing.category)
    stored = entry_services.stored_member(thing, person, writing)
    if not form.is_submitted():
        if is_locked(thing, {Field.MEMBERS}):
            return redirect(url_for("applications.show", ref=thing.ref))
        form.fill(*shown_member(thing, thing.school, stored))
        note_reading(thing, people=1)
        return _member_page(form, thing, is_new=False)
    form.validate()
    if not saved_member(form, thing, thing.school, stored):
        return _member_page(form, thing, is_new=False), 422
    flash(_("The changes are stored."), "success")
    return redirect(url_for("entries.members", ref=thing.ref), code=303)


@blueprint.post("/applications/<string:ref>/members/<string:person>/remove")
@access(Permission.APPLICATION_ENTER, find_application)
def remove_member(thing: Application, person: str) -> Response:
    """Take a pupil out of the group."""
    with transaction():
        name = removed_member(thing, thing.school, person)
    flash(_("%(name)s is no longer in the group.", name=name), "info")
    return redirect(url_for("entries.members", ref=thing.ref), code=303)


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
    flash_warnings(form, read, found)
    return find_application(ref)


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


def _member_page(form: EntryForm, application: Application, *, is_new: bool = True) -> str:
    crumbs = [
        (_("My school"), url_for("applications.my_school")),
        (application.group_name, url_for("applications.show", ref=application.ref)),
        (_("Members"), url_for("entries.members", ref=application.ref)),
    ]
    return member_page(form, application, application.school, crumbs=crumbs, is_new=is_new)
