"""The form of one pupil, for whichever school enters it: the entry's own, or a guest of it."""

from collections.abc import Collection

from flask import flash, render_template
from flask_babel import get_locale

from scheduler import clock
from scheduler.access.guard import current_actor
from scheduler.applications import entry_services, services
from scheduler.applications.answers import AnswerCode
from scheduler.applications.current_form import current_form
from scheduler.applications.entry_forms import MEMBER_PARTS, EntryForm, parts_with_answers
from scheduler.applications.fields import Field
from scheduler.applications.models import Application
from scheduler.applications.queries import pupils_in
from scheduler.applications.roster import member_values, read_member
from scheduler.applications.roster_base import StoredMember
from scheduler.applications.roster_pupils import StoredPerson
from scheduler.applications.roster_records import KEPT, Reading, Row, RowReading
from scheduler.applications.roster_stored import member_row
from scheduler.applications.roster_texts import explain, explain_code
from scheduler.applications.roster_writing import Writing
from scheduler.applications.workflow import Refusal
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.organisations.models import School
from scheduler.people.keys import current_sealer
from scheduler.programmes.form_fields import FieldOwner
from scheduler.programmes.models import Category
from scheduler.spreadsheets.cells import CellProblem
from scheduler.texts import sentence

Stored = tuple[StoredPerson, StoredMember]


def is_locked(application: Application, fields: Collection[Field]) -> bool:
    """Tell whether these fields may not be changed now, and say why in the page's next message."""
    try:
        services.demand_editable(application, now=clock.now(), fields=fields)
    except Refused as refusal:
        flash(sentence(refusal.code, **refusal.facts), "warning")
        return True
    return False


def saved_member(
    form: EntryForm, application: Application, school: School, stored: Stored | None = None
) -> bool:
    """Write what was typed about a pupil of the school; the form shows what stops it."""
    read = read_member(form.values(), reading_of(school, application.category))
    form.show_problems(read.problems)
    if read.record is None or form.errors:
        return False
    try:
        with transaction():
            writing = writing_of(school, application.category)
            person = stored[0] if stored else None
            found = entry_services.save_member(
                read.record, writing, application, person, seen=form.seen.data
            )
    except Refused as refusal:
        form.show_refusal(refusal)
        if stored is not None and refusal.code is Refusal.CHANGED_MEANWHILE:
            form.show_stored(*shown_member(application, school, stored))
        return False
    flash_warnings(form, read, found)
    return True


def removed_member(application: Application, school: School, person: str) -> str:
    """Take a pupil of the school out of the group and return the name; the caller commits."""
    writing = writing_of(school, application.category)
    stored, _member = entry_services.stored_member(application, person, writing)
    name: str = stored.values["name"]
    entry_services.remove_member(application, stored, writing)
    return name


def shown_member(
    application: Application, school: School, stored: Stored
) -> tuple[dict[str, str | None], str]:
    """Return what the form shows of a stored member, and the fingerprint; choices by value."""
    person, member = stored
    record = member_row(person, member, application.group_name)
    choices = {
        "sex": record.sex,
        "document_kind": record.document_kind,
        "consent_held": "Y" if record.consent_held else "N",
    }
    plan = current_form(application.category, school)
    shown = {
        **member_values(record, str(get_locale()), plan),
        **choices,
        **plan.chosen(record.answers),
    }
    return shown, entry_services.member_seen(person, member, current_sealer())


def member_page(
    form: EntryForm,
    application: Application,
    school: School,
    *,
    crumbs: list[tuple[str, str]],
    is_new: bool,
) -> str:
    """Return the page of the form; the last of the crumbs is where it leads back to."""
    plan = current_form(application.category, school)
    return render_template(
        "applications/entry_member.html",
        form=form,
        application=application,
        is_new=is_new,
        crumbs=crumbs,
        parts=parts_with_answers(MEMBER_PARTS, plan.entry_fields(FieldOwner.MEMBER)),
        kept=KEPT,
        entered=pupils_in(application),
    )


def flash_warnings(form: EntryForm, read: RowReading[Row], found: tuple[CellProblem, ...]) -> None:
    """Say with the next page what deserves a look in what was written.

    Of what the form did not show nothing is said: a returned entry shows marked parts alone.
    """
    for problem in read.problems:
        if problem.code is AnswerCode.MISSING or problem.key not in {*form.data, ""}:
            continue  # the entry's page lists what is still open
        flash(explain_code(problem.code, problem.facts, None).wrong, "warning")
    for whole in found:
        flash(explain(whole).wrong, "warning")


def reading_of(school: School, category: Category) -> Reading:
    """Return how a school's forms are read today."""
    form = current_form(category, school)
    today = clock.today(category.programme.timezone)
    return Reading(school.country, today, needs_works=category.is_staged, form=form)


def writing_of(school: School, category: Category) -> Writing:
    """Return who writes for the school now."""
    form = current_form(category, school)
    return Writing(current_actor(), school, category, current_sealer(), clock.now(), form)
