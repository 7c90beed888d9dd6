"""Reminders by mail: at the chosen time, once, to whoever still has the right, in their words."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.access.permissions import ScopeKind
from scheduler.accounts import roles
from scheduler.accounts.duty_calendars import account_audience, duties_of, holders_of
from scheduler.calendar_mail import reminding, tasks
from scheduler.calendar_mail.models import SentReminder
from scheduler.calendars import own_calendars, services
from scheduler.calendars.choices import Choice, Reminder, ReminderKind
from scheduler.calendars.entries import EntryKind, Subject
from scheduler.database import transaction
from scheduler.notifications import tasks as sending
from scheduler.notifications.models import Mail
from tests import factories
from tests.calendars.drafts import NOW, PLAN, performance

EVENING = Reminder(ReminderKind.DAY_BEFORE)
TWO_HOURS = Reminder(ReminderKind.TWO_HOURS_BEFORE)


@pytest.fixture
def school(session):
    return factories.school()


@pytest.fixture
def officer(school, session):
    made = factories.officer(school, email="office@school.example", locale="en")
    session.commit()
    return made


@pytest.fixture
def reminded(session):
    """A function that gives an account a calendar with a reminder."""

    def choose(account, reminder, choice=None, zone="Asia/Shanghai"):
        audience = account_audience(account)
        own_calendars.follow(audience, duties_of(account), now=NOW)
        made = own_calendars.add_calendar(
            Subject(audience, {"en": "Duties"}, zone, account.locale),
            "Mine",
            choice or Choice(),
            secret_key="secret",
            now=NOW,
        )
        own_calendars.remind(made, reminder)
        session.commit()
        return made

    return choose


@pytest.fixture
def publish(school, session):
    """A function that publishes entries of the school on 10 April, in Shanghai."""

    def put(*drafts):
        own = frozenset({holders_of(ScopeKind.SCHOOL, school.id)})
        with transaction():
            services.publish(
                PLAN, [performance(key, hour=hour, audiences=own) for key, hour in drafts], now=NOW
            )

    return put


@pytest.fixture
def mails(session, frozen):
    """A function that runs the task at an instant, and returns all reminders so far."""

    def run(*parts):
        frozen(*parts)
        tasks.send_reminders()
        session.expire_all()
        found = session.scalars(
            select(Mail).where(Mail.code == reminding.REMINDED).order_by(Mail.id)
        )
        return [(mail.to_address, mail.facts["count"]) for mail in found]

    return run


def test_one_mail_in_the_evening_before_for_the_whole_day(officer, reminded, publish, mails):
    publish(("a", 9), ("b", 15))
    reminded(officer, EVENING)
    assert mails(2027, 4, 9, 9, 59) == []
    assert mails(2027, 4, 9, 10) == [("office@school.example", 2)]
    assert mails(2027, 4, 9, 10, 5) == [("office@school.example", 2)]
    assert mails(2027, 4, 10, 0, 59) == [("office@school.example", 2)]


def test_two_hours_before_each(officer, reminded, publish, mails):
    publish(("a", 9), ("b", 15))
    reminded(officer, TWO_HOURS)
    assert mails(2027, 4, 9, 22, 59) == []
    assert mails(2027, 4, 9, 23) == [("office@school.example", 1)]
    assert len(mails(2027, 4, 10, 5)) == 2


def test_the_evening_is_that_of_the_owners_zone(officer, reminded, publish, mails):
    publish(("a", 9))  # 9 April, 21:00 in New York
    reminded(officer, Reminder(ReminderKind.DAY_BEFORE, 7 * 60 + 30), zone="America/New_York")
    assert mails(2027, 4, 8, 11, 29) == []
    assert mails(2027, 4, 8, 11, 30) == [("office@school.example", 1)]


def test_the_words_are_in_the_owners_language_with_time_and_zone(
    school, reminded, publish, mails, session, smtp_server, app, monkeypatch
):
    monkeypatch.setitem(app.config, "MAIL_URL", smtp_server.url)
    chinese = factories.officer(school, email="zh@school.example", locale="zh_Hans")
    session.commit()
    publish(("a", 9))
    reminded(chinese, EVENING)
    mails(2027, 4, 9, 10)
    sending.send_due()
    (message,) = smtp_server.messages
    words = message.get_payload()[0].get_payload(decode=True).decode()
    assert "2027年4月10日(周六) 09:00–09:25" in words
    assert "UTC+8" in words
    assert "演出:茉莉花合唱团" in words
    assert "大厅, 星海音乐厅" in words


def test_who_chose_none_and_what_is_not_chosen_brings_no_mail(
    officer, school, reminded, publish, mails
):
    publish(("a", 9))
    reminded(officer, Reminder())
    other = factories.officer(school)
    reminded(other, EVENING, Choice(kinds=frozenset({EntryKind.REHEARSAL})))
    assert mails(2027, 4, 9, 10) == []


def test_several_calendars_of_one_person_bring_one_mail(officer, reminded, publish, mails):
    publish(("a", 9))
    reminded(officer, EVENING)
    reminded(officer, EVENING)
    assert mails(2027, 4, 9, 10) == [("office@school.example", 1)]


def test_what_is_cancelled_is_not_reminded_of(officer, reminded, publish, mails):
    publish(("a", 9), ("b", 15))
    reminded(officer, EVENING)
    publish(("b", 15))
    assert mails(2027, 4, 9, 10) == [("office@school.example", 1)]


def test_what_moves_afterwards_is_reminded_of_again(officer, reminded, publish, mails):
    publish(("a", 9))
    reminded(officer, EVENING)
    mails(2027, 4, 9, 10)
    publish(("a", 11))
    assert len(mails(2027, 4, 9, 11)) == 2
    assert len(mails(2027, 4, 9, 12)) == 2


def test_an_ended_right_ends_the_reminders(officer, reminded, publish, mails, session):
    publish(("a", 9))
    reminded(officer, EVENING)
    grant = officer.grants[0]
    roles.revoke(officer, grant.role, grant.scope_id, actor_id=officer.id, now=NOW)
    session.commit()
    assert mails(2027, 4, 9, 10) == []


def test_a_closed_account_and_an_ended_calendar_remind_nobody(
    officer, school, reminded, publish, mails, session
):
    publish(("a", 9))
    calendar = reminded(officer, EVENING)
    own_calendars.end_calendar(calendar, now=NOW)
    other = factories.officer(school)
    reminded(other, EVENING)
    other.deactivated_at = NOW
    session.commit()
    assert mails(2027, 4, 9, 10) == []


def test_a_crash_between_due_and_mail_reminds_exactly_once(
    officer, reminded, publish, session, frozen
):
    publish(("a", 9))
    reminded(officer, EVENING)
    now = frozen(2027, 4, 9, 10)
    found = reminding.due(now=now)
    (owner,) = found

    reminding.remind(owner, found[owner], now=now)
    session.rollback()  # what a killed worker leaves behind
    assert session.scalars(select(SentReminder)).all() == []
    for _ in range(2):  # two workers that both found it due
        with transaction():
            reminding.remind(owner, found[owner], now=now)
    assert len(session.scalars(select(Mail)).all()) == 1


def test_a_family_is_told_whose_it_is(school, session, mails):
    from scheduler.consents import links as guardian_links
    from scheduler.people.family_calendars import children_followed, guardian_audience
    from scheduler.scheduling.releases.entries import person_audience

    child, sibling = (
        factories.person(school, name="Ada Li"),
        factories.person(school, name="Ben Li"),
    )
    guardian = factories.guardian(school, child, sibling, email="mum@family.example")
    guardian_links.make_links([guardian], locale="en", secret_key="secret", now=NOW)
    own = frozenset({person_audience(child.ref), person_audience(sibling.ref)})
    services.publish(PLAN, [performance(audiences=own)], now=NOW)
    audience = guardian_audience(guardian.id)
    own_calendars.follow(audience, children_followed([guardian.id])[guardian.id], now=NOW)
    made = own_calendars.add_calendar(
        Subject(audience, {"en": "Family"}, "Asia/Shanghai"),
        "Mum",
        Choice(),
        secret_key="secret",
        now=NOW,
    )
    own_calendars.remind(made, EVENING)
    session.commit()
    assert mails(2027, 4, 9, 10) == [("mum@family.example", 1)]
    (mail,) = session.scalars(select(Mail))
    assert mail.facts["lines"][0].split(" · ")[1] == "A., B.: Performance: Jasmine Choir"


def test_nobody_due_takes_no_write_lock(officer, reminded, publish, frozen, queries):
    publish(("a", 9))
    reminded(officer, EVENING)
    frozen(2027, 4, 1)
    queries.clear()
    tasks.send_reminders()
    assert [each for each in queries if each.startswith(("INSERT", "UPDATE", "BEGIN IMM"))] == []


@pytest.mark.parametrize(
    ("starts", "minute", "due"),
    [
        # The clocks of New York go forward on 14 March 2027 and back on 7 November.
        (dt.datetime(2027, 3, 15, 14, tzinfo=dt.UTC), 18 * 60, dt.datetime(2027, 3, 14, 22)),
        (dt.datetime(2027, 3, 14, 14, tzinfo=dt.UTC), 18 * 60, dt.datetime(2027, 3, 13, 23)),
        (dt.datetime(2027, 11, 8, 15, tzinfo=dt.UTC), 18 * 60, dt.datetime(2027, 11, 7, 23)),
    ],
)
def test_a_change_of_the_clocks_moves_no_evening(starts, minute, due):
    reminder = Reminder(ReminderKind.DAY_BEFORE, minute)
    assert reminder.due_at(starts, "America/New_York") == due.replace(tzinfo=dt.UTC)
