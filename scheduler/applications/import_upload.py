"""Where an entry workbook is fetched and uploaded: for a school's groups, or a guest's pupils."""

import datetime as dt
from dataclasses import dataclass
from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from flask_babel import get_locale
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import current_actor
from scheduler.applications import import_places, import_services
from scheduler.applications.current_form import current_form
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.import_forms import PupilsUploadForm, UploadForm
from scheduler.applications.import_services import READ_ROSTER
from scheduler.applications.import_words import guide, guide_for_guest
from scheduler.applications.models import RosterImport
from scheduler.applications.reading import note_school_reading
from scheduler.applications.roster_prefill import filled_members, filled_sheets
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.jobs.models import Job
from scheduler.organisations.models import School
from scheduler.people.keys import current_sealer
from scheduler.programmes.models import Category
from scheduler.spreadsheets.limits import Limits
from scheduler.spreadsheets.writing import FilledSheet, entry_workbook
from scheduler.texts import sentence

Answer = str | Response | tuple[str, int]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class UploadPlace:
    """What an upload is for. With a `part` it brings that guest school's pupils alone."""

    school: School
    category: Category
    part: GuestPart | None = None

    @property
    def start_url(self) -> str:
        """Where a workbook is fetched and uploaded."""
        return self._url("delegations.upload_pupils", "imports.start")

    @property
    def workbook_url(self) -> str:
        """Where the workbook to fill in is fetched."""
        return self._url("delegations.entry_workbook", "imports.workbook")

    @property
    def back_url(self) -> str:
        """Where the school sees what it has entered."""
        if self.part is None:
            return url_for("applications.my_school")
        return url_for("delegations.part", ref=self.part.ref)

    def closed(self, now: dt.datetime) -> str | None:
        """Return why nothing can be entered now, None if it can."""
        try:
            if self.part is None:
                import_places.demand_enterable(self.school, self.category, now)
            else:
                import_places.demand_part_enterable(self.part, now)
        except Refused as refusal:
            return sentence(refusal.code, **refusal.facts)
        return None

    def _url(self, of_part: str, of_school: str) -> str:
        if self.part is not None:
            return url_for(of_part, ref=self.part.ref)
        return url_for(
            of_school,
            code=self.category.programme.code,
            category=self.category.code,
            school=self.school.code,
        )


def place_of(roster_import: RosterImport) -> UploadPlace:
    """Return what an upload is for."""
    part = import_places.part_of_import(roster_import)
    return UploadPlace(roster_import.school, roster_import.category, part)


def start_answer(place: UploadPlace) -> Answer:
    """Show where the workbook is fetched and uploaded, and take an upload."""
    form = UploadForm() if place.part is None else PupilsUploadForm()
    if not form.validate_on_submit():
        page = _start_page(place, form)
        return (page, 422) if form.is_submitted() else page
    try:
        with transaction():
            ref = _begin(place, form).ref
    except Refused as refusal:
        form.file.errors = [sentence(refusal.code, **refusal.facts)]
        return _start_page(place, form), 409
    return redirect(url_for("jobs.show", ref=ref), code=303)


def workbook_answer(place: UploadPlace) -> Response:
    """Send the workbook to fill in, with what the school has entered so far."""
    school, category, part, locale = place.school, place.category, place.part, str(get_locale())
    form, sealer = current_form(category, school), current_sealer()
    if part is None:
        sheets: tuple[FilledSheet, ...] = filled_sheets(school, category, sealer, locale, form)
        stem, words = category.code, guide(category, school.name)
    else:
        sheets = (filled_members(part.application, school, sealer, locale, form),)
        stem, words = part.application.ref, guide_for_guest(part)
    note_school_reading(school, people=len(sheets[-1].rows))
    return download(entry_workbook(sheets, words, locale), f"{school.code}-{stem}.xlsx")


def start_job(roster_import: RosterImport, kind: str) -> Job:
    """Start a job on the upload for whoever asks; it leads to the upload's page."""
    return import_services.start_job(
        roster_import,
        kind,
        account_id=current_actor().account_id,
        result_url=url_for("imports.show", ref=roster_import.ref),
        now=clock.now(),
    )


def download(content: bytes, name: str) -> Response:
    """Send a workbook that no cache keeps."""
    answer = send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _begin(place: UploadPlace, form: UploadForm) -> Job:
    roster_import = import_services.begin(
        current_actor(),
        school=place.school,
        category=place.category,
        part=place.part,
        file_name=form.file.data.filename or "",
        content=form.content,
        locale=str(get_locale()),
        sealer=current_sealer(),
        now=clock.now(),
    )
    return start_job(roster_import, READ_ROSTER)


def _start_page(place: UploadPlace, form: UploadForm) -> str:
    waiting = db.session.scalars(
        select(RosterImport)
        .where(*import_places.waiting_of(place.school, place.category, place.part))
        .order_by(RosterImport.id.desc())
    ).all()
    return render_template(
        "applications/import_start.html",
        place=place,
        programme=place.category.programme,
        form=form,
        waiting=waiting,
        megabytes=Limits().file_bytes // 2**20,
        most_rows=Limits().rows,
        closed=place.closed(clock.now()),
    )
