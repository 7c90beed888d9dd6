"""A juror's hour that is published and asked for, and short ways to answer and to look."""

import dataclasses
import datetime as dt
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from scheduler.calendar_mail import asking
from scheduler.calendar_mail.asking import Invitee
from scheduler.calendar_mail.models import AttendanceRequest
from scheduler.calendars import services as calendars
from scheduler.database import transaction
from scheduler.notifications.calendar_parts import opened_part
from scheduler.notifications.models import Mail
from tests.calendars.drafts import NOW, PLAN, performance

JUROR = Invitee("juror@jury.example", "Wen Juror", "en")
OTHER = Invitee("Yan@jury.example", "Yan Juror", "zh_Hans")


@pytest.fixture
def replies_to(app, monkeypatch):
    """Answers are read at an address of the house."""
    monkeypatch.setitem(app.config, "MAIL_REPLIES_TO", "answers@example.org")
    monkeypatch.setitem(app.config, "MAIL_SENDER", "Ambassador Scheduler <scheduler@example.org>")


@pytest.fixture
def published(session):
    """A function that publishes the hour, with changes, and asks people to it."""

    def publish(*invitees, now=NOW, drafts=None, **changes):
        wanted = [performance(**changes)] if drafts is None else drafts
        with transaction():
            calendars.publish(PLAN, wanted, now=now)
            asked = {draft.key: invitees for draft in wanted}
            return asking.ask(PLAN, asked, about="festival", now=now)

    return publish


@pytest.fixture
def asked(session):
    """A function that returns who is asked, by address, as the database has it now."""

    def read():
        session.expire_all()
        found = session.scalars(select(AttendanceRequest).order_by(AttendanceRequest.id))
        return {request.address: request for request in found}

    return read


@pytest.fixture
def calendars_sent(session):
    """A function that returns the calendars of all mails so far, in their order."""

    def read():
        session.expire_all()
        mails = session.scalars(select(Mail).order_by(Mail.id))
        return [opened_part(mail.calendar) for mail in mails]

    return read


@dataclasses.dataclass
class Answering:
    """What a mail program sends; every part of it can be forged."""

    uid: str
    attendee: str
    to: str
    organizer: str
    sequence: int = 0
    standing: str = "ACCEPTED"
    method: str = "REPLY"
    stamp: dt.datetime = NOW + dt.timedelta(hours=1)
    comment: str = ""

    def calendar(self):
        lines = [
            "BEGIN:VCALENDAR",
            "PRODID:-//Some//Program//EN",
            "VERSION:2.0",
            f"METHOD:{self.method}",
            "BEGIN:VEVENT",
            f"UID:{self.uid}",
            f"SEQUENCE:{self.sequence}",
            f"DTSTAMP:{self.stamp:%Y%m%dT%H%M%SZ}",
            f"ORGANIZER:mailto:{self.organizer}",
            f"ATTENDEE;PARTSTAT={self.standing};CN=Somebody:mailto:{self.attendee}",
            *([f"COMMENT:{self.comment}"] if self.comment else []),
            "SUMMARY:Accepted: whatever",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
        return "".join(f"{line}\r\n" for line in lines)

    def message(self):
        message = EmailMessage()
        message["From"] = f"Somebody <{self.attendee}>"
        message["To"] = self.to
        message["Subject"] = "Accepted: whatever"
        message.set_content("Somebody has accepted.")
        message.add_alternative(
            self.calendar().encode(),
            maintype="text",
            subtype="calendar",
            params={"charset": "utf-8", "method": self.method},
        )
        return message.as_bytes()


@pytest.fixture
def answer_of(app):
    """A function that returns the answer of somebody who was asked, as their program writes it."""
    from scheduler.calendar_mail.reply_addresses import organiser_for

    def answer(request, **changes):
        uid = request.entry.uid
        organizer = organiser_for(uid, request.address).address
        right = Answering(uid, request.address, to=organizer, organizer=organizer)
        right.sequence = request.sequence
        return dataclasses.replace(right, **changes)

    return answer


@pytest.fixture
def noted(session, frozen):
    """A function that reads an answer's message some hours after the request."""
    from scheduler.calendar_mail.reading import read_message

    def read(answer):
        frozen(2027, 3, 1, 12)
        content = answer if isinstance(answer, bytes) else answer.message()
        outcome = read_message(content)
        session.expire_all()
        return outcome

    return read
