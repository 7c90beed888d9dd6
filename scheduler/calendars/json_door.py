"""The door for feeds as JSON, in front of Flask like the door for feeds.

A poll that finds nothing new is one look-up; only what is sent is made of the stored octets, or,
while the database is away, of the octets that were sent last in any form.
"""

import datetime as dt
import gzip
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask

from scheduler.calendars import tokens
from scheduler.calendars.answers import (
    Answer,
    Version,
    read_only,
    send,
    unchanged,
    unknown,
    unreadable,
    whole,
)
from scheduler.calendars.door import PREFIX, FeedDoor
from scheduler.calendars.encodings import Encoding, suiting
from scheduler.calendars.feed_forms import FeedForm, form_at
from scheduler.calendars.models import PUBLIC
from scheduler.calendars.stored import UnreadableError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENCODINGS = (Encoding.GZIP, Encoding.IDENTITY)


class JsonDoor:
    """WSGI middleware that answers feeds as JSON, and lets everything else through."""

    def __init__(self, app: Flask, feed_door: FeedDoor) -> None:
        self._through: WSGIApplication = app.wsgi_app
        self._feed_door = feed_door

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a feed as JSON; anything else is for whoever stands behind."""
        path: str = environ.get("PATH_INFO", "")
        form = form_at(path) if path.startswith(PREFIX) else None
        if form is None:
            return self._through(environ, start_response)
        answer = self.answer(environ, path[len(PREFIX) : -len(form.suffix)], form)
        return self._feed_door.notes.written_after(send(answer, environ, start_response))

    def answer(self, environ: "WSGIEnvironment", token: str, form: FeedForm) -> Answer:
        """Return the feed of a token in a form, "not modified", or a plain refusal."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return read_only()
        digest, is_public = tokens.digest(token), token.startswith(f"{PUBLIC}/")
        try:
            return self._present(environ, digest, form, is_public=is_public)
        except UnreadableError as error:
            served = self._feed_door.last_sent(environ, digest, error)
            if served is None:
                return unreadable()
            made = _Made(form, served.etag, served.modified_at, is_public)
            return made.unchanged(environ) or made.whole(environ, served.plain, digest)

    def _present(
        self, environ: "WSGIEnvironment", digest: str, form: FeedForm, *, is_public: bool
    ) -> Answer:
        feed = self._feed_door.admitted(environ, digest, is_public=is_public)
        if isinstance(feed, Answer):
            return feed
        made = _Made(form, feed.etag, feed.modified_at, is_public)
        if answer := made.unchanged(environ):
            return answer
        found = self._feed_door.feeds.body(feed.id, Encoding.IDENTITY)
        if found is None:
            return unknown()
        stored, body = found
        self._feed_door.keep(digest, stored, Encoding.IDENTITY, body)
        made = _Made(form, stored.etag, stored.modified_at, is_public)
        return made.whole(environ, body, digest)


class _Made(NamedTuple):
    """A version of a feed in a form."""

    form: FeedForm
    etag: str
    modified_at: dt.datetime
    is_public: bool

    @property
    def version(self) -> Version:
        return Version(self.etag + self.form.mark, self.modified_at, self.is_public)

    def unchanged(self, environ: "WSGIEnvironment") -> Answer | None:
        return unchanged(environ, self.version)

    def whole(self, environ: "WSGIEnvironment", body: bytes, digest: str) -> Answer:
        """Return the form made of a feed's octets."""
        octets = self.form.write(body, tokens.reference(digest), self.modified_at)
        encoding = suiting(environ.get("HTTP_ACCEPT_ENCODING"), ENCODINGS)
        if encoding is Encoding.GZIP:
            octets = gzip.compress(octets, mtime=0)
        file_name = f"timetable{self.form.suffix}"
        return whole(self.version, octets, encoding, self.form.media_type, file_name)
