"""The table itself: every state is reached and left as it says, and nothing else is possible."""

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from scheduler.applications.workflow import (
    DECISIONS,
    ON_CHANGES,
    SCHOOL_ACTIONS,
    SUBSTITUTION,
    TRANSITIONS,
    Action,
    Refusal,
    State,
    available,
    transition,
)
from scheduler.errors import Refused

IMPOSSIBLE = [
    (state, action) for state in State for action in Action if (state, action) not in TRANSITIONS
]


@pytest.mark.parametrize(("state", "action"), IMPOSSIBLE)
def test_what_is_not_in_the_table_is_refused(state, action):
    with pytest.raises(Refused) as refused:
        transition(state, action)
    assert (refused.value.code, refused.value.facts) == (
        Refusal.NOT_FROM_THIS_STATE,
        {"state": state, "action": action},
    )


@pytest.mark.parametrize("state", State)
def test_available_is_what_transition_allows(state):
    allowed = {action for action in Action if (state, action) not in IMPOSSIBLE}
    assert available(state) == allowed


def test_every_state_is_reached_from_a_draft():
    reached = {State.DRAFT}
    while True:
        further = {TRANSITIONS[s, a] for s, a in TRANSITIONS if s in reached} - reached
        if not further:
            break
        reached |= further
    assert reached == set(State)


def test_every_state_can_be_left():
    assert {
        state for state in State if {transition(state, a) for a in available(state)} - {state}
    } == set(State)


def test_actions_belong_to_the_school_or_the_coordinator_but_not_to_both():
    assert set() == SCHOOL_ACTIONS & DECISIONS
    others = {Action.LAPSE, Action.MOVE, Action.NOT_CONFIRMED, *SUBSTITUTION, *ON_CHANGES}
    assert {action for _state, action in TRANSITIONS} == SCHOOL_ACTIONS | DECISIONS | others


def test_only_a_coordinator_leads_to_a_decided_state():
    decided = {State.OFFERED, State.WAITLISTED, State.REJECTED, State.RETURNED}
    leading = {a for (s, a), after in TRANSITIONS.items() if after in decided and s is not after}
    assert leading == DECISIONS - {Action.ACCEPT, Action.NOMINATE, Action.RECALL}


def test_approving_or_undoing_changes_moves_no_state():
    moves = {(s, a, after) for (s, a), after in TRANSITIONS.items() if a in ON_CHANGES}
    assert moves == {
        (State.SUBMITTED, Action.APPROVE_CHANGES, State.SUBMITTED),
        (State.ACCEPTED, Action.APPROVE_CHANGES, State.ACCEPTED),
        (State.ACCEPTED, Action.UNDO_CHANGES, State.ACCEPTED),
    }


def test_a_place_is_given_by_a_coordinator_or_taken_from_an_offer():
    leading = {
        (s, a)
        for (s, a), after in TRANSITIONS.items()
        if after is State.ACCEPTED and s is not after
    }
    states = {State.SUBMITTED, State.WAITLISTED, State.REJECTED, State.OFFERED}
    assert leading == {(state, Action.ACCEPT) for state in states} | {
        (State.OFFERED, Action.TAKE_UP)
    }


class Walk(RuleBasedStateMachine):
    """A random walk that knows nothing of the table but what `available` offers."""

    def __init__(self):
        super().__init__()
        self.state = State.DRAFT
        self.steps = []

    def was_submitted(self):
        """A draft that was withdrawn before it was submitted is on no list."""
        return any(action is Action.SUBMIT for _before, action, _after in self.steps)

    def go(self, action):
        before, self.state = self.state, transition(self.state, action)
        self.steps.append((before, action, self.state))

    @precondition(lambda self: Action.SUBMIT in available(self.state))
    @rule()
    def submit(self):
        self.go(Action.SUBMIT)
        assert self.state is State.SUBMITTED

    @precondition(lambda self: Action.REOPEN in available(self.state))
    @rule()
    def reopen(self):
        self.go(Action.REOPEN)
        assert self.state is State.DRAFT

    @precondition(lambda self: Action.WITHDRAW in available(self.state))
    @rule()
    def withdraw(self):
        self.go(Action.WITHDRAW)
        assert self.state is State.WITHDRAWN

    @precondition(lambda self: Action.ACCEPT in available(self.state))
    @rule()
    def accept(self):
        self.go(Action.ACCEPT)
        assert self.state is State.ACCEPTED

    @precondition(lambda self: Action.WAITLIST in available(self.state) and self.was_submitted())
    @rule()
    def waitlist(self):
        self.go(Action.WAITLIST)
        assert self.state is State.WAITLISTED

    @precondition(lambda self: Action.OFFER in available(self.state))
    @rule()
    def offer(self):
        self.go(Action.OFFER)
        assert self.state is State.OFFERED

    @precondition(lambda self: Action.TAKE_UP in available(self.state))
    @rule()
    def take_up(self):
        self.go(Action.TAKE_UP)
        assert self.state is State.ACCEPTED

    @precondition(lambda self: Action.LAPSE in available(self.state))
    @rule()
    def lapse(self):
        self.go(Action.LAPSE)
        assert self.state is State.WITHDRAWN

    @precondition(lambda self: Action.NOT_CONFIRMED in available(self.state))
    @rule()
    def not_confirmed(self):
        assert self.state is State.ACCEPTED
        self.go(Action.NOT_CONFIRMED)
        assert self.state is State.WITHDRAWN

    @precondition(lambda self: Action.RECALL in available(self.state))
    @rule()
    def recall(self):
        self.go(Action.RECALL)
        assert self.state is State.SUBMITTED

    @precondition(lambda self: Action.APPROVE_CHANGES in available(self.state))
    @rule()
    def approve_changes(self):
        before = self.state
        self.go(Action.APPROVE_CHANGES)
        assert self.state is before

    @precondition(lambda self: Action.UNDO_CHANGES in available(self.state))
    @rule()
    def undo_changes(self):
        self.go(Action.UNDO_CHANGES)
        assert self.state is State.ACCEPTED

    @precondition(lambda self: Action.RETURN in available(self.state))
    @rule()
    def return_for_changes(self):
        self.go(Action.RETURN)
        assert self.state is State.RETURNED

    @precondition(lambda self: Action.REJECT in available(self.state))
    @rule()
    def reject(self):
        self.go(Action.REJECT)
        assert self.state is State.REJECTED

    @invariant()
    def every_decision_came_after_a_submission(self):
        for number, (_before, action, _after) in enumerate(self.steps):
            if action in DECISIONS:
                assert Action.SUBMIT in {step[1] for step in self.steps[:number]}

    @invariant()
    def the_history_leads_to_the_present_state(self):
        state = State.DRAFT
        for before, action, after in self.steps:
            assert (before, TRANSITIONS[before, action]) == (state, after)
            state = after
        assert state is self.state


TestWalk = Walk.TestCase
