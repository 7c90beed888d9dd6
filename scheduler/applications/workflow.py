"""The states of an application and what leads from one to the next: a table, and nothing else."""

from enum import StrEnum

from scheduler.errors import Refused


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What people do to an application; each stands in its history."""

    CREATE = "create"
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    NOMINATE = "nominate"
    RETURN = "return"
    ACCEPT = "accept"
    WAITLIST = "waitlist"
    REJECT = "reject"
    RECALL = "recall"
    OFFER = "offer"
    TAKE_UP = "take_up"
    LAPSE = "lapse"
    MOVE = "move"
    CONFIRM = "confirm"
    ASK_SUBSTITUTION = "ask_substitution"
    DROP_SUBSTITUTION = "drop_substitution"
    REFUSE_SUBSTITUTION = "refuse_substitution"
    SUBSTITUTE = "substitute"
    NOT_CONFIRMED = "not_confirmed"
    APPROVE_CHANGES = "approve_changes"
    UNDO_CHANGES = "undo_changes"


class Refusal(StrEnum):
    """Why the workflow or the application's services refuse; sentences in `applications.texts`."""

    NOT_FROM_THIS_STATE = "not_from_this_state"
    WINDOW_NOT_OPEN = "entry_window_not_open"
    WINDOW_CLOSED = "entry_window_closed"
    NO_PLACE_LEFT = "no_place_left"
    NO_QUOTA_LEFT = "no_quota_left"
    DISTRICTS_TURN = "districts_turn"
    CITYS_TURN = "citys_turn"
    ORGANISERS_TURN = "organisers_turn"
    NOT_THE_LAST_LEVEL = "not_the_last_level"
    LAST_LEVEL = "last_level"
    LEVEL_MAY_NOT_RETURN = "level_may_not_return"
    OFFER_ENDED = "offer_ended"
    CONFIRMED_ALREADY = "confirmed_already"
    CONSENTS_MISSING = "consents_missing"
    RANK_UNKNOWN = "waitlist_rank_unknown"
    COMING_OUT_OF_RANGE = "coming_out_of_range"
    COMING_EXACTLY = "coming_exactly"
    REASON_MISSING = "reason_missing"
    MESSAGE_MISSING = "message_missing"
    FIELDS_MISSING = "fields_missing"
    TEXT_TOO_LONG = "decision_text_too_long"
    INCOMPLETE = "application_incomplete"
    NAME_TAKEN = "group_name_taken"
    ONLY_MARKED_FIELDS = "only_marked_fields"
    WITHDRAWAL_OVER = "withdrawal_over"
    RESULT_UNKNOWN = "result_unknown"
    CHANGED_MEANWHILE = "entry_changed_meanwhile"
    COUNT_OUT_OF_RANGE = "count_out_of_range"
    TIE_NEEDS_REASON = "tie_needs_reason"
    TIE_REASON_MISSING = "tie_reason_missing"
    TIE_ORDER_INCOMPLETE = "tie_order_incomplete"
    TIES_LEFT = "ties_left"
    NO_CHANGE_CHOSEN = "no_change_chosen"
    CHANGES_OPEN = "changes_open"
    APPROVE_INSTEAD = "approve_changes_instead"
    CANNOT_UNDO = "change_cannot_be_undone"


SCHOOL_ACTIONS = frozenset(
    {
        Action.EDIT,
        Action.SUBMIT,
        Action.WITHDRAW,
        Action.REOPEN,
        Action.TAKE_UP,
        Action.CONFIRM,
    }
)
DECISIONS = frozenset(
    {
        Action.NOMINATE,
        Action.RECALL,
        Action.RETURN,
        Action.ACCEPT,
        Action.WAITLIST,
        Action.REJECT,
        Action.OFFER,
    }
)
SUBSTITUTION = frozenset(
    {
        Action.ASK_SUBSTITUTION,
        Action.DROP_SUBSTITUTION,
        Action.REFUSE_SUBSTITUTION,
        Action.SUBSTITUTE,
    }
)
"""What happens to a request to substitute a member; the entry stays accepted all the while."""

ON_CHANGES = frozenset({Action.APPROVE_CHANGES, Action.UNDO_CHANGES})
"""What is done with changed fields alone; the state stays."""

BEFORE_A_PLACE = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.WAITLISTED)
"""States in which a delegation can still say with how many it comes at least."""

HOLDS_PLACE = frozenset({State.ACCEPTED, State.OFFERED})
"""States in which a place of the category is taken; an offer keeps one free for its school."""

TRANSITIONS: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.EDIT): State.DRAFT,
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Action.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Action.EDIT): State.RETURNED,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Action.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Action.REOPEN): State.DRAFT,
    (State.SUBMITTED, Action.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Action.NOMINATE): State.SUBMITTED,
    (State.SUBMITTED, Action.APPROVE_CHANGES): State.SUBMITTED,
    (State.RETURNED, Action.REJECT): State.REJECTED,
    (State.RETURNED, Action.RECALL): State.SUBMITTED,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.SUBMITTED, Action.ACCEPT): State.ACCEPTED,
    (State.SUBMITTED, Action.WAITLIST): State.WAITLISTED,
    (State.SUBMITTED, Action.REJECT): State.REJECTED,
    (State.WAITLISTED, Action.ACCEPT): State.ACCEPTED,
    (State.WAITLISTED, Action.RETURN): State.RETURNED,
    (State.WAITLISTED, Action.REJECT): State.REJECTED,
    (State.WAITLISTED, Action.WITHDRAW): State.WITHDRAWN,
    (State.WAITLISTED, Action.MOVE): State.WAITLISTED,
    (State.WAITLISTED, Action.OFFER): State.OFFERED,
    (State.OFFERED, Action.TAKE_UP): State.ACCEPTED,
    (State.OFFERED, Action.LAPSE): State.WITHDRAWN,
    (State.OFFERED, Action.WITHDRAW): State.WITHDRAWN,
    (State.OFFERED, Action.ACCEPT): State.ACCEPTED,
    (State.OFFERED, Action.WAITLIST): State.WAITLISTED,
    (State.OFFERED, Action.REJECT): State.REJECTED,
    (State.ACCEPTED, Action.CONFIRM): State.ACCEPTED,
    (State.ACCEPTED, Action.NOT_CONFIRMED): State.WITHDRAWN,
    (State.ACCEPTED, Action.APPROVE_CHANGES): State.ACCEPTED,
    (State.ACCEPTED, Action.UNDO_CHANGES): State.ACCEPTED,
    (State.ACCEPTED, Action.RETURN): State.RETURNED,
    (State.ACCEPTED, Action.WAITLIST): State.WAITLISTED,
    (State.ACCEPTED, Action.REJECT): State.REJECTED,
    (State.ACCEPTED, Action.WITHDRAW): State.WITHDRAWN,
    **{(State.ACCEPTED, action): State.ACCEPTED for action in SUBSTITUTION},
    (State.REJECTED, Action.ACCEPT): State.ACCEPTED,
    (State.REJECTED, Action.WAITLIST): State.WAITLISTED,
    (State.WITHDRAWN, Action.REOPEN): State.DRAFT,
    (State.WITHDRAWN, Action.WAITLIST): State.WAITLISTED,
}


def transition(state: State, action: Action) -> State:
    """Return the state that follows; raises `Refused` if the table has no such step."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise Refused(Refusal.NOT_FROM_THIS_STATE, state=state, action=action) from None


def available(state: State) -> frozenset[Action]:
    """Return the actions that the table allows in a state, whoever may take them."""
    return frozenset(action for from_state, action in TRANSITIONS if from_state is state)
