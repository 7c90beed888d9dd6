"""Lists as files: at once, or asked for, approved by a second person and fetched when ready."""

from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts.models import Account
from scheduler.database import db, transaction
from scheduler.errors import NotFound, Refused
from scheduler.jobs.models import Job
from scheduler.people.keys import current_sealer
from scheduler.reports import services
from scheduler.reports.blueprint import blueprint
from scheduler.reports.copies import file_name, make_copy
from scheduler.reports.filter_words import filter_words
from scheduler.reports.forms import PurposeForm
from scheduler.reports.lists import find_listing, known_filters
from scheduler.reports.models import Export, ExportState
from scheduler.reports.services import Wish
from scheduler.reports.tables import Content
from scheduler.reports.tasks import wish_of
from scheduler.reports.writing import Format


@blueprint.get("/exports")
@access(Permission.OWN_ACCOUNT)
def exports() -> str:
    """What one has asked for, and what waits for one's approval."""
    actor = current_actor()
    return render_template(
        "reports/exports.html",
        own=services.of_account(actor),
        waiting=services.waiting_for(actor),
        title_of=_title_of,
    )


@blueprint.post("/exports/download")
@access(Permission.OWN_ACCOUNT)
def download() -> Response:
    """The list as a file at once; a long one by a job; many people only with approval."""
    wish, content = _asked()
    rows = content.count()
    services.demand_size(rows)
    if services.needs_approval(wish.listing, rows, approval_rows=_approval_rows()):
        return redirect(url_for("reports.ask_approval", **_address_of(wish)), code=303)
    actor = current_actor()
    if rows > services.AT_ONCE:
        with transaction():
            export = services.begin(actor, wish, content, rows=rows, now=clock.now())
            ref = export.ref
        return redirect(url_for("reports.export", ref=ref), code=303)
    # Written before it is sent: a list that breaks off half way would look like a whole one.
    written, count = make_copy(db.session.get_one(Account, actor.account_id), wish, content)
    with transaction():
        services.note(actor, wish, rows=count, now=clock.now())
    return _file(written, wish)


@blueprint.route("/exports/request", methods=["GET", "POST"])
@access(Permission.OWN_ACCOUNT)
def ask_approval() -> str | Response | tuple[str, int]:
    """Say what the list is needed for; somebody else with the same permission then decides."""
    wish, content = _asked()
    rows = content.count()
    services.demand_size(rows)
    if not services.needs_approval(wish.listing, rows, approval_rows=_approval_rows()):
        raise NotFound
    form = PurposeForm()
    if form.validate_on_submit():
        try:
            with transaction():
                export = services.ask(
                    current_actor(),
                    wish,
                    content,
                    rows=rows,
                    purpose=str(form.purpose.data or ""),
                    now=clock.now(),
                )
                ref, has_approvers = export.ref, bool(services.approvers(export))
        except Refused as error:
            form.refuse(error)
        else:
            # Where nobody can decide yet, the page of the export says so itself.
            if has_approvers:
                flash(_("Somebody else now decides on your request."), "success")
            return redirect(url_for("reports.export", ref=ref), code=303)
    page = render_template(
        "reports/ask_approval.html",
        form=form,
        wish=wish,
        about=content.about,
        columns=content.columns,
        filters=filter_words(wish.filters),
        rows=rows,
        limit=_approval_rows(),
        address=url_for("reports.ask_approval", **_address_of(wish)),
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.get("/exports/<string:ref>")
@access(Permission.OWN_ACCOUNT)
def export(ref: str) -> str:
    """One export: what was asked for and why; for the asker the file, for others the decision."""
    found = services.find(ref, current_actor())
    job = db.session.get(Job, found.job_id) if found.job_id else None
    is_own = found.account_id == current_actor().account_id
    is_waiting = found.state is ExportState.WAITING
    return render_template(
        "reports/export.html",
        export=found,
        filters=filter_words(found.filters),
        listing_title=_title_of(found),
        is_own=is_own,
        job=job if is_own and found.state is ExportState.MAKING else None,
        may_decide=is_waiting and not is_own,
        approvers=services.approvers(found) if is_own and is_waiting else [],
        can_download=is_own and found.state is ExportState.READY and found.expires_at > clock.now(),
    )


@blueprint.post("/exports/<string:ref>/approve")
@access(Permission.OWN_ACCOUNT)
def approve(ref: str) -> Response:
    """Agree that the list leaves the house."""
    actor = current_actor()
    with transaction():
        services.approve(services.find(ref, actor), actor=actor, now=clock.now())
    flash(_("You have approved it. The file is being written."), "success")
    return redirect(url_for("reports.export", ref=ref), code=303)


@blueprint.post("/exports/<string:ref>/refuse")
@access(Permission.OWN_ACCOUNT)
def refuse(ref: str) -> Response:
    """Disagree."""
    actor = current_actor()
    with transaction():
        services.refuse(services.find(ref, actor), actor=actor, now=clock.now())
    flash(_("You have refused it."), "success")
    return redirect(url_for("reports.export", ref=ref), code=303)


@blueprint.post("/exports/<string:ref>/file")
@access(Permission.OWN_ACCOUNT)
def export_file(ref: str) -> Response:
    """Hand the finished file to the one who asked for it."""
    actor = current_actor()
    with transaction():
        found = services.find(ref, actor)
        wish = wish_of(found)
        content = services.file_of(found, current_sealer(), actor=actor, now=clock.now())
        services.note(actor, wish, rows=found.row_count, now=clock.now())
    return _file(content, wish)


def _asked() -> tuple[Wish, Content]:
    """Return what form or address ask for, and the list behind it if the actor may read it."""
    asked = request.values
    listing = find_listing(asked.get("list", ""))
    word = asked.get("format", Format.XLSX)
    if word not in set(Format):
        raise NotFound
    given = dict(reversed(parse_qsl(asked.get("filters", ""))))
    filters = known_filters(listing, given)
    wish = Wish(listing, asked.get("place", ""), filters, word, str(get_locale()))
    return wish, listing.open(current_actor(), wish.place, filters)


def _address_of(wish: Wish) -> dict[str, Any]:
    filters = urlencode(wish.filters)
    return {
        "list": wish.listing.key,
        "place": wish.place,
        "format": wish.file_format,
        "filters": filters,
    }


def _title_of(found: Export) -> str:
    return str(find_listing(found.listing).title)


def _approval_rows() -> int:
    return int(current_app.config["EXPORT_APPROVAL_ROWS"])


def _file(content: bytes, wish: Wish) -> Response:
    media_type = Format(wish.file_format).media_type
    answer = send_file(
        BytesIO(content), media_type, as_attachment=True, download_name=file_name(wish)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
