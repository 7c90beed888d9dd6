"""Answers by mail: noted once, in their order, and from nobody but who was asked."""

import datetime as dt
import mailbox

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.calendar_mail import replies
from scheduler.calendar_mail.answers import Noted
from scheduler.calendar_mail.models import Answer
from scheduler.calendar_mail.reading import NO_REPLY
from scheduler.calendar_mail.reply_addresses import organiser_for, tag_of
from scheduler.calendars.itip import PartStat
from scheduler.notifications.models import Mail
from tests.calendar_mail.conftest import JUROR, OTHER
from tests.calendars.drafts import NOW

pytestmark = pytest.mark.usefixtures("replies_to")


@pytest.fixture
def juror(published, asked):
    published(JUROR, OTHER)
    return asked()["juror@jury.example"]


def minutes(number):
    return NOW + dt.timedelta(minutes=number)


@pytest.mark.parametrize(
    ("standing", "answer"),
    [
        ("ACCEPTED", Answer.ACCEPTED),
        ("tentative", Answer.TENTATIVE),
        ("DECLINED", Answer.DECLINED),
    ],
)
def test_an_answer_is_noted_with_its_comment_and_audited(
    juror, asked, answer_of, noted, session, standing, answer
):
    said = answer_of(juror, standing=standing, comment="From ten on\\, please")
    assert noted(said) == Noted.NOTED
    request = asked()["juror@jury.example"]
    assert (request.answer, request.comment) == (answer, "From ten on, please")
    assert request.answered_at == dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
    assert asked()["yan@jury.example"].answer is Answer.WAITING
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "attendance"))
    assert (entry.action, entry.subject_ref) == ("attendance:answered", request.ref)
    assert entry.facts == {"answer": str(answer), "by": "mail"}


def test_nothing_is_sent_to_anybody_about_an_answer(juror, answer_of, noted, session):
    before = len(session.scalars(select(Mail)).all())
    noted(answer_of(juror))
    noted(answer_of(juror, to="answers@example.org", organizer="answers@example.org"))
    assert len(session.scalars(select(Mail)).all()) == before


def test_reading_it_again_changes_nothing_and_the_later_one_counts(juror, asked, answer_of, noted):
    first = answer_of(juror, stamp=minutes(5))
    later = answer_of(juror, stamp=minutes(9), standing="DECLINED")
    assert [noted(each) for each in (later, first, later)] == [
        Noted.NOTED,
        Noted.OLD,
        Noted.KNOWN,
    ]
    assert asked()["juror@jury.example"].answer is Answer.DECLINED


def test_a_clock_that_is_ahead_shuts_out_no_later_answer(juror, asked, answer_of, noted, frozen):
    ahead = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
    assert noted(answer_of(juror, stamp=ahead)) == Noted.NOTED
    assert asked()["juror@jury.example"].answer_stamp < ahead


def test_an_answer_to_the_time_before_a_move_does_not_count(
    published, asked, answer_of, noted, juror
):
    old = answer_of(juror)
    published(JUROR, OTHER, hour=15, now=minutes(3))
    assert noted(old) == Noted.OLD
    assert asked()["juror@jury.example"].answer is Answer.WAITING
    assert noted(answer_of(asked()["juror@jury.example"])) == Noted.NOTED


def test_whoever_is_not_asked_any_more_cannot_answer(published, answer_of, noted, juror):
    answer = answer_of(juror)
    published(OTHER, now=minutes(3))
    assert noted(answer) == Noted.WITHDRAWN


def test_the_tag_alone_in_the_organiser_is_enough(juror, answer_of, noted):
    """Forwarded mails, and those of programs that write to the sender, carry it only there."""
    assert noted(answer_of(juror, to="scheduler@example.org")) == Noted.NOTED


def test_mail_servers_may_change_the_case(juror, answer_of, noted):
    right = answer_of(juror)
    to, attendee = right.to.upper(), "Juror@JURY.example"
    loud = answer_of(juror, to=to, organizer="x@y.example", attendee=attendee)
    assert noted(loud) == Noted.NOTED


def forgeries(juror, asked, answer_of):
    other = asked()["yan@jury.example"]
    plain = "answers@example.org"
    wrong = f"answers+{'0' * 32}@example.org"
    others_own = organiser_for(other.entry.uid, other.address).address
    elsewhere = organiser_for("another-uid", juror.address).address
    return {
        "no tag": answer_of(juror, to=plain, organizer=plain),
        "a wrong tag": answer_of(juror, to=wrong, organizer=wrong),
        "the tag of somebody else": answer_of(juror, to=others_own, organizer=others_own),
        "for somebody else": answer_of(juror, attendee=other.address),
        "a stranger": answer_of(juror, attendee="stranger@evil.example"),
        "another entry": answer_of(juror, uid="another-uid"),
        "a tag of another entry": answer_of(juror, to=elsewhere, organizer=elsewhere),
        "a request that was never made": answer_of(juror, sequence=7),
    }


def test_no_forgery_is_noted(juror, asked, answer_of, noted, caplog):
    for name, forged in forgeries(juror, asked, answer_of).items():
        assert (name, noted(forged)) == (name, Noted.FORGED)
    assert {request.answer for request in asked().values()} == {Answer.WAITING}
    assert len(caplog.records) == len(forgeries(juror, asked, answer_of))
    assert "@" not in caplog.text.replace("%s", "")


def test_a_tag_for_an_entry_that_we_do_not_have_is_no_door(answer_of, noted, juror):
    uid = "no-such-entry"
    right = organiser_for(uid, juror.address).address
    assert noted(answer_of(juror, uid=uid, to=right, organizer=right)) == Noted.FORGED


