"""Questions written to harm: each is refused at once, and costs next to nothing."""

import pytest

from scheduler.calendars import links
from scheduler.calendars.caldav import questions
from tests.calendars.dav import D, Dav
from tests.calendars.drafts import NOW, PUPIL, pupil

KEY = "a secret of the tests"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + step)} "{f"&{chr(97 + step)};" * 10}">' for step in range(9))
    + ']><D:propfind xmlns:D="DAV:"><D:prop><D:displayname/>&j;</D:prop></D:propfind>'
)
FOREIGN = (
    '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    '<D:propfind xmlns:D="DAV:"><D:prop>&file;</D:prop></D:propfind>'
)
DTD = '<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><D:propfind xmlns:D="DAV:"/>'
DEEP = "<a>" * 21 + "</a>" * 21
MANY = "<a>" + "<b/>" * 5_000 + "</a>"
LONG = '<D:propfind xmlns:D="DAV:"><!--' + "x" * questions.MOST_OCTETS + "--></D:propfind>"


@pytest.fixture
def dav(client, session, frozen):
    frozen(2027, 3, 1, 8)
    made = links.personal_links([pupil()], secret_key=KEY, now=NOW)[PUPIL].subscription
    session.commit()
    return Dav(client, made, KEY)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (LAUGHS, 400),
        (FOREIGN, 400),
        (DTD, 400),
        (DEEP, 413),
        (MANY, 413),
        (LONG, 413),
        ("<D:propfind", 400),
        ("<D:propfind/>", 400),
        ("no XML at all", 400),
        ('<?xml version="1.0" encoding="nowhere"?><a/>', 400),
        (b"\x00\x01\x02", 400),
        (b"\xff\xfe<\x00a", 400),
    ],
    ids=range(12),
)
@pytest.mark.parametrize("method", ["PROPFIND", "REPORT"])
def test_hostile_xml_is_refused(dav, method, body, status):
    answer = dav.ask(method, dav.calendar, body, Depth="0")

    assert answer.status_code == status
    assert answer.mimetype == "text/plain"


def test_a_report_needs_a_question(dav):
    assert dav.ask("REPORT", dav.calendar).status_code == 400


def test_a_compressed_question_is_refused(dav):
    answer = dav.ask("PROPFIND", dav.calendar, b"\x1f\x8b", Depth="0", Content_Encoding="gzip")

    assert answer.status_code == 415


def test_nothing_is_read_before_the_password(dav):
    dav.token = "wrong"

    assert dav.ask("PROPFIND", dav.calendar, LAUGHS, Depth="0").status_code == 401


def test_what_lies_within_the_bounds_is_read():
    deep = "<a>" * 20 + "</a>" * 20
    many = "<a>" + "<b/>" * 4_999 + "</a>"

    assert questions.read(deep.encode()).tag == "a"
    assert len(questions.read(many.encode())) == 4_999


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"", None),
        (b'<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>', None),
        (b'<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>', (f"{D}getetag",)),
        (b'<propfind xmlns="DAV:"><prop><x xmlns="a"/></prop></propfind>', ("{a}x",)),
        (b'<propfind xmlns="DAV:"><prop/></propfind>', ()),
    ],
)
def test_what_is_wanted_is_read(body, names):
    assert questions.wanted_of(questions.read(body)).names == names


def test_a_name_that_nobody_knows_comes_back_as_it_was(dav):
    told = dav.propfind(dav.calendar, 'x xmlns="a&lt;&quot;b"', "D:displayname")

    assert told[dav.calendar] == {
        '{a<"b}x': "404",
        "D:displayname": "Spring Festival of Choirs",
    }
