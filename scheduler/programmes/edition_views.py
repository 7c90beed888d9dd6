"""Pages about series and their editions, and the copy of an edition to another year."""

import datetime as dt

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.listing import Page, page_of
from scheduler.programmes import editions, series_services, services
from scheduler.programmes.edition_forms import DAYS, WEEKDAY, CopyForm, SeriesForm
from scheduler.programmes.edition_preview import preview_of
from scheduler.programmes.fields import name_values
from scheduler.programmes.models import Programme, ProgrammeSeries
from scheduler.programmes.moving import Shift, shift_between
from scheduler.programmes.views import Answer, blueprint, find_programme, form_page


def find_series(series: str) -> ProgrammeSeries:
    """Return the series of an address."""
    return series_services.find_series(series)


@blueprint.get("/series")
@access(Permission.PROGRAMME_READ)
def series_index() -> Answer:
    """List the series with the number of their editions."""
    return render_template("programmes/series_list.html", rows=series_services.counted_series())


@blueprint.get("/series/<string:series>")
@access(Permission.PROGRAMME_READ, find_series)
def series_page(thing: ProgrammeSeries) -> Answer:
    """Show a series with its editions, the latest first."""
    page: Page[Programme] = page_of(
        select(Programme).where(Programme.series_id == thing.id),
        sorts={"dates": (Programme.starts_on, Programme.id)},
        default_sort="dates",
    )
    return render_template(
        "programmes/series.html",
        series=thing,
        page=page,
        counts=services.place_counts(list(page.items)),
    )


@blueprint.route("/series/new", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER)
def new_series() -> Answer:
    """Add a series; programmes are put into it by their own forms."""
    form = SeriesForm()
    if form.validate_on_submit():
        try:
            with transaction():
                series = series_services.add_series(
                    str(form.code.data), form.names, actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The series was added."), "success")
            return redirect(url_for("programmes.series_page", series=series.code), code=303)
    return form_page("programmes/series_form.html", form, series=None)


@blueprint.route("/series/<string:series>/edit", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER, find_series)
def edit_series(thing: ProgrammeSeries) -> Answer:
    """Change the names of a series."""
    form = SeriesForm(data=name_values(thing.names))
    del form.code
    if form.validate_on_submit():
        with transaction():
            series_services.change_series(thing, form.names, actor=current_actor(), now=clock.now())
        flash(_("The series was changed."), "success")
        return redirect(url_for("programmes.series_page", series=thing.code), code=303)
    return form_page("programmes/series_form.html", form, series=thing)


@blueprint.post("/series/<string:series>/remove")
@access(Permission.PLATFORM_ADMINISTER, find_series)
def remove_series(thing: ProgrammeSeries) -> Answer:
    """Remove a series without editions."""
    with transaction():
        series_services.remove_series(thing, actor=current_actor(), now=clock.now())
    flash(_("The series was removed."), "success")
    return redirect(url_for("programmes.series_index"), code=303)


@blueprint.route("/programmes/<string:code>/copy", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
def copy(thing: Programme) -> Answer:
    """Copy an edition to another year: the moved dates are shown before anything is made."""
    source = services.with_everything(thing.code)
    form = CopyForm(data=_proposal(source))
    form.offer_choices()
    if not form.is_submitted():
        form.shown.data = form.asked
        return _copy_page(form, source)
    if not form.validate():
        return _copy_page(form, source), 422
    if form.preview.data or form.shown.data != form.asked:
        form.shown.data = form.asked
        return _copy_page(form, source)
    try:
        with transaction():
            edition = editions.copy_edition(
                services.with_everything(thing.code),
                str(form.code.data),
                form.names,
                _shift(form, source),
                actor=current_actor(),
                now=clock.now(),
            )
            code = edition.code
    except Refused as error:
        form.refuse(error)
        return _copy_page(form, services.with_everything(thing.code)), 422
    flash(_("The new edition was made. Look through its dates and settings."), "success")
    return redirect(url_for("programmes.show", code=code), code=303)


def _proposal(source: Programme) -> dict[str, object]:
    first_day = source.starts_on + dt.timedelta(days=editions.YEAR_DAYS)
    years = first_day.year - source.starts_on.year or 1
    code = editions.proposed_code(source.code, years, editions.codes_like(source.code))
    names = editions.proposed_names(source.names, years)
    return {"code": code, "starts_on": first_day, "moves": WEEKDAY, **name_values(names)}


def _shift(form: CopyForm, source: Programme) -> Shift:
    first_day = form.starts_on.data or source.starts_on
    keeps_weekday = form.moves.data != DAYS
    return shift_between(source.starts_on, first_day, source.timezone, keeps_weekday=keeps_weekday)


def _copy_page(form: CopyForm, source: Programme) -> str:
    preview = None if form.starts_on.errors else preview_of(source, _shift(form, source))
    return render_template(
        "programmes/copy.html",
        form=form,
        programme=source,
        preview=preview,
        is_changed=request.method == "POST" and not form.errors,
    )
