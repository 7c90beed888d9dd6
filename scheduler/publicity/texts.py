"""Words and sentences about public notices and objections."""

from flask_babel import lazy_gettext as _l

from scheduler.publicity.days import DayKind
from scheduler.publicity.models import LineChange, ObjectionState
from scheduler.publicity.refusals import Refusal
from scheduler.texts import add_sentences

DAY_KINDS = {
    DayKind.CALENDAR: _l("Calendar days"),
    DayKind.WORKING: _l("Working days"),
}
CHANGES = {
    LineChange.NEW: _l("new in this version"),
    LineChange.CHANGED: _l("changed in this version"),
}
ANSWERS = {
    ObjectionState.ANSWERED: _l("Answered: a question, nothing to decide"),
    ObjectionState.UPHELD: _l("Upheld: the objection is right"),
    ObjectionState.DISMISSED: _l("Dismissed: the objection is not right"),
}

add_sentences(
    {
        Refusal.NO_CATEGORY: _l("Choose at least one category."),
        Refusal.NOTHING_TO_PUBLISH: _l("No group of these categories has been accepted yet."),
        Refusal.CORRECTION_MISSING: _l("State what is corrected; it is shown on the page."),
        Refusal.NOTICE_OVER: _l("The notice has ended, so this is no longer possible."),
        Refusal.NOTICE_NOT_PUBLISHED: _l("The notice is not public now."),
        Refusal.NOTICE_PUBLISHED: _l("What was published stays on record. Take it down instead."),
        Refusal.REASON_MISSING: _l("Please give the reason; it is kept on record."),
        Refusal.OBJECTION_CLOSED: _l("This objection has been answered already."),
        Refusal.ANSWER_MISSING: _l("Please write the answer: the objector is mailed it."),
    }
)
