"""Consents on paper: typed in with their scan, told to guardians, never above a word by link."""

import datetime as dt
import io

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.applications.file_services import remove_left_behind
from scheduler.audit.models import AuditEntry
from scheduler.consents import paper_storage
from scheduler.consents.models import GuardianLink
from scheduler.consents.paper_checks import Paper, PapersRefused
from scheduler.consents.papers import record
from scheduler.consents.printed_texts import current_form, printed_forms
from scheduler.consents.progress import SchoolPart
from scheduler.consents.wording import digest_of
from scheduler.languages import LOCALES
from scheduler.notifications.models import Mail
from scheduler.people.consent_models import ConsentText, PaperScan
from scheduler.people.consents import refused
from scheduler.people.keys import current_sealer
from scheduler.people.models import Consent, ConsentPurpose, Relation
from tests import factories
from tests.support.pages import text_of

PDF = b"%PDF-1.7\nsigned by Mary Lee\n%%EOF\n"
IMAGE = ConsentPurpose.IMAGE
TODAY = dt.date(2027, 3, 1)


def base(festival, action=""):
    place = f"/programmes/{festival.programme.code}/schools/{festival.school.code}"
    return f"{place}/consents/papers{action}"


def code_of(festival, locale="en"):
    return current_form(printed_forms(festival.programme.id), locale).code


def typed(festival, child, scan=PDF, **values):
    """What the browser sends for one pupil; `image="no"` and so on are the answers."""
    sent = {
        "signed_on": TODAY.isoformat(),
        "printed": code_of(festival),
        f"signer_{child.ref}": "Mary Lee",
        f"relation_{child.ref}": "mother",
    }
    sent |= {f"{part}_{child.ref}": value for part, value in values.items()}
    if scan is not None:
        sent["file"] = (io.BytesIO(scan), "slips.pdf")
    return sent


def words(session, child=None):
    query = select(Consent).where(Consent.method == "paper").order_by(Consent.id)
    if child is not None:
        query = query.where(Consent.person_id == child.id)
    return list(session.scalars(query))


def by_link(festival, child, purpose=IMAGE, *, is_granted, on=TODAY):
    return factories.consent(
        child,
        purpose=purpose,
        programme_id=festival.programme.id,
        method="link",
        is_granted=is_granted,
        text_version=1,
        guardian_id=festival.mother.id,
        declared_by="Mary Lee",
        given_at=dt.datetime.combine(on, dt.time(4), dt.UTC),
    )


def errors(answer):
    found = answer.page.all("p", class_="field-error")
    return [text_of(node).removeprefix("Error").strip() for node in found]


def control(page, name):
    """The input or list of this name, and none where nothing can be chosen."""
    found = [node for node in page.elements if node.get("id") == name]
    return found[0] if found else None


@pytest.fixture
def officer(asked, sign_in):
    return sign_in(asked.officer)


def test_everything_on_the_paper_is_kept(asked, officer, session):
    sent = typed(asked, asked.elder, participation="yes", image="no")
    answer = officer.post(base(asked, "/new"), data=sent)
    assert answer.status_code == 303
    scan = session.scalars(select(PaperScan)).one()
    found = {word.purpose.value: word for word in words(session, asked.elder)}
    assert {purpose: word.is_granted for purpose, word in found.items()} == {
        "participation": True,
        "image": False,
    }
    word = found["image"]
    assert (word.declared_by, word.relation) == ("Mary Lee", Relation.MOTHER)
    assert (word.guardian_id, word.programme_id) == (asked.mother.id, asked.programme.id)
    assert (word.signed_on, word.given_at, word.scan_id) == (TODAY, clock.now(), scan.id)
    text = current_form(printed_forms(asked.programme.id), "en").texts[IMAGE]
    assert (word.text_version, word.text_id) == (1, text.id)
    assert words(session, asked.younger) == []


def test_the_language_of_the_printed_text_is_kept(asked, officer, session):
    sent = typed(asked, asked.elder, image="yes", printed=code_of(asked, "zh_Hant_HK"))
    officer.post(base(asked, "/new"), data=sent)
    texts = {form.texts[IMAGE].id: form.locale for form in printed_forms(asked.programme.id)}
    assert texts[words(session, asked.elder)[0].text_id] == "zh_Hant_HK"


