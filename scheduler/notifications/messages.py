"""From a written text to the message that mail servers carry: headers, plain text, simple HTML."""

import datetime as dt
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr

from markupsafe import Markup, escape

from scheduler.languages import html_language
from scheduler.notifications.templates import Written

# Seven bits: the way to the reader may lead over servers that know nothing else.
_POLICY = SMTP.clone(cte_type="7bit")
_ADDRESS = re.compile(r"https?://[^\s<>]+")


def compose(
    written: Written,
    *,
    ref: str,
    sender: str,
    to_address: str,
    to_name: str,
    locale: str,
    now: dt.datetime,
) -> EmailMessage:
    """Return the message. Its Message-ID follows from `ref`, so a repetition can be recognised."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = formataddr((to_name, to_address))
    message["Subject"] = written.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{ref}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(written.body)
    message.add_alternative(_as_html(written, html_language(locale)), subtype="html")
    # After the parts: setting them clears everything that begins with Content-.
    message["Content-Language"] = html_language(locale)
    return message


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _as_html(written: Written, language: str) -> str:
    """Return the same words as paragraphs, addresses as links; nothing else."""
    paragraphs = written.body.strip().replace("\n-- \n", "\n\n").split("\n\n")
    body = Markup("\n").join(
        Markup("<p>{}</p>").format(_linked(paragraph.strip()))
        for paragraph in paragraphs
        if paragraph.strip()
    )
    head = Markup(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>'
    )
    return str(
        head.format(language, written.subject) + Markup("<body>\n{}\n</body></html>\n").format(body)
    )


def _linked(text: str) -> Markup:
    result, position = Markup(""), 0
    for found in _ADDRESS.finditer(text):
        result += escape(text[position : found.start()])
        result += Markup('<a href="{0}">{0}</a>').format(found.group())
        position = found.end()
    result += escape(text[position:])
    return result.replace("\n", Markup("<br>\n"))
