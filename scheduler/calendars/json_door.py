"""The door for feeds as JSON, in front of Flask like the door for feeds.

A poll that finds nothing new is one look-up; only what is sent is made of the stored octets.
"""

import gzip
from collections.abc import Iterable
from typing import TYPE_CHECKING

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
from scheduler.calendars.stored import FeedFacts, UnreadableError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENCODINGS = (Encoding.GZIP, Encoding.IDENTITY)


class JsonDoor:
    """WSGI middleware that answers feeds as JSON, and lets everything else through."""

    def __init__(self, app: Flask, feed_door: FeedDoor) -> None:
        self._through: WSGIApplication = app.wsgi_app
        self._app = app
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
            feed = self._feed_door.admitted(environ, digest, is_public=is_public)
            if isinstance(feed, Answer):
                return feed
            version = Version(feed.etag + form.mark, feed.modified_at, is_public)
            reference = tokens.reference(digest)
            return unchanged(environ, version) or self._whole(
                environ, feed, form, reference, is_public=is_public
            )
        except UnreadableError:
            self._app.logger.exception("no feed can be read from the database")
            return unreadable()

    def _whole(
        self,
        environ: "WSGIEnvironment",
        feed: FeedFacts,
        form: FeedForm,
        reference: str,
        *,
        is_public: bool,
    ) -> Answer:
        found = self._feed_door.feeds.body(feed.id, Encoding.IDENTITY)
        if found is None:
            return unknown()
        stored, body = found
        encoding = suiting(environ.get("HTTP_ACCEPT_ENCODING"), ENCODINGS)
        octets = form.write(body, reference, stored.modified_at)
        if encoding is Encoding.GZIP:
            octets = gzip.compress(octets, mtime=0)
        version = Version(stored.etag + form.mark, stored.modified_at, is_public)
        return whole(version, octets, encoding, form.media_type, f"timetable{form.suffix}")
