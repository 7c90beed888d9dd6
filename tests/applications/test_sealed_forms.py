"""The form with the school's seal: printed with a code, sent up as a scan, outdated by a change."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from scheduler.applications import sealed_forms, services
from scheduler.applications.completeness import Shortfall
from scheduler.applications.entry_facts import missing_of
from scheduler.applications.file_storage import current_store
from scheduler.applications.models import MemberRole, StoredFile
from scheduler.applications.sealed_forms import Match, SealedRefusal
from scheduler.applications.workflow import Refusal, State
from scheduler.audit.models import AuditEntry
from scheduler.errors import Refused
from scheduler.programmes.approval import LevelKind
from scheduler.programmes.form_fields import AskedWhen, Audience, FieldKind, FieldOwner
from scheduler.programmes.kinds import SealedForm
from tests import factories
from tests.applications.making import (
    NOW,
    city_reviewer_of,
    leader_of,
    make_district,
    make_entry,
    make_levels,
    make_school,
    officer_of,
    reviewer_of,
)
from tests.support.pages import text_of

SCAN = b"%PDF-1.7 the school's seal %%EOF"


@pytest.fixture
def entry(festival):
    festival.category.sealed_form = SealedForm.REQUIRED
    return make_entry(festival.category, festival.school)


@pytest.fixture
def officer(festival, entry, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    return sign_in(festival.officer)


def path(entry, action=""):
    return f"/applications/{entry.ref}/sealed-form{action}"


def code_of(entry):
    return sealed_forms.check_code(sealed_forms.content_digest(entry))


def attach(client, entry, code=None, content=SCAN):
    file = (BytesIO(content), "form.pdf")
    return client.post(path(entry), data={"code": code or code_of(entry), "file": file})


def submit(festival, entry):
    return services.submit(entry, actor=festival.officer.actor, now=NOW)


def refusal(function, *arguments):
    with pytest.raises(Refused) as refused:
        function(*arguments)
    return refused.value.code


def test_the_print_carries_the_content_and_its_code_and_no_pupils_name(entry, officer):
    answer = officer.get(path(entry, "/print"))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = PdfReader(BytesIO(answer.data)).pages
    text = "".join(page.extract_text() for page in pages).replace("\0", "")
    assert code_of(entry) in text
    assert "Jasmine Flower" in text
    assert "3 (girls 0, boys 0)" in text
    adult = next(each for each in entry.members if each.role is MemberRole.LEADER).person
    assert adult.name in text
    assert "Pupil " not in text


def test_with_the_scan_the_entry_can_be_submitted(festival, entry, officer, session):
    assert [each.code for each in missing_of(entry)] == [Shortfall.SEALED_FORM_MISSING]
    assert refusal(submit, festival, entry) is Refusal.INCOMPLETE
    assert "seal is missing" in officer.get("/applications/my-school").page.text
    assert attach(officer, entry, code_of(entry).lower().replace("-", " ")).status_code == 303
    assert sealed_forms.match_of(entry) is Match.CURRENT
    assert text_of(officer.get(path(entry)).page.one("h1")) == "Form with the school's seal"
    actions = session.scalars(select(AuditEntry.action)).all()
    assert "application:attach_sealed_form" in actions
    assert submit(festival, entry).state is State.SUBMITTED


def test_a_change_makes_it_outdated_until_it_is_sealed_anew(festival, entry, officer, session):
    attach(officer, entry)
    entry.introduction = "A choir of the north"
    session.commit()
    assert refusal(submit, festival, entry) is SealedRefusal.OUTDATED
    assert "no longer matches" in officer.get(path(entry)).page.text
    page = officer.get(f"/applications/{entry.ref}").page
    assert "No longer matches" in page.text
    assert (
        "1 thing is missing: The entry was changed after the sealed form was printed." in page.text
    )
    assert [text_of(each) for each in page.all("button")].count("Submit") == 0
    first = session.scalars(select(StoredFile)).one()
    place, sealed = first.place, current_store().read(first.place)
    assert SCAN not in sealed
    assert attach(officer, entry).status_code == 303
    stored = session.scalars(select(StoredFile)).one()
    kept = current_store().places(before=NOW.replace(year=2100))
    assert stored.place in kept
    assert place not in kept
    assert submit(festival, entry).state is State.SUBMITTED


FIELDS = (
    ("recording", "Recording", "录音", "錄音", {}),
    ("shirts", "Shirts", "演出服", "演出服", {"kind": FieldKind.NUMBER}),
    ("retired", "Banner", "横幅", "橫額", {"retired_at": NOW}),
    ("noted", "Noted by staff", "备注", "備註", {"audience": Audience.STAFF}),
    ("coach", "Coach", "大巴", "旅遊巴", {"asked_when": AskedWhen.ACCEPTED}),
    ("size", "Size", "尺码", "尺碼", {"owner": FieldOwner.MEMBER}),
)


def ask(entry):
    """Ask a choir six things, the last one first, and let it answer those of the group."""
    for position, (code, english, hans, hant, values) in enumerate(FIELDS):
        factories.form_field(
            entry.programme,
            code=code,
            names={"en": english, "zh_Hans": hans, "zh_Hant_HK": hant},
            position=-position,
            **values,
        )
    entry.answers = {"recording": "On a stick", "retired": "Red", "noted": "odd", "coach": "two"}


def printed(client, entry):
    pages = PdfReader(BytesIO(client.get(path(entry, "/print")).data)).pages
    return "".join(page.extract_text() for page in pages).replace("\0", "")


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        (
            "en",
            [
                "Further questions",
                "Banner Red (no longer asked)",
                "Shirts not given",
                "Recording On a stick",
            ],
        ),
        ("zh_Hans", ["其他问题", "横幅 Red（已不再询问）", "演出服 未填写", "录音 On a stick"]),
        ("zh_Hant_HK", ["其他問題", "橫額 Red（已不再查詢）", "演出服 未填寫", "錄音 On a stick"]),
    ],
)
def test_the_print_has_the_answers_of_the_entry_in_the_forms_order(
    festival, entry, officer, session, locale, lines
):
    ask(entry)
    festival.officer.locale = locale
    session.commit()
    # Whether columns stand apart is how the text was read, not how it was written.
    found = printed(officer, entry).replace(" ", "").split("\n")
    expected = [line.replace(" ", "") for line in lines]
    start = found.index(expected[0])
    assert found[start : start + len(lines)] == expected
    assert not [line for line in found if line.endswith(("odd", "two"))]


@pytest.mark.parametrize("code", ["noted", "coach"])
def test_what_the_school_has_not_sealed_outdates_nothing(entry, officer, session, code):
    ask(entry)
    attach(officer, entry)
    entry.answers = entry.answers | {code: "something else"}
    session.commit()
    assert sealed_forms.match_of(entry) is Match.CURRENT
    entry.answers = entry.answers | {"recording": "By mail"}
    session.flush()
    assert sealed_forms.match_of(entry) is Match.OUTDATED


@pytest.mark.parametrize("change", ["name", "part", "piece", "member", "answer", "order"])
def test_the_code_follows_the_content_and_nothing_else(entry, session, change):
    before = code_of(entry)
    pupils = [each for each in entry.members if each.role is MemberRole.PUPIL]
    match change:
        case "name":
            entry.group_name = "Robins"
        case "part":
            pupils[0].part = "S1"
        case "piece":
            entry.pieces[0].duration_seconds += 1
        case "member":
            entry.members.remove(pupils[0])
        case "answer":
            factories.form_field(entry.programme, code="shirts")
            entry.answers = {"shirts": "12"}
        case "order":
            pupils[0].position, pupils[1].position = 7, 0
    session.flush()
    assert (code_of(entry) == before) is (change == "order")


@pytest.mark.parametrize(
    ("code", "content", "field"),
    [("0000-0000-00", SCAN, "code"), (None, b"MZ no scan", "file"), (None, b"", "file")],
)
def test_a_wrong_code_or_file_is_refused(entry, officer, session, code, content, field):
    answer = attach(officer, entry, code, content)
    assert answer.status_code == 422
    assert f"{field}-error" in answer.text
    assert session.scalars(select(StoredFile)).all() == []
    assert sealed_forms.match_of(entry) is Match.NONE


def test_after_the_submission_it_stays_as_it_is(festival, entry, officer):
    attach(officer, entry)
    submit(festival, entry)
    answer = attach(officer, entry)
    assert answer.status_code == 422
    assert "until the entry is submitted" in answer.page.text


@pytest.mark.parametrize("rule", [SealedForm.NONE, SealedForm.OPTIONAL])
def test_where_it_is_not_needed_nothing_holds_up(festival, entry, officer, rule):
    festival.category.sealed_form = rule
    is_asked = rule is SealedForm.OPTIONAL
    assert attach(officer, entry).status_code == (303 if is_asked else 422)
    page = officer.get(f"/applications/{entry.ref}").page
    assert ("Form with the school's seal" in page.text) is is_asked
    assert officer.get(path(entry, "/print")).status_code == (200 if is_asked else 404)
    assert submit(festival, entry).state is State.SUBMITTED


def test_reviewers_read_it_unless_they_are_blind(festival, entry, officer, sign_in, session):
    district = make_district()
    festival.school.district = district
    levels = make_levels(festival.programme)
    attach(officer, entry)
    submit(festival, entry)
    entry.level = levels[LevelKind.CITY]
    for account in (
        festival.coordinator,
        reviewer_of(district),
        city_reviewer_of(festival.programme),
    ):
        answer = sign_in(account).get(path(entry, "/scan"))
        assert (answer.status_code, answer.data) == (200, SCAN)
        assert answer.headers["Content-Disposition"].startswith("attachment")
    case = sign_in(festival.coordinator).get(f"/applications/{entry.ref}/case").page
    assert path(entry, "/scan") in [each.get("href") for each in case.all("a")]
    levels[LevelKind.CITY].is_blind = True
    juror = sign_in(city_reviewer_of(festival.programme))
    assert juror.get(path(entry, "/scan")).status_code == 403
    assert "seal" not in juror.get(f"/applications/{entry.ref}/case").page.text
    assert "read:file" in session.scalars(select(AuditEntry.action)).all()


def test_others_reach_nothing_of_it(festival, entry, officer, sign_in):
    attach(officer, entry)
    neighbour = sign_in(officer_of(make_school()))
    for action in ("", "/print", "/scan"):
        assert neighbour.get(path(entry, action)).status_code in {403, 404}
    assert attach(neighbour, entry).status_code in {403, 404}
    leader = sign_in(leader_of(entry))
    assert leader.get(path(entry, "/print")).status_code == 403


def test_a_coordinator_sets_it_on_the_category(festival, sign_in, session):
    coordinator = sign_in(festival.coordinator)
    address = f"/programmes/{festival.programme.code}/categories/{festival.category.code}/edit"
    values = coordinator.get(address).page.values()
    assert values["sealed_form"] == "none"
    answer = coordinator.post(address, data=values | {"sealed_form": "required"})
    assert answer.status_code == 303
    assert festival.category.sealed_form is SealedForm.REQUIRED
    assert factories.category(festival.programme).sealed_form is SealedForm.NONE
