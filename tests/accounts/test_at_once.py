"""What must hold whatever happens at the same time, on both databases."""

import threading

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.accounts import resets, roles, tokens
from scheduler.accounts.models import Account, AccountToken, RoleGrant, TokenPurpose
from scheduler.accounts.refusals import AccountRefusal
from scheduler.database import db, transaction
from scheduler.errors import Refused
from tests import factories
from tests.accounts.conftest import PASSWORD_HASH

pytestmark = pytest.mark.each_database


def run_at_once(app, *attempts):
    """Run each function in a thread and transaction of its own; return what came of them."""
    barrier = threading.Barrier(len(attempts))
    outcomes = []

    def run(attempt):
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    attempt()
            except Refused as error:
                outcomes.append(error.code)
            else:
                outcomes.append("done")

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_administrators_cannot_remove_each_other(app, session):
    ids = [factories.administrator(password_hash=PASSWORD_HASH).id for _ in range(2)]
    session.commit()

    def removal_of(victim, actor):
        def remove():
            account = db.session.get_one(Account, victim)
            roles.revoke(account, Role.PLATFORM_ADMINISTRATOR, 0, actor_id=actor, now=clock.now())

        return remove

    outcomes = run_at_once(app, removal_of(ids[0], ids[1]), removal_of(ids[1], ids[0]))
    assert outcomes == ["done", AccountRefusal.LAST_ADMINISTRATOR]
    assert session.scalar(select(func.count()).select_from(RoleGrant)) == 1


def test_a_link_is_used_by_one_of_two(app, session):
    account = factories.account(password_hash=PASSWORD_HASH)
    token, _ = tokens.issue(account, TokenPurpose.RESET, now=clock.now())
    session.commit()

    def reset_to(password):
        def reset():
            found = tokens.find_live(token, TokenPurpose.RESET, now=clock.now())
            resets.reset_password(found, password=password, now=clock.now())

        return reset

    outcomes = run_at_once(app, reset_to("first kettle 1"), reset_to("second kettle 2"))
    assert outcomes == ["done", AccountRefusal.LINK_ENDED]


def test_of_two_links_asked_for_at_once_one_works(app, session):
    factories.account(email="a@school.example", password_hash=PASSWORD_HASH)
    session.commit()

    def ask():
        resets.request_reset("a@school.example", now=clock.now())

    assert run_at_once(app, ask, ask, ask) == ["done", "done", "done"]
    live = select(func.count()).select_from(AccountToken).where(AccountToken.used_at.is_(None))
    assert session.scalar(live) == 1
