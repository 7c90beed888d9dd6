"""What a coordinator sets up: rules, purposes, and texts whose published versions never change."""

import datetime as dt
from hashlib import sha256

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.consents import services
from scheduler.consents.refusals import ConsentRefusal
from scheduler.consents.services import Terms
from scheduler.consents.wording import PLACEHOLDERS, TextFacts, body_of, default_wordings
from scheduler.errors import Conflict, Refused
from scheduler.languages import LOCALES
from scheduler.people.consent_models import AskedPurpose, ConsentText
from scheduler.people.models import ConsentPurpose

PARTICIPATION, IMAGE, TRANSFER = (
    ConsentPurpose.PARTICIPATION,
    ConsentPurpose.IMAGE,
    ConsentPurpose.TRANSFER,
)
CONTACT = "Ms He, +86 20 1234 5678"


@pytest.fixture
def actor(festival):
    return Actor(festival.coordinator.id, "Coordinator")


@pytest.fixture
def rules(festival, actor):
    return set_rules(festival, actor)


def set_rules(festival, actor, version=0, **values):
    defaults = {"contact": CONTACT, "needs_own_consent": False, "reminder_days": 3}
    return services.set_rules(
        festival.programme, version=version, actor=actor, now=clock.now(), **(defaults | values)
    )


def terms(purpose, **values):
    defaults = {
        "is_asked": True,
        "is_required": purpose is PARTICIPATION,
        "until_on": dt.date(2027, 12, 31),
        "wordings": default_wordings(purpose),
    }
    return Terms(**(defaults | values))


def set_purpose(festival, actor, purpose, revision=0, **values):
    return services.set_purpose(
        festival.programme,
        purpose,
        terms(purpose, **values),
        revision=revision,
        actor=actor,
        now=clock.now(),
    )


def texts(session, purpose):
    query = select(ConsentText).where(ConsentText.purpose == purpose)
    return list(session.scalars(query.order_by(ConsentText.version, ConsentText.locale)))


def test_with_the_rules_taking_part_is_asked_in_every_language(festival, rules, session):
    asked = session.scalars(select(AskedPurpose)).one()
    assert (asked.purpose, asked.is_required, asked.version) == (PARTICIPATION, True, 1)
    found = texts(session, PARTICIPATION)
    assert [text.locale for text in found] == sorted(LOCALES)
    for text in found:
        assert CONTACT in text.body
        assert festival.programme.names[text.locale] in text.body
        assert text.digest == sha256(text.body.encode()).hexdigest()


@pytest.mark.any_database
@pytest.mark.parametrize("purpose", ConsentPurpose)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_proposed_text_tells_what_the_law_asks_for(app, purpose, locale):
    """Purpose, method, recipients, period, place, security, refusal, rights: eight paragraphs."""
    facts = TextFacts(
        {"en": "Fest", "zh_Hans": "节", "zh_Hant_HK": "節"},
        dt.date(2027, 8, 1),
        "Kauri College",
        "NZ",
        CONTACT,
    )
    wording = default_wordings(purpose)[locale]
    with app.app_context():
        body = body_of(wording, facts.written(locale))
    assert len(body.split("\n")) == 8
    assert "{" not in body
    for name in ("until", "contact"):
        assert f"{{{name}}}" in wording
    assert ("Kauri College" in body) is (purpose is TRANSFER)


def test_a_changed_wording_is_a_new_version_and_the_old_one_stays(festival, rules, actor, session):
    set_purpose(festival, actor, IMAGE)
    before = [(text.id, text.body, text.digest) for text in texts(session, IMAGE)]
    changed = default_wordings(IMAGE) | {"en": "Pictures until {until}. {contact}"}
    asked = set_purpose(festival, actor, IMAGE, revision=1, wordings=changed)
    assert (asked.version, asked.counts_from_version) == (2, 1)
    found = texts(session, IMAGE)
    assert [(text.id, text.body, text.digest) for text in found[:3]] == before
    assert [text.version for text in found] == [1, 1, 1, 2, 2, 2]


def test_the_same_words_are_no_new_version(festival, rules, actor, session):
    set_purpose(festival, actor, IMAGE)
    asked = set_purpose(festival, actor, IMAGE, revision=1)
    assert asked.version == 1
    assert len(texts(session, IMAGE)) == 3


def test_a_changed_contact_or_period_reads_differently_and_is_a_version(
    festival, rules, actor, session
):
    set_purpose(festival, actor, IMAGE)
    set_rules(festival, actor, version=1, contact="Mr Wu")
    asked = services.asked_in(festival.programme.id)
    assert [(each.version, each.counts_from_version) for each in asked.values()] == [(2, 1)] * 2
    later = dt.date(2028, 1, 1)
    revision = asked[IMAGE].revision
    assert set_purpose(festival, actor, IMAGE, revision=revision, until_on=later).version == 3


