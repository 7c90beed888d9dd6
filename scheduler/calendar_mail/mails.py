"""Texts of the mails that ask people to attend."""

from flask_babel import lazy_gettext as _l

from scheduler.calendar_mail.asking import ASKED, CHANGED, WITHDRAWN
from scheduler.calendar_mail.entry_mails import ENTRY
from scheduler.calendar_mail.reminding import REMINDED
from scheduler.notifications import templates
from scheduler.notifications.templates import Readers

templates.add(
    ASKED,
    subject=_l("Please answer: %(title)s"),
    body=_l(
        "you are asked to attend:\n\n"
        "%(title)s\n%(when)s\n%(place)s\n\n"
        "Please answer by the buttons of your mail program or calendar, or on this page, which is "
        "only for you:\n%(link)s"
    ),
    is_answered=True,
)
templates.add(
    CHANGED,
    subject=_l("Changed: %(title)s"),
    body=_l(
        "what you were asked to attend has changed. It is now:\n\n"
        "%(title)s\n%(when)s\n%(place)s\n\n"
        "If time or place are others than before, please answer anew, by the buttons of your mail "
        "program or calendar, or on this page, which is only for you:\n%(link)s"
    ),
    is_answered=True,
)
templates.add(
    WITHDRAWN,
    subject=_l("Cancelled: %(title)s"),
    body=_l(
        "this does not take place any more, or you need not attend it:\n\n"
        "%(title)s\n%(when)s\n%(place)s\n\n"
        "Your calendar removes it by itself, or once you confirm that there."
    ),
    is_answered=True,
)
templates.add(
    ENTRY,
    subject=_l("For your calendar: %(title)s"),
    body=_l(
        "here is the entry that you asked for:\n\n"
        "%(title)s\n%(when)s\n%(place)s\n\n"
        "Open the attached file on your phone and choose its calendar. If the time changes, your "
        "calendar does not learn of it by itself: look at your page again."
    ),
    readers=Readers.FAMILY,
)
templates.add(
    REMINDED,
    subject=_l("Reminder: your next appointments (%(count)s)"),
    body=_l(
        "this is what your calendar has next:\n\n"
        "%(lines)s\n\n"
        "You asked for this reminder at one of your calendars; there you can also end it."
    ),
    readers=Readers.FAMILY,
)
