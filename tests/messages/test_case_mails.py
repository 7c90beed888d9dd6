"""The mails about a case: who sees which, addresses and texts, and sending again."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.applications.decisions import Decision, decide_many
from scheduler.applications.workflow import Action, State
from scheduler.database import transaction
from scheduler.notifications import bouncing, templates
from scheduler.notifications.models import Mail, MailState
from scheduler.programmes.approval import LevelKind
from tests import factories

STAFF = "tests.assigned"


@pytest.fixture(autouse=True)
def staff_mail():
    """A kind for staff about a case, as a panel's reviewers get."""
    templates.add(STAFF, subject="Judge %(group)s", body="Judge it, %(reviewer)s.")
    yield
    templates._text_by_code.pop(STAFF)


@pytest.fixture
def programme(session):
    return factories.programme()


@pytest.fixture
def entry(programme):
    district = factories.district()
    school = factories.school(district=district, name="No. 3 School")
    return factories.application(
        factories.category(programme), school, state=State.SUBMITTED, group_name="Larks"
    )


FACTS = {
    "ref": "A1",
    "group": "Larks",
    "school": "No. 3 School",
    "category": {"en": "Choirs"},
    "programme": {"en": "Festival"},
    "link": "/applications/A1",
    "reason": "",
}


def mail_about(entry, account=None, code="applications.accepted", **values):
    if account is not None:
        values = {
            "account_id": account.id,
            "to_address": account.email,
            "to_name": account.name,
        } | values
    facts = FACTS | values.pop("facts", {})
    return factories.mail(about=entry.ref, code=code, facts=facts, **values)


@pytest.fixture
def people(programme, entry):
    """Whoever reads the case, by a word."""
    found = {
        "coordinator": factories.coordinator(programme),
        "district": factories.reviewer(entry.school.district),
        "officer": factories.officer(entry.school, name="Ms Ng"),
        "leader": factories.leader(entry, name="Mr Lee"),
    }
    mail_about(entry, found["officer"])
    mail_about(entry, found["leader"], "applications.waitlisted")
    mail_about(
        entry,
        None,
        "applications.personal_link",
        to_address="mother@home.example",
        to_name="Mother Wong",
        sealed=b"sealed",
    )
    judge = factories.account(name="Judge Judy", email="judge@judges.example")
    mail_about(entry, judge, STAFF, facts={"reviewer": "Judge Judy"})
    return found


@pytest.mark.parametrize("where", ["mails", ""])
@pytest.mark.parametrize(
    ("who", "count", "shows_staff", "shows_addresses"),
    [
        ("coordinator", 4, True, True),
        ("district", 3, False, False),
        ("officer", 3, False, True),
        ("leader", 3, False, False),
    ],
)
def test_each_reader_sees_the_mails_that_are_theirs(
    sign_in, people, entry, where, who, count, shows_staff, shows_addresses
):
    client = sign_in(people[who])
    page = client.get(f"/applications/{entry.ref}/{where}".rstrip("/"), follow_redirects=True)
    mails = page.text.count(f'href="/applications/{entry.ref}/mails/')
    assert mails == count
    assert ("judge@judges.example" in page.text, "Judge Larks" in page.text) == (shows_staff,) * 2
    assert ("mother@home.example" in page.text) is shows_addresses
    assert ("Mother Wong" in page.text) is shows_addresses
    panel = page.text.partition('id="mails"')[2] if not where else page.text
    assert "School officer" in panel
    assert "Team leader" in panel
    assert "Guardian" in panel


@pytest.mark.parametrize(("who", "status"), [("coordinator", 200), ("officer", 404)])
def test_mails_to_staff_are_not_found_by_their_address(
    session, sign_in, people, entry, who, status
):
    ref = session.scalars(select(Mail.ref).where(Mail.code == STAFF)).one()
    answer = sign_in(people[who]).get(f"/applications/{entry.ref}/mails/{ref}")
    assert answer.status_code == status
    assert ("Judge it, Judge Judy." in answer.text) is (status == 200)


def test_a_blind_reviewer_sees_no_mail(sign_in, people, programme, entry):
    levels = factories.levels(programme)
    levels[LevelKind.CITY].is_blind = True
    entry.level = levels[LevelKind.CITY]
    client = sign_in(factories.city_reviewer(programme))
    page = client.get(f"/applications/{entry.ref}/case")
    assert page.status_code == 200
    assert "/mails" not in page.text
    assert client.get(f"/applications/{entry.ref}/mails").status_code == 404


def test_mails_of_another_case_are_not_found_here(session, sign_in, people, programme, entry):
    other = factories.application(entry.category, factories.school(), state=State.SUBMITTED)
    mail = mail_about(other, factories.officer(other.school, name="Stranger"))
    for who in ("coordinator", "officer"):
        client = sign_in(people[who])
        assert client.get(f"/applications/{entry.ref}/mails/{mail.ref}").status_code == 404
    assert "Stranger" not in client.get(f"/applications/{entry.ref}/mails").text
    assert client.get(f"/applications/{other.ref}/mails").status_code in {403, 404}


def test_a_private_link_is_masked_in_the_text(sign_in, people, entry, session):
    ref = session.scalars(select(Mail.ref).where(Mail.sealed.is_not(None))).one()
    page = sign_in(people["officer"]).get(f"/applications/{entry.ref}/mails/{ref}")
    assert page.status_code == 200
    assert "… takes part in Festival with Larks." in page.text


