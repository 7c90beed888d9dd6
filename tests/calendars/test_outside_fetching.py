"""Fetching from addresses that somebody typed: where it may lead, and how much may come back."""

import gzip
import socket
import threading
import zlib

import pytest

from scheduler.calendars.outside import fetching
from scheduler.calendars.outside.fetching import Fetcher, is_public
from scheduler.calendars.outside.refusals import Refusal
from scheduler.errors import Refused
from tests.calendars.outside_server import serving

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def server():
    with serving() as started:
        yield started


def refusal(url, fetcher=None):
    with pytest.raises(Refused) as refused:
        (fetcher or Fetcher()).fetch(url)
    return refused.value


@pytest.mark.parametrize(
    ("address", "port", "is_allowed"),
    [
        ("93.184.216.34", 443, True),
        ("93.184.216.34", 80, True),
        ("2606:2800:220:1::1", 443, True),
        ("93.184.216.34", 22, False),
        ("93.184.216.34", 8080, False),
        ("127.0.0.1", 80, False),
        ("127.8.8.8", 80, False),
        ("0.0.0.0", 80, False),
        ("10.1.2.3", 80, False),
        ("172.16.0.1", 80, False),
        ("192.168.1.1", 80, False),
        ("169.254.169.254", 80, False),  # where clouds keep their keys
        ("100.64.0.1", 80, False),
        ("192.0.2.1", 80, False),
        ("224.0.0.1", 80, False),
        ("240.0.0.1", 80, False),
        ("255.255.255.255", 80, False),
        ("::1", 443, False),
        ("::", 443, False),
        ("fe80::1", 443, False),
        ("fc00::1", 443, False),
        ("ff02::1", 443, False),
        ("::ffff:127.0.0.1", 443, False),
        ("::ffff:93.184.216.34", 443, False),
        ("64:ff9b::7f00:1", 443, False),
        ("2002:7f00:1::", 443, False),
        ("2001:0:7f00:1::", 443, False),
    ],
)
def test_only_the_open_internets_web_is_public(address, port, is_allowed):
    assert is_public((address, port)) is is_allowed


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", Refusal.SCHEME),
        ("calendar.ics", Refusal.SCHEME),
        ("file:///etc/passwd", Refusal.SCHEME),
        ("ftp://example.org/x.ics", Refusal.SCHEME),
        ("gopher://example.org/", Refusal.SCHEME),
        ("javascript:alert(1)", Refusal.SCHEME),
        ("http://", Refusal.NO_ADDRESS),
        ("http://user:password@example.org/", Refusal.NO_ADDRESS),
        ("http://example.org/a\r\nHost: b", Refusal.NO_ADDRESS),
        ("http://example.org:99999/", Refusal.NO_ADDRESS),
        ("http://[::1", Refusal.NO_ADDRESS),
        ("http://example.org:0/", Refusal.PORT),
        ("http://127.0.0.1:22/", Refusal.PORT),
        ("http://127.0.0.1/", Refusal.PRIVATE_HOST),
        ("https://localhost/", Refusal.PRIVATE_HOST),
        ("webcal://localhost/", Refusal.PRIVATE_HOST),
        ("http://[::1]/", Refusal.PRIVATE_HOST),
        ("http://[::ffff:10.0.0.1]/", Refusal.PRIVATE_HOST),
        ("http://2130706433/", Refusal.PRIVATE_HOST),  # 127.0.0.1 as one number
        ("http://0x7f.1/", Refusal.PRIVATE_HOST),
        ("http://169.254.169.254/latest/meta-data/", Refusal.PRIVATE_HOST),
        ("http://nowhere.invalid/", Refusal.UNKNOWN_HOST),
        (f"http://{'a' * 70}.invalid/", Refusal.UNKNOWN_HOST),
    ],
)
def test_where_an_address_may_not_lead(url, code):
    assert refusal(url).code == code


def test_production_reaches_no_server_of_this_machine(server):
    server.lay(CALENDAR)

    assert refusal(server.url()).code == Refusal.PORT
    assert server.asked == []


def test_what_stands_at_an_address_is_fetched(server):
    server.lay(CALENDAR, path="/a.ics?key=1&b=%20", ETag='"v1"')
    fetched = server.fetcher().fetch(server.url("/a.ics?key=1&b=%20"))

    assert (fetched.content, fetched.etag) == (CALENDAR, '"v1"')
    (asked,) = server.asked
    assert asked["Host"] == f"127.0.0.1:{server.port}"
    assert asked["Accept-Encoding"] == "identity"
    assert "If-None-Match" not in asked


