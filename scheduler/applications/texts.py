"""Words and sentences about applications: actions, fields, roles, refusals, what happens next."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler import texts
from scheduler.applications.completeness import Missing, Shortfall
from scheduler.applications.fields import Field
from scheduler.applications.findings import FindingCode, Kind
from scheduler.applications.models import MemberRole
from scheduler.applications.workflow import Action, Refusal, State
from scheduler.errors import Conflict, NotFound, Refused, SchedulerError

texts.add_sentences(
    {
        Refusal.NOT_FROM_THIS_STATE: _l(
            "The application is in another state by now, so this is no longer possible."
        ),
        Refusal.WINDOW_NOT_OPEN: _l("The entry window has not opened yet."),
        Refusal.WINDOW_CLOSED: _l("The entry window has closed."),
        Refusal.NO_PLACE_LEFT: _l("All %(places)s places of this category are taken."),
        Refusal.REASON_MISSING: _l("Please give the reason: the school will read it."),
        Refusal.MESSAGE_MISSING: _l("Please write what has to be changed."),
        Refusal.FIELDS_MISSING: _l("Please mark at least one part that has to be changed."),
        Refusal.TEXT_TOO_LONG: _l("Please use at most %(most)s characters."),
        Refusal.INCOMPLETE: _l("The entry is not complete yet."),
        Refusal.NAME_TAKEN: _l(
            "The school has a group of this name in the category already. "
            "Please choose another name."
        ),
        Refusal.ONLY_MARKED_FIELDS: _l(
            "Only the parts that the coordinators marked can be changed."
        ),
        Refusal.CHANGED_MEANWHILE: _l(
            "Somebody has saved this since you opened the form, perhaps you in another tab. "
            "Nothing was overwritten and what you typed is still here. Compare it with what is "
            "stored, then save again to replace that."
        ),
        Shortfall.TOO_FEW_MEMBERS: _l("%(pupils)s pupils entered; at least %(least)s are needed."),
        Shortfall.TOO_MANY_MEMBERS: _l("%(pupils)s pupils entered; at most %(most)s are allowed."),
        Shortfall.LEADER_NOT_NAMED: _l("The team leader is missing."),
        Shortfall.CONDUCTOR_NOT_NAMED: _l("The conductor is missing."),
        Shortfall.ACCOMPANIST_NOT_NAMED: _l("The accompanist is missing."),
        Shortfall.NO_WORKS: _l("No work has been entered."),
        Shortfall.TOO_MANY_WORKS: _l("%(works)s works entered; at most %(most)s are allowed."),
        Shortfall.TOO_LONG: _l(
            "The works last %(duration)s together; at most %(most)s minutes are allowed."
        ),
        Shortfall.CONSENT_NOT_DECLARED: _l(
            "Pupils whose guardian's consent is not declared, or refused: %(pupils)s."
        ),
    }
)

ACTION_LABELS = {
    Action.CREATE: _l("Draft begun"),
    Action.EDIT: _l("Changed"),
    Action.SUBMIT: _l("Submitted"),
    Action.WITHDRAW: _l("Withdrawn"),
    Action.REOPEN: _l("Reopened"),
    Action.RETURN: _l("Returned for changes"),
    Action.ACCEPT: _l("Accepted"),
    Action.WAITLIST: _l("Put on the waiting list"),
    Action.REJECT: _l("Rejected"),
}

FIELD_LABELS = {
    Field.NAME: _l("Group's name"),
    Field.VOICING: _l("Voicing"),
    Field.LEADER: _l("Team leader"),
    Field.CONDUCTOR: _l("Conductor"),
    Field.ACCOMPANIST: _l("Accompanist"),
    Field.ADVISERS: _l("Advisers"),
    Field.PIECES: _l("Repertoire"),
    Field.MEMBERS: _l("Members"),
    Field.EQUIPMENT: _l("Instruments and equipment"),
    Field.INTRODUCTION: _l("Introduction"),
}

ROLE_LABELS = {
    MemberRole.PUPIL: _l("Pupil"),
    MemberRole.LEADER: _l("Team leader"),
    MemberRole.CONDUCTOR: _l("Conductor"),
    MemberRole.ACCOMPANIST: _l("Accompanist"),
    MemberRole.ADVISER: _l("Adviser"),
}

FINDING_LABELS = {
    FindingCode.TOO_YOUNG: _l("Too young for the category"),
    FindingCode.TOO_OLD: _l("Too old for the category"),
    FindingCode.CONSENT_MISSING: _l("Guardian's consent missing or refused"),
    FindingCode.PUPIL_ELSEWHERE: _l("Pupils in another group as well"),
    FindingCode.ADULT_ELSEWHERE: _l("Adults in another group as well"),
    FindingCode.OTHER_SCHOOL: _l("Adults of another school"),
}

FINDING_COUNTS = {
    FindingCode.TOO_YOUNG: _l("%(num)s too young"),
    FindingCode.TOO_OLD: _l("%(num)s too old"),
    FindingCode.CONSENT_MISSING: _l("%(num)s without consent"),
    FindingCode.PUPIL_ELSEWHERE: _l("%(num)s in two groups"),
    FindingCode.ADULT_ELSEWHERE: _l("%(num)s adults in two groups"),
    FindingCode.OTHER_SCHOOL: _l("%(num)s adults of another school"),
}

NEXT_STEPS = {
    State.DRAFT: _l("The school completes the entry and submits it."),
    State.SUBMITTED: _l(
        "The coordinators review the entry. The school does nothing now and is told by mail."
    ),
    State.RETURNED: _l("The school changes the marked parts and submits the entry again."),
    State.ACCEPTED: _l(
        "The group has a place. The timetable follows; the school is told when it is published."
    ),
    State.WAITLISTED: _l(
        "The group waits for a place. The coordinators accept it when one becomes free."
    ),
    State.REJECTED: _l("Nothing more happens with this entry."),
    State.WITHDRAWN: _l(
        "Nothing more happens with this entry, unless the school reopens it before the deadline."
    ),
}


def field_list(names: Iterable[str]) -> str:
    """Return the marked fields in words, in the order of the form."""
    marked = set(names)
    return str(_(", ")).join(str(FIELD_LABELS[field]) for field in Field if field in marked)


def finding_count(kind: Kind) -> str:
    """Return how many people a kind of finding concerns, in a few words."""
    return str(FINDING_COUNTS[kind.code]) % {"num": kind.people}


def missing_text(missing: Missing) -> str:
    """Return what is missing as a sentence."""
    return texts.sentence(missing.code, **missing.facts)


def error_text(error: SchedulerError) -> str:
    """Return why one of many decisions was not applied."""
    if isinstance(error, Refused):
        return texts.sentence(error.code, **error.facts)
    if isinstance(error, Conflict):
        return str(_("Somebody changed it since you opened the list. Look at it again."))
    if isinstance(error, NotFound):
        return str(_("There is no such application."))
    return str(_("You may not decide on this application."))
