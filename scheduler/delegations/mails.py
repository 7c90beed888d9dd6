"""Texts of the mails between the schools of a joint entry, and to coordinators about it."""

from flask_babel import lazy_gettext as _l

from scheduler.applications.coming import MAIL as PLACES
from scheduler.applications.guest_notices import NEWS
from scheduler.applications.substitution_mails import GUEST_CODE_BY_STATE, GUESTS_REQUEST
from scheduler.applications.substitution_models import SubstitutionState
from scheduler.notifications import templates
from scheduler.notifications.templates import Readers

templates.add(
    "delegations.invited",
    readers=Readers.PARTNER,
    label=_l("Joint entry: invitation of a school"),
    essential=("answer_by", "message", "link"),
    subject=_l("Invitation of %(lead)s: %(group)s"),
    body=_l(
        "%(lead)s invites %(school)s to take part in its entry %(group)s in %(category)s of "
        "%(programme)s with pupils of its own. Please answer by: %(answer_by)s\n\n"
        "%(message)s\n\n%(link)s"
    ),
)
templates.add(
    "delegations.accepted",
    readers=Readers.PARTNER,
    label=_l("Joint entry: invitation accepted"),
    subject=_l("%(school)s takes part: %(group)s"),
    body=_l(
        "%(school)s takes part in %(group)s (%(category)s of %(programme)s) and now enters its "
        "pupils.\n\n%(link)s"
    ),
)
templates.add(
    "delegations.declined",
    readers=Readers.PARTNER,
    label=_l("Joint entry: invitation declined"),
    essential=("reason",),
    subject=_l("%(school)s has declined: %(group)s"),
    body=_l(
        "%(school)s does not take part in %(group)s (%(category)s of %(programme)s). It writes:\n\n"
        "%(reason)s\n\n%(link)s"
    ),
)
templates.add(
    "delegations.ready",
    readers=Readers.PARTNER,
    label=_l("Joint entry: a guest school is ready"),
    subject=_l("%(school)s is ready: %(group)s"),
    body=_l(
        "%(school)s has entered its pupils for %(group)s (%(category)s of %(programme)s) and says "
        "that they are complete. Pupils: %(pupils)s\n\n%(link)s"
    ),
)
templates.add(
    "delegations.withdrawn",
    readers=Readers.PARTNER,
    label=_l("Joint entry: a guest school has left"),
    essential=("reason",),
    subject=_l("%(school)s has left: %(group)s"),
    body=_l(
        "%(school)s and its pupils have left %(group)s (%(category)s of %(programme)s). It "
        "writes:\n\n%(reason)s\n\n"
        "Pupils left in the entry: %(pupils)s; the category asks for at least %(least)s.\n\n"
        "%(link)s"
    ),
)
templates.add(
    "delegations.left_with_a_place",
    subject=_l("%(school)s has left: %(group)s"),
    body=_l(
        "%(school)s and its pupils have left %(group)s of %(lead)s, which has a place in "
        "%(category)s of %(programme)s. Pupils left: %(pupils)s; the category asks for at least "
        "%(least)s. The reason stands on the entry's page:\n\n"
        "%(link)s"
    ),
)
templates.add(
    "delegations.removed",
    readers=Readers.PARTNER,
    label=_l("Joint entry: a guest school was taken out"),
    essential=("reason",),
    subject=_l("No longer part of %(group)s"),
    body=_l(
        "%(lead)s has taken %(school)s out of its entry %(group)s in %(category)s of "
        "%(programme)s. It writes:\n\n%(reason)s\n\n%(link)s"
    ),
)
templates.add(
    NEWS,
    readers=Readers.PARTNER,
    label=_l("Joint entry: news for guest schools"),
    essential=("link",),
    subject=_l("News of %(group)s, %(category)s"),
    body=_l(
        "something has changed for %(group)s in %(category)s of %(programme)s, in which "
        "%(school)s takes part; %(lead)s leads the entry. How it stands now is shown here:\n\n"
        "%(link)s"
    ),
)
templates.add(
    GUEST_CODE_BY_STATE[SubstitutionState.APPROVED],
    readers=Readers.PARTNER,
    label=_l("Joint entry: pupil of a guest school substituted"),
    essential=("reason",),
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
    readers=Readers.PARTNER,
    label=_l("Joint entry: substitution by a guest school rejected"),
    essential=("reason",),
    subject=_l("Substitution rejected: %(group)s, %(category)s"),
    body=_l(
        "The substitution in %(group)s (%(school)s), %(category)s of %(programme)s, has been "
        "rejected. The group stays as it is.\n\n"
        "%(link)s\n\n%(reason)s"
    ),
)
templates.add(
    GUESTS_REQUEST,
    readers=Readers.PARTNER,
    label=_l("Joint entry: substitution by a guest school"),
    essential=("link",),
    subject=_l("Substitution by %(school)s: %(group)s"),
    body=_l(
        "%(school)s has asked for one of its pupils in %(group)s (%(category)s of %(programme)s) "
        "to be substituted, has withdrawn such a request, or one was decided on. How it stands is "
        "shown here:\n\n%(link)s"
    ),
)
templates.add(
    PLACES,
    readers=Readers.PARTNER,
    label=_l("Joint entry: not all of a guest school can come"),
    essential=("coming", "pupils"),
    subject=_l("Not all can come: %(group)s"),
    body=_l(
        "%(group)s in %(category)s of %(programme)s has taken a place for fewer pupils than were "
        "entered. Of the %(pupils)s pupils of %(school)s %(coming)s come: those who stood first in "
        "your school's own order. The others have left the group. Whoever cannot come can be "
        "substituted on the page of your part:\n\n%(link)s"
    ),
)
