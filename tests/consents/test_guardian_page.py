"""The guardian's private page: only the own children, every answer kept, effective at once."""

import pytest
from flask import current_app
from sqlalchemy import delete, select

from scheduler import clock
from scheduler.applications.guest_models import PartState
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.calendars import links as calendar_links
from scheduler.calendars.entries import Audience, Subject
from scheduler.consents import links
from scheduler.consents.models import GuardianLink
from scheduler.notifications.models import Mail
from scheduler.people.consents import refused
from scheduler.people.keys import current_sealer
from scheduler.people.models import Consent, ConsentPurpose, Guardian, Guardianship, Relation
from tests import factories
from tests.support.pages import text_of

NEIGHBOUR = "Quxi Neverseen"
PARTICIPATION, HEALTH, IMAGE = (
    ConsentPurpose.PARTICIPATION,
    ConsentPurpose.HEALTH,
    ConsentPurpose.IMAGE,
)


@pytest.fixture
def path(asked, page_of):
    return page_of(asked.mother)


def task(path, festival, child=None, action=""):
    child = child or festival.elder
    return f"{path}/children/{child.ref}/{festival.programme.code}{action}"


def said(signer="Mary Lee", relation="mother", version=1, **answers):
    sent = {"signer": signer, "relation": relation}
    for purpose, answer in answers.items():
        sent |= {f"answer-{purpose}": answer, f"version-{purpose}": version}
    return sent


def words(session, child):
    """What stands in the table besides the school's declaration, oldest first."""
    query = select(Consent).where(Consent.person_id == child.id, Consent.method == "link")
    return list(session.scalars(query.order_by(Consent.id)))


def test_it_shows_the_own_children_and_nobody_elses(asked, path, client):
    answer = client.get(path)
    assert answer.status_code == 200
    assert {"Ann Lee", "Ben Lee"} <= {node.text.strip() for node in answer.page.all("h2")}
    assert NEIGHBOUR not in answer.text
    assert "Stranger" not in answer.text
    assert asked.other.ref not in answer.text


@pytest.mark.parametrize("place", ["", "/contact", "questions", "health"])
def test_a_leaked_link_shows_no_number_no_birth_date_no_phone_and_no_note(
    asked, path, client, session, place
):
    sealer = current_sealer()
    for child in (asked.elder, asked.other):
        child.phone = "+85291112222"
        child.document_sealed = sealer.seal("H123456", field="person.document")
        child.document_last_four = "3456"
        child.health_sealed = sealer.seal("peanuts", field="person.health")
    address = {
        "questions": task(path, asked),
        "health": f"{path}/children/{asked.elder.ref}/health",
    }.get(place, path + place)
    answer = client.get(address)
    assert answer.status_code == 200
    for secret in ("2016", "91112222", "3456", "peanuts", "61234567", "mary@family.example"):
        assert secret not in answer.page.text, secret


def test_another_familys_child_cannot_be_reached_through_it(asked, path, client, session):
    other = asked.other
    assert client.get(task(path, asked, other)).status_code == 404
    assert client.get(f"{path}/children/{other.ref}/health").status_code == 404
    posts = {
        task(path, asked, other): said(image="no"),
        task(path, asked, other, "/change"): said(image="no"),
        f"{path}/children/{other.ref}/health": {"note": "x"},
    }
    assert [client.post(url, data=data).status_code for url, data in posts.items()] == [404] * 3
    assert words(session, other) == []
    assert other.health_sealed is None


def test_headers_keep_it_out_of_caches_search_engines_and_referrers(path, client):
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Cache-Control" in client.get(f"{path}/qr.svg").headers


def test_an_unknown_token_is_404_and_a_replaced_one_410(asked, path, client, session):
    assert client.get("/guardian/nobody-has-this").status_code == 404
    link = session.scalars(select(GuardianLink)).one()
    new = links.replace(link, secret_key=current_app.secret_key, now=clock.now())
    renewed = links.path_of(new, current_app.secret_key)
    addresses = [path, task(path, asked), f"{path}/contact", f"{path}/qr.svg"]
    assert [client.get(each).status_code for each in addresses] == [410] * 4
    assert client.post(task(path, asked), data=said(image="yes")).status_code == 410
    assert "Ann Lee" not in client.get(path).text
    assert client.get(renewed).status_code == 200


