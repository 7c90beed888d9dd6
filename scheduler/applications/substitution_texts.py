"""Sentences about substitutions."""

from flask_babel import lazy_gettext as _l

from scheduler.applications.substitutions import SubstitutionRefusal
from scheduler.texts import add_sentences

add_sentences(
    {
        SubstitutionRefusal.TOO_LATE: _l(
            "Members could be substituted until %(until)s (time of the programme). Please write "
            "to the coordinators."
        ),
        SubstitutionRefusal.PENDING_ALREADY: _l(
            "A substitution of this member has been asked for already. Withdraw that request "
            "first, or wait for the decision."
        ),
        SubstitutionRefusal.COMING_ALREADY: _l(
            "This pupil is to come for another member already. Choose somebody else, or withdraw "
            "that request first."
        ),
        SubstitutionRefusal.TOO_MANY: _l(
            "No more than %(most)s of this group's pupils may be substituted. Requests that wait "
            "for a decision count."
        ),
        SubstitutionRefusal.TOO_MANY_OF_SCHOOL: _l(
            "No more than %(most)s of your school's pupils in this group may be substituted. "
            "Requests that wait for a decision count."
        ),
    }
)
