"""Publishing a draft, by one person or two, and releases as they were published."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission
from scheduler.applications.reading import note_programme_reading
from scheduler.calendars.reach import reach_of
from scheduler.database import transaction
from scheduler.errors import Conflict, Refused
from scheduler.formats import listed
from scheduler.listing import Page
from scheduler.programmes.models import Programme
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.board.answers import edition_of
from scheduler.scheduling.find import find_plan, find_programme, find_release
from scheduler.scheduling.forms import PublishForm, SecondForm
from scheduler.scheduling.models import Plan, Release
from scheduler.scheduling.releases import frozen
from scheduler.scheduling.releases.change_rows import By, ChangeRow, by_of, choices_of, rows_page
from scheduler.scheduling.releases.differences import Change, of_release
from scheduler.scheduling.releases.entries import scope_of
from scheduler.scheduling.releases.frozen_models import RequestState
from scheduler.scheduling.releases.frozen_queries import (
    alone_from,
    others,
    request_behind,
    request_of,
    requests_of,
    shown_state,
)
from scheduler.scheduling.releases.publishing import begin_publication, preview
from scheduler.scheduling.releases.rolling_back import draft_of
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.timetable import by_day, latest_release, performances_of
from scheduler.scheduling.verdict import sentences
from scheduler.texts import sentence

Answer = str | Response | tuple[str, int]


@blueprint.get("/plans/<string:ref>/publish")
@access(Permission.PLAN_PUBLISH, find_plan)
def publish(thing: Plan) -> str:
    """What publishing would change and who would be told."""
    return _publish_page(thing, PublishForm(edition=thing.edition))


@blueprint.post("/plans/<string:ref>/publish")
@access(Permission.PLAN_PUBLISH, find_plan)
def confirm_publish(thing: Plan) -> Answer:
    """Publish the previewed edition, as a job; or ask for a second confirmation of it."""
    form = PublishForm()
    if not form.validate_on_submit():
        return _publish_page(thing, form), 422
    actor, now = current_actor(), clock.now()
    edition, notes = edition_of(form.edition.data), form.notes.data or ""
    try:
        with transaction():
            if thing.edition != edition:
                raise Conflict
            if preview(thing, now=now).frozen and not request_of(thing, RequestState.CONFIRMED):
                frozen.ask(thing, edition=edition, notes=notes, actor=actor, now=now)
                return redirect(url_for("scheduling.publish", ref=thing.ref), code=303)
            url = url_for("scheduling.latest", code=thing.programme.code)
            job = begin_publication(thing, notes=notes, result_url=url, actor=actor, now=now)
            ref = job.ref
    except Refused as error:
        flash(sentence(error.code, **error.facts), "error")
        return redirect(url_for("scheduling.publish", ref=thing.ref), code=303)
    return redirect(url_for("jobs.show", ref=ref), code=303)


@blueprint.post("/plans/<string:ref>/publish/second")
@access(Permission.PLAN_PUBLISH, find_plan)
def confirm_second(thing: Plan) -> Answer:
    """Confirm what another has asked for, and publish it as a job."""
    form = SecondForm()
    try:
        with transaction():
            actor, now = current_actor(), clock.now()
            confirmed = frozen.confirm(
                thing,
                request_id=edition_of(form.asked.data),
                reason=form.reason.data or "",
                actor=actor,
                now=now,
            )
            url = url_for("scheduling.latest", code=thing.programme.code)
            job = begin_publication(
                thing, notes=confirmed.notes, result_url=url, actor=actor, now=now
            )
            ref = job.ref
    except Refused as error:
        form.reason.errors = [sentence(error.code, **error.facts)]
        return _publish_page(thing, PublishForm(edition=thing.edition), form), 422
    return redirect(url_for("jobs.show", ref=ref), code=303)


@blueprint.post("/plans/<string:ref>/publish/take-back")
@access(Permission.PLAN_PUBLISH, find_plan)
def end_request(thing: Plan) -> Response:
    """Withdraw the own request, or refuse another's."""
    with transaction():
        ended = frozen.take_back(
            thing,
            request_id=edition_of(request.form.get("asked")),
            actor=current_actor(),
            now=clock.now(),
        )
        is_refused = ended.state is RequestState.REFUSED
    flash(_("Refused; nothing is published.") if is_refused else _("Withdrawn."), "success")
    return redirect(url_for("scheduling.publish", ref=thing.ref), code=303)


