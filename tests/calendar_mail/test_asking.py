"""Requests to attend: asked once, told of changes, taken back; always the entry of the feeds."""

import dataclasses
import datetime as dt

from icalendar import Calendar
from sqlalchemy import func, select

from scheduler import clock
from scheduler.calendar_mail import tasks as calendar_tasks
from scheduler.calendar_mail.asking import ask_again
from scheduler.calendar_mail.models import Answer, AttendanceRequest
from scheduler.calendars.models import CalendarEntry
from scheduler.database import transaction
from scheduler.notifications import tasks
from scheduler.notifications.models import Mail
from tests.calendar_mail.conftest import JUROR, OTHER
from tests.calendars.drafts import NOW, performance
from tests.calendars.octets import unfolded, values

LATER = NOW + dt.timedelta(days=1)


def codes(session):
    return list(session.scalars(select(Mail.code).order_by(Mail.id)))


def the_event(part):
    (event,) = Calendar.from_ical(part.content).walk("VEVENT")
    return event


def test_whoever_is_asked_gets_one_request_of_the_very_entry(
    published, asked, calendars_sent, replies_to, session
):
    assert published(JUROR, OTHER) == 2
    (entry,) = session.scalars(select(CalendarEntry))
    first, second = calendars_sent()
    event = the_event(first)
    assert (first.method, event["UID"], event["SEQUENCE"]) == ("REQUEST", entry.uid, 0)
    assert event["ATTENDEE"] == "mailto:juror@jury.example"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event["ORGANIZER"] == f"mailto:{first.reply_to}"
    assert first.reply_to.startswith("answers+")
    assert first.reply_to != second.reply_to
    assert the_event(second)["ATTENDEE"] == "mailto:yan@jury.example"
    assert the_event(second)["SUMMARY"] == "演出:茉莉花合唱团"
    assert set(asked()) == {"juror@jury.example", "yan@jury.example"}


def test_the_octets_keep_every_rule_of_lines(published, calendars_sent, replies_to):
    long_name = '陈评审专家 "Wen"; ^ Juror, ' * 5
    published(type(JUROR)(JUROR.address, long_name, "zh_Hant_HK"))
    (part,) = calendars_sent()
    octets = part.content.encode()
    assert all(len(line) <= 75 for line in octets.split(b"\r\n"))
    assert unfolded(octets)[:5] == [
        b"BEGIN:VCALENDAR",
        b"VERSION:2.0",
        b"PRODID:-//Ambassador Scheduler//Calendars//EN",
        b"CALSCALE:GREGORIAN",
        b"METHOD:REQUEST",
    ]
    assert the_event(part)["ATTENDEE"].params["CN"] == long_name.strip()[:120].strip()
    assert len(values(octets, b"ORGANIZER")) == len(values(octets, b"ATTENDEE")) == 1


def test_nobody_is_asked_twice(published, session):
    published(JUROR)
    assert published(JUROR, now=LATER) == 0
    assert codes(session) == ["calendar_mail.asked"]


