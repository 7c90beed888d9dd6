"""Mails as rows of the transaction that caused them, and what staff decide about them."""

import datetime as dt
import threading

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.audit.models import AuditEntry
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.notifications import services
from scheduler.notifications.models import Mail, MailState
from scheduler.notifications.refusals import MailRefusal
from tests import factories
from tests.notifications.conftest import CODE, FACTS


def put(**values):
    return services.queue(
        CODE,
        to_address="teacher@school.example",
        locale="en",
        facts=FACTS,
        secrets={"secret_link": "/my/x"},
        now=clock.now(),
        **values,
    )


def test_a_committed_mail_is_sent_after_the_commit(session, mail_url, tmp_path):
    mail_url(f"file://{tmp_path}")
    with transaction():
        put()
        assert list(tmp_path.iterdir()) == []
    assert len(list(tmp_path.iterdir())) == 1


def test_a_rolled_back_mail_is_never_sent(session, mail_url, tmp_path, send, stored):
    mail_url(f"file://{tmp_path}")

    def crash():
        with transaction():
            put()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    send()
    assert (stored(), list(tmp_path.iterdir())) == ([], [])


def test_many_mails_wake_the_sender_once(session):
    put()
    put()
    put()
    from scheduler.database import AFTER_COMMIT

    assert len(db.session().info.pop(AFTER_COMMIT)) == 1


def test_a_once_key_queues_once(session):
    with transaction():
        assert put(once_key="release-1:teacher") is True
        assert put(once_key="release-1:teacher") is False
        assert put(once_key="release-2:teacher") is True
        assert put() is True
    keys = session.scalars(select(Mail.once_key).order_by(Mail.id)).all()
    assert keys == ["release-1:teacher", "release-2:teacher", None]


def test_long_keys_are_told_apart_to_their_ends(session):
    with transaction():
        long = "release:" + "x" * 200
        assert [put(once_key=long + end) for end in ("a", "b", "a")] == [True, True, False]


def test_a_once_key_holds_between_processes(app, session, stored):
    session.rollback()
    results = []

    def attempt():
        with app.app_context(), transaction():
            results.append(put(once_key="release-1:teacher"))

    attempts = [threading.Thread(target=attempt) for _ in range(6)]
    for each in attempts:
        each.start()
    for each in attempts:
        each.join()
    assert sorted(results) == [False] * 5 + [True]
    assert len(stored()) == 1


def test_secrets_are_not_in_the_row(queue, stored):
    queue(secrets={"secret_link": "/my/open-sesame-42"})
    (mail,) = stored()
    assert b"open-sesame" not in mail.sealed
    assert "open-sesame" not in str(mail.facts)


def make(session, **values):
    mail = factories.mail(code=CODE, facts=FACTS, **values)
    session.commit()
    return mail


OLD = dt.timedelta(minutes=11)


def test_a_failed_mail_is_sent_again_when_staff_say_so(session, send, mail_url, tmp_path):
    mail_url(f"file://{tmp_path}")
    staff = factories.administrator()
    facts = {**FACTS, "secret_link": "/x"}
    mail = factories.mail(code=CODE, facts=facts, state=MailState.FAILED, attempts=8)
    session.commit()
    with transaction():
        services.send_again(mail, actor_id=staff.id, now=clock.now())
    session.commit()
    assert (mail.state, mail.attempts) == (MailState.SENT, 1)
    assert len(list(tmp_path.iterdir())) == 1
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_ref, entry.account_id) == (
        "mail:send_again",
        mail.ref,
        staff.id,
    )


def test_a_mail_that_is_being_sent_is_left_alone_until_it_is_stuck(session):
    now = clock.now()
    mail = make(session, state=MailState.SENDING, claimed_at=now - OLD + dt.timedelta(minutes=2))
    with pytest.raises(Refused) as refusal, transaction():
        services.send_again(mail, actor_id=None, now=now)
    assert refusal.value.code is MailRefusal.NOTHING_TO_DECIDE
    assert services.is_stuck(mail, now=now + OLD)


def test_a_mail_that_came_back_is_sent_to_the_corrected_address(session, mail_url, tmp_path, send):
    mail_url(f"file://{tmp_path}")
    mail = make(session, state=MailState.BOUNCED, to_address="wrong@school.example")
    mail.facts = {**FACTS, "secret_link": "/x"}
    mail.body, mail.subject_line = "as it was sent", "before"
    mail.sent_at = mail.bounced_at = clock.now() - OLD
    session.commit()
    with transaction():
        services.send_again(mail, to_address="right@school.example", actor_id=None, now=clock.now())
    session.commit()
    assert (mail.state, mail.to_address) == (MailState.SENT, "right@school.example")
    assert (mail.subject_line, mail.bounced_at) == ("About the concert", None)
    (file,) = tmp_path.iterdir()
    assert b"right@school.example" in file.read_bytes()


def test_a_private_link_that_is_gone_cannot_be_sent_again(session):
    mail = make(session, state=MailState.BOUNCED, body="As it was sent: …", subject_line="Sent")
    with pytest.raises(Refused) as refused, transaction():
        services.send_again(mail, actor_id=None, now=clock.now())
    assert refused.value.code is MailRefusal.LINKS_GONE
    session.rollback()
    assert (mail.state, mail.subject_line) == (MailState.BOUNCED, "Sent")


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.SENT])
def test_nothing_is_decided_about_other_mails(session, state):
    mail = make(session, state=state, claimed_at=clock.now() - OLD)
    for decide in (
        lambda: services.send_again(mail, actor_id=None, now=clock.now()),
        lambda: services.settle(mail, was_sent=True, actor_id=None, now=clock.now()),
    ):
        with pytest.raises(Refused), transaction():
            decide()
    assert mail.state is state


@pytest.mark.parametrize(("was_sent", "state"), [(True, "sent"), (False, "failed")])
def test_a_stuck_mail_is_settled_without_sending(session, was_sent, state, mail_url, tmp_path):
    mail_url(f"file://{tmp_path}")
    mail = make(session, state=MailState.SENDING, claimed_at=clock.now() - OLD)
    with transaction():
        services.settle(mail, was_sent=was_sent, actor_id=None, now=clock.now())
    assert mail.state == state
    assert list(tmp_path.iterdir()) == []


def test_trouble_is_counted(session):
    now = clock.now()
    make(session, state=MailState.FAILED)
    make(session, state=MailState.SENDING, claimed_at=now - OLD)
    make(session, state=MailState.SENDING, claimed_at=now)
    make(session, state=MailState.QUEUED)
    make(session, state=MailState.BOUNCED)
    assert services.troubled_count(now=now) == 3