@blueprint.get("/programmes/<string:code>/releases/<int:number>")
@access(Permission.PLAN_READ, find_release)
def release(thing: Release) -> str:
    """A release as it was published."""
    days = by_day(performances_of(thing), thing.programme.timezone)
    # Everything is new in the first release: its list would only repeat the timetable.
    listed = _listed(thing.programme, of_release(thing)) if thing.number > 1 else None
    newest = latest_release(thing.programme)
    is_latest = newest is not None and newest.id == thing.id
    return render_template(
        "scheduling/release.html",
        release=thing,
        days=days,
        listed=listed,
        second=request_behind(thing),
        is_latest=is_latest,
        reach=reach_of(scope_of(thing.programme), now=clock.now()) if is_latest else None,
    )


@blueprint.post("/programmes/<string:code>/releases/<int:number>/roll-back")
@access(Permission.PLAN_EDIT, find_release)
def roll_back(thing: Release) -> Response:
    """Make a draft of a release, to be looked at and published as the next one."""
    with transaction():
        made = draft_of(thing, actor=current_actor(), now=clock.now())
        ref, number = made.plan.ref, thing.number
    flash(_("This draft is release %(number)s as it was published.", number=number), "success")
    for text, names in (
        (_("No longer accepted, so without a place in it: %(names)s."), made.left),
        (_("Without a place, because their venue is gone: %(names)s."), made.homeless),
        (_("Accepted since, so without a time in it: %(names)s."), made.new),
    ):
        if names:
            flash(text % {"names": listed(names)}, "warning")
    is_whole = not (made.homeless or made.new)
    page = "scheduling.publish" if is_whole else "scheduling.board"
    return redirect(url_for(page, ref=ref), code=303)


@blueprint.get("/programmes/<string:code>/releases/latest")
@access(Permission.PLAN_READ, find_programme)
def latest(thing: Programme) -> Response:
    """Lead to the newest release."""
    newest = latest_release(thing)
    if newest is None:
        return redirect(url_for("scheduling.plans", code=thing.code))
    return redirect(url_for("scheduling.release", code=thing.code, number=newest.number))


@dataclass(frozen=True)
class _Listed:
    """A list of changes as a page shows it."""

    page: Page[ChangeRow]
    by: By
    choices: list[tuple[str, str]]


def _listed(programme: Programme, changes: list[Change]) -> _Listed:
    names_people = may(Permission.PERSON_READ, programme)
    by = by_of(request.args.get("by", ""), names_people=names_people)
    page = rows_page(programme, changes, by)
    if by is By.PERSON:
        note_programme_reading(programme, people=len(page.items), action="read:release")
    return _Listed(page, by, choices_of(names_people=names_people))


def _publish_page(plan: Plan, form: PublishForm, second: SecondForm | None = None) -> str:
    now = clock.now()
    seen = preview(plan, now=now)
    problems = sentences(situation_of(plan.programme), seen.broken) if seen.broken else []
    waiting = request_of(plan)
    me = current_actor().account_id
    return render_template(
        "scheduling/publish.html",
        plan=plan,
        form=form,
        preview=seen,
        problems=problems,
        listed=_listed(plan.programme, seen.changes),
        waiting=waiting,
        second=second or SecondForm(data={"asked": waiting.id if waiting else None}),
        is_own=waiting is not None and waiting.asked_by == me,
        others=others(plan.programme, waiting.asked_by if waiting else me),
        alone_from=alone_from(waiting) if waiting else None,
        is_confirmed=request_of(plan, RequestState.CONFIRMED) is not None,
        requests=[(one, shown_state(one)) for one in requests_of(plan) if one != waiting],
        now=now,
    )
