"""Texts of the mails about objections."""

from flask_babel import lazy_gettext as _l

from scheduler.notifications import templates
from scheduler.publicity import notices
from scheduler.publicity.models import ObjectionState
from scheduler.publicity.notices import CONFIRMED, RECEIVED

templates.add(
    CONFIRMED,
    subject=_l("Your objection %(ref)s was received"),
    body=_l(
        "an objection to the public notice “%(notice)s” of %(programme)s was received "
        "at %(received_at)s with this address. Its number is %(ref)s.\n\n"
        "The coordinators will look into it and answer by mail. If it was not you, please ignore "
        "this mail."
    ),
)
templates.add(
    RECEIVED,
    subject=_l("Objection %(ref)s to a public notice"),
    body=_l(
        "somebody objects to the public notice “%(notice)s” of %(programme)s. Name, "
        "contact and reason are shown here:\n\n%(link)s"
    ),
)
templates.add(
    notices.CODE_BY_STATE[ObjectionState.ANSWERED],
    subject=_l("Answer to your objection %(ref)s"),
    body=_l(
        "your objection %(ref)s to the public notice “%(notice)s” of %(programme)s has "
        "been answered. The coordinators write:\n\n%(answer)s"
    ),
)
templates.add(
    notices.CODE_BY_STATE[ObjectionState.UPHELD],
    subject=_l("Your objection %(ref)s was upheld"),
    body=_l(
        "your objection %(ref)s to the public notice “%(notice)s” of %(programme)s was "
        "found to be right. The coordinators write:\n\n%(answer)s"
    ),
)
templates.add(
    notices.CODE_BY_STATE[ObjectionState.DISMISSED],
    subject=_l("Your objection %(ref)s was dismissed"),
    body=_l(
        "your objection %(ref)s to the public notice “%(notice)s” of %(programme)s was "
        "looked into and dismissed. The coordinators write:\n\n%(answer)s"
    ),
)
