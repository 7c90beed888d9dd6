"""The page on which a coordinator holds a draft against another draft or a release."""

from flask import render_template, request
from flask_babel import gettext as _

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.scheduling import services
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.draft_names import draft_name
from scheduler.scheduling.find import find_plan
from scheduler.scheduling.models import Plan, PlanState, Release
from scheduler.scheduling.reading.comparing import RELEASE, compare, find_other
from scheduler.scheduling.reading.term_texts import term_text


@blueprint.get("/plans/<string:ref>/compare")
@access(Permission.PLAN_READ, find_plan)
def compare_with(thing: Plan) -> str:
    """What is better and worse in another draft or release, and who stands elsewhere in it."""
    choices = _others(thing)
    chosen = request.args.get("with", "") or (choices[0][0] if choices else "")
    other = find_other(thing, chosen) if chosen else None
    return render_template(
        "scheduling/compare.html",
        plan=thing,
        choices=choices,
        chosen=chosen,
        other_name=_name(other) if other else "",
        comparison=compare(thing, other) if other else None,
        term_text=term_text,
    )


def _others(plan: Plan) -> list[tuple[str, str]]:
    """Return what the draft can be held against, the newest release first."""
    releases = services.releases_of(plan.programme)
    drafts = services.plans_of(plan.programme)
    return [(f"{RELEASE}{one.number}", _name(one)) for one in releases] + [
        (one.ref, _name(one))
        for one in drafts
        if one.id != plan.id and one.state is PlanState.DRAFT
    ]


def _name(thing: Plan | Release) -> str:
    if isinstance(thing, Release):
        return str(_("Release %(number)s", number=thing.number))
    return draft_name(thing.name)