def test_asking_again_or_another_recipient_ends_earlier_consents(festival, rules, actor):
    abroad = {"recipient": "Kauri College", "country": "NZ"}
    assert set_purpose(festival, actor, TRANSFER, **abroad).counts_from_version == 1
    other = abroad | {"recipient": "Avonbrook School"}
    assert set_purpose(festival, actor, TRANSFER, revision=1, **other).counts_from_version == 2
    again = set_purpose(festival, actor, TRANSFER, revision=2, asks_again=True, **other)
    assert (again.version, again.counts_from_version) == (2, 2)


@pytest.mark.parametrize(
    ("purpose", "values", "code", "field"),
    [
        (PARTICIPATION, {"is_asked": False}, ConsentRefusal.ALWAYS_ASKED, "is_asked"),
        (IMAGE, {"is_required": True}, ConsentRefusal.NEVER_REQUIRED, "is_required"),
        (TRANSFER, {}, ConsentRefusal.RECIPIENT_MISSING, "recipient"),
        (TRANSFER, {"recipient": "K"}, ConsentRefusal.RECIPIENT_MISSING, "country"),
        (IMAGE, {"until_on": dt.date(2027, 7, 1)}, ConsentRefusal.UNTIL_TOO_EARLY, "until_on"),
        (
            IMAGE,
            {"wordings": default_wordings(IMAGE) | {"en": "{nobody}"}},
            ConsentRefusal.PLACEHOLDER_UNKNOWN,
            "wording_en",
        ),
        (
            IMAGE,
            {"wordings": default_wordings(IMAGE) | {"zh_Hans": "{recipient}"}},
            ConsentRefusal.PLACEHOLDER_EMPTY,
            "wording_zh_hans",
        ),
        (
            IMAGE,
            {"wordings": {"en": "Pictures", "zh_Hans": "图"}},
            ConsentRefusal.WORDING_MISSING,
            "wording_zh_hant_hk",
        ),
    ],
)
def test_what_cannot_be_set_is_refused_beside_its_field(
    festival, rules, actor, purpose, values, code, field
):
    known = services.asked_in(festival.programme.id).get(purpose)
    with pytest.raises(Refused) as refused:
        set_purpose(festival, actor, purpose, known.revision if known else 0, **values)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_nothing_is_published_without_a_contact(festival, actor, session):
    with pytest.raises(Refused):
        set_rules(festival, actor, contact="")
    with pytest.raises(Refused):
        set_purpose(festival, actor, IMAGE)
    assert texts(session, IMAGE) == []


def test_a_page_that_is_no_longer_true_changes_nothing(festival, rules, actor):
    with pytest.raises(Conflict):
        set_rules(festival, actor, version=0, contact="Other")
    set_purpose(festival, actor, IMAGE)
    with pytest.raises(Conflict):
        set_purpose(festival, actor, IMAGE, revision=0)


def test_the_pages_lead_from_nothing_to_a_published_text(festival, sign_in, session):
    client = sign_in(festival.coordinator)
    base = f"/programmes/{festival.programme.code}/consents"
    page = client.get(f"{base}/rules").page
    assert "Save the rules first" in page.text
    sent = page.values() | {"contact": CONTACT}
    assert client.post(f"{base}/rules", data=sent).status_code == 303
    page = client.get(f"{base}/purposes/transfer").page
    assert all(f"{{{name}}}" in page.text for name in PLACEHOLDERS)
    sent = page.values()
    answer = client.post(f"{base}/purposes/transfer", data=sent)
    assert answer.status_code == 422
    assert "Data can be sent abroad to a named recipient only." in answer.page.text
    sent |= {"recipient": "Kauri College", "country": "NZ"}
    assert client.post(f"{base}/purposes/transfer", data=sent).status_code == 303
    assert "New Zealand" in texts(session, TRANSFER)[0].body
    assert client.get(f"{base}/purposes/transfer").page.text.count("SHA-256") == 3
    assert client.post(f"{base}/purposes/transfer", data=sent).status_code == 409
    assert client.get(f"{base}/purposes/nothing").status_code == 404


def test_what_is_not_ticked_is_not_asked(festival, rules, actor, sign_in, session):
    set_purpose(festival, actor, IMAGE)
    client = sign_in(festival.coordinator)
    address = f"/programmes/{festival.programme.code}/consents/purposes/image"
    sent = client.get(address).page.values()
    sent.pop("is_asked")
    client.post(address, data=sent)
    assert [each.purpose for each in services.asked_purposes(festival.programme.id)] == [
        PARTICIPATION
    ]
