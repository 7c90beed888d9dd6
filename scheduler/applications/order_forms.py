"""How many pass from the top of an order, how many wait, and what happens with the rest."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from scheduler.applications.ordered_decisions import Choice, rest_actions_at
from scheduler.applications.steps import LONGEST_TEXT
from scheduler.applications.workflow import Action
from scheduler.programmes.approval import ApprovalLevel
from scheduler.web import BaseForm, select_choices, trimmed

LEAVE = "leave"


class DecideForm(BaseForm):
    """How many pass, who waits, and what happens with the rest."""

    count = IntegerField(_l("The first"), validators=[NumberRange(min=0)])
    waiting = IntegerField(
        _l("The next, on the waiting list"),
        validators=[Optional(), NumberRange(min=0)],
        description=_l("They wait in the order of the ranking."),
    )
    rest = SelectField(_l("The rest"))
    reason = TextAreaField(
        _l("Reason for the rest"),
        validators=[Length(max=LONGEST_TEXT)],
        filters=[trimmed],
        description=_l("Schools read it."),
    )
    seen = HiddenField()

    def offer_choices(self, level: ApprovalLevel | None) -> None:
        """Fill in what can be done with the rest; only the last level has a waiting list."""
        actions = rest_actions_at(level)
        words = {Action.WAITLIST: _l("Put on the waiting list"), Action.REJECT: _l("Reject")}
        found = [(action.value, words[action]) for action in actions]
        self.rest.choices = select_choices([(LEAVE, _l("Leave undecided")), *found])
        if Action.WAITLIST not in actions:
            del self.waiting

    def choice(self) -> Choice:
        """What was filled in."""
        pairs = (each.rpartition(".") for each in str(self.seen.data or "").split())
        rest = str(self.rest.data)
        return Choice(
            count=int(self.count.data or 0),
            rest=None if rest == LEAVE else Action(rest),
            reason=str(self.reason.data or ""),
            seen=[
                (ref, int(version))
                for ref, _dot, version in pairs
                if version.isascii() and version.isdigit()
            ],
            waiting=int(self.waiting.data or 0) if "waiting" in self else 0,
        )
