"""A coordinator's pages about public notices."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import raiseload
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.queries import categories_of
from scheduler.calendars.addresses import public_url
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.listing import Page, cut, page_of
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.publicity import objections, services
from scheduler.publicity.forms import CorrectionForm, NoticeForm, notice_values
from scheduler.publicity.lines import digest_of, lines_of
from scheduler.publicity.models import NoticeLine, NoticeState, NoticeVersion, PublicNotice
from scheduler.publicity.refusals import Refusal
from scheduler.publicity.texts import CHANGES, DAY_KINDS
from scheduler.web import shown_version

blueprint = Blueprint("publicity", __name__)

Answer = str | tuple[str, int] | Response
PER_PAGE = 100
LINE_SORTS = {"position": NoticeLine.position}


def find_notice(ref: str) -> PublicNotice:
    """Return the notice of an address."""
    return services.find(ref)


def find_version(ref: str, number: int) -> NoticeVersion:
    """Return the version of an address."""
    return services.find_version(ref, number)


@blueprint.get("/programmes/<string:code>/notices")
@access(Permission.APPLICATION_DECIDE, find_programme)
def index(thing: Programme) -> Answer:
    """List the programme's notices with their objections, the newest first."""
    page = page_of(
        select(PublicNotice).where(PublicNotice.programme_id == thing.id).options(raiseload("*")),
        sorts={"made": (PublicNotice.created_at, PublicNotice.id)},
        default_sort="made",
        newest_first=True,
    )
    return render_template(
        "publicity/notices.html",
        programme=thing,
        page=page,
        counts=objections.counts_by_state(list(page.items)),
    )


@blueprint.route("/programmes/<string:code>/notices/new", methods=["GET", "POST"])
@access(Permission.APPLICATION_DECIDE, find_programme)
def new(thing: Programme) -> Answer:
    """Write a notice; all categories are chosen to begin with."""
    categories = categories_of(thing)
    chosen = [category.id for category in categories]
    form = NoticeForm(data={"days": 7, "day_kind": "calendar", "categories": chosen})
    form.offer_choices(categories)
    if form.validate_on_submit():
        try:
            with transaction():
                notice = services.add(thing, form.details(), actor=current_actor(), now=clock.now())
                ref = notice.ref
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The notice was saved. Look at the preview before you publish it."), "success")
            return redirect(url_for("publicity.show", ref=ref), code=303)
    return _form_page(form, thing, None)


@blueprint.get("/notices/<string:ref>")
@access(Permission.APPLICATION_DECIDE, find_notice)
def show(thing: PublicNotice) -> Answer:
    """Show the preview of what would be published now, the versions, and the next step."""
    return _page(thing)


@blueprint.get("/notices/<string:ref>/versions/<int:number>")
@access(Permission.APPLICATION_DECIDE, find_version)
def version(thing: NoticeVersion) -> Answer:
    """Show a version as it was published."""
    return render_template(
        "publicity/version.html",
        version=thing,
        notice=thing.notice,
        page=lines_page(thing),
        changes=CHANGES,
    )


@blueprint.route("/notices/<string:ref>/edit", methods=["GET", "POST"])
@access(Permission.APPLICATION_DECIDE, find_notice)
def edit(thing: PublicNotice) -> Answer:
    """Change a notice; what is published stays until a correction is published."""
    if thing.state_at(clock.now()) not in {NoticeState.DRAFT, NoticeState.PUBLISHED}:
        raise Refused(Refusal.NOTICE_OVER)
    form = NoticeForm(data=notice_values(thing))
    form.offer_choices(categories_of(thing.programme))
    if form.validate_on_submit():
        try:
            with transaction():
                services.change(
                    thing,
                    form.details(),
                    version=shown_version(),
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The notice was saved. Look at the preview before you publish it."), "success")
            return _back(thing)
    return _form_page(form, thing.programme, thing)


@blueprint.post("/notices/<string:ref>/publish")
@access(Permission.APPLICATION_DECIDE, find_notice)
def publish(thing: PublicNotice) -> Answer:
    """Publish what was previewed, for the first time or as a correction."""
    form = CorrectionForm()
    if not form.validate_on_submit():
        return _page(thing, form), 422
    try:
        with transaction():
            services.publish(
                thing,
                version=shown_version(),
                digest=str(form.digest.data),
                correction=form.correction.data or None,
                restarts=bool(form.restarts.data),
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as error:
        if error.field is None:
            raise
        form.refuse(error)
        return _page(thing, form), 422
    flash(
        _("The correction is public now.")
        if form.correction.data
        else _("The notice is public now. It takes itself down at the end of its days."),
        "success",
    )
    return _back(thing)


@blueprint.post("/notices/<string:ref>/take-down")
@access(Permission.APPLICATION_DECIDE, find_notice)
def take_down(thing: PublicNotice) -> Answer:
    """Close the page before its time."""
    with transaction():
        services.take_down(
            thing,
            reason=request.form.get("reason", "").strip(),
            version=shown_version(),
            actor=current_actor(),
            now=clock.now(),
        )
    flash(_("The notice was taken down."), "success")
    return _back(thing)


@blueprint.post("/notices/<string:ref>/remove")
@access(Permission.APPLICATION_DECIDE, find_notice)
def remove(thing: PublicNotice) -> Answer:
    """Delete a draft."""
    code = thing.programme.code
    with transaction():
        services.remove(thing, actor=current_actor(), now=clock.now())
    flash(_("The draft was removed."), "success")
    return redirect(url_for("publicity.index", code=code), code=303)


def lines_page(version: NoticeVersion) -> Page[NoticeLine]:
    """Return the asked page of a version's lines, limited to a piece of school or group."""
    query = select(NoticeLine).where(NoticeLine.version_id == version.id)
    if text := request.args.get("q", "").strip()[:80]:
        columns = (NoticeLine.school_name, NoticeLine.group_name)
        one, other = (column.icontains(text, autoescape=True) for column in columns)
        query = query.where(one | other)
    return page_of(query, sorts=LINE_SORTS, default_sort="position", per_page=PER_PAGE)


def _page(notice: PublicNotice, form: CorrectionForm | None = None) -> str:
    now = clock.now()
    lines = lines_of(notice)
    shown = {"version": notice.version, "digest": digest_of(notice, lines)}
    exceptions, region = services.exceptions_of(notice, now)
    facts: dict[str, Any] = {
        "state": notice.state_at(now),
        "page": cut(lines, per_page=PER_PAGE),
        "would_end_at": services.end_when_published(notice, now),
        "exceptions": exceptions,
        "region": region,
        "counts": objections.counts_by_state([notice])[notice.id],
        "public_address": public_url() + url_for("public_notices.show", ref=notice.ref),
    }
    return render_template(
        "publicity/notice.html",
        notice=notice,
        form=form or CorrectionForm(formdata=None, data=shown),
        day_kinds=DAY_KINDS,
        changes=CHANGES,
        **facts,
    )


def _form_page(form: NoticeForm, programme: Programme, notice: PublicNotice | None) -> Answer:
    page = render_template(
        "publicity/notice_form.html", form=form, programme=programme, notice=notice
    )
    return page, 422 if request.method == "POST" else 200


def _back(notice: PublicNotice) -> Response:
    return redirect(url_for("publicity.show", ref=notice.ref), code=303)
