"""The mailbox at which answers arrive, read over IMAP.

`MAIL_IN_URL` is `imaps://` (TLS from the first byte), `imap+starttls://`, or `imap://` for a server
on the same machine, with `user:password@host:port/folder`, each part percent-encoded.
"""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 30
LARGEST = 10 * 1024 * 1024
"""Octets of a message; whatever is larger is no answer, and is not fetched."""
MOST_AT_ONCE = 500
SEEN_BY_US = "AmbassadorRead"
"""The keyword of messages that were looked at and left for people: they stay unread."""

_PORTS = {"imap": 143, "imap+starttls": 143, "imaps": 993}
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class InvalidMailboxUrl(ValueError):  # noqa: N818 - it reads as what it says
    """`MAIL_IN_URL` cannot be understood; the message says what it may look like."""


class UnreachableMailbox(Exception):  # noqa: N818 - it reads as what it says
    """The server does not answer, or not to us."""


class Mailbox:
    """A folder on a mail server, open for the length of a block."""

    def __init__(self, url: str) -> None:
        self._url = checked_mailbox(url)
        self._server: imaplib.IMAP4 | None = None

    def __enter__(self) -> Self:
        try:
            self._server = _opened(self._url)
        except (imaplib.IMAP4.error, OSError) as error:
            raise UnreachableMailbox(f"{type(error).__name__}: {error}"[:250]) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                self._server.logout()

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield the number and octets of messages that nobody has read and we have not seen."""
        for number in self._ask("SEARCH", "UNSEEN", "UNKEYWORD", SEEN_BY_US)[0].split()[
            :MOST_AT_ONCE
        ]:
            uid = number.decode()
            yield uid, b"" if self._octets(uid) > LARGEST else self._fetched(uid)

    def mark(self, uid: str, *, is_done: bool) -> None:
        """Mark a message as read, or as seen by us and left for people."""
        flag = r"\Seen" if is_done else SEEN_BY_US
        self._ask("STORE", uid, "+FLAGS.SILENT", f"({flag})")

    def _octets(self, uid: str) -> int:
        answers = self._ask("FETCH", uid, "(RFC822.SIZE)")
        found = _SIZE.search(b" ".join(_lines(answers)))
        return int(found.group(1)) if found else LARGEST + 1

    def _fetched(self, uid: str) -> bytes:
        for answer in self._ask("FETCH", uid, "(BODY.PEEK[])"):
            if isinstance(answer, tuple):
                return bytes(answer[1])
        return b""

    def _ask(self, *command: str) -> list[Any]:
        if self._server is None:
            raise UnreachableMailbox("not open")
        try:
            state, answers = self._server.uid(*command)
        except (imaplib.IMAP4.error, OSError) as error:
            raise UnreachableMailbox(f"{type(error).__name__}: {error}"[:250]) from error
        if state != "OK":
            raise UnreachableMailbox(f"{command[0]}: {state}")
        return [answer for answer in answers if answer is not None] or [b""]


def _lines(answers: list[Any]) -> Iterator[bytes]:
    for answer in answers:
        yield answer[0] if isinstance(answer, tuple) else answer


def checked_mailbox(url: str) -> SplitResult:
    """Return the parts of a mailbox's address; raises `InvalidMailboxUrl`."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise InvalidMailboxUrl(
            "MAIL_IN_URL must look like imaps://user:password@mail.example.org:993/INBOX, "
            "imap+starttls://… or imap://…."
        )
    return parts


def _opened(url: SplitResult) -> imaplib.IMAP4:
    host, port = str(url.hostname), url.port or _PORTS[url.scheme]
    context = ssl.create_default_context()
    server: imaplib.IMAP4
    if url.scheme == "imaps":
        server = imaplib.IMAP4_SSL(host, port, timeout=TIMEOUT_SECONDS, ssl_context=context)
    else:
        server = imaplib.IMAP4(host, port, timeout=TIMEOUT_SECONDS)
    try:
        if url.scheme == "imap+starttls":
            server.starttls(context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        _choose(server, _folder(url))
    except BaseException:
        server.shutdown()
        raise
    return server


def _choose(server: imaplib.IMAP4, folder: str) -> None:
    state, _answers = server.select(folder)
    if state != "OK":
        raise UnreachableMailbox("there is no such folder")


def _folder(url: SplitResult) -> str:
    name = unquote(url.path.lstrip("/")) or "INBOX"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'
