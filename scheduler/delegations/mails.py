"""Texts of the mails between the schools of a joint entry."""

from flask_babel import lazy_gettext as _l

from scheduler.applications.coming import MAIL as PLACES
from scheduler.applications.guest_notices import NEWS
from scheduler.applications.substitution_mails import GUEST_CODE_BY_STATE, GUESTS_REQUEST
from scheduler.applications.substitution_models import SubstitutionState
from scheduler.notifications import templates

templates.add(
    "delegations.invited",
    subject=_l("Invitation of %(lead)s: %(group)s"),
    body=_l(
        "%(lead)s invites %(school)s to take part in its entry %(group)s in %(category)s of "
        "%(programme)s with pupils of its own. Please answer by: %(answer_by)s\n\n"
        "%(message)s\n\n%(link)s"
    ),
)
templates.add(
    "delegations.accepted",
    subject=_l("%(school)s takes part: %(group)s"),
    body=_l(
        "%(school)s takes part in %(group)s (%(category)s of %(programme)s) and now enters its "
        "pupils.\n\n%(link)s"
    ),
)
templates.add(
    "delegations.declined",
    subject=_l("%(school)s has declined: %(group)s"),
    body=_l(
        "%(school)s does not take part in %(group)s (%(category)s of %(programme)s). It writes:\n\n"
        "%(reason)s\n\n%(link)s"
    ),
)
templates.add(
    "delegations.ready",
    subject=_l("%(school)s is ready: %(group)s"),
    body=_l(
        "%(school)s has entered its pupils for %(group)s (%(category)s of %(programme)s) and says "
        "that they are complete. Pupils: %(pupils)s\n\n%(link)s"
    ),
)
templates.add(
    "delegations.withdrawn",
    subject=_l("%(school)s has left: %(group)s"),
    body=_l(
        "%(school)s and its pupils have left %(group)s (%(category)s of %(programme)s). It "
        "writes:\n\n%(reason)s\n\n"
        "Pupils left in the entry: %(pupils)s; the category asks for at least %(least)s.\n\n"
        "%(link)s"
    ),
)
templates.add(
    "delegations.removed",
    subject=_l("No longer part of %(group)s"),
    body=_l(
        "%(lead)s has taken %(school)s out of its entry %(group)s in %(category)s of "
        "%(programme)s. It writes:\n\n%(reason)s\n\n%(link)s"
    ),
)
templates.add(
    NEWS,
    subject=_l("News of %(group)s, %(category)s"),
    body=_l(
        "something has changed for %(group)s in %(category)s of %(programme)s, in which "
        "%(school)s takes part; %(lead)s leads the entry. How it stands now is shown here:\n\n"
        "%(link)s"
    ),
)
templates.add(
    GUEST_CODE_BY_STATE[SubstitutionState.APPROVED],
    subject=_l("Member substituted: %(group)s, %(category)s"),
    body=_l(
        "The substitution in %(group)s (%(school)s), %(category)s of %(programme)s, has been "
        "approved. Consents of the pupil who left don't count for the one who came: please ask "
        "that pupil's guardians.\n\n"
        "%(link)s\n\n%(reason)s"
    ),
)
templates.add(
    GUEST_CODE_BY_STATE[SubstitutionState.REJECTED],
    subject=_l("Substitution rejected: %(group)s, %(category)s"),
    body=_l(
        "The substitution in %(group)s (%(school)s), %(category)s of %(programme)s, has been "
        "rejected. The group stays as it is.\n\n"
        "%(link)s\n\n%(reason)s"
    ),
)
templates.add(
    GUESTS_REQUEST,
    subject=_l("Substitution by %(school)s: %(group)s"),
    body=_l(
        "%(school)s has asked for one of its pupils in %(group)s (%(category)s of %(programme)s) "
        "to be substituted, has withdrawn such a request, or one was decided on. How it stands is "
        "shown here:\n\n%(link)s"
    ),
)
templates.add(
    PLACES,
    subject=_l("Not all can come: %(group)s"),
    body=_l(
        "%(group)s in %(category)s of %(programme)s has taken a place for fewer pupils than were "
        "entered. Of the %(pupils)s pupils of %(school)s %(places)s come: those who stood first in "
        "your school's own order. The others have left the group. Whoever cannot come can be "
        "substituted on the page of your part:\n\n%(link)s"
    ),
)
