"""Reports of mails that came back, as servers of several makes write them; and what is none."""

import datetime as dt
import mailbox
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from scheduler import clock
from scheduler.audit.models import AuditEntry
from scheduler.database import transaction
from scheduler.notifications import bouncing, dsn
from scheduler.notifications.models import Mail, MailState, ReturnedAddress
from tests import factories

REF = "00112233aabbccdd"
SENT_AT = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)

POSTFIX = """Return-Path: <>
Date: Mon,  1 Mar 2027 16:05:00 +0800 (CST)
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: scheduler@example.org
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="AAA"
Message-Id: <20270301080500.1@mx.example.org>

--AAA
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.

--AAA
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4F2A
Arrival-Date: Mon,  1 Mar 2027 16:00:00 +0800 (CST)

Final-Recipient: rfc822; teacher@school.example
Original-Recipient: rfc822;teacher@school.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; school.example
Diagnostic-Code: smtp; 550 5.1.1 <teacher@school.example>: Recipient address
    rejected: User unknown

--AAA
Content-Type: text/rfc822-headers

Message-ID: <00112233aabbccdd@example.org>
Subject: Accepted

--AAA--
"""

EXCHANGE = """From: <postmaster@corp.example>
To: <scheduler@example.org>
Date: Mon, 1 Mar 2027 08:05:00 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="_000_x_"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: zh-CN
Subject: =?gb2312?B?zrS0q7XdOiBBY2NlcHRlZA==?=
In-Reply-To: <00112233aabbccdd@example.org>

--_000_x_
Content-Type: multipart/alternative; differences=Content-Type; boundary="_001_x_"

--_001_x_
Content-Type: text/html; charset="gb2312"
Content-Transfer-Encoding: base64

PGh0bWw+x+vW2MrUPC9odG1sPg==

--_001_x_--
--_000_x_
Content-Type: message/delivery-status

Reporting-MTA: dns;mail.corp.example
Received-From-MTA: dns;mx.example.org

Final-Recipient: rfc822;TEACHER@school.example
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceeded
X-Display-Name: Teacher

--_000_x_--
"""

QQ = """Return-Path: <>
From: "PostMaster@qq.com" <PostMaster@qq.com>
To: scheduler@example.org
Subject: =?utf-8?B?57O757uf6YCA5L+h?=
Date: Mon, 1 Mar 2027 16:05:00 +0800
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="----=_QQ"

------=_QQ
Content-Type: text/html; charset="gb18030"
Content-Transfer-Encoding: base64

PGh0bWw+PGJvZHk+zby8/s7et6jNtrXvPC9ib2R5PjwvaHRtbD4=

------=_QQ
Content-Type: message/rfc822
Content-Disposition: attachment; filename="original.eml"

From: Ambassador Scheduler <scheduler@example.org>
To: teacher@school.example
Message-ID: <00112233aabbccdd@example.org>
Subject: Accepted

Dear teacher

------=_QQ--
"""

EXIM = """Return-path: <>
From: Mail Delivery System <Mailer-Daemon@smtp.example>
To: scheduler@example.org
X-Failed-Recipients: teacher@school.example
Subject: Mail delivery failed: returning message to sender
Date: Mon, 01 Mar 2027 08:05:00 +0000

A message that you sent could not be delivered to one or more of its recipients.
"""

VERP = """Return-Path: <>
From: postmaster@odd.example
To: bounces+00112233aabbccdd@example.org
Subject: failure notice
Date: Mon, 01 Mar 2027 08:05:00 +0000

No.
"""


@pytest.fixture
def mail(session):
    sent = factories.mail(
        ref=REF,
        to_address="teacher@school.example",
        state=MailState.SENT,
        sent_at=SENT_AT,
        claimed_at=SENT_AT,
        code="applications.accepted",
    )
    factories.mail(to_address="other@school.example", state=MailState.SENT, sent_at=SENT_AT)
    session.commit()
    return sent


@pytest.fixture
def run(app, mail, session, frozen):
    """A function that runs the command and returns what it says."""
    frozen(2027, 3, 1, 9)

    def command(path="-", content=None):
        result = app.test_cli_runner().invoke(args=["mail", "bounces", str(path)], input=content)
        session.rollback()
        session.expire_all()
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.output.strip()

    return command