def test_a_moved_entry_is_asked_anew_with_a_higher_sequence(
    published, asked, calendars_sent, answer_of, session, noted, replies_to
):
    published(JUROR)
    noted(answer_of(asked()["juror@jury.example"]))
    assert asked()["juror@jury.example"].answer is Answer.ACCEPTED
    assert published(JUROR, hour=15, now=LATER) == 1
    assert codes(session) == ["calendar_mail.asked", "calendar_mail.changed"]
    first, second = map(the_event, calendars_sent())
    assert (first["UID"], first["SEQUENCE"], second["SEQUENCE"]) == (second["UID"], 0, 1)
    assert second["DTSTART"].dt.hour == 7
    assert second["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert asked()["juror@jury.example"].answer is Answer.WAITING


def test_another_text_is_told_and_answers_stand(
    published, asked, calendars_sent, answer_of, noted, replies_to
):
    published(JUROR)
    noted(answer_of(asked()["juror@jury.example"]))
    texts = performance().texts
    renamed = dataclasses.replace(texts["en"], summary="Renamed")
    published(JUROR, texts={**texts, "en": renamed}, now=LATER)
    second = the_event(calendars_sent()[1])
    assert (second["SUMMARY"], second["SEQUENCE"]) == ("Renamed", 1)
    assert second["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert asked()["juror@jury.example"].answer is Answer.ACCEPTED


def test_what_is_cancelled_is_taken_back_once(published, asked, calendars_sent, session):
    published(JUROR)
    assert published(drafts=[], now=LATER) == 1
    assert published(drafts=[], now=LATER) == 0
    part = calendars_sent()[1]
    event = the_event(part)
    assert (part.method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert codes(session)[1] == "calendar_mail.withdrawn"
    assert asked()["juror@jury.example"].withdrawn_at == LATER


def test_whoever_is_no_longer_wanted_is_told_and_may_be_asked_again(
    published, asked, calendars_sent
):
    published(JUROR, OTHER)
    assert published(OTHER, now=LATER) == 1
    assert published(JUROR, OTHER, now=LATER + dt.timedelta(hours=1)) == 1
    events = [the_event(part) for part in calendars_sent() if JUROR.address in part.content]
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert asked()["juror@jury.example"].withdrawn_at is None


def test_what_is_over_is_left_alone(published, session):
    published(JUROR)
    over = dt.datetime(2027, 4, 11, tzinfo=dt.UTC)
    assert published(now=over) == 0
    assert codes(session) == ["calendar_mail.asked"]


def test_who_has_not_answered_is_asked_again_once_a_day(published, asked, calendars_sent, session):
    published(JUROR)
    request = asked()["juror@jury.example"]
    with transaction():
        assert not ask_again(request, about="festival", now=NOW)
        assert ask_again(request, about="festival", now=LATER)
        assert not ask_again(request, about="festival", now=LATER)
    _first, second = map(the_event, calendars_sent())
    assert (second["SEQUENCE"], second["DTSTAMP"].dt) == (0, LATER)
    request.answer = Answer.DECLINED
    session.commit()
    with transaction():
        assert not ask_again(request, about="festival", now=LATER + dt.timedelta(days=1))


def test_the_mail_arrives_as_programs_want_it(
    published, replies_to, smtp_server, app, session, monkeypatch, frozen
):
    frozen(2027, 3, 1, 8)
    monkeypatch.setitem(app.config, "MAIL_URL", smtp_server.url)
    published(JUROR)
    tasks.send_due()
    (message,) = smtp_server.messages
    assert message.get_content_type() == "multipart/mixed"
    alternative, file = message.get_payload()
    plain, html, calendar = alternative.get_payload()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_param("charset") == "utf-8"
    octets = calendar.get_payload(decode=True)
    (event,) = Calendar.from_ical(octets).walk("VEVENT")
    assert event["ORGANIZER"] == f"mailto:{message['Reply-To']}"
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert file.get_payload(decode=True) == octets
    words = plain.get_payload(decode=True).decode()
    assert "Sat 10 April 2027 09:00–09:25 (Shanghai time, UTC+8)" in words
    assert "/attendance/" in words
    assert "Words in a reply are not read." in words


def test_the_outbox_keeps_the_calendar_sealed(published, replies_to, session):
    published(JUROR)
    (mail,) = session.scalars(select(Mail))
    assert b"answers+" not in mail.calendar
    assert "/attendance/" not in str(mail.facts)


def test_without_an_address_for_answers_programs_need_not_offer_any(published, calendars_sent):
    published(JUROR)
    (part,) = calendars_sent()
    event = the_event(part)
    assert (event["ORGANIZER"], part.reply_to) == ("mailto:scheduler@localhost", "")
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


def test_30_days_after_its_time_nobody_is_asked_to_it_any_more(published, asked, session, frozen):
    later = performance("performance:later", hour=12)
    published(JUROR, drafts=[performance(), later])
    end = performance().ends_at

    def forget(after):
        clock.freeze(end + after)
        calendar_tasks.forget_past_requests()
        session.expire_all()
        return session.scalars(select(CalendarEntry.key).join(AttendanceRequest)).all()

    keys = ["performance:A", "performance:later"]
    assert sorted(forget(dt.timedelta(days=30))) == keys
    assert forget(dt.timedelta(days=30, seconds=1)) == ["performance:later"]
    assert session.scalar(select(func.count(CalendarEntry.id))) == 2
