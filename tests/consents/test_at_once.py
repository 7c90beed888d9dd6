"""What must hold whatever happens at the same time, on both databases."""

import threading

import pytest
from flask import current_app
from sqlalchemy import func, select

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.consents import asking, decisions
from scheduler.consents.decisions import About, Said, Signature
from scheduler.consents.models import GuardianAsk, GuardianLink
from scheduler.consents.progress import find_part
from scheduler.database import db, transaction
from scheduler.notifications.models import Mail
from scheduler.people.models import Consent, ConsentPurpose, Guardian, Relation

pytestmark = pytest.mark.each_database


def run_at_once(app, *attempts):
    """Run each function in a thread and transaction of its own; return what they returned."""
    barrier = threading.Barrier(len(attempts))
    outcomes = []

    def run(attempt):
        with app.app_context():
            barrier.wait()
            with transaction():
                outcomes.append(attempt())

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_officers_who_click_at_once_send_one_mail(app, asked, session):
    programme, school, secret = asked.programme.code, asked.school.code, current_app.secret_key

    session.rollback()  # or SQLite goes on showing what was there before

    def click():
        return asking.mail_guardians(
            find_part(programme, school),
            "",
            actor=Actor(None),
            secret_key=secret,
            public_url="https://festival.example",
            now=clock.now(),
        )

    assert run_at_once(app, click, click) == [0, 1]
    counts = [session.scalar(select(func.count()).select_from(m)) for m in (Mail, GuardianLink)]
    assert counts == [1, 1]
    assert session.scalars(select(GuardianAsk)).one().mails == 1


def test_a_double_click_on_two_servers_is_one_answer(app, asked, session):
    about = About(asked.elder.ref, asked.programme.code, "en")
    mother_id = asked.mother.id
    session.rollback()

    def press():
        signature = Signature(db.session.get_one(Guardian, mother_id), "Mary", Relation.MOTHER)
        said = {ConsentPurpose.IMAGE: Said(is_granted=True, version=1)}
        return len(decisions.answer(about, said, signature, now=clock.now()))

    assert run_at_once(app, press, press) == [0, 1]
    query = select(func.count()).where(Consent.purpose == ConsentPurpose.IMAGE)
    assert session.scalar(query) == 1