def states(session):
    return [mail.state for mail in session.scalars(select(Mail).order_by(Mail.id))]


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (
            POSTFIX,
            "5.1.1 550 5.1.1 <teacher@school.example>: Recipient address rejected: User unknown",
        ),
        (EXCHANGE, "5.2.2 554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceeded"),
        (QQ, "系统退信"),
        (EXIM, "Mail delivery failed: returning message to sender"),
        (VERP, "failure notice"),
    ],
    ids=["postfix", "exchange", "qq", "exim", "verp"],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_report_marks_its_mail_and_the_address(run, session, mail, report, reason, ends):
    content = report.replace("\n", ends).encode()
    assert run(content=content) == "1 marked"
    assert states(session) == [MailState.BOUNCED, MailState.SENT]
    assert mail.bounced_at == clock.now()
    assert mail.last_error == reason
    (address,) = session.scalars(select(ReturnedAddress))
    assert (address.address, address.reason) == ("teacher@school.example", reason)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_ref) == ("mail:bounce", REF)
    assert run(content=content) == "1 known already"
    assert len(session.scalars(select(AuditEntry)).all()) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 500,
        POSTFIX.replace("Action: failed", "Action: delayed").encode(),
        POSTFIX.replace("Action: failed", "Action: delivered").encode(),
        POSTFIX.replace("Action: failed", "Action:").encode(),
        (
            b"From: colleague@school.example\nSubject: Out of office\n"
            b"In-Reply-To: <00112233aabbccdd@example.org>\n\nI am away.\n"
        ),
        b"From: postmaster@x.example\nSubject: hello\n\nnothing of yours\n",
        QQ.replace("00112233aabbccdd", "not-a-reference").encode(),
        b"Content-Type: multipart/report; boundary=\n\n--\n--\n",
        b"Content-Type: message/delivery-status\nDate: nonsense\n\nAction\n\n\n:\n",
        b"Return-Path: <>\nContent-Type: message/rfc822\n\n" * 300,
    ],
    ids=lambda content: content[:12].decode(errors="replace"),
)
def test_what_is_no_report_changes_nothing(run, session, content):
    assert run(content=content) == "1 no report of a mail that came back"
    assert states(session) == [MailState.SENT, MailState.SENT]
    assert session.scalars(select(ReturnedAddress)).all() == []


def test_reports_about_strangers_mails_are_counted_and_left(run, session):
    stranger = POSTFIX.replace(REF, "ffffffffffffffff").replace("teacher@", "nobody@")
    assert run(content=stranger.encode()) == "1 about no mail of ours"
    assert states(session) == [MailState.SENT, MailState.SENT]


def test_somebody_elses_mail_to_the_same_address_is_not_taken_for_ours(run, session):
    """The mailbox of the reports may serve other programs, too."""
    for foreign in ("ffffffffffffffff@example.org", "20270301.1@crm.example"):
        stranger = POSTFIX.replace(f"{REF}@example.org", foreign)
        assert run(content=stranger.encode()) == "1 about no mail of ours"
    assert states(session) == [MailState.SENT, MailState.SENT]


def test_an_address_alone_means_its_newest_mail_within_a_week(run, session, mail, frozen):
    newer = factories.mail(
        to_address="teacher@school.example",
        state=MailState.SENT,
        sent_at=SENT_AT + dt.timedelta(minutes=3),
    )
    session.commit()
    assert run(content=EXIM.encode()) == "1 marked"
    assert (mail.state, newer.state) == (MailState.SENT, MailState.BOUNCED)
    newer.state = MailState.SENT
    session.commit()
    frozen(2027, 3, 20, 9)
    assert run(content=EXIM.encode()) == "1 about no mail of ours"


def test_a_report_of_an_earlier_sending_is_old(run, session, mail):
    mail.sent_at = SENT_AT + dt.timedelta(days=1)
    session.commit()
    assert run(content=POSTFIX.encode()) == "1 older than the last sending"
    assert mail.state is MailState.SENT


