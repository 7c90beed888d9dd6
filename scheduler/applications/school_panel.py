"""What a school's page tells of its applications: how many in which state, per programme."""

from collections import defaultdict

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from scheduler.access.guard import current_actor
from scheduler.access.permissions import Permission, Subject, can
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.formats import listed, named
from scheduler.organisations.models import School
from scheduler.organisations.panels import Line, Panel
from scheduler.programmes.models import Programme
from scheduler.states import state_look


def applications_panel(school: School) -> Panel | None:
    """Return a line per programme in which the reader may look at the school's applications."""
    counts = _counts(school)
    programmes = db.session.scalars(
        select(Programme)
        .where(Programme.id.in_(counts))
        .order_by(Programme.starts_on.desc(), Programme.id)
    )
    lines = [
        Line(named(programme.names), _summary(counts[programme.id]), _address(school, programme))
        for programme in programmes
        if can(current_actor(), Permission.APPLICATION_READ, _subject(school, programme))
    ]
    return Panel(_("Applications"), lines) if lines else None


def _counts(school: School) -> dict[int, dict[State, int]]:
    query = (
        select(Application.programme_id, Application.state, func.count())
        .where(Application.school_id == school.id)
        .group_by(Application.programme_id, Application.state)
    )
    counts: defaultdict[int, dict[State, int]] = defaultdict(dict)
    for programme_id, state, count in db.session.execute(query):
        counts[programme_id][state] = count
    return counts


def _summary(counts: dict[State, int]) -> str:
    """Return e.g. `Accepted: 2, Draft: 1`, in the workflow's order."""
    return listed(
        _("%(label)s: %(content)s", label=state_look(state).word, content=counts[state])
        for state in State
        if state in counts
    )


def _address(school: School, programme: Programme) -> str:
    if can(current_actor(), Permission.APPLICATION_REVIEW, _subject(school, programme)):
        return url_for("applications.queue", code=programme.code, school=school.code, state="all")
    return url_for("applications.index")


def _subject(school: School, programme: Programme) -> Subject:
    return Subject(programme_id=programme.id, district_id=school.district_id, school_id=school.id)
