"""Who was asked and what was answered: a programme's schools, a school's pupils, and slips."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.reading import note_consent_reading
from scheduler.applications.roster_stored import HEALTH_FIELD
from scheduler.calendars.addresses import public_url
from scheduler.consents import asking, progress, pupil_lists, services
from scheduler.consents.progress import SchoolPart, find_part
from scheduler.consents.setting_views import blueprint
from scheduler.consents.texts import PURPOSE_LABELS
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.extensions import secret_key
from scheduler.formats import named
from scheduler.languages import LOCALES, html_language
from scheduler.listing import cut, page_of
from scheduler.organisations.models import School
from scheduler.people.keys import current_sealer
from scheduler.people.models import Person
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.texts import sentence

PUPIL_SORTS: dict[str, Any] = {"name": (Person.sort_key, Person.name, Person.id)}
SCHOOL_SORTS: dict[str, Any] = {"school": (School.name, School.code)}
SLIPS_PER_PAGE = 120


@blueprint.get("/programmes/<string:code>/consents")
@access(Permission.PERSON_LINK, find_programme)
def overview(thing: Programme) -> str:
    """Count answers by purpose and by school."""
    search = request.args.get("q", "").strip()[: progress.LONGEST_SEARCH]
    page = page_of(
        progress.schools_shown(thing, search),
        sorts=SCHOOL_SORTS,
        default_sort="school",
        scalars=False,
    )
    return render_template(
        "consents/overview.html",
        programme=thing,
        page=page,
        search=search,
        counts=progress.counts_by_purpose(thing, progress.pupils_of(thing.id)),
        labels=PURPOSE_LABELS,
    )


@blueprint.get("/programmes/<string:code>/schools/<string:school>/consents")
@access(Permission.PERSON_LINK, find_part)
def school(thing: SchoolPart) -> str:
    """Show where each pupil of a school stands, and whom a request would reach now."""
    choice = pupil_lists.choice_of(request.args)
    page = page_of(pupil_lists.pupils_shown(thing, choice), sorts=PUPIL_SORTS, default_sort="name")
    pupils = progress.pupils_of(thing.programme.id, thing.school.id, choice.group)
    note_consent_reading(thing.school, people=len(page.items))
    return render_template(
        "consents/school.html",
        part=thing,
        page=page,
        rows={row.person.id: row for row in pupil_lists.rows_of(thing, page.items)},
        choice=choice,
        groups=pupil_lists.groups_in(thing),
        counts=progress.counts_by_purpose(thing.programme, pupils),
        asked=progress.asked_count(thing, choice.group),
        outlook=asking.outlook(thing, choice.group, now=clock.now()),
        rules=services.rules_of(thing.programme),
        labels=PURPOSE_LABELS,
    )


@blueprint.post("/programmes/<string:code>/schools/<string:school>/consents/mail")
@access(Permission.PERSON_LINK, find_part)
def mail(thing: SchoolPart) -> Response:
    """Mail everybody who is due, one mail per address."""
    group = _group(thing)
    try:
        with transaction():
            count = asking.mail_guardians(
                thing,
                group,
                actor=current_actor(),
                secret_key=secret_key(),
                public_url=public_url(),
                now=clock.now(),
            )
    except Refused as refusal:
        flash(sentence(refusal.code, **refusal.facts), "warning")
    else:
        if count:
            flash(
                ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", count),
                "success",
            )
        else:
            flash(_nobody_due(thing), "info")
    return redirect(_address(thing, "consents.school", group), code=303)


def _nobody_due(part: SchoolPart) -> str:
    """Say why a click has sent nothing: somebody, or this person, has clicked before."""
    days = services.rules_of(part.programme).reminder_days
    return str(
        ngettext(
            "Nothing was sent. Whoever has not answered and has a mail address was mailed less "
            "than %(num)s day ago, by you or by somebody else of the school or the programme.",
            "Nothing was sent. Whoever has not answered and has a mail address was mailed less "
            "than %(num)s days ago, by you or by somebody else of the school or the programme.",
            days,
        )
    )


@blueprint.post("/programmes/<string:code>/schools/<string:school>/consents/slips")
@access(Permission.PERSON_LINK, find_part)
def prepare_slips(thing: SchoolPart) -> Response:
    """Make the pages of families who get a slip, and lead to the slips."""
    group = _group(thing)
    is_for_all = request.form.get("scope") == "all"
    try:
        with transaction():
            asking.prepare_slips(
                thing,
                group,
                is_for_all=is_for_all,
                actor=current_actor(),
                secret_key=secret_key(),
                now=clock.now(),
            )
    except Refused as refusal:
        flash(sentence(refusal.code, **refusal.facts), "warning")
        return redirect(_address(thing, "consents.school", group), code=303)
    scope = "all" if is_for_all else None
    return redirect(_address(thing, "consents.slips", group, scope=scope), code=303)


@blueprint.get("/programmes/<string:code>/schools/<string:school>/consents/slips")
@access(Permission.PERSON_LINK, find_part)
def slips(thing: SchoolPart) -> str:
    """Show slips to be printed and cut out, each with the code of one guardian's page."""
    group = _group(thing)
    is_for_all = request.args.get("scope") == "all"
    found = asking.slips_of(thing, group, is_for_all=is_for_all, secret_key=secret_key())
    page = cut(found, per_page=SLIPS_PER_PAGE)
    note_consent_reading(thing.school, people=len(page.items))
    return render_template(
        "consents/slips.html",
        part=thing,
        page=page,
        group=group,
        is_for_all=is_for_all,
        public_url=public_url(),
        said={locale: _slip_words(thing, locale) for locale in LOCALES},
    )