def test_the_table_of_links_opens_nothing(path, session):
    link = session.scalars(select(GuardianLink)).one()
    token = path.rpartition("/")[2]
    assert len(token) == 32
    assert token not in (link.nonce, link.token_digest)


def test_each_purpose_is_answered_for_itself_and_everything_is_kept(asked, path, client, session):
    answer = client.post(
        task(path, asked), data=said(participation="yes", image="no", health="yes")
    )
    assert answer.status_code == 303
    found = {word.purpose: word for word in words(session, asked.elder)}
    assert {purpose: word.is_granted for purpose, word in found.items()} == {
        PARTICIPATION: True,
        HEALTH: True,
        IMAGE: False,
    }
    word = found[IMAGE]
    assert (word.declared_by, word.relation, word.method) == ("Mary Lee", Relation.MOTHER, "link")
    assert (word.guardian_id, word.programme_id) == (asked.mother.id, asked.programme.id)
    assert (word.text_version, word.given_at) == (1, clock.now())
    assert words(session, asked.younger) == []


def test_the_text_that_was_read_is_kept_in_its_language(asked, page_of, client, session):
    path = page_of(asked.mother, "zh_Hant_HK")
    client.post(task(path, asked), data=said(image="yes"))
    from scheduler.people.consent_models import ConsentText

    word = words(session, asked.elder)[0]
    text = session.get_one(ConsentText, word.text_id)
    assert (text.locale, text.purpose, text.version) == ("zh_Hant_HK", IMAGE, 1)
    shown = client.get(f"{path}/texts/1/image/{asked.programme.code}")
    assert text.digest in shown.page.text


def test_all_that_an_unsigned_empty_answer_lacks_is_told_at_once(asked, path, client, session):
    sent = {"signer": " ", "relation": ""}
    text = client.post(task(path, asked), data=sent).page.text
    assert "There are 3 problems" in text
    for fault in (
        "Please answer at least one question.",
        "Your name: Please write your name.",
        "Please choose what you are to the child.",
    ):
        assert fault in text
    assert words(session, asked.elder) == []


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (said(), "Please answer at least one question."),
        (said(signer=" ", image="no"), "Please write your name."),
        (said(relation="", image="no"), "Please choose what you are to the child."),
        (said(relation="king", image="no"), "Not a valid choice"),
    ],
)
def test_an_unsigned_or_empty_answer_is_said_beside_its_field_and_nothing_is_lost(
    asked, path, client, session, sent, message
):
    answer = client.post(task(path, asked), data=sent)
    assert answer.status_code == 422
    assert message in answer.page.text
    assert words(session, asked.elder) == []
    ticked = [
        node.get("id") for node in answer.page.all("input") if node.get("checked") is not None
    ]
    assert ticked == (["image-no"] if "answer-image" in sent else [])


def test_a_text_that_was_replaced_meanwhile_is_not_signed(asked, path, client, session):
    answer = client.post(task(path, asked), data=said(version=7, image="yes"))
    assert answer.status_code == 409
    assert words(session, asked.elder) == []


def test_a_double_click_is_one_answer(asked, path, client, session):
    for _ in range(2):
        client.post(task(path, asked), data=said(image="yes"))
    assert len(words(session, asked.elder)) == 1


def test_withdrawing_is_one_press_and_holds_at_once(asked, path, client, session):
    client.post(task(path, asked), data=said(image="yes"))
    page = client.get(path).page
    form = next(
        node
        for node in page.all("form")
        if node.get("action") == task(path, asked, action="/change")
    )
    sent = {n.get("name"): n.get("value") for n in form.iter("input") if n.get("name")}
    assert client.post(form.get("action"), data=sent).status_code == 303
    assert [word.is_granted for word in words(session, asked.elder)] == [True, False]
    assert list(session.scalars(refused(IMAGE, asked.programme.id))) == [asked.elder.id]
    assert client.get(path).page.text.count("Refused") >= 1


