"""The door for calendar programs, in front of Flask: a poll costs one indexed look-up.

Feeds are asked for all day long, mostly to hear that nothing changed. They need no session, no
account, no form protection and no page frame, so the door answers them before Flask makes a
request of them (docs/benchmarks.md has the figures). `stored` reads the row, `answers` speaks
HTTP, `last_served` helps out while the database is away.
"""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from scheduler import clock
from scheduler.calendars import tokens
from scheduler.calendars.answers import (
    Answer,
    Version,
    ended,
    read_only,
    send,
    too_often,
    unchanged,
    unknown,
    unreadable,
    whole,
)
from scheduler.calendars.encodings import Encoding, suiting
from scheduler.calendars.fetches import FetchNotes
from scheduler.calendars.last_served import LastServed, Served
from scheduler.calendars.models import PUBLIC
from scheduler.calendars.stored import FeedFacts, StoredFeeds, UnreadableError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/calendars/"
SUFFIX = ".ics"
COMPLAIN_EVERY = dt.timedelta(minutes=1)


class FeedDoor:
    """WSGI middleware that answers feeds and lets everything else through."""

    def __init__(self, app: Flask) -> None:
        self._through: WSGIApplication = app.wsgi_app
        self._app = app
        self._is_limited = bool(app.config["RATELIMIT_ENABLED"])
        self.feeds = StoredFeeds(app)
        self._complain_at: dt.datetime | None = None
        self.notes = FetchNotes(self.feeds.engine)
        self.last_served = LastServed()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a feed; anything else is for Flask."""
        path: str = environ.get("PATH_INFO", "")
        if not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
            return self._through(environ, start_response)
        answer = self.answer(environ, path[len(PREFIX) : -len(SUFFIX)])
        return self.notes.written_after(send(answer, environ, start_response))

    def answer(self, environ: "WSGIEnvironment", token: str) -> Answer:
        """Return the feed of a token, "not modified", or a plain refusal.

        What stands in the place of a token may be the address of a public feed.
        """
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return read_only()
        digest, is_public = tokens.digest(token), token.startswith(f"{PUBLIC}/")
        try:
            return self._present(environ, digest, is_public=is_public)
        except UnreadableError as error:
            served = self.last_sent(environ, digest, error)
            if served is None:
                return unreadable()
            return _as_sent(environ, served, is_public=is_public)

    def admitted(
        self, environ: "WSGIEnvironment", digest: str, *, is_public: bool
    ) -> FeedFacts | Answer:
        """Return the feed of a digest and count the poll, or say why there is nothing to read.

        Raises `UnreadableError`.
        """
        feed = self.feeds.facts(digest)
        if feed is None or feed.is_revoked:
            self.last_served.forget(digest)
            return unknown() if feed is None else ended()
        # Everybody may ask for a public one, and caches ask for many.
        is_seldom = self.notes.note_poll(environ, feed.id, feed.etag)
        return feed if is_seldom or is_public or not self._is_limited else too_often()

    def keep(self, digest: str, sent: FeedFacts, encoding: Encoding, octets: bytes) -> None:
        """Keep what is sent, once for each version; nothing of a feed that ends at this moment."""
        if self.last_served.has(digest, sent.etag):
            return
        self.last_served.keep(
            digest, Served(sent.id, sent.etag, sent.modified_at, encoding, octets)
        )
        feed = self.feeds.facts(digest)
        if feed is None or feed.is_revoked:
            self.last_served.forget(digest)

    def last_sent(
        self, environ: "WSGIEnvironment", digest: str, error: UnreadableError
    ) -> Served | None:
        """Return what was sent last, as the database does not answer, and count the poll."""
        self._complain(error)
        served = self.last_served.read(digest)
        if served is not None:
            self.notes.note_poll(environ, served.subscription_id, served.etag)
        return served

    def _present(self, environ: "WSGIEnvironment", digest: str, *, is_public: bool) -> Answer:
        feed = self.admitted(environ, digest, is_public=is_public)
        if isinstance(feed, Answer):
            return feed
        version = Version(feed.etag, feed.modified_at, is_public)
        return unchanged(environ, version) or self._whole(
            environ, digest, feed, is_public=is_public
        )

    def _whole(
        self, environ: "WSGIEnvironment", digest: str, feed: FeedFacts, *, is_public: bool
    ) -> Answer:
        encoding = suiting(environ.get("HTTP_ACCEPT_ENCODING"))
        found = self.feeds.body(feed.id, encoding)
        if found is None:
            return unknown()
        stored, octets = found
        self.keep(digest, stored, encoding, octets)
        return whole(Version(stored.etag, stored.modified_at, is_public), octets, encoding)

    def _complain(self, error: UnreadableError) -> None:
        """Tell the log once in a while, not at each of the many polls."""
        now = clock.now()
        if self._complain_at is None or now >= self._complain_at:
            self._complain_at = now + COMPLAIN_EVERY
            self._app.logger.error("no feed can be read from the database", exc_info=error)


def _as_sent(environ: "WSGIEnvironment", served: Served, *, is_public: bool) -> Answer:
    """Return what was sent last, in its encoding or plain, or "not modified"."""
    version = Version(served.etag, served.modified_at, is_public)
    offered = (served.encoding, Encoding.IDENTITY)
    encoding = suiting(environ.get("HTTP_ACCEPT_ENCODING"), offered)
    octets = served.octets if encoding is served.encoding else served.plain
    return unchanged(environ, version) or whole(version, octets, encoding)
