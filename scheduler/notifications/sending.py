"""How a message leaves the house: to an SMTP server, or as a file where none is named.

`MAIL_URL` is `smtp://`, `smtps://` (TLS from the first byte) or `smtp+starttls://`, with
`user:password@host:port`, each part percent-encoded; or `file:///folder` for `.eml` files.
"""

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 30
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_PERMANENT = 500
_POLICY = re.compile(r"\d{3} 5\.7\.")


class NotNow(Exception):  # noqa: N818 - the three outcomes read as what the server said
    """Nothing was handed over; a later attempt may succeed. `is_server` if no mail could go."""

    def __init__(self, reason: str, *, is_server: bool = False) -> None:
        super().__init__(reason)
        self.is_server = is_server


class Never(Exception):  # noqa: N818 - see NotNow
    """The server refuses this mail for good."""


class Bounced(Never):  # see NotNow
    """The server does not know the address, or lets nothing in to it."""


class Unknown(Exception):  # noqa: N818 - see NotNow
    """The message was being handed over when the answer failed to come: sent, or not."""


class Delivery(Protocol):
    """A way out; used as a context, one message after another."""

    def __enter__(self) -> Self:
        """Begin; opens nothing yet."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what is open."""

    def deliver(self, message: EmailMessage, ref: str) -> None:
        """Hand one message over; raises `NotNow`, `Never` or `Unknown`."""


class InvalidMailUrl(ValueError):  # noqa: N818 - it reads as what it says
    """`MAIL_URL` cannot be understood; the message says what it may look like."""


def delivery_for(url: str, *, bounces_to: str = "") -> Delivery:
    """Return the way out that `MAIL_URL` names; raises `InvalidMailUrl`.

    `bounces_to` is where reports of mails that come back are sent, each under an address of its
    own; without it, to the sender.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return FileDelivery(Path(unquote(parts.path)))
    if parts.scheme in _PORTS and parts.hostname:
        return SmtpDelivery(parts, bounces_to)
    raise InvalidMailUrl(
        "MAIL_URL must look like smtp+starttls://user:password@mail.example.org:587, "
        "smtps://…, smtp://… or file:///folder."
    )


def mail_folder(url: str) -> Path | None:
    """Return the folder of the written mails; None where a server sends them."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


class FileDelivery:
    """Writes each message into a folder that only the owner of the process can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def deliver(self, message: EmailMessage, ref: str) -> None:
        """Write `<ref>.eml`; a reader never sees half a file."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self._folder / f".{ref}.part"
            unfinished.touch(mode=0o600)
            unfinished.write_bytes(message.as_bytes())
            unfinished.replace(self._folder / f"{ref}.eml")
        except OSError as error:
            raise NotNow(str(error.strerror), is_server=True) from error


class SmtpDelivery:
    """One connection for a run of messages; opened at the first one, again after a failure."""

    def __init__(self, url: SplitResult, bounces_to: str = "") -> None:
        self._url = url
        self._bounces_to = bounces_to
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()

    def deliver(self, message: EmailMessage, ref: str) -> None:
        """Send the message. Until the server was asked for DATA, nothing can have been sent."""
        server = self._connected()
        try:
            self._address(server, message, ref)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotNow(type(error).__name__, is_server=True) from error
        try:
            code, answer = server.data(message.as_bytes())
        except smtplib.SMTPDataError as error:
            self._reset()
            raise _refusal(error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unknown(type(error).__name__) from error
        if code != 250:  # noqa: PLR2004 - the only code that means accepted
            self._reset()
            raise _refusal(smtplib.SMTPDataError(code, answer))

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = self._open()
            except smtplib.SMTPResponseException as error:
                raise NotNow(_words(error), is_server=True) from error
            except (smtplib.SMTPException, OSError) as error:
                raise NotNow(f"{type(error).__name__}: {error}", is_server=True) from error
        return self._server

    def _open(self) -> smtplib.SMTP:
        url = self._url
        host, port = str(url.hostname), url.port or _PORTS[url.scheme]
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            if url.scheme == "smtp+starttls":
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _address(self, server: smtplib.SMTP, message: EmailMessage, ref: str) -> None:
        """Name sender and receiver. A refused sender is our own trouble, not this mail's."""
        sender = return_path(self._bounces_to, ref) or parseaddr(str(message["From"]))[1]
        code, answer = server.mail(sender)
        if not _is_success(code):
            self._reset()
            raise NotNow(_words(smtplib.SMTPResponseException(code, answer)), is_server=True)
        code, answer = server.rcpt(parseaddr(str(message["To"]))[1])
        if not _is_success(code):
            self._reset()
            raise _refusal(smtplib.SMTPResponseException(code, answer), of_address=True)

    def _reset(self) -> None:
        """Make the connection fit for the next message; one that is gone is opened anew."""
        try:
            if self._server is not None:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def return_path(bounces_to: str, ref: str) -> str:
    """Return the address to which one mail comes back: `bounces+<ref>@…`; blank for none."""
    name, _at, domain = bounces_to.rpartition("@")
    return f"{name}+{ref}@{domain}" if name else ""


def _is_success(code: int) -> bool:
    return 200 <= code < 300  # noqa: PLR2004 - SMTP's success codes


def _refusal(error: smtplib.SMTPResponseException, *, of_address: bool = False) -> Exception:
    words = _words(error)
    if error.smtp_code < _PERMANENT:
        return NotNow(words)
    # 5.7 is the server's policy (no relaying, say): it says nothing about the address.
    return Bounced(words) if of_address and not _POLICY.match(words) else Never(words)


def _words(error: smtplib.SMTPResponseException) -> str:
    answer = error.smtp_error
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return f"{error.smtp_code} {text}"