@pytest.mark.parametrize("method", ["COUNTER", "CANCEL", "REQUEST", "REFRESH", ""])
def test_other_methods_change_nothing(juror, asked, answer_of, noted, method):
    assert noted(answer_of(juror, method=method)) == Noted.OTHER
    assert asked()["juror@jury.example"].answer is Answer.WAITING


@pytest.mark.parametrize("standing", ["DELEGATED", "NEEDS-ACTION", "X-WHATEVER"])
def test_other_standings_change_nothing(juror, asked, answer_of, noted, standing):
    assert noted(answer_of(juror, standing=standing)) == Noted.OTHER


BROKEN = {
    "sequence below zero": ("SEQUENCE:0", "SEQUENCE:-1"),
    "no number": ("SEQUENCE:0", "SEQUENCE:many"),
    "larger than a column": ("SEQUENCE:0", f"SEQUENCE:{2**40}"),
    "no uid": ("UID:", "X-UID:"),
    "no stamp": ("DTSTAMP:", "X-STAMP:"),
    "a date as stamp": ("DTSTAMP:20270301T090000Z", "DTSTAMP;VALUE=DATE:20270301"),
    "before all time": (
        "DTSTAMP:20270301T090000Z",
        "DTSTAMP;TZID=Asia/Shanghai:00010101T000000",
    ),
    "no attendee": ("ATTENDEE;", "X-ATTENDEE;"),
    "two attendees": ("ATTENDEE;", "ATTENDEE:mailto:a@b.example\r\nATTENDEE;"),
    "one of a series": ("SUMMARY:", "RECURRENCE-ID:20270301T090000Z\r\nSUMMARY:"),
    "no event": ("VEVENT", "VTODO"),
    "open end": ("END:VCALENDAR", ""),
    "a nul": ("SUMMARY:", "SUMMARY:\0"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_never_raises_and_is_not_noted(juror, asked, answer_of, noted, name):
    before, after = BROKEN[name]
    right = answer_of(juror)
    broken = right.calendar().replace(before, after)
    message = f"To: {right.to}\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n{broken}"
    outcome = noted(message.encode())
    if name != "a nul":
        assert outcome == NO_REPLY
        assert asked()["juror@jury.example"].answer is Answer.WAITING


def test_a_calendar_too_large_is_not_looked_at(juror, answer_of, noted):
    right = answer_of(juror, comment="x" * replies.MOST_OCTETS)
    assert noted(right) == NO_REPLY


def test_deep_and_many_parts_hold_up_nobody():
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(3_000)
    )
    assert replies.read(deep) is None
    many = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 5_000
    assert replies.read(many) is None


LINES = st.lists(
    st.sampled_from(
        [
            "BEGIN:VCALENDAR",
            "END:VCALENDAR",
            "BEGIN:VEVENT",
            "END:VEVENT",
            "BEGIN:VALARM",
            "METHOD:REPLY",
            "UID:u",
            "SEQUENCE:0",
            "SEQUENCE;X=1:9999999999999999999999",
            "DTSTAMP:20270301T090000Z",
            "DTSTAMP:00000000T000000Z",
            "DTSTAMP;VALUE=PERIOD:20270301T090000Z/PT1H",
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example",
            "ATTENDEE;PARTSTAT=:",
            "ATTENDEE:%ff%00",
            "COMMENT;LANGUAGE=x:\\n\\,",
            "RRULE:FREQ=SECONDLY",
            "ORGANIZER:mailto:x+00112233445566778899aabbccddeeff@y.example",
        ]
    ),
    max_size=30,
)


@given(LINES)
def test_any_order_of_lines_is_an_answer_or_none(lines):
    octets = "".join(f"{line}\r\n" for line in lines).encode()
    found = replies.read(b"Content-Type: text/calendar\r\n\r\n" + octets)
    assert found is None or found.uid == "u"


@given(st.binary(max_size=400))
def test_any_octets_are_no_answer(octets):
    assert replies.read(octets) is None
    assert replies.read(b"Content-Type: text/calendar\r\n\r\n" + octets) is None


def test_the_tag_follows_from_entry_and_address_and_nothing_else(app, session):
    assert tag_of("u", "A@b.example") == tag_of("u", "a@B.example")
    assert len({tag_of("u", "a@b.example"), tag_of("v", "a@b.example"), tag_of("u", "c@b.e")}) == 3
    assert len(tag_of("u", "a@b.example")) == 32


def test_forwarded_as_a_file_it_is_read_from_the_command(
    juror, asked, answer_of, app, tmp_path, frozen
):
    frozen(2027, 3, 1, 12)
    inner = answer_of(juror).message()
    head = (
        b"To: somebody@bureau.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=OUTER\r\n\r\n--OUTER\r\n"
        b"Content-Type: message/rfc822\r\n\r\n"
    )
    runner = app.test_cli_runner()
    result = runner.invoke(args=["mail", "replies", "-"], input=head + inner + b"\r\n--OUTER--\r\n")
    assert result.stdout.strip() == "1 answers noted"
    assert asked()["juror@jury.example"].answer is Answer.ACCEPTED
    box = mailbox.Maildir(tmp_path / "box")
    box.add(answer_of(juror).message())
    box.add(b"Subject: lunch\r\n\r\nToday?\r\n")
    result = runner.invoke(args=["mail", "replies", str(tmp_path / "box")])
    assert result.stdout.splitlines() == [f"1 {Noted.KNOWN.value}", f"1 {NO_REPLY}"]


def test_every_standing_we_send_is_one_we_read():
    assert {str(each) for each in PartStat} == {
        "NEEDS-ACTION",
        "ACCEPTED",
        "TENTATIVE",
        "DECLINED",
    }
