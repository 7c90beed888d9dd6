"""Fetching a calendar from an address that anybody may have typed.

Whoever types an address chooses where our server connects to. So the name is resolved once, every
address it stands for is judged, and the connection is made to a judged address and no other: a name
that answers differently a moment later gains nothing. The same is done for each redirect.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urljoin, urlsplit

from scheduler.calendars.outside.refusals import Refusal
from scheduler.errors import Refused

MOST_OCTETS = 2_000_000
"""Of the answer, before and after it is unpacked; a school's year is a tenth of it."""
MOST_REDIRECTS = 5
SECONDS = 20.0
"""For one answer as a whole, however slowly it comes."""
PORTS = {"http": 80, "https": 443}
AGENT = "Ambassador-Scheduler"
LONGEST_TAG = 200

Place = tuple[str, int]
"""An IP address and a port."""


def is_public(place: Place) -> bool:
    """Tell whether a place lies in the open internet, at a port of the web."""
    address = ipaddress.ip_address(place[0])
    if place[1] not in PORTS.values() or address.is_multicast or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    # Addresses that carry one of IPv4 inside lead wherever that one leads.
    carries = (address.ipv4_mapped, address.sixtofour, address.teredo)
    return not any(carries) and address not in _NAT64


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered; `content` is None if it is still what it was."""

    content: bytes | None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches from places that are allowed; `allows` decides, and is the open internet's web."""

    allows: Callable[[Place], bool] = is_public

    def fetch(self, url: str, *, etag: str = "") -> Fetched:
        """Return what stands at an address, or that it still has the tag.

        Raises `Refused` with a code of `outside.refusals.Refusal`.
        """
        for _ in range(MOST_REDIRECTS + 1):
            target = target_of(url)
            answer = self._ask(target, etag)
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(target.geturl(), answer)
        raise Refused(Refusal.TOO_MANY_REDIRECTS)

    def _ask(self, target: SplitResult, etag: str) -> "Fetched | str":
        """Return the answer, or where it sends us."""
        connection = self._connected(target)
        with closing(connection), _Watch(connection.sock) as watch:
            try:
                answer = _answer(connection, target, etag)
            except (OSError, http.client.HTTPException) as error:
                is_slow = watch.is_over or isinstance(error, TimeoutError)
                raise Refused(Refusal.TOO_SLOW if is_slow else Refusal.UNREACHABLE) from error
            if watch.is_over:  # what was read until then is not all of it
                raise Refused(Refusal.TOO_SLOW)
            return answer

    def _connected(self, target: SplitResult) -> http.client.HTTPConnection:
        host = target.hostname or ""
        places = _places(host, target.port or PORTS[target.scheme])
        if not all(map(self.allows, places)):
            is_web = places[0][1] in PORTS.values()
            raise Refused(Refusal.PRIVATE_HOST if is_web else Refusal.PORT)
        try:
            plain = socket.create_connection(places[0], timeout=SECONDS)
            connection = http.client.HTTPConnection(host, timeout=SECONDS)
            connection.sock = _sealed(plain, host) if target.scheme == "https" else plain
        except OSError as error:
            raise Refused(Refusal.UNREACHABLE) from error
        return connection


def target_of(url: str) -> SplitResult:
    """Return a typed address as it is asked: webcal means https. Raises `Refused`."""
    try:
        target = urlsplit(url.strip())
        port = target.port
    except ValueError as error:
        raise Refused(Refusal.NO_ADDRESS) from error
    if target.scheme in {"webcal", "webcals"}:
        target = target._replace(scheme="https")
    if target.scheme not in PORTS:
        raise Refused(Refusal.SCHEME)
    if not target.hostname or target.username is not None or not url.isprintable():
        raise Refused(Refusal.NO_ADDRESS)
    if port == 0:
        raise Refused(Refusal.PORT)
    return target


def _places(host: str, port: int) -> list[Place]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(Refusal.UNKNOWN_HOST) from error
    return [(str(each[4][0]).partition("%")[0], port) for each in found]


def _sealed(plain: socket.socket, host: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


class _Watch:
    """Ends a connection on which somebody takes their time, whatever it is waiting for."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._timer = threading.Timer(SECONDS, self._hang_up)
        self.is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def _hang_up(self) -> None:
        self.is_over = True
        with suppress(OSError):  # it has ended by itself
            self._sock.shutdown(socket.SHUT_RDWR)


def _answer(
    connection: http.client.HTTPConnection, target: SplitResult, etag: str
) -> "Fetched | str":
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    headers = {
        "Host": target.netloc,
        "User-Agent": AGENT,
        "Accept": "text/calendar",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **({"If-None-Match": etag} if etag else {}),
    }
    try:
        connection.request("GET", path, headers=headers)
    except (ValueError, UnicodeError) as error:  # an address that no request can carry
        raise Refused(Refusal.NO_ADDRESS) from error
    with closing(connection.getresponse()) as answer:
        return _taken(answer, etag)


def _taken(answer: http.client.HTTPResponse, etag: str) -> "Fetched | str":
    location = answer.getheader("Location")
    if answer.status in {301, 302, 303, 307, 308} and location:
        return location
    if answer.status == http.HTTPStatus.NOT_MODIFIED and etag:
        return Fetched(None, etag)
    if answer.status != http.HTTPStatus.OK:
        raise Refused(Refusal.STATUS, status=answer.status)
    content = answer.read(MOST_OCTETS + 1)
    if answer.length and len(content) <= MOST_OCTETS:  # it ended before it was whole
        raise Refused(Refusal.UNREACHABLE)
    return Fetched(_unpacked(content, answer.getheader("Content-Encoding")), _tag(answer))


def _tag(answer: http.client.HTTPResponse) -> str:
    tag = answer.getheader("ETag", "")
    return tag if len(tag) <= LONGEST_TAG and tag.isprintable() else ""


def _unpacked(content: bytes, encoding: str | None) -> bytes:
    """Return what was sent, unpacked if it was packed though we did not ask for that.

    Never more than the limit is unpacked, so that a small answer cannot become a large one.
    """
    if len(content) > MOST_OCTETS:
        raise Refused(Refusal.TOO_LARGE)
    if encoding is None or encoding.lower() == "identity":
        return content
    if encoding.lower() not in {"gzip", "x-gzip"}:
        raise Refused(Refusal.ENCODING)
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(content, MOST_OCTETS + 1)
    except zlib.error as error:
        raise Refused(Refusal.ENCODING) from error
    if len(unpacked) > MOST_OCTETS:
        raise Refused(Refusal.TOO_LARGE)
    return unpacked
