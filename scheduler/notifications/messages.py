"""From a written text to the message that mail servers carry: headers, plain text, simple HTML."""

import datetime as dt
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr

from markupsafe import Markup, escape

from scheduler.languages import html_language
from scheduler.notifications.calendar_parts import CalendarPart, add_part
from scheduler.notifications.templates import Written

# Seven bits: the way to the reader may lead over servers that know nothing else.
_POLICY = SMTP.clone(cte_type="7bit")


def compose(
    written: Written,
    *,
    ref: str,
    sender: str,
    to_address: str,
    to_name: str,
    locale: str,
    public_url: str,
    now: dt.datetime,
    calendar: CalendarPart | None = None,
) -> EmailMessage:
    """Return the message. Its Message-ID follows from `ref`, so a repetition can be recognised.

    Only addresses below `public_url` become links: the rest was typed by somebody.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = formataddr((" ".join(to_name.split()), to_address))
    message["Subject"] = written.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{ref}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(written.body)
    page = _as_html(written, html_language(locale), _addresses_below(public_url))
    message.add_alternative(page, subtype="html")
    if calendar is not None:
        add_part(message, calendar)
    # After the parts: setting them clears everything that begins with Content-.
    message["Content-Language"] = html_language(locale)
    return message


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _addresses_below(public_url: str) -> re.Pattern[str]:
    """Match our own addresses, and none that only begins like ours (`https://our.host.evil`)."""
    return re.compile(rf"{re.escape(public_url)}(?:[/?#][^\s<>]*)?(?![^\s<>])")


def _as_html(written: Written, language: str, own: re.Pattern[str]) -> str:
    """Return the same words as paragraphs, our addresses as links; nothing else."""
    paragraphs = written.body.strip().replace("\n-- \n", "\n\n").split("\n\n")
    body = Markup("\n").join(
        Markup("<p>{}</p>").format(_linked(paragraph.strip(), own))
        for paragraph in paragraphs
        if paragraph.strip()
    )
    head = Markup(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>'
    )
    return str(
        head.format(language, written.subject) + Markup("<body>\n{}\n</body></html>\n").format(body)
    )


def _linked(text: str, own: re.Pattern[str]) -> Markup:
    result, position = Markup(""), 0
    for found in own.finditer(text):
        result += escape(text[position : found.start()])
        result += Markup('<a href="{0}">{0}</a>').format(found.group())
        position = found.end()
    result += escape(text[position:])
    return result.replace("\n", Markup("<br>\n"))
