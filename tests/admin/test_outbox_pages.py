"""Staff read the outbox and decide what the sender must not decide by itself."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.accounts.mails import INVITATION
from scheduler.audit.models import AuditEntry
from scheduler.notifications import services
from scheduler.notifications.models import Mail, MailState
from tests import factories
from tests.support.pages import text_of

FACTS = {
    "inviter": "Admin Chan",
    "role": {"en": "School officer"},
    "expires_at": "2027-03-15T08:00:00+00:00",
}
LINK = "/invitations/abcdefghijklmnop"


@pytest.fixture
def staff(session, sign_in):
    administrator = factories.administrator()
    session.commit()
    return sign_in(administrator)


@pytest.fixture
def folder(app, tmp_path):
    kept, app.config["MAIL_URL"] = app.config["MAIL_URL"], f"file://{tmp_path}"
    yield tmp_path
    app.config["MAIL_URL"] = kept


@pytest.fixture
def queued(session):
    """A queued invitation whose link is sealed."""
    services.queue(
        INVITATION,
        to_address="new@school.example",
        locale="en",
        facts=FACTS,
        secrets={"link": LINK},
        now=clock.now(),
    )
    session.commit()
    session.info.clear()
    return session.scalars(select(Mail)).one()


def change(session, mail, **values):
    for name, value in values.items():
        setattr(mail, name, value)
    session.commit()


def test_a_waiting_mail_shows_its_text_but_not_its_link(staff, queued):
    page = staff.get(f"/admin/mails/{queued.ref}").page
    assert page.h1 == "Your invitation to Ambassador Scheduler"
    assert "Admin Chan has invited you" in page.text
    assert "until Mon 15 March 2027 16:00 (UTC+8): … If you" in page.text


def test_a_waiting_mail_is_listed_by_its_subject(staff, queued, session):
    factories.mail(code="from.another.release")
    session.commit()
    page = staff.get("/admin/mails").page
    shown = [text_of(cell) for cell in page.all("td") if cell.get("data-label") == "Subject"]
    assert shown == ["from.another.release", "Your invitation to Ambassador Scheduler"]


def test_a_written_mail_is_opened_whole_and_that_is_noted(
    staff, queued, folder, session, app, monkeypatch
):
    from scheduler.notifications import tasks

    with app.app_context():
        tasks.send_due()
    session.commit()
    assert "abcdefghijklmnop" not in staff.get(f"/admin/mails/{queued.ref}").text
    assert session.scalars(select(AuditEntry.action)).all() == []
    monkeypatch.setitem(app.config, "DEMO", True)
    opened = staff.post(f"/admin/mails/{queued.ref}/open")
    assert f"http://localhost:5000{LINK}" in opened.page.text
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_ref) == ("read:mail", queued.ref)


def test_outside_of_the_demo_nobody_opens_the_links_of_others(
    staff, queued, folder, session, app, sign_in
):
    from scheduler.notifications import tasks

    with app.app_context():
        tasks.send_due()
    session.commit()
    page = f"/admin/mails/{queued.ref}"
    assert "Open the whole mail" not in staff.get(page).text
    answer = staff.post(f"{page}/open")
    assert (answer.status_code, LINK in answer.text) == (403, False)
    owner = factories.administrator()
    change(session, queued, account_id=owner.id)
    opened = sign_in(owner).post(f"{page}/open")
    assert LINK in opened.page.text


def test_a_mail_that_left_over_smtp_cannot_be_opened(staff, queued, session):
    change(session, queued, state=MailState.SENT, body="Kept text …", subject_line="Kept subject")
    assert staff.post(f"/admin/mails/{queued.ref}/open").status_code == 404
    assert "Kept text …" in staff.get(f"/admin/mails/{queued.ref}").page.text


def test_a_failed_mail_is_sent_again(staff, queued, session, folder):
    change(session, queued, state=MailState.FAILED, attempts=8, last_error="Never: 550 no")
    assert "Never: 550 no" in staff.get(f"/admin/mails/{queued.ref}").page.text
    assert staff.post(f"/admin/mails/{queued.ref}/send-again").status_code == 303
    assert (queued.state, len(list(folder.glob("*.eml")))) == (MailState.SENT, 1)


def test_a_stuck_mail_waits_for_a_decision(staff, queued, session, folder):
    old = clock.now() - dt.timedelta(minutes=11)
    change(session, queued, state=MailState.SENDING, claimed_at=old)
    assert "needs a decision" in staff.get("/admin/mails").page.text
    assert "please decide" in staff.get(f"/admin/mails/{queued.ref}").page.text
    answer = staff.post(f"/admin/mails/{queued.ref}/settle", data={"outcome": "sent"})
    assert (answer.status_code, queued.state) == (303, MailState.SENT)
    assert list(folder.iterdir()) == []


def test_a_sent_mail_is_not_sent_again(staff, queued, session, folder):
    change(session, queued, state=MailState.SENT)
    assert staff.post(f"/admin/mails/{queued.ref}/send-again").status_code == 409
    assert list(folder.iterdir()) == []


def test_all_failed_mails_are_sent_again_at_once(staff, session, folder):
    for state in (MailState.FAILED, MailState.FAILED, MailState.SENDING):
        factories.mail(state=state, facts={**FACTS, "link": LINK}, claimed_at=clock.now())
    session.commit()
    assert "Send all failed again" in staff.get("/admin/mails").page.text
    assert staff.post("/admin/mails/send-failed-again").status_code == 303
    assert len(list(folder.glob("*.eml"))) == 2
    states = session.scalars(select(Mail.state).order_by(Mail.id)).all()
    assert states == [MailState.SENT, MailState.SENT, MailState.SENDING]
    assert "Send all failed again" not in staff.get("/admin/mails").page.text


def test_the_list_filters_by_state_and_text(staff, session):
    factories.mail(to_address="a@x.example", state=MailState.FAILED)
    factories.mail(to_address="b@x.example", state=MailState.SENT, about="A-1")
    session.commit()

    def shown(query):
        text = staff.get(f"/admin/mails{query}").page.text
        return [address for address in ("a@x.example", "b@x.example") if address in text]

    assert shown("") == ["a@x.example", "b@x.example"]
    assert shown("?state=failed") == ["a@x.example"]
    assert shown("?text=B@x") == ["b@x.example"]
    assert shown("?text=A-1") == ["b@x.example"]
    assert shown("?state=nonsense") == ["a@x.example", "b@x.example"]


def test_a_mail_that_cannot_be_written_is_shown_all_the_same(staff, session):
    mail = factories.mail(code="from.another.release", facts={})
    session.commit()
    page = staff.get(f"/admin/mails/{mail.ref}").page
    assert "The text cannot be written" in page.text
