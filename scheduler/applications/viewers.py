"""Who looks at an application, and which coordinators' fields they see and answer."""

from enum import StrEnum

from scheduler.access.permissions import Actor, Permission, can
from scheduler.applications import levels
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.models import Application
from scheduler.programmes.form_fields import Audience, FieldKind, FieldOwner, FieldSpec


class Viewer(StrEnum):
    """In which part somebody looks at an application."""

    OFFICER = "officer"
    STAFF = "staff"
    REVIEWER = "reviewer"
    JUROR = "juror"
    LEADER = "leader"


_TELLS_NOBODY = frozenset({FieldKind.VIDEO, FieldKind.NUMBER, FieldKind.DURATION, FieldKind.CHOICE})
_PARTS = (
    (Permission.APPLICATION_ENTER, Viewer.OFFICER),
    (Permission.APPLICATION_DECIDE, Viewer.STAFF),
    (Permission.APPLICATION_REVIEW, Viewer.REVIEWER),
    (Permission.APPLICATION_READ, Viewer.LEADER),
)


def viewer_of(actor: Actor, application: Application) -> Viewer | None:
    """Return the actor's part, the own school's first; None for strangers.

    A reviewer of a blind level is a juror: free words and files would tell whose entry it is.
    """
    subject = application.subject
    part = next((part for right, part in _PARTS if can(actor, right, subject)), None)
    if part is Viewer.REVIEWER and levels.sees_blind(actor, application.programme_id):
        return Viewer.JUROR
    return part


def can_see(viewer: Viewer | None, spec: FieldSpec) -> bool:
    """Tell whether somebody reads the answers to a field.

    Schools never see what staff note. Answers about pupils are read by officers and by staff who
    decide, by a leader only where leaders are asked.
    """
    match viewer:
        case Viewer.STAFF:
            return True
        case Viewer.REVIEWER:
            return spec.owner is FieldOwner.GROUP
        case Viewer.JUROR:
            return spec.owner is FieldOwner.GROUP and spec.kind in _TELLS_NOBODY
        case Viewer.OFFICER:
            return spec.audience is not Audience.STAFF
        case Viewer.LEADER:
            is_asked = spec.audience is Audience.LEADER
            is_open = spec.owner is FieldOwner.GROUP and spec.audience is Audience.EVERYBODY
            return is_asked or is_open
        case _:
            return False


def can_answer(viewer: Viewer | None, spec: FieldSpec) -> bool:
    """Tell whether somebody is asked; officers may answer for their leaders."""
    if spec.is_retired:
        return False
    match viewer:
        case Viewer.STAFF:
            return spec.audience is Audience.STAFF
        case Viewer.OFFICER:
            return spec.audience is not Audience.STAFF
        case Viewer.LEADER:
            return spec.audience is Audience.LEADER
        case _:
            return False


def answerable(
    viewer: Viewer | None, application: Application, form: FormPlan, owner: FieldOwner
) -> list[FieldSpec]:
    """Return the fields that somebody can answer now; staff's own are always open."""
    marks = form.editable_marks(application.state, application.returned_fields)
    return [
        spec
        for spec in form.fields
        if spec.owner is owner
        and can_answer(viewer, spec)
        and (viewer is Viewer.STAFF or spec.mark in marks)
    ]


def hidden_marks(viewer: Viewer | None, form: FormPlan) -> frozenset[str]:
    """Return the marks of the fields whose answers somebody does not see."""
    return frozenset(spec.mark for spec in form.fields if not can_see(viewer, spec))