def _slip_words(part: SchoolPart, locale: str) -> dict[str, str]:
    """Return what a slip says, in the language of its page rather than the officer's."""
    with force_locale(locale):
        return {
            "to": str(_("To the guardian of")),
            "task": str(
                _(
                    "Scan the code and answer what is asked about your child. "
                    "Yes and no are both answers."
                )
            ),
            "programme": named(part.programme.names),
            "language": html_language(locale),
        }


@blueprint.post("/programmes/<string:code>/schools/<string:school>/consents/replace")
@access(Permission.PERSON_LINK, find_part)
def replace(thing: SchoolPart) -> Response:
    """Make one guardian's address worthless and give a new one."""
    with transaction():
        guardian = asking.replace_link(
            thing,
            request.form.get("guardian", ""),
            actor=current_actor(),
            secret_key=secret_key(),
            now=clock.now(),
        )
        name = guardian.name
    flash(_("%(name)s has a new link. The old one does not work any more.", name=name), "success")
    scope = "all" if request.form.get("scope") == "all" else None
    return redirect(_address(thing, "consents.slips", _group(thing), scope=scope), code=303)


@blueprint.get("/programmes/<string:code>/schools/<string:school>/consents/health")
@access(Permission.APPLICATION_ENTER, find_part)
def health(thing: SchoolPart) -> str:
    """Show the health notes to the officers of the school, and to nobody else."""
    page = page_of(
        select(Person).where(
            Person.id.in_(progress.pupils_of(thing.programme.id, thing.school.id)),
            Person.school_id == thing.school.id,
            Person.health_sealed.is_not(None),
        ),
        sorts=PUPIL_SORTS,
        default_sort="name",
    )
    sealer = current_sealer()
    note_consent_reading(thing.school, people=len(page.items), action="read:health")
    return render_template(
        "consents/health.html",
        part=thing,
        page=page,
        notes={
            person.id: sealer.open(person.health_sealed, field=HEALTH_FIELD)
            for person in page.items
        },
    )


def _group(part: SchoolPart) -> str:
    """Return the group that a request is about; blank for anything that is not the school's."""
    asked = request.values.get("group", "")
    return asked if asked in {ref for ref, _name in pupil_lists.groups_in(part)} else ""


def _address(part: SchoolPart, endpoint: str, group: str, scope: str | None = None) -> str:
    return url_for(
        endpoint,
        code=part.programme.code,
        school=part.school.code,
        group=group or None,
        scope=scope,
    )