def test_many_pupils_are_typed_in_at_once_with_one_scan(asked, officer, session):
    sent = typed(asked, asked.elder, image="yes") | typed(asked, asked.younger, image="no")
    page = officer.post(base(asked, "/new"), data=sent, follow_redirects=True).page
    assert "2 answers were recorded. 1 mail tells a guardian." in page.text
    assert [(word.person_id, word.is_granted) for word in words(session)] == [
        (asked.elder.id, True),
        (asked.younger.id, False),
    ]
    assert session.scalar(select(func.count()).select_from(PaperScan)) == 1


def test_pressing_twice_records_once_and_keeps_one_scan(asked, officer, session):
    for _ in range(2):
        officer.post(base(asked, "/new"), data=typed(asked, asked.elder, image="yes"))
    assert len(words(session)) == 1
    assert session.scalar(select(func.count()).select_from(PaperScan)) == 1
    assert session.scalar(select(func.count()).select_from(Mail)) == 1


def test_without_a_scan_nothing_is_recorded(asked, officer, session):
    answer = officer.post(base(asked, "/new"), data=typed(asked, asked.elder, None, image="yes"))
    assert answer.status_code == 422
    assert errors(answer) == ["A file is missing. Please choose one."]
    assert words(session) == []


def test_an_empty_scan_is_called_empty(asked, officer, session):
    answer = officer.post(base(asked, "/new"), data=typed(asked, asked.elder, b"", image="yes"))
    assert errors(answer) == ["This file is empty. Please choose another one."]
    assert words(session) == []


def test_only_what_is_wrong_is_counted_not_that_nothing_was_saved(asked, officer):
    sent = typed(asked, asked.elder, image="yes", signer="")
    page = officer.post(base(asked, "/new"), data=sent).page
    assert "There is 1 problem" in page.text
    assert "Nothing was saved. What is wrong stands beside the fields" in page.text


def test_a_program_is_no_scan(asked, officer, session):
    sent = typed(asked, asked.elder, b"MZ\x90\x00 a program", image="yes")
    assert officer.post(base(asked, "/new"), data=sent).status_code == 422
    assert words(session) == []


