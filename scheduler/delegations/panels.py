"""What an application's page tells reviewers of its schools; the lead school has a page for it."""

from flask_babel import gettext as _

from scheduler.access.guard import may
from scheduler.access.permissions import Permission
from scheduler.applications.models import Application
from scheduler.delegations.queries import lines_of
from scheduler.organisations.panels import Line, Panel
from scheduler.states import state_look


def schools_panel(application: Application) -> Panel | None:
    """Return a line per guest school; None where the school is alone, or for the school itself."""
    if not application.guest_school_ids or may(Permission.APPLICATION_ENTER, application):
        return None
    lines = [
        Line(
            line.part.school.name,
            str(
                _(
                    "%(state)s, pupils: %(pupils)s",
                    state=state_look(line.part.state).word,
                    pupils=line.pupils,
                )
            ),
        )
        for line in lines_of(application)
    ]
    return Panel(_("Schools of the entry"), lines)
