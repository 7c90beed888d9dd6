"""The test client: every answer is checked, and every request has a context of its own."""

import re
from contextvars import copy_context
from functools import lru_cache
from hashlib import sha256

from flask import Response, g, has_request_context, request
from flask.globals import _cv_app, _cv_request
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from scheduler.database import db
from tests.support.pages import Page

_writes: list[str] = []
_known: dict[bytes, tuple[str, ...]] = {}
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/.-]{7,}")


@event.listens_for(Engine, "before_cursor_execute")
def _note_writes_of_readers(_connection, _cursor, statement, *_):
    """Reading changes nothing. Jobs, which tests run at once, have a context of their own."""
    if not has_request_context() or request.method not in {"GET", "HEAD"}:
        return
    is_write = statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}
    if is_write and "url_arguments" in g:
        _writes.append(statement)


@lru_cache(maxsize=4)
def _page_of(text: str) -> Page:
    return Page(text, is_fragment=not text.lstrip().lower().startswith("<!doctype"))


class CheckedResponse(Response):
    """An answer with its parsed page."""

    @property
    def page(self) -> Page:
        return _page_of(self.text)


class CheckingClient(FlaskClient):
    """Fails when an HTML answer breaks a rule that all pages keep.

    What the test has added or changed is committed before the request, and what it holds is
    loaded anew afterwards. The request itself shares nothing with the test: neither the session
    nor who is signed in.
    """

    checks_pages = True
    may_crash = False

    def open(self, *args, **kwargs):
        has_context = _cv_app.get(None) is not None
        if has_context:
            db.session.commit()
        _writes.clear()
        response = copy_context().run(self._open_apart, *args, **kwargs)
        assert _writes == [], "a GET request wrote"
        if has_context:
            db.session.expire_all()
        assert self.may_crash or response.status_code != 500, "the view crashed; see the log"
        if self.checks_pages and response.mimetype == "text/html" and response.data:
            check(response)
        return response

    def _open_apart(self, *args, **kwargs):
        _cv_app.set(None)
        _cv_request.set(None)
        return super().open(*args, **kwargs)


class SecondClient(CheckingClient):
    """For the second database of a run: the first has shown that pages keep the rules."""

    checks_pages = False


def _without_its_own(response: CheckedResponse) -> str:
    """The page's text without what is another one in each answer: the request's id and path."""
    text, path = response.text, response.request.path
    request_id = response.headers.get("X-Request-Id", "")
    if request_id.isalnum():
        text = text.replace(request_id, "request")
    return text.replace(path, "/path") if _PLAIN_PATH.fullmatch(path) else text


def _problems_of(response: CheckedResponse) -> tuple[str, ...]:
    """The page's problems; pages that are alike to the letter, as refusals are, are read once."""
    text = sha256(_without_its_own(response).encode()).digest()
    if text not in _known:
        _known[text] = tuple(response.page.problems())
    return _known[text]


def check(response: CheckedResponse) -> None:
    """Raise AssertionError naming every rule that the answer breaks."""
    where = f"{response.request.method} {response.request.path} → {response.status_code}"
    problems = list(_problems_of(response))
    policy = response.headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or "default-src" not in policy:
        problems.append(f"Content-Security-Policy is {policy!r}")
    assert not problems, f"{where}\n  " + "\n  ".join(problems)
