"""The mails of exports that a second person approves."""

from flask_babel import lazy_gettext as _l

from scheduler.notifications import templates
from scheduler.reports.services import APPROVAL_ASKED, EXPORT_READY, EXPORT_REFUSED

templates.add(
    APPROVAL_ASKED,
    subject=_l("Please approve or refuse: a list of %(about)s"),
    body=_l(
        "%(name)s asks for a file of %(rows)s rows with personal data (%(about)s). The purpose:\n\n"
        "%(purpose)s\n\nFrom this size on a second person decides. Please look at it here:\n"
        "%(link)s"
    ),
)
templates.add(
    EXPORT_READY,
    subject=_l("The list you asked for is ready: %(about)s"),
    body=_l(
        "the list of %(rows)s rows that you asked for (%(about)s) has been written. You can "
        "download it until %(ready_until_at)s; after that it is removed:\n%(link)s"
    ),
)
templates.add(
    EXPORT_REFUSED,
    subject=_l("Refused: a list of %(about)s"),
    body=_l("%(name)s has refused your request for a file of %(rows)s rows (%(about)s).\n%(link)s"),
)
