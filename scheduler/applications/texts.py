"""Words and sentences about applications: actions, fields, roles, refusals, what happens next."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from scheduler import texts
from scheduler.applications.completeness import Missing, Shortfall
from scheduler.applications.fields import Field
from scheduler.applications.findings import FindingCode, Kind
from scheduler.applications.models import MemberRole
from scheduler.applications.workflow import Action, Refusal, State
from scheduler.errors import Conflict, NotFound, Refused, SchedulerError
from scheduler.formats import listed, named
from scheduler.programmes.approval import WaitlistPolicy
from scheduler.programmes.texts import WAITLIST_ORDERS

texts.add_sentences(
    {
        Refusal.NOT_FROM_THIS_STATE: _l(
            "The application is in another state by now, so this is no longer possible."
        ),
        Refusal.WINDOW_NOT_OPEN: _l("The entry window has not opened yet."),
        Refusal.WINDOW_CLOSED: _l("The entry window has closed."),
        Refusal.NO_PLACE_LEFT: _l("All %(places)s places of this category are taken."),
        Refusal.NO_QUOTA_LEFT: _l("The quota of %(places)s is used up at this level."),
        Refusal.DISTRICTS_TURN: _l("It is the district's turn to decide on this entry."),
        Refusal.CITYS_TURN: _l("It is the city's turn to decide on this entry."),
        Refusal.ORGANISERS_TURN: _l("It is the organiser's turn to decide on this entry."),
        Refusal.NOT_THE_LAST_LEVEL: _l(
            "Only the last level accepts or waitlists. Nominate the entry to the next level."
        ),
        Refusal.LAST_LEVEL: _l("There is no further level to which the entry could be nominated."),
        Refusal.LEVEL_MAY_NOT_RETURN: _l(
            "This level cannot return entries for changes. Nominate or reject it."
        ),
        Refusal.OFFER_ENDED: _l("The offer has ended, and the place went to the next in line."),
        Refusal.COMING_OUT_OF_RANGE: _l(
            "Please choose from %(least)s to %(most)s pupils: so many can come."
        ),
        Refusal.COMING_EXACTLY: _l("The number of pupils who come can only be exactly %(most)s."),
        Refusal.CONFIRMED_ALREADY: _l("The school has confirmed this entry already."),
        Refusal.CONSENTS_MISSING: _l(
            "A required consent is missing or refused for %(pupils)s pupils. "
            "The entry can be confirmed once all are there."
        ),
        Refusal.RANK_UNKNOWN: _l("Please enter a place in line from 1 to %(most)s."),
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
            "Only the parts that were marked when the entry was returned can be changed."
        ),
        Refusal.WITHDRAWAL_OVER: _l(
            "The date for withdrawing has passed. Please ask the coordinator."
        ),
        Refusal.RESULT_UNKNOWN: _l("“%(shown)s” is no result of this category."),
        Refusal.CHANGED_MEANWHILE: _l(
            "Somebody has saved this since you opened the form, perhaps you in another tab. "
            "Nothing was overwritten and what you typed is still here. Compare it with what is "
            "stored, then save again to replace that."
        ),
        Refusal.COUNT_OUT_OF_RANGE: _l("Please enter a whole number from 0 to %(most)s."),
        Refusal.TIE_NEEDS_REASON: _l(
            "Both have rank %(rank)s. Who comes first is said above, with the reason."
        ),
        Refusal.TIE_REASON_MISSING: _l("Please give the reason for this order; it is kept."),
        Refusal.TIE_ORDER_INCOMPLETE: _l("Please give each of the equal entries another place."),
        Refusal.TIES_LEFT: _l("Ranks are still equal: %(ranks)s. Say first who comes before whom."),
        Refusal.NO_CHANGE_CHOSEN: _l("Please tick at least one change that still waits."),
        Refusal.CHANGES_OPEN: _l(
            "%(fields)s changed fields wait for approval. Look at them on the case first."
        ),
        Refusal.APPROVE_INSTEAD: _l(
            "This level has nominated the entry before. Approve the changes, or return the entry."
        ),
        Refusal.CANNOT_UNDO: _l(
            "A file that was replaced is gone; only its change can be approved."
        ),
        Shortfall.TOO_FEW_MEMBERS: _l("%(pupils)s pupils entered; at least %(least)s are needed."),
        Shortfall.TOO_MANY_MEMBERS: _l("%(pupils)s pupils entered; at most %(most)s are allowed."),
        Shortfall.LEADER_NOT_NAMED: _l("The team leader is missing."),
        Shortfall.CONDUCTOR_NOT_NAMED: _l("The conductor is missing."),
        Shortfall.ACCOMPANIST_NOT_NAMED: _l("The accompanist is missing."),
        Shortfall.TOO_FEW_ADVISERS: _l(
            "%(advisers)s advisers entered; at least %(least)s are needed."
        ),
        Shortfall.TOO_MANY_ADVISERS: _l(
            "%(advisers)s advisers entered; at most %(most)s are allowed."
        ),
        Shortfall.TOO_FEW_CHAPERONES: _l(
            "%(chaperones)s chaperones entered; at least %(least)s are needed."
        ),
        Shortfall.NO_WORKS: _l("No work has been entered."),
        Shortfall.TOO_MANY_WORKS: _l("%(works)s works entered; at most %(most)s are allowed."),
        Shortfall.TOO_LONG: _l(
            "The works last %(duration)s together; at most %(most)s minutes are allowed."
        ),
        Shortfall.CONSENT_NOT_DECLARED: _l(
            "Pupils whose guardian's consent is not declared, or refused: %(pupils)s."
        ),
        Shortfall.NOT_ANSWERED: _l("“%(label)s” is not answered."),
        Shortfall.NOT_ANSWERED_BY_ALL: _l(
            "“%(label)s” is not answered for every pupil; still open: %(pupils)s."
        ),
        Shortfall.SEALED_FORM_MISSING: _l(
            "The form with the school's seal is missing. Print it on the entry's page, have it "
            "signed and sealed, and attach the scan."
        ),
        Shortfall.SEALED_FORM_OUTDATED: _l(
            "The entry was changed after the sealed form was printed. Print it anew, have it "
            "sealed, and attach that scan."
        ),
        Shortfall.SCHOOLS_NOT_READY: _l(
            "Schools that have not said yet that their pupils are complete: %(schools)s. Each says "
            "so on its own page; the entry can be submitted once all have."
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
    Action.NOMINATE: _l("Nominated to the next level"),
    Action.RECALL: _l("The return was taken back"),
    Action.OFFER: _l("A place was offered"),
    Action.TAKE_UP: _l("The offered place was taken"),
    Action.LAPSE: _l("The offer ended without an answer"),
    Action.MOVE: _l("Moved on the waiting list"),
    Action.CONFIRM: _l("Confirmed by the school"),
    Action.ASK_SUBSTITUTION: _l("Substitution of a member asked for"),
    Action.DROP_SUBSTITUTION: _l("Request for a substitution withdrawn"),
    Action.REFUSE_SUBSTITUTION: _l("Substitution of a member rejected"),
    Action.SUBSTITUTE: _l("Member substituted"),
    Action.NOT_CONFIRMED: _l("Not confirmed in time"),
    Action.APPROVE_CHANGES: _l("Changes approved"),
    Action.UNDO_CHANGES: _l("Changes undone"),
}

PASSING_LABELS = {Action.ACCEPT: _l("Accept"), Action.NOMINATE: _l("Nominate")}
"""What is done with the first of an order of entries."""

_FIRST_THAT_FITS = _l(
    "By itself, under the published rule: a place was free, and of those in line this was the "
    "first entry that fits."
)
REASONS_BY_ITSELF: dict[tuple[Action, State | None], LazyString] = {
    (Action.OFFER, State.WAITLISTED): _FIRST_THAT_FITS,
    (Action.ACCEPT, State.WAITLISTED): _FIRST_THAT_FITS,
    (Action.ACCEPT, State.SUBMITTED): _l("By itself: first come, first served."),
    (Action.WAITLIST, State.SUBMITTED): _l(
        "By itself: first come, first served. No place or quota was left for the entry."
    ),
    (Action.LAPSE, State.OFFERED): _l("By itself, at the end of the offer."),
    (Action.NOT_CONFIRMED, State.ACCEPTED): _l("By itself, after the date until which to confirm."),
}
"""Why the programme moved an entry without anybody: by the step and the state before it."""

FIELD_LABELS = {
    Field.NAME: _l("Group's name"),
    Field.VOICING: _l("Voicing"),
    Field.LEADER: _l("Team leader"),
    Field.CONDUCTOR: _l("Conductor"),
    Field.ACCOMPANIST: _l("Accompanist"),
    Field.ADVISERS: _l("Advisers"),
    Field.CHAPERONES: _l("Chaperones"),
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
    MemberRole.CHAPERONE: _l("Chaperone"),
}

FINDING_LABELS = {
    FindingCode.TOO_YOUNG: _l("Too young for the category"),
    FindingCode.TOO_OLD: _l("Too old for the category"),
    FindingCode.GRADE_TOO_LOW: _l("Grade too low for the category"),
    FindingCode.GRADE_TOO_HIGH: _l("Grade too high for the category"),
    FindingCode.GRADE_UNKNOWN: _l("Grade not given or not understood"),
    FindingCode.CONSENT_MISSING: _l("Guardian's consent missing or refused"),
    FindingCode.PUPIL_ELSEWHERE: _l("Pupils in another group as well"),
    FindingCode.ADULT_ELSEWHERE: _l("Adults in another group as well"),
    FindingCode.OTHER_SCHOOL: _l("Adults of another school"),
}

FINDING_COUNTS = {
    FindingCode.TOO_YOUNG: _l("%(num)s too young"),
    FindingCode.TOO_OLD: _l("%(num)s too old"),
    FindingCode.GRADE_TOO_LOW: _l("%(num)s of too low a grade"),
    FindingCode.GRADE_TOO_HIGH: _l("%(num)s of too high a grade"),
    FindingCode.GRADE_UNKNOWN: _l("%(num)s of unknown grade"),
    FindingCode.CONSENT_MISSING: _l("%(num)s without consent"),
    FindingCode.PUPIL_ELSEWHERE: _l("%(num)s in two groups"),
    FindingCode.ADULT_ELSEWHERE: _l("%(num)s of the adults in two groups"),
    FindingCode.OTHER_SCHOOL: _l("%(num)s of the adults from another school"),
}

NEXT_STEPS = {
    State.DRAFT: _l("The school completes the entry and submits it."),
    State.SUBMITTED: _l(
        "The entry is under review. The school does nothing now and is told by mail."
    ),
    State.RETURNED: _l("The school changes the marked parts and submits the entry again."),
    State.ACCEPTED: _l(
        "The group has a place. The timetable follows; the school is told when it is published."
    ),
    State.WAITLISTED: _l(
        "The group waits for a place. The school is told by mail as soon as one is free for it."
    ),
    State.OFFERED: _l(
        "A place is free and held for the group. The school takes it or withdraws before the offer "
        "ends; then it goes to the next in line."
    ),
    State.REJECTED: _l("Nothing more happens with this entry."),
    State.WITHDRAWN: _l(
        "Nothing more happens with this entry, unless the school reopens it before the deadline."
    ),
}


def field_list(names: Iterable[str], labels: Mapping[str, str] | None = None) -> str:
    """Return the marked fields in words, in the order of the form.

    `labels` are those of coordinators' fields by their marks; others are left out.
    """
    marked = set(names)
    said = [str(FIELD_LABELS[field]) for field in Field if field in marked]
    said += [label for mark, label in (labels or {}).items() if mark in marked]
    return listed(said)


def finding_count(kind: Kind) -> str:
    """Return how many people a kind of finding concerns, in a few words."""
    return str(FINDING_COUNTS[kind.code]) % {"num": kind.people}


def missing_text(missing: Missing) -> str:
    """Return what is missing as a sentence."""
    facts = missing.facts
    if "names" in facts:
        facts = {**facts, "label": named(facts["names"])}
    return texts.sentence(missing.code, **facts)


def waitlist_rule(policy: WaitlistPolicy, is_ranked: bool = False) -> str:  # noqa: FBT001, FBT002 - called by templates
    """Return how the waiting list is ordered and moves on, as schools read it."""
    order = _("The list is ordered by: %(rule)s.", rule=WAITLIST_ORDERS[policy.order])
    if is_ranked:
        order = _("The list is in the order of the ranking.")
    if not policy.is_automatic:
        moves = _("The coordinators offer free places by hand.")
    elif not policy.offer_hours:
        moves = _("A free place is given to the first that fits.")
    else:
        moves = ngettext(
            "A free place is offered to the first that fits, for %(num)s hour.",
            "A free place is offered to the first that fits, for %(num)s hours.",
            policy.offer_hours,
        )
    return str(_("%(order)s %(moves)s", order=order, moves=moves))


def error_text(error: SchedulerError) -> str:
    """Return why one of many decisions was not applied."""
    if isinstance(error, Refused):
        return texts.sentence(error.code, **error.facts)
    if isinstance(error, Conflict):
        return str(_("Somebody changed it since you opened the list. Look at it again."))
    if isinstance(error, NotFound):
        return str(_("There is no such application."))
    return str(_("You may not decide on this application."))
