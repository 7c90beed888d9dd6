"""A mail text of the tests' own, and short ways to queue and send."""

import pytest
from flask_babel import lazy_gettext as _l

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.notifications import services, tasks, templates
from scheduler.notifications.models import Mail, ReturnedAddress

CODE = "tests.notice"


@pytest.fixture(scope="session", autouse=True)
def notice():
    """A registered text with every kind of fact."""
    templates.add(
        CODE,
        subject=_l("About %(what)s"),
        body=_l("It is %(what)s at %(starts_at)s on %(played_on)s.\n\n%(link)s\n%(secret_link)s"),
    )
    yield
    templates._text_by_code.pop(CODE)


FACTS = {
    "what": {"en": "the concert", "zh_Hans": "音乐会", "zh_Hant_HK": "音樂會"},
    "starts_at": "2027-07-16T02:30:00+00:00",
    "played_on": "2027-07-16",
    "timezone": "Asia/Shanghai",
    "link": "/programmes/F27",
}


@pytest.fixture
def queue(app):
    """A function that queues the notice and commits, without waking the sender."""

    def put(**values):
        defaults = {
            "to_address": "teacher@school.example",
            "to_name": "Teacher Ng",
            "locale": "en",
            "facts": FACTS,
            "secrets": {"secret_link": "/my/abcdefghijkl"},
            "now": clock.now(),
        }
        with app.app_context():
            is_new = services.queue(CODE, **(defaults | values))
            db.session.commit()
            db.session.info.clear()
        return is_new

    return put


@pytest.fixture
def send(app):
    """Send what is due, as the worker does."""

    def run():
        with app.app_context():
            tasks.send_due()

    return run


@pytest.fixture
def stored(app):
    """A function that returns all mails as the database has them now."""

    def read():
        with app.app_context(), transaction():
            mails = list(db.session.query(Mail).order_by(Mail.id))
            for mail in mails:
                db.session.refresh(mail, ["sealed"])
            db.session.expunge_all()
        return mails

    return read


@pytest.fixture
def returned(app):
    """A function that returns the addresses from which mail comes back."""

    def read():
        with app.app_context(), transaction():
            rows = list(db.session.query(ReturnedAddress).order_by(ReturnedAddress.address))
            db.session.expunge_all()
        return rows

    return read


@pytest.fixture
def mail_url(app):
    """A function that points `MAIL_URL` somewhere for this test."""
    kept = app.config["MAIL_URL"]

    def point(url):
        app.config["MAIL_URL"] = url

    yield point
    app.config["MAIL_URL"] = kept
