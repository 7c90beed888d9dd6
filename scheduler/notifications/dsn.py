"""Reports of mails that could not be delivered, as mail servers send them. Pure: bytes to facts.

The standard's form (RFC 3464) is `multipart/report` with a part of fields and the mail or its
headers. Some servers send words for people instead and attach the mail: those are recognised by
who writes (nobody, a postmaster or a mailer daemon) and by the mail of ours that they return.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

_REF = re.compile(r"<([0-9a-f]{16})@[^<>\s]+>")
_RETURN_PATH = re.compile(r"\+([0-9a-f]{16})@")
_DAEMONS = re.compile(r"^(mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED_TYPES = frozenset({"message/rfc822", "text/rfc822-headers", "message/global"})
_LONGEST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: which of our mails (by reference), to whom, since when, and why.

    `addresses` are blank where the report returns somebody else's mail.
    """

    refs: tuple[str, ...]
    addresses: tuple[str, ...]
    reason: str
    at: dt.datetime | None


def read(content: bytes) -> Report | None:
    """Return what the message reports as undeliverable; None if it is no such report.

    Delays, successful deliveries and people's automatic answers are none. Never raises: whatever
    cannot be understood is no report.
    """
    try:
        return _read(message_from_bytes(content, policy=policy.compat32))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError):
        return None


def _read(message: Message) -> Report | None:
    statuses = [part for part in message.walk() if part.get_content_type() in _STATUS_TYPES]
    failed = [group for group in _groups(statuses) if _field(group, "Action").lower() == "failed"]
    named = _text(message, "X-Failed-Recipients").split(",")
    refs = _refs(message)
    if statuses and not failed:
        return None  # delayed, delivered, relayed, or nothing that can be understood
    if not failed and not any(map(str.strip, named)) and not (_is_from_daemon(message) and refs):
        return None
    addresses = [address for group in failed for address in _addresses(group)]
    addresses += [parseaddr(name)[1].lower() for name in named]
    if not refs and _returns_a_mail(message):
        addresses = []  # the mail that it returns is somebody else's, whomever it went to
    return Report(
        refs=refs,
        addresses=tuple(dict.fromkeys(address for address in addresses if "@" in address)),
        reason=next(filter(None, map(_reason, failed)), "") or _subject(message),
        at=_date(message),
    )


def _groups(statuses: Iterable[Message]) -> Iterator[Message]:
    """Return the groups of fields, one for each recipient; the first group is the message's."""
    for part in statuses:
        yield from (group for group in part.get_payload() if isinstance(group, Message))


def _addresses(group: Message) -> list[str]:
    """Return whom we wrote to first, then where it went from there: `rfc822; a@b.example`."""
    fields = (_field(group, name) for name in ("Original-Recipient", "Final-Recipient"))
    return [parseaddr(field.rpartition(";")[2].strip())[1].lower() for field in fields]


def _reason(group: Message) -> str:
    words = _field(group, "Diagnostic-Code").partition(";")[2] or _field(group, "Diagnostic-Code")
    return " ".join(f"{_field(group, 'Status')} {words}".split())


def _refs(message: Message) -> tuple[str, ...]:
    """Return the references of our mails that the report carries, the surest first."""
    found = _RETURN_PATH.findall(f"{message['To']} {message['Delivered-To']}")
    for part in message.walk():
        if part is not message and part["Message-ID"]:
            found += _REF.findall(str(part["Message-ID"]))
        if part.get_content_type() in _RETURNED_TYPES or part.get_content_maintype() == "text":
            found += re.findall(rf"(?i)message-id:\s*{_REF.pattern}", _words(part))
    for name in ("In-Reply-To", "References"):
        found += _REF.findall(_text(message, name))
    return tuple(dict.fromkeys(found))


def _returns_a_mail(message: Message) -> bool:
    parts = [part for part in message.walk() if part is not message]
    is_whole = any(part["Message-ID"] for part in parts)
    headers = [part for part in parts if part.get_content_type() in _RETURNED_TYPES]
    return is_whole or any("message-id:" in _words(part).lower() for part in headers)


def _words(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload[:_LONGEST_WORDS].decode(errors="replace") if isinstance(payload, bytes) else ""


def _is_from_daemon(message: Message) -> bool:
    return _text(message, "Return-Path").strip() == "<>" or bool(
        _DAEMONS.match(parseaddr(_text(message, "From"))[1])
    )


def _subject(message: Message) -> str:
    try:
        subject = str(make_header(decode_header(_text(message, "Subject"))))
    except (ValueError, LookupError, MessageError):
        return ""  # whoever wrote it cannot encode; the report stands all the same
    return " ".join(_clean(subject).split())


def _date(message: Message) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(_text(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _field(group: Message, name: str) -> str:
    return " ".join(_text(group, name).split())


def _text(message: Message, name: str) -> str:
    return _clean(str(message[name] or ""))


def _clean(text: str) -> str:
    """Leave out what databases take for no text: anybody can write a report."""
    return text.replace("\0", "").encode(errors="replace").decode()