def test_a_queued_mail_is_not_touched(run, session, mail):
    mail.state, mail.sent_at = MailState.QUEUED, None
    session.commit()
    assert run(content=POSTFIX.encode()) == "1 older than the last sending"


def test_mailboxes_of_both_kinds_are_read(run, session, mail, tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    for text in (POSTFIX, "From: a@b.example\n\nhello\n", POSTFIX):
        box.add(text)
    box.close()
    expected = "1 known already\n1 marked\n1 no report of a mail that came back"
    assert run(tmp_path / "box") == expected
    mail.state = MailState.SENT
    session.commit()
    folder = mailbox.Maildir(tmp_path / "folder")
    folder.add(POSTFIX)
    assert run(tmp_path / "folder") == "1 marked"
    assert run(tmp_path / "folder") == "No messages."
    (tmp_path / "one.eml").write_text(POSTFIX)
    assert run(tmp_path / "one.eml") == "1 known already"


def test_a_wrong_path_is_told(run, tmp_path):
    assert "There is nothing at this path" in run(tmp_path / "missing")
    assert "This folder is no Maildir" in run(tmp_path)


@settings(max_examples=300)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode()))
def test_garbage_never_raises(garbage):
    dsn.read(garbage)


@settings(max_examples=200)
@given(st.integers(0, len(POSTFIX)), st.integers(0, 60), st.binary(max_size=20))
def test_a_mangled_report_never_raises(start, length, put_in):
    content = POSTFIX.encode()
    dsn.read(content[:start] + put_in + content[start + length :])


def test_the_addresses_that_come_back_are_told_as_they_are_written(session, mail):
    bouncing.mark(mail.id, reason="x", now=clock.now())
    asked = ["Teacher@school.example", "other@school.example"]
    assert bouncing.returned_among(asked) == {"Teacher@school.example"}
    bouncing.forget("TEACHER@school.example")
    assert bouncing.returned_among(asked) == set()


def test_two_mails_that_come_back_at_once_mark_the_address_once(app, session, mail):
    other = factories.mail(to_address="Teacher@school.example", state=MailState.SENDING)
    session.commit()
    ids = [mail.id, other.id]
    session.rollback()
    together = threading.Barrier(2)

    def come_back(mail_id):
        with app.app_context():
            together.wait()
            with transaction():
                bouncing.mark(mail_id, reason=f"mail {mail_id}", now=clock.now())

    threads = [threading.Thread(target=come_back, args=(each,)) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(session.scalars(select(ReturnedAddress)).all()) == 1
    assert states(session).count(MailState.BOUNCED) == 2


@pytest.mark.parametrize(
    "line",
    [
        "Subject: =?utf-8?b?a?=",  # no base64
        "Subject: =?no-such-charset?q?x?=",
        "Subject: =?utf-8?b?AGE=?=",  # a zero byte
        "Subject: =?utf-7?q?+2AA-?=",  # half a character
        "X-Failed-Recipients: teacher\0@school.example",
    ],
)
def test_what_a_stranger_writes_into_a_report_holds_up_no_mailbox(
    run, session, mail, tmp_path, line
):
    box = mailbox.Maildir(tmp_path / "box")
    box.add(f"{line}\nX-Failed-Recipients: a@b.example\nReturn-Path: <>\n\n<{REF}>\n".encode())
    box.add(f"{line}\nReturn-Path: <>\n\nMessage-ID: <{REF}@example.org>\n".encode())
    run(tmp_path / "box")
    assert mail.state is MailState.BOUNCED
    assert list((tmp_path / "box" / "new").iterdir()) == []


def test_with_return_addresses_of_their_own_mails_are_not_guessed(
    run, session, mail, app, monkeypatch
):
    monkeypatch.setitem(app.config, "MAIL_BOUNCES_TO", "bounces@example.org")
    forged = b"From: me@evil.example\nX-Failed-Recipients: teacher@school.example\n\nNo.\n"
    assert run(content=forged) == "1 about no mail of ours"
    assert run(content=EXIM.encode()) == "1 about no mail of ours"
    assert (mail.state, session.scalars(select(ReturnedAddress)).all()) == (MailState.SENT, [])
    assert run(content=POSTFIX.encode()) == "1 marked"
