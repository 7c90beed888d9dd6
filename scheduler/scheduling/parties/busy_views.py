"""Pages about busy times: a programme's schools for coordinators, each school's own."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission
from scheduler.applications.reading import note_programme_reading
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.listing import page_of
from scheduler.organisations.models import School
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.programmes.views import Answer, form_page
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import LARGEST_NUMBER, find_busy_school, find_programme
from scheduler.scheduling.parties import busy_services, outside_services
from scheduler.scheduling.parties.busy_forms import BusyForm, ClassHoursForm, ClosingForm
from scheduler.scheduling.parties.busy_services import BusySchool
from scheduler.scheduling.parties.busy_texts import class_hours_text
from scheduler.scheduling.parties.class_times import ClassTimes
from scheduler.scheduling.parties.outside_services import Whose


@blueprint.route("/programmes/<string:code>/busy-times", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def busy_times(thing: Programme) -> Answer:
    """Show all schools with what they have entered, and say until when they may."""
    form = ClosingForm()
    form.offer_repeated()
    stored = busy_services.closes_at(thing)
    if request.method == "GET":
        form.show_instants(thing.timezone, closes=stored)
        form.remember({"closes": stored})
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(thing)
                form.require_seen({"closes": busy_services.closes_at(thing)})
                wall = form.closes.data
                until = form.instant(wall, thing.timezone, "closes") if wall else None
                busy_services.set_closes_at(thing, until, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("scheduling.busy_times", code=thing.code), code=303)
    text = request.args.get("q", "").strip()
    page = page_of(
        busy_services.schools_of(thing, text),
        sorts={"school": (School.name, School.id)},
        default_sort="school",
    )
    return form_page(
        "scheduling/busy_times.html",
        form,
        programme=thing,
        page=page,
        text=text,
        counts=busy_services.busy_counts(thing, page.items),
        hours=busy_services.class_hours_of(thing),
        hours_text=class_hours_text,
    )


@blueprint.route(
    "/programmes/<string:code>/busy-times/<string:school_code>", methods=["GET", "POST"]
)
@access(Permission.PERSON_READ, find_busy_school)
def busy_school(thing: BusySchool) -> Answer:
    """Show when a school and its people are not free, and add to it."""
    form = BusyForm()
    form.offer_choices(thing)
    if form.validate_on_submit():
        try:
            with transaction():
                hold(thing)
                details = form.details(thing.programme.timezone)
                busy_services.add_busy_time(thing, details, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The busy time was added."), "success")
            return redirect(_page_of(thing), code=303)
    rows = busy_services.busy_times_of(thing)
    note_programme_reading(
        thing.programme, people=len(form.who.choices or ()) - 1, action="read:busy-times"
    )
    return form_page(
        "scheduling/busy_school.html",
        form,
        programme=thing.programme,
        school=thing.school,
        rows=rows,
        calendar=outside_services.calendar_of(Whose(thing.programme, school=thing.school)),
        hours=busy_services.class_hours_of(thing.programme).get(thing.school.id),
        hours_text=class_hours_text,
        is_open=may_enter(thing),
    )


@blueprint.route(
    "/programmes/<string:code>/busy-times/<string:school_code>/class-hours",
    methods=["GET", "POST"],
)
@access(Permission.PERSON_READ, find_busy_school)
def class_hours(thing: BusySchool) -> Answer:
    """Say from when until when the school's pupils are in class on school days."""
    form = ClassHoursForm()
    if request.method == "GET":
        form.show(_class_times(thing))
        form.remember({"days": _class_times(thing).by_weekday})
    form.offer_choices()
    if form.validate_on_submit():
        try:
            with transaction():
                hold(thing)
                form.require_seen({"days": _class_times(thing).by_weekday})
                busy_services.set_class_hours(
                    thing, form.times(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(_page_of(thing), code=303)
    return form_page(
        "scheduling/class_hours.html", form, programme=thing.programme, school=thing.school
    )


@blueprint.post(
    "/programmes/<string:code>/busy-times/<string:school_code>/rows/<int:number>/remove"
)
@access(Permission.PERSON_READ, find_busy_school)
def remove_busy(thing: BusySchool, number: int) -> Answer:
    """Forget one of the school's busy times."""
    with transaction():
        hold(thing)
        busy_services.remove_busy_time(
            thing, min(number, LARGEST_NUMBER), actor=current_actor(), now=clock.now()
        )
    flash(_("The busy time was removed."), "success")
    return redirect(_page_of(thing), code=303)


def hold(busy: BusySchool) -> None:
    """Let nobody else change the programme; schools may only while it is their time."""
    writing.hold(busy.programme)
    if not may(Permission.PLAN_EDIT, busy.programme):
        busy_services.require_open(busy.programme, clock.now())


def may_enter(busy: BusySchool) -> bool:
    """Tell whether who looks may enter busy times of the school now."""
    is_coordinator = may(Permission.PLAN_EDIT, busy.programme)
    return is_coordinator or busy_services.is_open(busy.programme, clock.now())


def _page_of(busy: BusySchool) -> str:
    return url_for("scheduling.busy_school", code=busy.programme.code, school_code=busy.school.code)


def _class_times(busy: BusySchool) -> ClassTimes:
    return busy_services.class_hours_of(busy.programme).get(busy.school.id, ClassTimes())