@pytest.fixture
def shared(programme, entry, people):
    """A mail to somebody who acts for two schools, about an entry of each."""
    other = factories.application(
        entry.category, factories.school(), state=State.SUBMITTED, group_name="Ravens"
    )
    both = factories.account(
        (Role.SCHOOL_OFFICER, entry.school), (Role.SCHOOL_OFFICER, other.school)
    )
    entry.category.places = 9
    asked = [(each.ref, Decision(Action.ACCEPT, each.version)) for each in (entry, other)]
    decide_many(asked, actor=people["coordinator"].actor, now=clock.now())
    return both


@pytest.mark.parametrize(
    ("who", "reads"), [("coordinator", True), ("both", True), ("officer", False)]
)
def test_another_schools_entries_are_read_by_nobody_else(
    session, sign_in, people, entry, shared, who, reads
):
    ref = session.scalars(select(Mail.ref).where(Mail.code == "applications.several")).one()
    session.commit()
    reader = shared if who == "both" else people[who]
    page = sign_in(reader).get(f"/applications/{entry.ref}/mails/{ref}").text
    assert ("Ravens" in page) is reads
    assert ("This mail also tells of entries of another school" in page) is not reads


def test_many_mails_are_shown_in_pages(sign_in, people, entry):
    for _ in range(60):
        mail_about(entry, people["officer"])
    client = sign_in(people["officer"])
    page = client.get(f"/applications/{entry.ref}/mails").text
    assert page.count('scope="row"') == 50
    assert "63 entries" in page
    rest = client.get(f"/applications/{entry.ref}/mails?page=2").text
    assert rest.count('scope="row"') == 13
    assert "All 63 mails" in client.get(f"/applications/{entry.ref}").text


@pytest.fixture
def bounced(people, entry, session):
    mail = session.scalars(
        select(Mail).where(Mail.account_id == people["officer"].id, Mail.about == entry.ref)
    ).one()
    mail.state, mail.sent_at = MailState.SENT, clock.now() - dt.timedelta(hours=3)
    session.commit()
    with transaction():
        bouncing.mark(mail.id, reason="550 no such user", now=clock.now())
    session.commit()
    return mail


def test_a_mail_that_came_back_is_seen_on_the_case_and_beside_the_account(
    sign_in, people, entry, bounced
):
    client = sign_in(people["coordinator"])
    case = client.get(f"/applications/{entry.ref}/case").text
    assert "Some mail did not arrive" in case
    assert "Came back" in case
    page = client.get(f"/applications/{entry.ref}/mails/{bounced.ref}").text
    assert "550 no such user" in page
    colleague = sign_in(factories.officer(entry.school))
    officers = colleague.get(f"/schools/{entry.school.code}/officers").text
    assert officers.count("mail comes back") == 1
    administrator = sign_in(factories.administrator())
    assert "mail comes back" in administrator.get(f"/admin/accounts/{people['officer'].ref}").text
    assert "came back" in administrator.get("/admin/mails?state=bounced").text


def test_a_later_mail_to_the_same_address_warns_too(sign_in, people, entry, bounced):
    mail_about(entry, people["officer"], "applications.recalled")
    page = sign_in(people["coordinator"]).get(f"/applications/{entry.ref}/case").text
    assert "mail to this address comes back" in page


def test_a_corrected_address_is_written_to_with_one_click(session, sign_in, people, entry, bounced):
    people["officer"].email = "right@school.example"
    session.commit()
    client = sign_in(people["coordinator"])
    place = f"/applications/{entry.ref}/mails/{bounced.ref}"
    assert "It goes to the corrected address: right@school.example" in client.get(place).text
    assert client.post(f"{place}/send-again").status_code == 303
    assert (bounced.to_address, bounced.state) == ("right@school.example", MailState.SENT)
    again = client.post(f"{place}/send-again")
    assert again.status_code == 409  # it is sent: a second press sends nothing
    assert bounced.attempts == 1


@pytest.mark.parametrize("who", ["district", "officer", "leader"])
def test_others_send_nothing_again(sign_in, people, entry, bounced, who):
    client = sign_in(people[who])
    place = f"/applications/{entry.ref}/mails/{bounced.ref}"
    assert f"{place}/send-again" not in client.get(place).text
    assert client.post(f"{place}/send-again").status_code in {403, 404}
    assert bounced.state is MailState.BOUNCED


@pytest.mark.parametrize(
    ("who", "names"),
    [("coordinator", True), ("district", False), ("officer", True), ("leader", False)],
)
def test_no_mail_greets_a_guardian_before_readers_who_see_no_people(
    session, sign_in, people, entry, who, names
):
    found = session.scalars(select(Mail).where(Mail.sealed.is_not(None))).one()
    place = f"/applications/{entry.ref}/mails/{found.ref}"
    client = sign_in(people[who])
    assert ("Mother Wong" in client.get(place).text) is names
    found.subject_line, found.body = "Sent", "Dear Mother Wong,\n\nhere is the page.\n"
    session.commit()
    page = client.get(place).text
    assert "here is the page." in page
    assert ("Mother Wong" in page) is names


def test_one_reads_the_own_mail_as_it_was_sent(session, sign_in, people, entry):
    own = session.scalars(select(Mail).where(Mail.account_id == people["leader"].id)).one()
    page = sign_in(people["leader"]).get(f"/applications/{entry.ref}/mails/{own.ref}").text
    assert "Dear Mr Lee," in page
