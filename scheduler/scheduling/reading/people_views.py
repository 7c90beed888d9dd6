"""The pages of people × time: of a draft, and of a release as it was published."""

from collections.abc import Iterable

from flask import render_template, request, url_for
from flask_babel import gettext as _

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.applications.reading import note_programme_reading
from scheduler.formats import format_day
from scheduler.programmes.models import Programme
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.draft_names import draft_name
from scheduler.scheduling.find import find_plan, find_release
from scheduler.scheduling.models import Plan, Release
from scheduler.scheduling.reading.people_times import day_page
from scheduler.scheduling.reading.person_days import Asked, Whose
from scheduler.scheduling.releases.differences import Line
from scheduler.scheduling.services import slots_of_plan
from scheduler.scheduling.timetable import performances_of


@blueprint.get("/plans/<string:ref>/people")
@access(Permission.PERSON_READ, find_plan)
def plan_people(thing: Plan) -> str:
    """Who is where and when in a draft."""
    back = (draft_name(thing.name), url_for("scheduling.board", ref=thing.ref))
    return _page(thing.programme, slots_of_plan(thing), back)


@blueprint.get("/programmes/<string:code>/releases/<int:number>/people")
@access(Permission.PERSON_READ, find_release)
def release_people(thing: Release) -> str:
    """Who is where and when in a release."""
    url = url_for("scheduling.release", code=thing.programme.code, number=thing.number)
    back = (str(_("Release %(number)s", number=thing.number)), url)
    return _page(thing.programme, performances_of(thing), back)


def _page(programme: Programme, lines: Iterable[Line], back: tuple[str, str]) -> str:
    whose = request.args.get("whose", "")
    asked = Asked(
        day=request.args.get("day", ""),
        whose=Whose(whose) if whose in set(Whose) else Whose.ALL,
        text=request.args.get("q", "").strip(),
    )
    shown = day_page(programme, lines, asked)
    if asked.whose not in {Whose.SCHOOLS, Whose.STAFF} and shown.page.items:
        note_programme_reading(programme, people=len(shown.page.items), action="read:people-times")
    return render_template(
        "scheduling/people.html",
        programme=programme,
        back=back,
        shown=shown,
        asked=asked,
        day_choices=[(day.isoformat(), format_day(day)) for day in shown.days],
        whose_choices=[
            (Whose.ALL.value, _("People in several groups")),
            (Whose.ADULTS.value, _("Adults in several groups")),
            (Whose.PUPILS.value, _("Pupils in several groups")),
            (Whose.SCHOOLS.value, _("Schools")),
            (Whose.STAFF.value, _("Jurors and staff")),
        ],
    )
