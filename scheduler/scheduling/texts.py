"""Sentences of planning's refusals, and the titles of its jobs."""

from flask_babel import lazy_gettext as _l

from scheduler.jobs.texts import add_title
from scheduler.scheduling.assigning.services import ASSIGN
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.services import PUBLISH, REPAIR, SOLVE
from scheduler.scheduling.tradeoffs.services import TRADE
from scheduler.texts import add_sentences

add_sentences(
    {
        Refusal.NO_ACCEPTED_GROUPS: _l(
            "No group has been accepted yet, so there is nothing to plan."
        ),
        Refusal.NO_VENUES: _l("Enter at least one venue before you plan."),
        Refusal.NO_HOURS: _l("Enter opening hours for the venues before you plan."),
        Refusal.ALREADY_SOLVING: _l(
            "A timetable of this programme is being solved. Stop it or wait until it is done."
        ),
        Refusal.NOT_A_DRAFT: _l("Only a solved draft can be edited or published."),
        Refusal.BROKEN_RULES: _l(
            "This draft breaks %(count)s rules. Mend them on the board before you publish."
        ),
        Refusal.NOTHING_CHANGED: _l("This draft is what was published last. Nothing would change."),
        Refusal.NO_SUCH_VENUE: _l("There is no such venue in this programme."),
        Refusal.OUTSIDE_DAYS: _l("This time is not within the programme's days."),
        Refusal.SLOT_LOCKED: _l("This group is locked to its place. Unlock it first."),
        Refusal.LENGTH_OUTSIDE: _l(
            "A group of this category is on stage for 1 to %(most)s minutes. Please choose a "
            "length between them."
        ),
        Refusal.STRETCH_ORDER: _l("This ends before it begins. Please check both times."),
        Refusal.NOT_GOING_ON: _l(
            "Only what is going on now can be ended. What was entered by mistake can be taken back."
        ),
        Refusal.HAPPENING_OVER: _l("This has been ended or taken back already."),
        Refusal.NOTHING_PUBLISHED: _l("Nothing has been published yet that could be repaired."),
        Refusal.NOBODY_HIT: _l("Nobody is hit by this, so there is nothing to repair."),
        Refusal.RESERVE_TAKEN: _l("At this venue a reserve time begins at this time already."),
        Refusal.NO_RESERVE: _l("There is no reserve time that is still to come. Enter one first."),
        Refusal.HALF_A_BREAK: _l("Breaks need both fields, or neither."),
        Refusal.STAFF_HOURS_OVERLAP: _l("These hours overlap with others of the same person."),
        Refusal.CLASS_DAY_TWICE: _l("This weekday stands there twice."),
        Refusal.BUSY_CLOSED: _l("Busy times can no longer be entered. Ask the coordinators."),
        Refusal.NOT_OF_THE_SCHOOL: _l(
            "This person is in none of the school's groups any more. Choose somebody else."
        ),
        Refusal.BUSY_ORDER: _l("The end must come after the beginning."),
        Refusal.PUBLISHED_PLAN: _l("This draft was published and is kept with its release."),
        Refusal.SECOND_CONFIRMATION: _l(
            "%(count)s groups within the next %(hours)s hours would be moved or cancelled. A "
            "second person has to confirm this edition of the draft first."
        ),
        Refusal.SECOND_ASKED_ALREADY: _l(
            "%(name)s has asked for the second confirmation of this draft already. Confirm it."
        ),
        Refusal.SECOND_TOO_EARLY: _l(
            "Nobody else can confirm this. You can do so yourself, but not before %(minutes)s "
            "minutes after the first time."
        ),
        Refusal.SECOND_REASON: _l("Say why this cannot wait."),
        Refusal.SAME_GROUP: _l("Choose two different groups."),
        Refusal.STATED_ALREADY: _l("This is stated about these two groups already."),
        Refusal.CHANGED_MEANWHILE: _l(
            "%(who)s has changed this group meanwhile, so your change was not made. Here it is as "
            "it is now."
        ),
        Refusal.CHANGED_SINCE: _l(
            "This can no longer be undone or repeated: a group that it is about was changed since."
        ),
        Refusal.WAY_CLOSED: _l(
            "The draft was changed meanwhile, and these moves would now break a rule. Nothing was "
            "moved. Ask again about the place."
        ),
        Refusal.LOTS_TOO_FEW: _l("Lots need at least two groups."),
        Refusal.LOTS_DOUBLED: _l("Two groups have the same number."),
        Refusal.LOTS_ALREADY: _l("There are lots for this category already. Take them back first."),
        Refusal.LOTS_SEED_PAST: _l(
            "The seed must come later than the list: choose a time that lies ahead."
        ),
        Refusal.LOTS_SEED_EARLY: _l("The stated source has not given its number yet."),
        Refusal.LOTS_SEED_UNREADABLE: _l(
            "Only Latin letters, digits, blanks and punctuation, at most %(most)s, so that "
            "everybody can type it again."
        ),
        Refusal.ACTIVITY_CATEGORY: _l("Choose the category whose groups take part."),
        Refusal.ACTIVITY_GROUPS: _l("Choose the groups that take part."),
        Refusal.ACTIVITY_NOBODY: _l("Somebody has to take part: groups, or some of the staff."),
        Refusal.ACTIVITY_DAYS: _l(
            "The programme has only %(days)s days, so it cannot be on so many different ones."
        ),
        Refusal.ACTIVITY_SPAN: _l(
            "Between the two times there are not the %(minutes)s minutes that it takes."
        ),
        Refusal.ASSIGNING_NO_OPTIONS: _l("Enter the options before you solve."),
        Refusal.ASSIGNING_NOBODY: _l("Nobody takes part yet, so there is nothing to solve."),
        Refusal.ASSIGNING_RUNNING: _l(
            "A search for this assignment is under way. Wait until it has ended."
        ),
        Refusal.ASSIGNING_NAMELESS: _l("Enter a name or choose an activity."),
        Refusal.ASSIGNING_CODE_TWICE: _l("Another option has this code."),
        Refusal.ASSIGNING_LIMITS: _l("This is less than the least number."),
        Refusal.SWAPPED_WITH_ITSELF: _l("Choose another group to swap with."),
    }
)
add_title(SOLVE, _l("Solving the timetable"), over=_l("Search for a timetable"))
add_title(REPAIR, _l("Repairing the timetable"), over=_l("Repair of the timetable"))
add_title(TRADE, _l("Looking for other timetables"), over=_l("Search for other timetables"))
add_title(ASSIGN, _l("Solving the assignment"), over=_l("Search for an assignment"), can_stop=False)
add_title(
    PUBLISH,
    _l("Publishing the timetable"),
    over=_l("Publication of the timetable"),
    can_stop=False,
)