def test_what_has_not_changed_is_not_sent_again(server):
    server.lay(b"", status=304)
    fetched = server.fetcher().fetch(server.url(), etag='"v1"')

    assert (fetched.content, fetched.etag) == (None, '"v1"')
    assert server.asked[0]["If-None-Match"] == '"v1"'


@pytest.mark.parametrize("status", [304, 401, 403, 404, 500])
def test_an_error_is_named(server, status):
    server.lay(b"", status=status)
    error = refusal(server.url(), server.fetcher())

    assert (error.code, error.facts) == (Refusal.STATUS, {"status": status})


def test_redirects_are_followed_where_they_may_lead(server):
    server.lay(b"", path="/one", status=302, Location="/two")
    server.lay(b"", path="/two", status=308, Location=server.url("/three"))
    server.lay(CALENDAR, path="/three")

    assert server.fetcher().fetch(server.url("/one")).content == CALENDAR


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1/", Refusal.PRIVATE_HOST),
        ("http://169.254.169.254/latest/meta-data/", Refusal.PRIVATE_HOST),
        ("http://localhost:5432/", Refusal.PORT),
        ("file:///etc/passwd", Refusal.SCHEME),
        ("//[::1]/", Refusal.PRIVATE_HOST),
        ("/calendar.ics", Refusal.TOO_MANY_REDIRECTS),
    ],
)
def test_redirects_are_judged_like_addresses(server, location, code):
    server.lay(b"", status=302, Location=location)

    assert refusal(server.url(), server.fetcher()).code == code


def test_a_name_is_asked_once_and_the_judged_address_connected_to(server, monkeypatch):
    """A name that answers differently a moment later gains nothing."""
    asked = []

    def resolve(host, port, *_, **__):
        asked.append(host)
        address = {"rebound.example": "10.0.0.1"}.get(host, host)
        address = "127.0.0.1" if len(asked) == 1 else address
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    server.lay(CALENDAR)
    monkeypatch.setattr(fetching.socket, "getaddrinfo", resolve)

    assert server.fetcher().fetch(server.url(host="rebound.example")).content == CALENDAR
    assert asked.count("rebound.example") == 1


def test_a_name_with_one_private_address_is_refused(server, monkeypatch):
    def resolve(_host, port, *_, **__):
        places = ("93.184.216.34", port), ("192.168.0.1", port)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", resolve)

    assert refusal("http://both.example/").code == Refusal.PRIVATE_HOST


def test_nobody_answers(server):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = probe.getsockname()
        closed = f"http://127.0.0.1:{place[1]}/"
        fetcher = Fetcher(lambda each: each == place)

        assert refusal(closed, fetcher).code == Refusal.UNREACHABLE


def test_what_is_too_large_is_not_taken(server):
    server.lay(b"x" * (fetching.MOST_OCTETS + 1))

    assert refusal(server.url(), server.fetcher()).code == Refusal.TOO_LARGE


def test_a_packed_calendar_is_unpacked(server):
    server.lay(gzip.compress(CALENDAR), Content_Encoding="gzip")

    assert server.fetcher().fetch(server.url()).content == CALENDAR


def test_a_small_answer_cannot_become_a_large_one(server):
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 60_000
    server.lay(bomb, Content_Encoding="gzip")

    assert refusal(server.url(), server.fetcher()).code == Refusal.TOO_LARGE


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b"x"),
        ("gzip", b"not packed"),
        ("deflate", zlib.compress(CALENDAR)),
        ("gzip, gzip", b""),
    ],
)
def test_other_packings_are_refused(server, encoding, body):
    server.lay(body, Content_Encoding=encoding)

    assert refusal(server.url(), server.fetcher()).code == Refusal.ENCODING


def test_what_breaks_off_is_not_taken_for_whole(server):
    server.lay(CALENDAR, Content_Length="1000")

    assert refusal(server.url(), server.fetcher()).code == Refusal.UNREACHABLE


def test_no_http_at_all_is_no_answer(server):
    server.lay(lambda handler: handler.wfile.write(b"\x00\x01 SSH-2.0\r\n"))

    assert refusal(server.url(), server.fetcher()).code == Refusal.UNREACHABLE


@pytest.mark.parametrize("begins", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_who_takes_their_time_is_hung_up_on(server, monkeypatch, begins):
    """Each octet comes soon enough, the whole never."""
    monkeypatch.setattr(fetching, "SECONDS", 0.5)

    def drip(handler):
        handler.wfile.write(begins)
        try:
            while True:
                handler.wfile.write(b"x")
                handler.wfile.flush()
                over.wait(0.05)
                if over.is_set():
                    return
        except OSError:
            return

    over = threading.Event()
    server.lay(drip)
    code = refusal(server.url(), server.fetcher()).code
    over.set()

    assert code == Refusal.TOO_SLOW