def test_refusing_to_take_part_makes_plans_stale_and_tells_school_and_coordinator(
    asked, path, client, session, sign_in
):
    revision = asked.programme.roster_revision
    client.post(task(path, asked), data=said(participation="no"))
    assert asked.programme.roster_revision == revision + 1
    mail = session.scalars(select(Mail)).one()
    assert (mail.code, mail.to_address) == ("consents.participation_refused", asked.officer.email)
    assert "Ann" not in str(mail.facts)
    for account, place in ((asked.officer, ""), (asked.coordinator, "/case")):
        page = sign_in(account).get(f"/applications/{asked.group.ref}{place}").page
        assert "The guardian refuses that Ann Lee takes part." in page.text
        assert "1 pupil lacks a required consent." in page.text
    client.post(task(path, asked, action="/change"), data=said(participation="yes"))
    assert asked.programme.roster_revision == revision + 2
    page = sign_in(asked.coordinator).get(f"/applications/{asked.group.ref}/case").page
    assert "The guardian refuses" not in page.text


def test_a_guest_schools_officers_are_told_too(asked, path, client, session):
    lead = factories.school()
    lead_officer = factories.officer(lead)
    joint = factories.application(asked.group.category, lead, state=State.ACCEPTED)
    part = factories.guest_part(joint, asked.school, state=PartState.READY)
    factories.member(joint, asked.elder)
    session.commit()
    client.post(task(path, asked), data=said(participation="no"))
    mails = session.scalars(select(Mail)).all()
    assert {each.code for each in mails} == {"consents.participation_refused"}
    assert sorted((each.to_address, each.facts["link"]) for each in mails) == sorted(
        [
            (asked.officer.email, f"/applications/{asked.group.ref}"),
            (lead_officer.email, f"/applications/{joint.ref}"),
            (asked.officer.email, f"/guest-parts/{part.ref}"),
        ]
    )


def test_refusing_something_optional_touches_nothing_else(asked, path, client, session):
    revision = asked.programme.roster_revision
    client.post(task(path, asked), data=said(image="no"))
    assert asked.programme.roster_revision == revision
    assert session.scalars(select(Mail)).all() == []


def test_refusing_health_data_deletes_the_note(asked, path, client, session):
    asked.elder.health_sealed = current_sealer().seal("peanuts", field="person.health")
    client.post(task(path, asked), data=said(health="no"))
    assert asked.elder.health_sealed is None
    answer = client.post(f"{path}/children/{asked.elder.ref}/health", data={"note": "peanuts"})
    assert answer.status_code == 422
    assert asked.elder.health_sealed is None


def test_refusing_the_calendar_ends_page_and_feed(asked, path, client, session):
    factories.asked_purpose(asked.programme, ConsentPurpose.CALENDAR)
    audience = Audience("person", asked.elder.ref)
    subject = Subject(audience, {"en": "Ann"}, zone="Asia/Shanghai")
    secret = current_app.secret_key
    link = calendar_links.personal_links([subject], secret_key=secret, now=clock.now())[audience]
    own = calendar_links.personal_path(link, secret)
    assert client.get(own).status_code == 200
    client.post(task(path, asked), data=said(calendar="no"))
    assert client.get(own).status_code == 404


def test_what_one_parent_said_the_other_sees_without_a_name(asked, path, page_of, client):
    father = factories.guardian(asked.school, asked.elder, name="Frank Lee")
    client.post(task(path, asked), data=said(image="no"))
    page = client.get(page_of(father)).page
    assert "by another guardian of your child" in page.text
    assert "Mary" not in page.text
    assert "Ben Lee" not in page.text


def test_own_decisions_are_listed_with_text_and_signer(asked, path, client):
    client.post(task(path, asked), data=said(image="no"))
    text = client.get(path).page.text
    assert "What you have decided so far" in text
    assert "Mary Lee (Mother)" in text
    assert "text, version 1" in text


def test_a_new_phone_and_address_are_taken_or_explained(asked, path, client, session):
    answer = client.post(f"{path}/contact", data={"phone": "12", "email": ""})
    assert answer.status_code == 422
    assert asked.mother.phone == "+85261234567"
    client.post(f"{path}/contact", data={"phone": "+852 9123 4567", "email": "new@family.example"})
    assert (asked.mother.phone, asked.mother.email) == ("+85291234567", "new@family.example")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "guardian:contact")).one()
    assert "9123" not in str(entry.facts)


