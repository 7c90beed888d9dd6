"""What tests about accounts have in common: somebody with a password, and their mailbox."""

import re

import pytest
from sqlalchemy import select

from scheduler.accounts import passwords
from scheduler.accounts.models import Account
from scheduler.notifications.models import Mail
from tests import factories

PASSWORD = "violet kettle 41"
PASSWORD_HASH = passwords.hashed(PASSWORD)


@pytest.fixture
def officer(session):
    """A school officer who can sign in with `PASSWORD`."""
    school = factories.school()
    officer = factories.officer(
        school, email="officer@school.example", password_hash=PASSWORD_HASH, name="Officer Lin"
    )
    session.commit()
    return officer


@pytest.fixture
def enter(app):
    """A function that signs in with e-mail and password, as a browser would: `enter(email)`."""

    def send(email, password=PASSWORD, client=None, **options):
        client = client or app.test_client()
        form = {"email": email, "password": password}
        return client, client.post("/sign-in", data=form, **options)

    return send


@pytest.fixture
def mailbox(app, tmp_path):
    """The mails that were written so far, as one text each (newest last)."""
    folder = tmp_path / "mail"
    kept, app.config["MAIL_URL"] = app.config["MAIL_URL"], f"file://{folder}"
    yield lambda: _texts(folder)
    app.config["MAIL_URL"] = kept


def _texts(folder):
    import email
    from email import policy

    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    messages = [email.message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
    return [(m["To"], m["Subject"], m.get_body(("plain",)).get_content()) for m in messages]


def link_in(text, start):
    """The path of the only link in a mail that begins with `start`."""
    (path,) = re.findall(rf"http://localhost:\d+({start}\S+)", text)
    return path


def account_of(session, email):
    return session.scalar(select(Account).where(Account.email == email))


def mails_to(session, email):
    return session.scalars(select(Mail).where(Mail.to_address == email).order_by(Mail.id)).all()
