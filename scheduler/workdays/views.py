"""The administrators' page of calendar days: by region and year, with proposals and files."""

import datetime as dt
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.listing import page_of
from scheduler.organisations.forms import country_choices, country_name
from scheduler.texts import sentence
from scheduler.workdays import files, services
from scheduler.workdays.counting import WorkCalendar
from scheduler.workdays.forms import DayForm, FileForm
from scheduler.workdays.models import CalendarDay, DayType
from scheduler.workdays.texts import DAY_TYPES, DOUBTS

blueprint = Blueprint("workdays", __name__)

Answer = str | tuple[str, int] | Response
SORTS: dict[str, Any] = {"day": (CalendarDay.day,)}


@blueprint.get("/admin/calendar-days")
@access(Permission.PLATFORM_ADMINISTER)
def days() -> str:
    """List the days of a region's year; `day` asks for one of them to be changed."""
    form = DayForm(data=_asked_day())
    form.offer_choices()
    return _page(form, FileForm())


@blueprint.post("/admin/calendar-days")
@access(Permission.PLATFORM_ADMINISTER)
def save() -> Answer:
    """Add a day or change it."""
    form = DayForm()
    form.offer_choices()
    if form.validate_on_submit():
        try:
            with transaction():
                services.save_days(
                    _region(), [form.details()], actor=current_actor(), now=clock.now()
                )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("The day was saved."), "success")
            return _back(form.details().day.year)
    return _page(form, FileForm()), 422


@blueprint.post("/admin/calendar-days/remove")
@access(Permission.PLATFORM_ADMINISTER)
def remove() -> Response:
    """Let a day be what its weekday says."""
    day = _day(request.form.get("day", ""))
    with transaction():
        services.remove_day(_region(), day, actor=current_actor(), now=clock.now())
    flash(_("The day was removed."), "info")
    return _back(day.year)


@blueprint.post("/admin/calendar-days/propose")
@access(Permission.PLATFORM_ADMINISTER)
def propose() -> Response:
    """Add what the package knows of the year."""
    try:
        with transaction():
            count = services.propose(_region(), _year(), actor=current_actor(), now=clock.now())
    except Refused as refused:
        flash(sentence(refused.code, **refused.facts), "warning")
    else:
        flash(ngettext("%(num)s day was added.", "%(num)s days were added.", count), "success")
    return _back(_year())


@blueprint.post("/admin/calendar-days/confirm")
@access(Permission.PLATFORM_ADMINISTER)
def confirm() -> Response:
    """Vouch for the year as it was shown, or take that back."""
    try:
        with transaction():
            services.confirm(
                _region(),
                _year(),
                is_confirmed=request.form.get("confirmed") == "yes",
                version=request.form.get("version", -1, type=int),
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        flash(sentence(refused.code, **refused.facts), "warning")
    else:
        flash(_("Saved."), "success")
    return _back(_year())


@blueprint.post("/admin/calendar-days/import")
@access(Permission.PLATFORM_ADMINISTER)
def take_file() -> Answer:
    """Add or change the days of a file, all of them or none."""
    form = FileForm()
    try:
        details = files.read_days(form.content())
        with transaction():
            count = services.save_days(_region(), details, actor=current_actor(), now=clock.now())
    except Refused as refused:
        refused.field = "file"
        form.refuse(refused)
        empty = DayForm(formdata=None)
        empty.offer_choices()
        return _page(empty, form), 422
    flash(ngettext("%(num)s day was saved.", "%(num)s days were saved.", count), "success")
    return _back(details[0].day.year if details else _year())


def _page(form: DayForm, file_form: FileForm) -> str:
    region, year = _region(), _year()
    page = page_of(services.days_of(region, year), sorts=SORTS, default_sort="day", per_page=100)
    stored = services.find_year(region, year)
    calendar = WorkCalendar(
        region,
        holidays=frozenset(each.day for each in page.items if each.kind is DayType.HOLIDAY),
        make_up=frozenset(each.day for each in page.items if each.kind is DayType.MAKE_UP),
        confirmed=frozenset({year} if stored.is_confirmed else ()),
    )
    doubt = calendar.doubt_of(year)
    return render_template(
        "workdays/days.html",
        page=page,
        form=form,
        file_form=file_form,
        region=region,
        year=year,
        stored=stored,
        doubt=str(DOUBTS[doubt]) % {"year": year} if doubt else "",
        types=DAY_TYPES,
        regions=_region_choices(),
    )


def _region_choices() -> list[tuple[str, str]]:
    near = [(code, country_name(code)) for code in services.REGIONS]
    return near + [pair for pair in country_choices() if pair[0] not in services.REGIONS]


def _region() -> str:
    return services.asked_place(request.args, now=clock.now())[0]


def _year() -> int:
    return services.asked_place(request.args, now=clock.now())[1]


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.date.min


def _asked_day() -> dict[str, Any]:
    query = services.days_of(_region(), _year()).where(
        CalendarDay.day == _day(request.args.get("day", ""))
    )
    found = db.session.scalar(query)
    keys = ("day", "kind", "name", "source")
    return {key: getattr(found, key) for key in keys} if found else {}


def _back(year: int) -> Response:
    return redirect(url_for("workdays.days", region=_region(), year=year), code=303)
