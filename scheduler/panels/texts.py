"""Words and sentences about panels."""

from flask_babel import lazy_gettext as _l

from scheduler.panels.models import Deed, Stage
from scheduler.panels.refusals import Refusal
from scheduler.texts import add_sentences

STAGES = {
    Stage.OPEN: (_l("To judge"), "info", "clock"),
    Stage.DRAFT: (_l("Draft"), "neutral", "pencil"),
    Stage.JUDGED: (_l("Judged"), "success", "check-circle-fill"),
    Stage.CONFLICT: (_l("Conflict of interest"), "warning", "slash-circle"),
}
"""Word, tone and icon."""

DEEDS = {
    Deed.ASSIGN: _l("Given to the reviewer"),
    Deed.RELEASE: _l("Taken from the reviewer"),
    Deed.DRAFT: _l("Kept as a draft"),
    Deed.SUBMIT: _l("Judged"),
    Deed.CONFLICT: _l("Conflict of interest"),
}

add_sentences(
    {
        Refusal.CATEGORY_TAKEN: _l("Another panel of this level judges one of these categories."),
        Refusal.CATEGORY_IN_USE: _l(
            "Reviewers have cases of a category that would be left out, so it must stay."
        ),
        Refusal.CATEGORY_MISSING: _l("Please choose at least one category."),
        Refusal.CRITERIA_IN_USE: _l(
            "Marks have been given, so the criteria cannot be changed any more."
        ),
        Refusal.NO_CRITERIA: _l("The panel has no criteria yet. Add them first."),
        Refusal.REVIEWER_TWICE: _l("This person is on the panel already."),
        Refusal.REVIEWER_HAS_JUDGED: _l(
            "This reviewer has judged cases or declared a conflict, so the name must stay."
        ),
        Refusal.REVIEWER_BUSY: _l("This reviewer has the case already, or had it."),
        Refusal.REVIEWER_OF_SCHOOL: _l("This reviewer acts for the school, so cannot judge it."),
        Refusal.TOO_FEW_REVIEWERS: _l("The panel has no reviewers yet. Add them first."),
        Refusal.JUDGED_ALREADY: _l("The case has been judged, so it stays with this reviewer."),
        Refusal.PANEL_CLOSED: _l("The judging of this case has ended, so nothing was changed."),
        Refusal.TOO_LATE: _l("The time for judging is over, so nothing was changed."),
        Refusal.MARK_MISSING: _l("Please give a mark, or keep a draft."),
        Refusal.MARK_OUT_OF_RANGE: _l("Please give a mark from 0 to %(most)s."),
        Refusal.COMMENT_TOO_LONG: _l("Please write no more than %(most)s characters."),
        Refusal.REASON_MISSING: _l("Please say why."),
    }
)
