"""What asks somebody to attend, as mail programs understand it (RFC 5546, RFC 6047). Pure.

One VEVENT of the house with METHOD, the organiser and the one person asked: nobody reads who else
was. ORGANIZER is an address of the house, made for this person and this entry alone.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from scheduler.calendars.ical import CLOSING, END, PRODUCT, Item, clean_line, fold, render_item

_NO_MAILTO = re.compile(r"[\x00-\x20<>\"]")


class Method(StrEnum):
    """What a scheduling object does."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    REPLY = "REPLY"


class PartStat(StrEnum):
    """How somebody stands to an entry (RFC 5545 3.2.12); what else there is, nobody here uses."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address."""

    name: str
    address: str


def scheduling_object(
    method: Method,
    item: Item,
    *,
    organiser: Mailbox,
    attendee: Mailbox,
    standing: PartStat = PartStat.NEEDS_ACTION,
    is_answer_read: bool = True,
) -> bytes:
    """Return a request or its end for one person.

    The item's `modified_at` becomes DTSTAMP: with METHOD, that is when the object was made. UID
    and SEQUENCE are the item's. Without `is_answer_read` programs need not offer to answer.
    """
    event = render_item(item).removesuffix(END)
    wants = "TRUE" if is_answer_read and method is Method.REQUEST else "FALSE"
    asked = f"CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={standing};RSVP={wants}"
    people = (
        fold(f"ORGANIZER;CN={_quoted(organiser.name)}:{_mailto(organiser.address)}"),
        fold(f"ATTENDEE;{asked};CN={_quoted(attendee.name)}:{_mailto(attendee.address)}"),
    )
    body = event + b"".join(line + b"\r\n" for line in people) + END
    return _opening(method) + body + CLOSING


def render_single(rendered: bytes) -> bytes:
    """Return a calendar of one rendered VEVENT, to be saved as a file.

    No METHOD, so that programs import it; no name, so that none makes a calendar of it.
    """
    return _opening(None) + rendered + CLOSING


def _opening(method: Method | None) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    # Above the entries: mail programs have been seen to overlook it below them.
    lines += [f"METHOD:{method}"] if method else []
    return "".join(f"{line}\r\n" for line in lines).encode()


def _quoted(name: str) -> str:
    """Return a name as the value of a parameter (RFC 6868)."""
    plain = clean_line(name).replace("^", "^^").replace('"', "^'")
    return f'"{plain}"'


def _mailto(address: str) -> str:
    return f"mailto:{quote(_NO_MAILTO.sub('', address), safe='@+.!#$&=*-_~/')}"
