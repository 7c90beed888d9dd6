"""The addresses to which answers go: the house's own, with a tag that nobody can make up.

The tag is computed from the entry's UID and the address that was asked. Whoever sends an answer
must know it, so an answer can only come from somebody who has read that one mail.
"""

import hmac
import re
from email.utils import parseaddr

from flask import current_app

from scheduler.calendars.itip import Mailbox
from scheduler.extensions import secret_key

_TAG_BYTES = 16
_PURPOSE = b"calendar_mail/reply"
_TAG = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)


def reads_replies() -> bool:
    """Tell whether there is an address at which answers arrive."""
    return bool(current_app.config["MAIL_REPLIES_TO"])


def organiser_for(uid: str, address: str) -> Mailbox:
    """Return who asks: the house, at the address for this person's answer to this entry.

    Without `MAIL_REPLIES_TO`, at the address that sends all mails, where nobody reads answers.
    """
    name, sender = parseaddr(current_app.config["MAIL_SENDER"])
    box, _at, domain = str(current_app.config["MAIL_REPLIES_TO"]).rpartition("@")
    if not box:
        return Mailbox(name, sender)
    return Mailbox(name, f"{box}+{tag_of(uid, address)}@{domain}")


def tag_of(uid: str, address: str) -> str:
    """Return the tag: 128 bits in hexadecimal digits, since mail servers change the case."""
    secret = secret_key()
    key = hmac.digest(secret if isinstance(secret, bytes) else secret.encode(), _PURPOSE, "sha256")
    subject = f"{uid}\0{address.lower()}".encode()
    return hmac.digest(key, subject, "sha256")[:_TAG_BYTES].hex()


def tags_in(text: str) -> set[str]:
    """Return the tags of the addresses in a text."""
    return {found.lower() for found in _TAG.findall(text)}


def is_tagged(tags: set[str], uid: str, address: str) -> bool:
    """Tell whether the right tag is among these; takes the same time whatever they are."""
    right = tag_of(uid, address)
    return any(hmac.compare_digest(right, tag) for tag in tags)
