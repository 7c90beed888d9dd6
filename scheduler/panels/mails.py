"""Texts of the mails to reviewers. They name the panel, never a case."""

from flask_babel import lazy_gettext as _l

from scheduler.notifications import templates
from scheduler.panels.notices import GIVEN

templates.add(
    GIVEN,
    subject=_l("%(programme)s: entries to judge"),
    body=_l(
        "entries of %(programme)s have been given to you to judge, on the panel “%(panel)s”. "
        "Waiting for you now: %(count)s.\n\n"
        "%(link)s"
    ),
)