@pytest.mark.parametrize(
    ("part", "value", "problem"),
    [
        ("signer", "", "Who has signed?"),
        ("relation", "", "What is the signer to the child?"),
        ("signed", "2027-03-02", "This day is still to come."),
        ("signed", "2027-02-28", "The paper with this code did not exist yet then."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    asked, officer, session, part, value, problem
):
    sent = typed(asked, asked.younger, image="yes")
    sent |= typed(asked, asked.elder, **{"image": "yes", part: value})
    answer = officer.post(base(asked, "/new"), data=sent)
    assert answer.status_code == 422
    assert errors(answer) == [problem]
    assert control(answer.page, f"{part}_{asked.elder.ref}").get("aria-invalid") == "true"
    assert answer.page.values()[f"image_{asked.younger.ref}"] == "yes"
    assert words(session) == []


def test_day_and_code_must_be_given_somewhere(asked, officer):
    sent = typed(asked, asked.elder, image="yes") | {"signed_on": "", "printed": ""}
    assert sorted(errors(officer.post(base(asked, "/new"), data=sent))) == [
        "On which day was it signed?",
        "Which code stands at the foot of the paper?",
    ]


def test_a_refusal_by_link_is_never_turned_from_paper(asked, officer, session):
    by_link(asked, asked.elder, is_granted=False)
    page = officer.get(base(asked, "/new")).page
    assert control(page, f"image_{asked.elder.ref}") is None
    assert "online: no" in page.text
    answer = officer.post(base(asked, "/new"), data=typed(asked, asked.elder, image="yes"))
    assert answer.status_code == 303
    assert words(session) == []
    assert session.scalars(refused(IMAGE, asked.programme.id)).all() == [asked.elder.id]


def test_a_refusal_that_came_while_the_page_was_open_counts_too(asked, session, officer):
    by_link(asked, asked.elder, is_granted=False)
    paper = Paper(
        ref=asked.elder.ref,
        said={IMAGE: True},
        signer="Mary Lee",
        relation=Relation.MOTHER,
        signed_on=TODAY,
        form=current_form(printed_forms(asked.programme.id), "en"),
        today=TODAY,
    )
    part = SchoolPart(asked.programme, asked.school)
    with pytest.raises(PapersRefused) as caught:
        record(part, [paper], None, None)
    assert {name: each.code.value for name, each in caught.value.problems.items()} == {
        f"image_{asked.elder.ref}": "consents_paper_link_refused"
    }


def test_a_consent_by_link_gives_way_to_a_refusal_signed_later_only(
    asked, sign_in, session, frozen
):
    frozen(2027, 3, 8, 8)
    officer = sign_in(asked.officer)
    by_link(asked, asked.elder, is_granted=True, on=dt.date(2027, 3, 5))
    sent = typed(asked, asked.elder, image="no", signed="2027-03-04")
    answer = officer.post(base(asked, "/new"), data=sent)
    assert errors(answer) == ["A guardian has answered since this paper was signed."]
    sent = typed(asked, asked.elder, image="no", signed="2027-03-05")
    assert officer.post(base(asked, "/new"), data=sent).status_code == 303
    assert [word.is_granted for word in words(session)] == [False]


def test_an_older_paper_does_not_turn_a_newer_one(asked, sign_in, session, frozen):
    frozen(2027, 3, 8, 8)
    officer = sign_in(asked.officer)
    officer.post(
        base(asked, "/new"), data=typed(asked, asked.elder, image="no", signed="2027-03-06")
    )
    sent = typed(asked, asked.elder, image="yes", signed="2027-03-05")
    assert errors(officer.post(base(asked, "/new"), data=sent)) == [
        "A guardian has answered since this paper was signed."
    ]


def test_a_purpose_or_text_that_the_paper_does_not_hold_is_refused(asked, sign_in, session, frozen):
    before = code_of(asked)
    frozen(2027, 3, 8, 8)
    officer = sign_in(asked.officer)
    factories.asked_purpose(asked.programme, ConsentPurpose.INSURANCE)
    session.commit()
    assert code_of(asked) != before
    sent = typed(asked, asked.elder, insurance="yes", printed=before)
    assert errors(officer.post(base(asked, "/new"), data=sent)) == [
        "The paper with this code does not ask for this."
    ]


def test_a_text_that_no_longer_counts_takes_refusals_only(asked, officer, session):
    before = code_of(asked)
    purpose = factories.asked_purpose(asked.programme, IMAGE)
    purpose.version = purpose.counts_from_version = 2
    for locale in LOCALES:
        session.add(
            ConsentText(
                programme_id=asked.programme.id,
                purpose=IMAGE,
                version=2,
                locale=locale,
                wording="new",
                body="new",
                digest=digest_of("new"),
                published_at=clock.now() + dt.timedelta(hours=1),
            )
        )
    session.commit()
    answer = officer.post(
        base(asked, "/new"), data=typed(asked, asked.elder, image="yes", printed=before)
    )
    assert errors(answer) == [
        "This text no longer counts. The guardian signs the new paper, or answers online."
    ]
    sent = typed(asked, asked.elder, image="no", printed=before)
    assert officer.post(base(asked, "/new"), data=sent).status_code == 303


def test_guardians_are_told_and_change_it_on_their_page(asked, officer, client, page_of, session):
    officer.post(base(asked, "/new"), data=typed(asked, asked.elder, image="yes"))
    mail = session.scalars(select(Mail)).one()
    assert (mail.code, mail.to_address) == ("consents.paper_recorded", "mary@family.example")
    assert "Ann Lee" not in str(mail.facts)
    assert session.scalars(select(GuardianLink)).one().guardian_id == asked.mother.id
    path = page_of(asked.mother)
    page = client.get(path).page
    assert "on paper: signed by Mary Lee on Mon 1 March 2027, recorded by the school" in page.text
    sent = {"signer": "Mary Lee", "relation": "mother", "answer-image": "no", "version-image": 1}
    place = f"{path}/children/{asked.elder.ref}/{asked.programme.code}/change"
    assert client.post(place, data=sent).status_code == 303
    assert session.scalars(refused(IMAGE, asked.programme.id)).all() == [asked.elder.id]


def test_saying_the_same_by_link_makes_it_the_guardians_own_word(asked, officer, client, page_of):
    officer.post(base(asked, "/new"), data=typed(asked, asked.elder, image="yes"))
    place = f"{page_of(asked.mother)}/children/{asked.elder.ref}/{asked.programme.code}"
    sent = {"signer": "Mary Lee", "relation": "mother", "answer-image": "yes", "version-image": 1}
    client.post(place, data=sent)
    answer = officer.post(base(asked, "/new"), data=typed(asked, asked.elder, image="yes"))
    assert answer.status_code == 422


def test_a_refusal_on_paper_takes_effect_at_once(asked, officer, session):
    sealer = current_sealer()
    asked.elder.health_sealed = sealer.seal("peanuts", field="person.health")
    revision = asked.programme.roster_revision
    session.commit()
    sent = typed(asked, asked.elder, health="no", participation="no")
    officer.post(base(asked, "/new"), data=sent)
    session.refresh(asked.elder)
    session.refresh(asked.programme)
    assert asked.elder.health_sealed is None
    assert asked.programme.roster_revision == revision + 1
    codes = session.scalars(select(Mail.code).order_by(Mail.code)).all()
    assert codes == ["consents.paper_recorded", "consents.participation_refused"]


def test_it_stands_in_the_audit_log_and_in_the_counts(asked, officer, session):
    officer.post(base(asked, "/new"), data=typed(asked, asked.elder, image="no"))
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    found = [(each.action, each.account_id) for each in entries if "consent" in each.action]
    assert found == [("consent:refuse", asked.officer.id), ("consents:papers", asked.officer.id)]
    page = officer.get(
        f"/programmes/{asked.programme.code}/schools/{asked.school.code}/consents"
    ).page
    assert "On paper: Photos and films" in page.text
    row = next(node for node in page.all("tr") if "Photos and films" in text_of(node))
    assert text_of(row) == "Photos and films 0 1 1 2"


def test_the_scan_is_sealed_read_by_officers_and_noted(asked, officer, session, sign_in):
    officer.post(base(asked, "/new"), data=typed(asked, asked.elder, image="no"))
    scan = session.scalars(select(PaperScan)).one()
    stored = paper_storage.scan_store().read(scan.place)
    assert b"Mary" not in stored
    answer = officer.get(f"/paper-scans/{scan.ref}")
    assert answer.data == PDF
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("read:scan") == 1
    neighbour = factories.officer(factories.school())
    statuses = [
        sign_in(account).get(f"/paper-scans/{scan.ref}").status_code
        for account in (asked.coordinator, neighbour, factories.leader(asked.group))
    ]
    assert statuses == [403, 403, 403]


def test_a_neighbours_pupil_cannot_be_typed_in(asked, officer, session):
    group = factories.application(factories.category(asked.programme), factories.school())
    stranger = factories.member(group, factories.person(group.school, name="Elsewhere")).person
    session.commit()
    for address in (base(asked, "/new"), base(asked, f"/new?pupil={stranger.ref}")):
        assert officer.post(address, data=typed(asked, stranger, image="yes")).status_code == 303
        assert "Elsewhere" not in officer.get(address).page.text
    assert words(session) == []


def test_what_a_rollback_leaves_behind_is_swept_and_scans_stay(asked, session, officer):
    officer.post(base(asked, "/new"), data=typed(asked, asked.elder, image="no"))
    scan = session.scalars(select(PaperScan)).one()
    store = paper_storage.scan_store()
    stray = store.keep(b"nobody's")
    written = dt.datetime.fromtimestamp((store.folder / stray[:2]).stat().st_mtime, dt.UTC)
    later = written + dt.timedelta(days=2)
    assert remove_left_behind(store, PaperScan.place, now=later) >= 1
    assert store.places(before=later) == {scan.place}


def test_the_paper_speaks_the_familys_language_and_opens_nothing(asked, officer, page_of):
    path = page_of(asked.mother, "zh_Hant_HK")
    token = path.rpartition("/")[2]
    answer = officer.get(base(asked).removesuffix("papers") + "paper-forms")
    sheets = answer.page.all("article")
    assert [(text_of(sheet.find(".//h2")), sheet.get("lang")) for sheet in sheets] == [
        ("Ann Lee", "zh-Hant-HK"),
        ("Ben Lee", "zh-Hant-HK"),
        ("Quxi Neverseen", "en"),
    ]
    assert code_of(asked, "zh_Hant_HK") in text_of(sheets[0])
    assert "image in zh_Hant_HK" in text_of(sheets[0])
    assert code_of(asked) in text_of(sheets[2])
    assert "☐ Yes, I consent ☐ No, I refuse" in text_of(sheets[2])
    assert token not in answer.text
