"""A calendar within a mail: iCalendar octets that mail programs show as a request, or as a file.

It is kept sealed beside the mail, because the address for answers in it opens something: whoever
knows it can answer for the person asked. Unlike links it stays after sending, so that a mail that
came back can be sent again as it was.
"""

from dataclasses import asdict, dataclass
from email.message import EmailMessage

from scheduler.notifications.sealing import seal, unseal


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """The octets as text, and under which name they are saved.

    With a `method` (RFC 5546) mail programs offer to answer, to `reply_to`; without one, the
    calendar is a file to be opened.
    """

    content: str
    name: str = "invite.ics"
    method: str = ""
    reply_to: str = ""


def sealed_part(part: CalendarPart | None) -> bytes | None:
    """Return what the outbox keeps of a calendar part."""
    return None if part is None else seal(asdict(part))


def opened_part(sealed: bytes | None) -> CalendarPart | None:
    """Return the part that `sealed_part` kept; raises `InvalidTag` under another key."""
    return None if sealed is None else CalendarPart(**unseal(sealed))


def add_part(message: EmailMessage, part: CalendarPart) -> None:
    """Put the calendar into a message that has its texts.

    A request is an alternative to the texts, with the same METHOD in its type (RFC 6047 2.4), and
    a file as well, for programs that know only files.
    """
    octets = part.content.encode()
    if part.reply_to:
        message["Reply-To"] = part.reply_to
    charset = {"charset": "utf-8"}
    if not part.method:
        message.add_attachment(
            octets, maintype="text", subtype="calendar", filename=part.name, params=charset
        )
        return
    of_request = {**charset, "method": part.method}
    message.add_alternative(octets, maintype="text", subtype="calendar", params=of_request)
    message.add_attachment(octets, maintype="application", subtype="ics", filename=part.name)
