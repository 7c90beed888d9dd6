"""Texts of the mails between the schools of a joint entry."""

from flask_babel import lazy_gettext as _l

from scheduler.applications.guest_notices import NEWS
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
