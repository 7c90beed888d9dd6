"""The door for free/busy times: at an address of their own, which opens no titles.

Who runs a hall, or wants to rent it, may be given this address: it tells when the hall is taken and
nothing else. It is computed like a feed's, from the same row, for a purpose of its own.
"""

import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import http_date, parse_etags

from scheduler.calendars import tokens
from scheduler.calendars.answers import (
    PRIVATE,
    Answer,
    ended,
    read_only,
    send,
    too_often,
    unknown,
    unreadable,
)
from scheduler.calendars.door import PREFIX, FeedDoor
from scheduler.calendars.free_busy import free_busy
from scheduler.calendars.models import PUBLIC, Subscription
from scheduler.calendars.stored_items import items_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SUFFIX = ".ifb"
BUSY = "busy"
AFTER_HEX = "g"
"""The sign after the last hexadecimal digit: where the digests that begin alike end."""

FeedRow = Any
"""A row of the select below; SQLAlchemy types each by its columns."""


class FreeBusyDoor:
    """WSGI middleware that answers free/busy times of shared feeds, and lets all else through."""

    def __init__(self, app: Flask, feed_door: FeedDoor) -> None:
        self._through: WSGIApplication = app.wsgi_app
        self._app = app
        self._is_limited = bool(app.config["RATELIMIT_ENABLED"])
        self._feed_door = feed_door

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer when something is taken; anything else is for whoever stands behind."""
        path: str = environ.get("PATH_INFO", "")
        if not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
            return self._through(environ, start_response)
        answer = self.answer(environ, path[len(PREFIX) : -len(SUFFIX)])
        return send(answer, environ, start_response)

    def answer(self, environ: "WSGIEnvironment", token: str) -> Answer:
        """Return the busy times behind a token, "not modified", or a plain refusal."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return read_only()
        try:
            feed = self._opened_by(token)
        except SQLAlchemyError:
            self._app.logger.exception("no busy times can be read from the database")
            return unreadable()
        return self._refused(feed, token) or _told(environ, feed)

    def _refused(self, feed: FeedRow | None, token: str) -> Answer | None:
        if feed is None:
            return unknown()
        if feed.revoked_at is not None:
            return ended()
        # Counted apart: whoever may only know when a hall is taken keeps nobody from its feed.
        is_seldom = self._feed_door.notes.is_seldom(token)
        return None if is_seldom or not self._is_limited else too_often()

    def _opened_by(self, token: str) -> FeedRow | None:
        """Return the shared feed whose busy times a token opens. One indexed look-up."""
        if len(token) != tokens.REFERENCE_LENGTH + tokens.LENGTH or not token.isascii():
            return None
        reference = tokens.reference(token)
        query = select(
            Subscription.token_digest,
            Subscription.nonce,
            Subscription.zone,
            Subscription.etag,
            Subscription.modified_at,
            Subscription.revoked_at,
            Subscription.body,
        ).where(
            Subscription.token_digest >= reference,
            Subscription.token_digest < reference + AFTER_HEX,
            Subscription.is_shared,
            Subscription.audience_kind != PUBLIC,
        )
        with self._feed_door.feeds.engine().connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        right = busy_token(row.token_digest, row.nonce, self._app.secret_key or "")
        return row if hmac.compare_digest(token, right) else None


def busy_token(token_digest: str, nonce: str, secret_key: str | bytes) -> str:
    """Return what opens the busy times of a feed, and nothing else of it."""
    return tokens.reference(token_digest) + tokens.token(secret_key, BUSY, nonce)


def _told(environ: "WSGIEnvironment", feed: FeedRow) -> Answer:
    tag = f"{feed.etag}-busy"
    held = environ.get("HTTP_IF_NONE_MATCH")
    if held is not None and parse_etags(held).contains_weak(tag):
        return Answer(304, [*PRIVATE, ("ETag", f'"{tag}"')])
    return _whole(feed, tag)


def _whole(feed: FeedRow, tag: str) -> Answer:
    items = items_of(feed.body).values()
    body = free_busy(tokens.reference(feed.token_digest), items, feed.zone, feed.modified_at)
    headers = [
        *PRIVATE,
        ("Content-Type", "text/calendar; charset=utf-8; component=vfreebusy"),
        ("ETag", f'"{tag}"'),
        ("Last-Modified", http_date(feed.modified_at)),
        ("Content-Length", str(len(body))),
    ]
    return Answer(200, headers, body)