def test_a_wrong_number_and_a_wrong_address_are_told_at_once(asked, path, client, session):
    before = asked.mother.email
    sent = {"phone": "12", "email": "mary at home"}
    page = client.post(f"{path}/contact", data=sent).page
    told = {node.get("id") for node in page.elements}
    assert {"phone-error", "email-error"} <= told
    assert page.values()["phone"] == "12"
    client.post(f"{path}/contact", data={"phone": "+852 9123 4567", "email": "mary at home"})
    assert (asked.mother.phone, asked.mother.email) == ("+85261234567", before)


def test_contact_data_that_are_not_filled_in_are_not_said_to_be_saved(path, client):
    answer = client.post(f"{path}/contact", data={"phone": " ", "email": ""})
    assert answer.status_code == 422
    assert "Please fill in a phone number or an e-mail address." in answer.page.text


def test_only_the_button_removes_a_health_note(asked, path, client, session):
    place = f"{path}/children/{asked.elder.ref}/health"
    client.post(place, data={"note": "peanuts"})
    answer = client.post(place, data={"note": " "})
    assert answer.status_code == 422
    assert text_of(answer.page.one("div", id="note-error")) == "Please fill this in."
    assert asked.elder.health_sealed is not None
    answer = client.post(place, data={"remove": "yes"}, follow_redirects=True)
    assert "The health note was removed." in answer.page.text
    assert asked.elder.health_sealed is None


def test_a_health_note_is_sealed_read_by_officers_alone_and_each_reading_noted(
    asked, path, client, session, sign_in
):
    place = f"{path}/children/{asked.elder.ref}/health"
    assert "Olga Officer" in client.get(place).page.text
    assert client.post(place, data={"note": "peanuts"}).status_code == 303
    assert b"peanuts" not in asked.elder.health_sealed
    notes = f"/programmes/{asked.programme.code}/schools/{asked.school.code}/consents/health"
    assert sign_in(asked.coordinator).get(notes).status_code == 403
    assert "peanuts" in sign_in(asked.officer).get(notes).page.text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "read:health")).one()
    assert (entry.account_id, entry.subject_ref) == (asked.officer.id, asked.school.code)


def test_the_guardian_chooses_the_language_on_the_page_and_in_the_frame(asked, path, client):
    client.post(f"{path}/language", data={"locale": "zh_Hans"})
    assert client.get(path).page.one("html").get("lang") == "zh-Hans"
    client.post("/preferences/language", data={"locale": "zh_Hant_HK", "next": path})
    assert client.get(path).page.one("html").get("lang") == "zh-Hant-HK"
    client.post(f"{path}/language", data={"locale": "xx"})
    assert client.get(path).page.one("html").get("lang") == "zh-Hant-HK"


def test_guessing_is_slowed_down(client):
    guesses = (f"/guardian/guess{number}/language" for number in range(32))
    codes = [client.post(guess).status_code for guess in guesses]
    assert (codes[0], codes[-1]) == (404, 429)


def test_the_forms_work_over_https_where_browsers_must_name_the_page(asked, path, app):
    """Flask-WTF demands a referrer over HTTPS: a page that forbids it refuses its own forms."""
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = app.test_client()
        root = "https://localhost"
        page = client.get(path, base_url=root).page
        sent = {"csrf_token": page.values()["csrf_token"], "locale": "zh_Hans"}
        answer = client.post(
            f"{path}/language", data=sent, base_url=root, headers={"Referer": root + path}
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 303


def test_a_withdrawn_entry_asks_nothing_any_more(asked, path, client, session):
    asked.group.state, asked.group.places_held = "withdrawn", 0
    page = client.get(path).page
    assert "Nothing is asked now" in page.text
    assert client.get(task(path, asked)).status_code == 404


def test_what_was_signed_outlives_the_guardians_record(asked, path, client, session):
    client.post(task(path, asked), data=said(image="no"))
    session.execute(delete(Guardianship).where(Guardianship.guardian_id == asked.mother.id))
    session.execute(delete(Guardian).where(Guardian.id == asked.mother.id))
    session.commit()
    (word,) = words(session, asked.elder)
    assert (word.guardian_id, word.declared_by, word.is_granted) == (None, "Mary Lee", False)
    assert client.get(path).status_code == 404
