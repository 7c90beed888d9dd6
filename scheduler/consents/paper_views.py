"""The officers' pages about papers: forms to print, what was signed, and the scans that show it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.reading import note_consent_reading, note_scan_reading
from scheduler.calendars.addresses import public_url
from scheduler.consents import papers, printing, pupil_lists
from scheduler.consents.paper_checks import PapersRefused
from scheduler.consents.paper_sheets import PapersForm, Sheet, papers_form, scans_of, sheet_of
from scheduler.consents.paper_storage import scan_store
from scheduler.consents.papers import Keeping, find_scan
from scheduler.consents.progress import SchoolPart, find_part
from scheduler.consents.setting_views import blueprint
from scheduler.database import transaction
from scheduler.extensions import secret_key
from scheduler.formats import local
from scheduler.listing import page_of
from scheduler.people.consent_models import PaperScan
from scheduler.people.keys import current_sealer
from scheduler.web import file_answer

Answer = str | tuple[str, int] | Response
SCAN_SORTS = {"recorded": (PaperScan.recorded_at, PaperScan.id)}
FORMS_PER_PAGE = 60


@blueprint.get("/programmes/<string:code>/schools/<string:school>/consents/papers")
@access(Permission.APPLICATION_ENTER, find_part)
def papers_recorded(thing: SchoolPart) -> str:
    """List the scans that were recorded, newest first."""
    page = page_of(
        scans_of(thing),
        sorts=SCAN_SORTS,
        default_sort="recorded",
        scalars=False,
        newest_first=True,
    )
    return render_template(
        "consents/papers.html",
        part=thing,
        page=page,
    )


@blueprint.route(
    "/programmes/<string:code>/schools/<string:school>/consents/papers/new",
    methods=["GET", "POST"],
)
@access(Permission.APPLICATION_ENTER, find_part)
def record_papers(thing: SchoolPart) -> Answer:
    """Type in what guardians signed, of one group or one pupil."""
    groups = pupil_lists.groups_in(thing)
    refs = [ref for ref, _name in groups]
    group, pupil = request.args.get("group", ""), request.args.get("pupil", "")
    group = group if group in refs or (pupil and not group) else refs[0]
    sheet = sheet_of(thing, group, pupil)
    form = papers_form(sheet)
    if form.validate_on_submit():
        try:
            return _record(thing, sheet, form)
        except PapersRefused as refused:
            form.show(refused)
    note_consent_reading(thing.school, people=len(sheet.tasks))
    page = render_template(
        "consents/record_papers.html",
        part=thing,
        sheet=sheet,
        form=form,
        group=group,
        groups=groups,
    )
    return (page, 422) if form.errors else page


def _record(part: SchoolPart, sheet: Sheet, form: PapersForm) -> Response:
    now = clock.now()
    typed = form.papers(sheet, local(now, part.programme.timezone).date())
    back = redirect(
        url_for("consents.papers_recorded", code=part.programme.code, school=part.school.code),
        code=303,
    )
    # Looked at before the transaction: a scanner takes its time.
    scan = form.checked_scan()
    keeping = Keeping(
        actor=current_actor(),
        now=now,
        sealer=current_sealer(),
        store=scan_store(),
        secret_key=secret_key(),
        public_url=public_url(),
    )
    with transaction():
        recorded = papers.record(part, typed, scan, keeping)
    if not recorded.words:
        flash(_("Nothing was saved: no answer was filled in that is not recorded already."), "info")
        return back
    words = ngettext(
        "%(num)s answer was recorded.", "%(num)s answers were recorded.", recorded.words
    )
    mails = ngettext(
        "%(num)s mail tells a guardian.", "%(num)s mails tell the guardians.", recorded.mails
    )
    flash(f"{words} {mails}", "success")
    return back


@blueprint.get("/paper-scans/<string:ref>")
@access(Permission.APPLICATION_ENTER, find_scan)
def scan(thing: PaperScan) -> Response:
    """Send a scan to be saved, never to be shown; that it was read stands in the audit log."""
    content = papers.content_of(thing, current_sealer(), scan_store())
    answer = file_answer(content, media_type=thing.media_type, file_name=thing.file_name)
    note_scan_reading(thing)
    return answer


@blueprint.get("/programmes/<string:code>/schools/<string:school>/consents/paper-forms")
@access(Permission.PERSON_LINK, find_part)
def paper_forms(thing: SchoolPart) -> str:
    """Show a form for each pupil, to be printed, signed and brought back."""
    groups = pupil_lists.groups_in(thing)
    group = request.args.get("group", "")
    group = group if group in {ref for ref, _name in groups} else ""
    found = printing.forms_for(thing, group)
    pages = max(1, -(-len(found) // FORMS_PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    shown = found[(number - 1) * FORMS_PER_PAGE : number * FORMS_PER_PAGE]
    note_consent_reading(thing.school, people=len(shown))
    return render_template(
        "consents/paper_forms.html",
        part=thing,
        group=group,
        shown=shown,
        number=number,
        pages=pages,
        said={
            locale: printing.words_in(thing, locale) for locale in {each.locale for each in shown}
        },
    )
