"""The pages on which options, wishes, locks and sets of an assignment are entered."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.reading import note_programme_reading
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.programmes import writing
from scheduler.programmes.views import Answer, form_page
from scheduler.scheduling.activities.models import PlannedActivity
from scheduler.scheduling.activities.services import activities_of
from scheduler.scheduling.assigning import entering, services
from scheduler.scheduling.assigning.forms import (
    OptionsForm,
    SheetForm,
    participant_form,
    stored_wishes,
)
from scheduler.scheduling.assigning.models import Takers, WishAssignment
from scheduler.scheduling.assigning.services import find_assignment
from scheduler.scheduling.assigning.sheets import Line, Says, read_sheet
from scheduler.scheduling.assigning.taking_part import find_candidate
from scheduler.scheduling.assigning.wording import CELL_TEXTS
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import LARGEST_NUMBER
from scheduler.texts import sentence

SHOWN_LINES = 50
"""So many wrong lines of a sheet are shown; the others when these are mended."""


@blueprint.route("/assignments/<string:ref>/options", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_assignment)
def assignment_options(thing: WishAssignment) -> Answer:
    """Enter the options with their room."""
    form = OptionsForm()
    if request.method == "GET":
        form.show(thing)
        form.remember({"rows": entering.option_facts(thing)})
    activities = _activities(thing)
    form.offer_choices(activities)
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(thing.programme)
                form.require_seen({"rows": entering.option_facts(thing)})
                wanted = form.details(activities)
                entering.set_options(thing, wanted, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(_address(thing), code=303)
    return form_page("scheduling/assignment_options.html", form, assignment=thing)


@blueprint.route("/assignments/<string:ref>/sheet", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_assignment)
def assignment_sheet(thing: WishAssignment) -> Answer:
    """Take wishes, exclusions or sets from lines of a spreadsheet: all of them, or none."""
    form = SheetForm()
    lines: list[Line] = []
    if form.validate_on_submit():
        says = Says(form.says.data)
        lines = read_sheet(str(form.text.data), says, entering.known_words(thing))
        if not lines:
            form.text.errors = [_("No line says anything but headings.")]
        elif any(line.is_wrong for line in lines):
            form.text.errors = [
                _("Nothing was taken over yet: the wrong cells stand in the table above.")
            ]
        elif _take_over(thing, form, says, lines):
            flash(_("The lines were taken over."), "success")
            return redirect(_address(thing), code=303)
    wrong = [line for line in lines if line.is_wrong]
    return form_page(
        "scheduling/assignment_sheet.html",
        form,
        assignment=thing,
        wrong=wrong[:SHOWN_LINES],
        more=len(wrong[SHOWN_LINES:]),
        widest=max((len(line.cells) for line in wrong[:SHOWN_LINES]), default=0),
        cell_texts=CELL_TEXTS,
    )


@blueprint.route(
    "/assignments/<string:ref>/participants/<string:participant>", methods=["GET", "POST"]
)
@access(Permission.PLAN_EDIT, find_assignment)
def assignment_participant(thing: WishAssignment, participant: str) -> Answer:
    """Enter what one who takes part wishes, must not get, and is locked to."""
    one = find_candidate(thing, participant)
    stored = stored_wishes(one)
    form = participant_form(thing, stored)
    form.remember(stored)
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(thing.programme)
                one = find_candidate(thing, participant)
                form.require_seen(stored_wishes(one))
                entering.change_participant(
                    thing, one, form.details(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(_address(thing), code=303)
    if thing.takers is Takers.PUPILS:
        note_programme_reading(thing.programme, people=1, action="read:wishes")
    return form_page("scheduling/assignment_participant.html", form, assignment=thing, one=one)


@blueprint.post("/assignments/<string:ref>/locks")
@access(Permission.PLAN_EDIT, find_assignment)
def lock_assignment(thing: WishAssignment) -> Response:
    """Lock everybody to what they were given, or unlock all."""
    is_locked = request.form.get("is_locked") == "y"
    try:
        with transaction():
            writing.hold(thing.programme)
            services.lock_all(thing, is_locked=is_locked, actor=current_actor(), now=clock.now())
    except Refused as error:
        flash(sentence(error.code, **error.facts), "error")
    return redirect(_address(thing), code=303)


@blueprint.post("/assignments/<string:ref>/companies/<int:number>/remove")
@access(Permission.PLAN_EDIT, find_assignment)
def remove_company(thing: WishAssignment, number: int) -> Response:
    """Forget a set of those who stay together or apart."""
    try:
        with transaction():
            writing.hold(thing.programme)
            entering.remove_company(
                thing, min(number, LARGEST_NUMBER), actor=current_actor(), now=clock.now()
            )
    except Refused as error:
        flash(sentence(error.code, **error.facts), "error")
    return redirect(_address(thing), code=303)


def _take_over(assignment: WishAssignment, form: SheetForm, says: Says, lines: list[Line]) -> bool:
    try:
        with transaction():
            writing.hold(assignment.programme)
            entering.take_over_sheet(
                assignment, says, lines, actor=current_actor(), now=clock.now()
            )
    except Refused as error:
        form.refuse(error)
        return False
    return True


def _activities(assignment: WishAssignment) -> dict[str, PlannedActivity]:
    """Return what an option may be: the activities that are planned, and those chosen before."""
    chosen = [each.activity for each in assignment.options if each.activity is not None]
    planned = activities_of(assignment.programme)
    return {each.ref: each for each in [*planned, *chosen]}


def _address(assignment: WishAssignment) -> str:
    return url_for("scheduling.assignment", ref=assignment.ref)
