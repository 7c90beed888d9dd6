"""Words and sentences about programmes, categories and venues."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from scheduler.programmes.ages import AgeFault
from scheduler.programmes.approval import Concern, Dimension, LevelKind, WaitlistOrder
from scheduler.programmes.kinds import (
    AgeRule,
    Allocation,
    CategoryKind,
    DateKind,
    DayCount,
    OrganisationRole,
    OutcomeKind,
    SealedForm,
    WithdrawalRule,
)
from scheduler.programmes.refusals import Refusal
from scheduler.texts import add_sentences

KINDS = {
    CategoryKind.CHOIR: _l("Choir"),
    CategoryKind.SMALL_CHOIR: _l("Small choir"),
    CategoryKind.VOCAL_ENSEMBLE: _l("Vocal ensemble"),
    CategoryKind.WIND: _l("Wind band"),
    CategoryKind.ORCHESTRA: _l("Orchestra"),
    CategoryKind.STRINGS: _l("Strings"),
    CategoryKind.CHAMBER: _l("Chamber ensemble"),
    CategoryKind.SOLO: _l("Solo"),
    CategoryKind.TENNIS_SINGLES: _l("Tennis singles"),
    CategoryKind.TENNIS_DOUBLES: _l("Tennis doubles"),
    CategoryKind.TENNIS_MIXED: _l("Tennis mixed doubles"),
    CategoryKind.TENNIS_TEAM: _l("Tennis team"),
    CategoryKind.STUDY_TOUR: _l("Study-tour group"),
    CategoryKind.OTHER: _l("Other"),
}

AGE_RULES = {
    AgeRule.NONE: _l("Any age"),
    AgeRule.BORN_BETWEEN: _l("Born between two dates"),
    AgeRule.AGE_ON_DATE: _l("Age on a date"),
    AgeRule.BIRTH_YEAR: _l("Age reached in the year of the programme, such as U12"),
    AgeRule.GRADE: _l("Grade at school"),
}

AGE_FAULTS = {
    AgeFault.TOO_YOUNG: _l("Too young for the category"),
    AgeFault.TOO_OLD: _l("Too old for the category"),
    AgeFault.GRADE_TOO_LOW: _l("Grade too low for the category"),
    AgeFault.GRADE_TOO_HIGH: _l("Grade too high for the category"),
    AgeFault.GRADE_UNKNOWN: _l("Grade not given or not understood"),
}

GRADES = {
    **{number: _l("Primary %(number)s", number=number) for number in range(1, 7)},
    **{number + 6: _l("Junior %(number)s", number=number) for number in range(1, 4)},
    **{number + 9: _l("Senior %(number)s", number=number) for number in range(1, 4)},
}

DATE_KINDS = {
    DateKind.NOTICE: _l("Notice is sent to schools"),
    DateKind.REVIEW_OPENS: _l("Review begins"),
    DateKind.DISTRICT_REVIEW_UNTIL: _l("Districts have reviewed by"),
    DateKind.MUNICIPAL_REVIEW_UNTIL: _l("The city has reviewed by"),
    DateKind.REVIEW_CLOSES: _l("Review ends"),
    DateKind.PUBLIC_NOTICE_FROM: _l("Public notice begins"),
    DateKind.CONFIRM_BY: _l("Schools confirm by"),
    DateKind.LEADERS_MEETING: _l("Leaders' meeting and draw for the running order"),
    DateKind.CONSENTS_UNTIL: _l("Guardians' consents by"),
    DateKind.WITHDRAWAL_UNTIL: _l("Schools withdraw by"),
    DateKind.ROSTER_FREEZE: _l("Members are fixed from"),
    DateKind.SUBSTITUTIONS_UNTIL: _l("Substitutions of members by"),
}
MILESTONES = {
    **{kind.value: label for kind, label in DATE_KINDS.items()},
    "entry_opens": _l("Entry opens"),
    "entry_closes": _l("Entry closes"),
    "starts": _l("The programme takes place"),
}

PREVIEW_LABELS = MILESTONES | {
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "activity_earliest": _l("Activity, not before"),
    "activity_latest": _l("Activity, to be over by"),
    "arrives": _l("Attendance, not before"),
    "leaves": _l("Attendance, not after"),
    "opens": _l("Open"),
    "shuts": _l("Closed"),
    "born_from": _l("Born from"),
    "born_to": _l("Born until"),
    "age_on": _l("Day on which the age counts"),
}

DAY_COUNTS = {
    DayCount.CALENDAR: _l("calendar days"),
    DayCount.WORKING: _l("working days"),
}

WITHDRAWAL_RULES = {
    WithdrawalRule.ANY_TIME: _l("Schools may withdraw at any time."),
    WithdrawalRule.UNTIL_DATE: _l(
        "Schools may withdraw until the date given; after it they ask the coordinator."
    ),
}

OUTCOME_KINDS = {
    OutcomeKind.LEVEL: _l("Showcase level and certificate"),
    OutcomeKind.RANKING: _l("Ranking"),
}

SEALED_FORMS = {
    SealedForm.NONE: _l("Not asked for"),
    SealedForm.OPTIONAL: _l("May be attached"),
    SealedForm.REQUIRED: _l("Needed before the entry is submitted"),
}

ORGANISATION_ROLES = {
    OrganisationRole.GUIDE: _l("Guided by"),
    OrganisationRole.HOST: _l("Hosted by"),
    OrganisationRole.ORGANISER: _l("Organised by"),
    OrganisationRole.CO_ORGANISER: _l("Co-organised by"),
    OrganisationRole.SUPPORTER: _l("Supported by"),
}

LEVELS = {
    LevelKind.SCHOOL: _l("School"),
    LevelKind.DISTRICT: lazy_pgettext("level", "District"),
    LevelKind.CITY: _l("City"),
    LevelKind.ORGANISER: _l("Organiser"),
}

ALLOCATIONS = {
    Allocation.DECISION: _l("By decision on each entry"),
    Allocation.FIRST_COME: _l("First come, first served"),
    Allocation.RANKED: _l("Down a ranking"),
    Allocation.LOTTERY: _l("By a public drawing of lots"),
}

ALLOCATION_RULES = {
    Allocation.DECISION: _l("The coordinators decide on each entry."),
    Allocation.FIRST_COME: _l(
        "First come, first served: complete entries take places as they arrive; who comes later "
        "waits in the same order."
    ),
    Allocation.RANKED: _l(
        "Those who review the entries put them in order. The first get the places within the "
        "quotas, the next wait in the same order. Between equal ranks a coordinator decides and "
        "records the reason."
    ),
    Allocation.LOTTERY: _l(
        "The places are drawn by lot. Anybody can repeat the draw; who gets no place waits in "
        "drawn order."
    ),
}
"""What schools read."""

CONCERNS = {
    Concern.PEOPLE: _l("Members and adults"),
    Concern.WORKS: _l("Repertoire"),
    Concern.GROUP: _l("Name, voicing, introduction and equipment"),
    Concern.ANSWERS: _l("Your own fields"),
}

DIMENSIONS = {
    Dimension.SCHOOL: _l("Schools"),
    Dimension.DISTRICT: _l("Districts"),
    Dimension.REGION: _l("Regions"),
    Dimension.STAGE: _l("School stages"),
    Dimension.ANY: _l("Any other"),
}

EACH = {
    Dimension.SCHOOL: _l("Each school"),
    Dimension.DISTRICT: _l("Each district"),
    Dimension.REGION: _l("Each region"),
    Dimension.STAGE: _l("Each stage"),
    Dimension.ANY: _l("Any other"),
}

WAITLIST_ORDERS = {
    WaitlistOrder.LISTED: _l("As they were put on the list"),
    WaitlistOrder.SUBMITTED: _l("As they were submitted"),
}

add_sentences(
    {
        Refusal.PLACES_COUNTED_OTHERWISE: _l(
            "Places are taken already, so they cannot be counted in another way."
        ),
        Refusal.APPROVAL_LEVEL_IN_USE: _l(
            "Entries are or were at a level that would be left out, so it cannot be removed."
        ),
        Refusal.QUOTA_TWICE: _l("There is a quota for them already. Remove it first."),
        Refusal.SCHOOL_UNKNOWN: _l("There is no school with this code."),
        Refusal.CODE_TAKEN: _l("This code is in use already; please choose another one."),
        Refusal.DATES_ORDER: _l("The last day cannot be before the first."),
        Refusal.DATES_FAR_APART: _l("A programme can last %(days)s days at most."),
        Refusal.DATES_EXCLUDE_HOURS: _l(
            "%(venue)s has opening hours on a day that would be left out. Change its hours first."
        ),
        Refusal.WINDOW_ORDER: _l("Entry must close after it opens."),
        Refusal.ZONE_IN_USE: _l(
            "Opening hours, closures or attendance windows were entered in the present zone. "
            "Remove them first; they would mean other times."
        ),
        Refusal.PROGRAMME_IN_USE: _l(
            "This programme has entries or plans on record, so it cannot be removed."
        ),
        Refusal.PROGRAMME_HAS_COORDINATORS: _l(
            "This programme has coordinators. Take the role away from them first."
        ),
        Refusal.TIME_SKIPPED: _l(
            "%(shown)s does not exist in %(zone)s: clocks are put forward over it. "
            "The next time after it is %(instead)s."
        ),
        Refusal.TIME_REPEATED: _l(
            "Clocks in %(zone)s show %(shown)s twice, because they are put back. "
            "Please say below which of the two is meant."
        ),
        Refusal.SIZE_ORDER: _l("The largest size cannot be below the smallest."),
        Refusal.BIRTH_ORDER: _l("The later birth date cannot be before the earlier one."),
        Refusal.PLACES_BELOW_TAKEN: _l(
            "%(taken)s groups have been accepted already, so there must be at least as many places."
        ),
        Refusal.CATEGORY_IN_USE: _l(
            "Schools have entered groups in this category, so it cannot be removed."
        ),
        Refusal.VENUE_IN_USE: _l(
            "This venue stands in a plan, a release or an activity, so it cannot be removed. "
            "Remove its opening hours instead; nothing is then placed there."
        ),
        Refusal.HALF_A_PLACE: _l("Please enter latitude and longitude, or neither."),
        Refusal.ROW_INCOMPLETE: _l("Please fill in the whole row, or clear all of it."),
        Refusal.HOURS_ORDER: _l("The venue must close after it opens, on the same day."),
        Refusal.HOURS_OVERLAP: _l("These hours overlap with those of another row."),
        Refusal.CLOSURE_ORDER: _l("The closure must end after it begins."),
        Refusal.ATTENDANCE_ORDER: _l("The departure must be after the arrival."),
        Refusal.ADVISERS_ORDER: _l("At most cannot be below at least."),
        Refusal.AGE_RULE_INCOMPLETE: _l("The chosen age rule needs this."),
        Refusal.AGE_ORDER: _l("The highest age cannot be below the lowest."),
        Refusal.GRADE_ORDER: _l("The highest grade cannot be below the lowest."),
        Refusal.KIND_OF_OTHER_FAMILY: _l(
            "A category keeps what it is about. Add another category for this kind."
        ),
        Refusal.REVIEW_ORDER: _l("The review must end after it begins."),
        Refusal.FREEZE_ORDER: _l("Substitutions end after the members are fixed, not before."),
        Refusal.CONFIRMATION_DATE_MISSING: _l("Places pass on only if there is this date."),
        Refusal.WITHDRAWAL_DATE_MISSING: _l("The chosen rule needs this date."),
        Refusal.SERIES_IN_USE: _l("This series has editions, so it cannot be removed."),
        Refusal.PART_TAKEN: _l("This organisation has this part already."),
        Refusal.LEVEL_IN_USE: _l(
            "Groups have been given this level, so it cannot be removed. Give it another name, or "
            "the groups another level."
        ),
    }
)
