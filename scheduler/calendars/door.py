"""The door for calendar programs, in front of Flask: a poll costs one indexed look-up.

Feeds are asked for all day long, mostly to hear that nothing changed. They need no session, no
account, no form protection and no page frame, so the door answers them before Flask makes a
request of them (docs/benchmarks.md has the figures). `stored` reads the row, this speaks HTTP.
"""

import datetime as dt
import gzip
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.datastructures import Accept
from werkzeug.http import http_date, parse_accept_header, parse_date, parse_etags
from werkzeug.wsgi import ClosingIterator

from scheduler import clock
from scheduler.calendars import tokens
from scheduler.calendars.answers import (
    ALWAYS,
    Answer,
    Headers,
    refusal,
    send,
    too_often,
    unreadable,
)
from scheduler.calendars.feed_forms import FeedForm, form_at
from scheduler.calendars.fetches import Fetch, FetchNotes, client_family
from scheduler.calendars.stored import FeedFacts, StoredFeeds, UnreadableError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/calendars/"
METHODS = "GET, HEAD"

_VARIES: Headers = [*ALWAYS, ("Vary", "Accept-Encoding")]


class FeedDoor:
    """WSGI middleware that answers feeds and lets everything else through."""

    def __init__(self, app: Flask) -> None:
        self._through: WSGIApplication = app.wsgi_app
        self._app = app
        self._is_limited = bool(app.config["RATELIMIT_ENABLED"])
        self.feeds = StoredFeeds(app)
        self.notes = FetchNotes(self.feeds.engine)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a feed; anything else is for Flask."""
        path: str = environ.get("PATH_INFO", "")
        form = form_at(path) if path.startswith(PREFIX) else None
        if form is None:
            return self._through(environ, start_response)
        answer = self.answer(environ, path[len(PREFIX) : -len(form.suffix)], form)
        sent = send(answer, environ, start_response)
        if self.notes.is_due(clock.now()):
            return ClosingIterator(sent, self.notes.write)  # after the answer is sent
        return sent

    def answer(self, environ: "WSGIEnvironment", token: str, form: FeedForm) -> Answer:
        """Return the feed of a token in a form, "not modified", or a plain refusal."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return refusal(405, "Calendars are read here, not written.", Allow=METHODS)
        try:
            digest = tokens.digest(token)
            feed = self.feeds.facts(digest)
            if feed is None:
                return refusal(404, "There is no such calendar.")
            if feed.is_revoked:
                return refusal(410, "This calendar has ended.")
            if not self._note(environ, feed) and self._is_limited:
                return too_often()
            known = _known_tag(environ, feed, form)
            reference = tokens.reference(digest)
            return _unchanged(known) if known else self._whole(environ, feed, form, reference)
        except UnreadableError:
            self._app.logger.exception("no feed can be read from the database")
            return unreadable()

    def _note(self, environ: "WSGIEnvironment", feed: FeedFacts) -> bool:
        now = clock.now()
        family = client_family(environ.get("HTTP_USER_AGENT", ""))
        return self.notes.note(Fetch(feed.id, now.date(), family, feed.etag), now)

    def _whole(
        self, environ: "WSGIEnvironment", feed: FeedFacts, form: FeedForm, reference: str
    ) -> Answer:
        is_gzip = _accepts_gzip(environ)
        found = self.feeds.body(feed.id, is_gzip=is_gzip and form.write is None)
        if found is None:
            return refusal(404, "There is no such calendar.")
        stored, body = found
        if form.write is not None:
            body = form.write(body, reference, stored.modified_at)
            body = gzip.compress(body, mtime=0) if is_gzip else body
        headers = [
            *_VARIES,
            ("Content-Type", form.media_type),
            ("Content-Disposition", f'inline; filename="timetable{form.suffix}"'),
            ("ETag", _tag(stored.etag, form, is_gzip=is_gzip)),
            ("Last-Modified", http_date(stored.modified_at)),
            ("Content-Length", str(len(body))),
        ]
        if is_gzip:
            headers.append(("Content-Encoding", "gzip"))
        return Answer(200, headers, body)


def _known_tag(environ: "WSGIEnvironment", feed: FeedFacts, form: FeedForm) -> str:
    """Return the tag of the version that the client has, "" if it is not the present one.

    If-None-Match decides alone when it is there (RFC 9110 13.2.2). A client that changes its mind
    about gzip has the same calendar, so either tag counts.
    """
    tags = (_tag(feed.etag, form, is_gzip=False), _tag(feed.etag, form, is_gzip=True))
    held = environ.get("HTTP_IF_NONE_MATCH")
    if held in tags:  # what nearly all polls say
        return str(held)
    if held is not None:
        etags = parse_etags(held)
        offered = tags[::-1] if _accepts_gzip(environ) else tags
        return next((tag for tag in offered if etags.contains_weak(tag.strip('"'))), "")
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    is_known = since is not None and _to_the_second(feed.modified_at) <= since
    return tags[_accepts_gzip(environ)] if is_known else ""


def _to_the_second(instant: dt.datetime) -> dt.datetime:
    return instant.replace(microsecond=0)


def _accepts_gzip(environ: "WSGIEnvironment") -> bool:
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING"), Accept)
    return accepted.quality("gzip") > 0


def _tag(etag: str, form: FeedForm, *, is_gzip: bool) -> str:
    return f'"{etag}{form.mark}-gzip"' if is_gzip else f'"{etag}{form.mark}"'


def _unchanged(tag: str) -> Answer:
    return Answer(304, [*_VARIES, ("ETag", tag)])
