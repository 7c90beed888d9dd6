"""The door for programs that speak CalDAV, in front of Flask like the door for feeds.

The token is the password: what stands in addresses and logs opens nothing. Whatever user name a
program sends with it is not looked at.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.http import parse_etags

from scheduler.calendars.answers import (
    PRIVATE,
    Answer,
    Headers,
    ended,
    refusal,
    send,
    too_often,
    unreadable,
)
from scheduler.calendars.caldav.collections import ROOT, Collection, StoredCollections
from scheduler.calendars.caldav.questions import (
    UnreadableQuestionError,
    body_of,
    read,
    wanted_of,
)
from scheduler.calendars.caldav.reports import PreconditionError, report, taken
from scheduler.calendars.caldav.resources import ITEM_TYPE, Report, Resource, resource_at, within
from scheduler.calendars.caldav.vocabulary import DAV, document, element, href
from scheduler.calendars.door import FeedDoor
from scheduler.calendars.fetches import FetchNotes
from scheduler.calendars.stored import UnreadableError
from scheduler.calendars.stored_items import StoredItem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WELL_KNOWN = "/.well-known/caldav"
CLASSES = "1, 3, access-control, calendar-access"
METHODS = "GET, HEAD, OPTIONS, PROPFIND, REPORT"
WRITING = frozenset(
    ("PUT", "DELETE", "PROPPATCH", "MKCOL", "MKCALENDAR", "COPY", "MOVE", "LOCK", "UNLOCK", "ACL")
)
MOST_PER_MINUTE = 1_200
"""Requests for one calendar that one process answers in a minute: its thousand items one by one."""

_EMPTY = ("Content-Length", "0")
_XML: Headers = [*PRIVATE, ("Content-Type", "application/xml; charset=utf-8"), ("DAV", CLASSES)]
_ASKS_FOR_CHANGES = re.compile(rb"sync-(token|collection)")


class CalDavDoor:
    """WSGI middleware that answers CalDAV and lets everything else through."""

    def __init__(self, app: Flask, feed_door: FeedDoor) -> None:
        self._through: WSGIApplication = app.wsgi_app
        self._app = app
        self._is_limited = bool(app.config["RATELIMIT_ENABLED"])
        self._stored = StoredCollections(feed_door.feeds.engine)
        self._feed_door = feed_door

    @property
    def _notes(self) -> FetchNotes:
        return self._feed_door.notes

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer CalDAV; anything else is for whoever stands behind."""
        path: str = environ.get("PATH_INFO", "")
        if path in {WELL_KNOWN, WELL_KNOWN + "/", ROOT.rstrip("/")}:
            moved = refusal(301, "Calendars are further on.", Location=ROOT)
            return send(moved, environ, start_response)
        if not path.startswith(ROOT):
            return self._through(environ, start_response)
        return self._notes.written_after(send(self.answer(environ, path), environ, start_response))

    def answer(self, environ: "WSGIEnvironment", path: str) -> Answer:
        """Return what a program asked for, or a refusal that it understands."""
        if environ["REQUEST_METHOD"] == "OPTIONS":
            return Answer(200, [*PRIVATE, ("DAV", CLASSES), ("Allow", METHODS), _EMPTY])
        try:
            return self._opened(environ, path)
        except UnreadableError:
            self._app.logger.exception("no calendar can be read from the database")
            return unreadable()
        except UnreadableQuestionError as error:
            return refusal(error.status, str(error))
        except PreconditionError as error:
            return _xml(error.status, f"{DAV}error", element(error.name))

    def _opened(self, environ: "WSGIEnvironment", path: str) -> Answer:
        collection = self._stored.opened_by(_token(environ))
        if collection is None:
            return _asking_who()
        if collection.is_revoked:
            return ended()
        is_seldom = self._notes.note_poll(
            environ, collection.id, collection.etag, most=MOST_PER_MINUTE
        )
        if not is_seldom and self._is_limited:
            return too_often()
        if environ["REQUEST_METHOD"] in WRITING:
            return _read_only(path)
        resource = resource_at(path, collection)
        if resource is None:
            return refusal(404, "There is nothing here.")
        return self._asked(environ, collection, resource)

    def _asked(
        self, environ: "WSGIEnvironment", collection: Collection, resource: Resource
    ) -> Answer:
        method = environ["REQUEST_METHOD"]
        if method not in resource.methods.split(", "):
            return refusal(405, "This is not done here.", Allow=resource.methods)
        if resource.item is not None and method != "PROPFIND":
            return _item(environ, resource.item)
        octets = body_of(environ)
        if not collection.is_synced and _ASKS_FOR_CHANGES.search(octets):
            self._stored.follow(collection)
        if method == "PROPFIND":
            return _properties(environ, octets, collection, resource)
        root = read(octets)
        if root is None:
            raise UnreadableQuestionError(400, "A report has a name.")
        if root.tag == Report.FREE_BUSY:
            return _calendar(taken(root, collection))
        return _xml(207, f"{DAV}multistatus", report(root, collection, self._stored))


def _properties(
    environ: "WSGIEnvironment", octets: bytes, collection: Collection, resource: Resource
) -> Answer:
    """Answer PROPFIND; without a depth, all that there is would be meant (RFC 4918 9.1)."""
    depth = environ.get("HTTP_DEPTH", "infinity")
    if depth not in {"0", "1"}:
        raise PreconditionError(f"{DAV}propfind-finite-depth")
    wanted = wanted_of(read(octets))
    told = [resource, *(within(resource, collection) if depth == "1" else ())]
    return _xml(207, f"{DAV}multistatus", "".join(each.answer(wanted) for each in told))


def _item(environ: "WSGIEnvironment", item: StoredItem) -> Answer:
    held = environ.get("HTTP_IF_NONE_MATCH")
    tag = ("ETag", f'"{item.etag}"')
    if held is not None and parse_etags(held).contains_weak(item.etag):
        return Answer(304, [*PRIVATE, tag])
    body = item.calendar
    own = [("Content-Type", ITEM_TYPE), ("Content-Length", str(len(body))), tag]
    return Answer(200, [*PRIVATE, *own], body)


def _calendar(body: bytes) -> Answer:
    kind = ("Content-Type", "text/calendar; charset=utf-8; component=vfreebusy")
    return Answer(200, [*PRIVATE, kind, ("Content-Length", str(len(body)))], body)


def _token(environ: "WSGIEnvironment") -> str:
    """Return the password of Basic authentication, "" if there is none that can be read."""
    scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return pair.partition(":")[2]


def _asking_who() -> Answer:
    challenge = 'Basic realm="Calendars", charset="UTF-8"'
    return refusal(401, "The password belongs to one calendar.", WWW_Authenticate=challenge)


def _read_only(path: str) -> Answer:
    """Refuse to write, in the words of RFC 3744 7.1.1."""
    privilege = element(f"{DAV}privilege", element(f"{DAV}write"))
    lacking = element(f"{DAV}resource", href(path) + privilege)
    return _xml(403, f"{DAV}error", element(f"{DAV}need-privileges", lacking))


def _xml(status: int, name: str, content: str) -> Answer:
    body = document(name, content)
    return Answer(status, [*_XML, ("Content-Length", str(len(body)))], body)
