"""The shipped nginx configuration in a real nginx: what it answers itself, and what it must not."""

import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from benchmarks.nginx import NGINX, in_front
from scheduler.calendars import answers, links, public_feeds, services
from scheduler.calendars.own_calendars import end_calendar
from scheduler.database import db, transaction
from tests.calendars.drafts import NOW, PLAN, PUPIL, performance, pupil
from tests.calendars.test_public_feeds import FESTIVAL, subject
from tests.support.servers import free_port, wait_until_answers

PUBLIC = "/calendars/public/festival/en.ics"
KEY = "a secret of the tests"

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        """Say nothing on the test's screen."""


class Behind:
    """The application over HTTP, with the requests for feeds that reached it."""

    def __init__(self, app):
        self.seen = []
        self.port = free_port()
        self._through = app.wsgi_app
        self.server = make_server(
            "127.0.0.1", self.port, self._note, threaded=True, request_handler=Quiet
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _note(self, environ, start_response):
        if environ["PATH_INFO"].startswith("/calendars/"):
            self.seen.append((environ["REQUEST_METHOD"], environ.get("HTTP_IF_NONE_MATCH")))
        return self._through(environ, start_response)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def behind(app, session):
    made = Behind(app)
    yield made
    made.close()


@pytest.fixture
def feed(session, frozen):
    """A pupil's feed and the festival's public one, with a performance."""
    frozen(2027, 3, 1, 8)
    with transaction():
        link = links.personal_links([pupil()], secret_key=KEY, now=NOW)[PUPIL]
        publish(hour=9)
        public_feeds.open_feeds([subject()], now=NOW)
    return link.subscription


def publish(hour):
    draft = performance(hour=hour, audiences=frozenset({PUPIL, FESTIVAL}))
    services.publish(PLAN, [draft], now=NOW)


@pytest.fixture
def private(feed):
    return links.feed_path(feed, KEY)


@pytest.fixture
def short_lived(monkeypatch):
    """Public feeds may be kept for a second only."""
    headers = [("Cache-Control", "public, max-age=1"), *answers._PUBLIC[1:]]
    monkeypatch.setattr(answers, "_PUBLIC", headers)


@pytest.fixture
def nginx(behind, tmp_path):
    """A function that starts nginx and returns a function that asks it."""

    with ExitStack() as running:

        def start(*, keeps_private=False):
            port = free_port()
            process = running.enter_context(
                in_front(tmp_path, behind.port, port, keeps_private=keeps_private)
            )
            url = f"http://127.0.0.1:{port}"
            wait_until_answers(f"{url}/healthz", process, tmp_path / "errors.log")
            behind.seen.clear()
            return lambda path, method="GET", **headers: asked(url + path, method, headers)

        yield start


def asked(url, method, headers):
    """Status, headers and body of the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    query = urllib.request.Request(url, method=method, headers=named)
    try:
        with urllib.request.urlopen(query, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def test_a_public_feed_is_asked_for_once(nginx, behind, client, feed):
    ask = nginx()
    direct = client.get(PUBLIC)
    behind.seen.clear()
    answers_ = [ask(PUBLIC), ask(PUBLIC), ask(f"{PUBLIC}?now"), ask(PUBLIC, method="HEAD")]

    assert behind.seen == [("GET", None)]
    assert [status for status, _, _ in answers_] == [200] * 4
    assert [body for _, _, body in answers_] == [direct.data] * 3 + [b""]
    for name in ("ETag", "Cache-Control", "Vary", "Content-Type", "Last-Modified"):
        assert {headers[name] for _, headers, _ in answers_} == {direct.headers[name]}


def test_revalidations_are_answered_from_the_cache(nginx, behind, feed):
    ask = nginx()
    _, headers, _ = ask(PUBLIC)
    for held in (headers["ETag"], f"W/{headers['ETag']}", f'"other", {headers["ETag"]}'):
        status, _, body = ask(PUBLIC, If_None_Match=held)
        assert (status, body) == (304, b"")
    assert ask(PUBLIC, If_None_Match='"other"')[0] == 200
    assert ask(PUBLIC, If_Modified_Since=headers["Last-Modified"])[0] == 304

    assert behind.seen == [("GET", None)]


def test_each_encoding_is_kept_by_itself(nginx, behind, client, feed):
    ask = nginx()
    for accepted in ("gzip", "br, gzip", "identity"):
        direct = client.get(PUBLIC, headers={"Accept-Encoding": accepted})
        for _ in range(2):
            _, headers, body = ask(PUBLIC, Accept_Encoding=accepted)
            assert body == direct.data
            assert headers["Content-Encoding"] == direct.headers.get("Content-Encoding")
            assert headers["ETag"] == direct.headers["ETag"]
    assert len(behind.seen) == 3


def test_what_is_old_is_asked_for_by_its_tag(nginx, behind, short_lived, feed):
    ask = nginx()
    _, headers, body = ask(PUBLIC)
    time.sleep(2)  # nginx counts whole seconds
    assert ask(PUBLIC)[2] == body
    assert behind.seen == [("GET", None), ("GET", headers["ETag"])]


def test_a_release_is_there_once_what_is_kept_is_old(nginx, behind, short_lived, feed):
    ask = nginx()
    _, _, old = ask(PUBLIC)
    with transaction():
        publish(hour=15)
    time.sleep(2)
    _, _, new = ask(PUBLIC)

    assert old != new
    assert b"DTSTART:20270410T070000Z" in new


def test_while_nobody_is_behind_it_goes_on_with_what_it_has(nginx, behind, short_lived, feed):
    ask = nginx()
    _, headers, body = ask(PUBLIC)
    behind.close()
    time.sleep(2)

    assert ask(PUBLIC)[2] == body
    assert ask(PUBLIC, If_None_Match=headers["ETag"])[0] == 304
    assert ask("/healthz")[0] == 502


def test_private_feeds_are_asked_for_each_time(nginx, behind, feed, private):
    ask = nginx()
    _, headers, _ = ask(private)
    assert ask(private, If_None_Match=headers["ETag"])[0] == 304
    with transaction():
        end_calendar(db.session.merge(feed), now=NOW)
    assert ask(private)[0] == 410

    assert behind.seen == [("GET", None), ("GET", headers["ETag"]), ("GET", None)]


def test_private_feeds_are_kept_for_a_minute_where_that_is_chosen(nginx, behind, feed, private):
    ask = nginx(keeps_private=True)
    _, headers, body = ask(private)
    assert ask(private)[2] == body
    assert ask(private, If_None_Match=headers["ETag"])[0] == 304
    assert headers["Cache-Control"] == "private, no-cache"
    assert behind.seen == [("GET", None)]

    behind.close()
    assert ask(private)[2] == body
    assert ask("/calendars/unknown.ics")[0] == 502


def test_refusals_are_not_kept(nginx, behind, feed):
    ask = nginx(keeps_private=True)
    for _ in range(2):
        assert ask("/calendars/public/nothing/en.ics")[0] == 404
        assert ask("/calendars/unknown.ics")[0] == 404
        assert ask(PUBLIC, method="PUT")[0] == 405
    assert len(behind.seen) == 6


def test_no_address_of_a_calendar_is_in_the_log(nginx, behind, feed, private, tmp_path):
    ask = nginx()
    ask(private)
    ask(PUBLIC)
    ask("/healthz")
    ask("/healthz")
    deadline = time.monotonic() + 20
    log = tmp_path / "ambassador.log"
    while "/healthz" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)

    assert "/calendars/" not in log.read_text()
    assert "/healthz" in log.read_text()
