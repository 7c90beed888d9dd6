"""Words and sentences about joint entries."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.applications.guest_models import GuestPart, PartState
from scheduler.applications.guests import Refusal
from scheduler.applications.workflow import State
from scheduler.states import state_look
from scheduler.texts import add_sentences

add_sentences(
    {
        Refusal.NOT_JOINT: _l("In this category each school enters alone."),
        Refusal.OWN_SCHOOL: _l("The entry is your own school's already."),
        Refusal.INVITED_ALREADY: _l("The school is invited or takes part already."),
        Refusal.OTHER_STATE: _l(
            "The school's part is in another state by now, so this is no longer possible."
        ),
        Refusal.ANSWER_TOO_LATE: _l(
            "The day until which an answer was asked for has passed. Ask the lead school to take "
            "the invitation back and to send another one."
        ),
        Refusal.PART_NOT_OPEN: _l(
            "Your pupils are marked as complete. Choose “Change the pupils again” first."
        ),
        Refusal.PART_ENDED: _l("Your school takes no part in this entry (any more)."),
        Refusal.MEMBERS_CLOSED: _l("The entry's members cannot be changed now."),
        Refusal.PART_EMPTY: _l("Enter at least one pupil first."),
        Refusal.PART_INCOMPLETE: _l("Something about your pupils is still missing; see the list."),
        Refusal.DATE_PAST: _l("This day has passed."),
        Refusal.SHARE_OUT_OF_RANGE: _l(
            "Of %(school)s from 1 to %(most)s pupils can come. A school that cannot come leaves "
            "the entry on its own page."
        ),
        Refusal.SHARE_OF_ONE: _l(
            "Of %(school)s exactly one pupil can come. A school that cannot come leaves the entry "
            "on its own page."
        ),
        Refusal.ORDER_SETTLED: _l("It is settled already which of your pupils come."),
        Refusal.REASON_MISSING: _l("Please give the reason: the other school will read it."),
    }
)

_STEPS = {
    PartState.INVITED: _l("You are invited to take part in this entry with pupils of your school."),
    PartState.JOINED: _l(
        "Enter your pupils, then say that they are complete. The lead school submits the entry."
    ),
    PartState.READY: _l("Your pupils are complete. The lead school submits the entry."),
    PartState.DECLINED: _l("Your school has declined. The lead school can invite it again."),
    PartState.WITHDRAWN: _l("Your school has left the entry. The lead school can invite it again."),
    PartState.REMOVED: _l("The lead school has taken your school out of the entry."),
}
_CLOSED = _l("The entry's members cannot be changed now.")


def part_step(part: GuestPart, is_open: bool) -> LazyString | str:  # noqa: FBT001 - asked by a page
    """Return what comes next for the guest school."""
    if part.takes_part and part.application.state not in {State.DRAFT, State.RETURNED}:
        state = state_look(part.application.state).word
        return str(_("The entry has been submitted. Its state: %(state)s.", state=state))
    waits = part.state in {PartState.INVITED, PartState.JOINED}
    return _CLOSED if waits and not is_open else _STEPS[part.state]
