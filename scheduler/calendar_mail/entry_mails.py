"""One entry mailed to its owner as a file: the way into calendars that cannot subscribe."""

from flask import flash, redirect
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.calendar_mail.entry_facts import facts_of
from scheduler.calendars.entry_pages import FILE_NAME
from scheduler.calendars.own_calendar_pages import CalendarsAt
from scheduler.calendars.single_entries import file_of, find_entry
from scheduler.database import transaction
from scheduler.errors import NotFound
from scheduler.notifications import services as notifications
from scheduler.notifications.calendar_parts import CalendarPart

ENTRY = "calendar_mail.entry"


def mail_entry(at: CalendarsAt, uid: str) -> Response:
    """Queue the mail, once a day for each state of the entry; back to the list.

    It goes to the address that is known of the owner, never to one that is typed in. Raises
    `NotFound` for an owner without any, and for an entry that is not theirs.
    """
    owner, locale = at.owner, str(get_locale())
    if owner is None:
        raise NotFound
    with transaction():
        entry = find_entry(at.audiences, uid)
        now = clock.now()
        is_new = notifications.queue(
            ENTRY,
            to_address=owner.address,
            to_name=owner.name,
            locale=locale,
            facts=facts_of(entry, locale),
            once_key=f"{ENTRY}:{entry.uid}:{entry.sequence}:{owner.address}:{locale}:{now.date()}",
            calendar=CalendarPart(
                file_of(at.subject.audience, entry, locale).decode(), name=FILE_NAME
            ),
            now=now,
        )
    said = _("The entry is on its way to your e-mail address.")
    flash(said if is_new else _("This entry was mailed to you today already."), "success")
    return redirect(at.address("entries"), code=303)
