"""Every refusal can be told, every mail can be written, every role has a name."""

import datetime as dt

import pytest

from scheduler import clock, texts
from scheduler.access.permissions import Role
from scheduler.accounts import mails, sessions, tasks
from scheduler.accounts.models import AccountToken, SignInSession, TokenPurpose
from scheduler.accounts.refusals import AccountRefusal
from scheduler.accounts.texts import ROLE_LABELS, role_in_scope
from scheduler.database import db
from scheduler.languages import LOCALES
from scheduler.notifications import templates
from scheduler.notifications.refusals import MailRefusal
from tests import factories

pytestmark = pytest.mark.any_database

FACTS = {
    "inviter": "Admin Chan",
    "role": {"en": "School officer"},
    "link": "/invitations/x",
    "sign_in_link": "/sign-in",
    "reset_link": "/reset",
    "expires_at": "2027-03-15T08:00:00+00:00",
    "changed_at": "2027-03-15T08:00:00+00:00",
}


@pytest.mark.parametrize("code", [*AccountRefusal, *MailRefusal])
def test_every_refusal_has_a_sentence(app, code):
    assert texts.has_sentence(code)


def test_every_role_has_a_name():
    assert set(ROLE_LABELS) == set(Role)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "code", [mails.INVITATION, mails.ROLE_GRANTED, mails.RESET, mails.PASSWORD_CHANGED]
)
def test_every_mail_is_written_in_every_language(app, code, locale):
    with app.app_context():
        written = templates.write(
            code, FACTS, locale=locale, to_name="Lin", public_url="https://a.example"
        )
    assert "%(" not in written.subject + written.body
    assert "https://a.example/" in written.body


def test_a_role_names_its_scope_in_each_language(app):
    with app.app_context():
        named = role_in_scope(Role.COORDINATOR, {"en": "Festival", "zh_Hans": "艺术节"})
        plain = role_in_scope(Role.PLATFORM_ADMINISTRATOR)
    assert named["en"] == "Coordinator, Festival"
    assert named["zh_Hans"].endswith("艺术节")
    assert plain["en"] == "Administrator"


def test_old_sessions_and_links_are_forgotten_and_live_ones_kept(app, session, frozen):
    now = frozen(2027, 3, 1, 8)
    account = factories.account()
    for number, age in enumerate((sessions.KEPT_FOR + dt.timedelta(days=1), dt.timedelta(days=2))):
        ended = now - age
        facts = {"account_id": account.id, "created_at": ended, "expires_at": ended}
        session.add(SignInSession(token_hash=f"s{number}", **facts))
        purpose = TokenPurpose.RESET
        session.add(AccountToken(token_hash=f"t{number}", purpose=purpose, used_at=ended, **facts))
    session.commit()
    with app.app_context():
        tasks.forget_old()
    kept = [db.session.query(model).one().token_hash for model in (SignInSession, AccountToken)]
    assert kept == ["s1", "t1"]
    assert clock.now() == now
