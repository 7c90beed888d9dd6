"""A case on paper, read back: what its reader may see, in the reader's language, rare names too."""

import io

import pytest
from pypdf import PdfReader

from scheduler.applications.models import MemberRole
from scheduler.applications.workflow import Action, State
from scheduler.reports import fonts
from scheduler.reports.fonts import find_font
from scheduler.reports.paper import Paper
from tests import factories
from tests.reports.conftest import noted

pytestmark = pytest.mark.skipif(
    find_font("en") is None, reason="no font with Chinese characters (fonts-noto-cjk)"
)


@pytest.fixture
def case(festival):
    """The larks, with rare names, a conductor, a birth date and a change in the history."""
    for name in ("龚䶮", "沈𬭎远", "𠮷田遥"):
        factories.member(festival.larks, factories.person(festival.school, name=name))
    conductor = factories.person(festival.school, name="苏思远", is_adult=True)
    factories.member(festival.larks, conductor, role=MemberRole.CONDUCTOR)
    factories.history_entry(
        festival.larks,
        action=Action.EDIT,
        from_state=State.DRAFT,
        to_state=State.DRAFT,
        actor_name="Officer Wong",
        changes={"name": ["Swallows", "Larks"], "members": [3, 4], "conductor": [None, None]},
    )
    factories.history_entry(festival.larks, actor_name="Officer Wong")
    return festival


def read(answer):
    """All text without blanks; pypdf shows the first byte of two-byte codes as a NUL."""
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    text = "".join(page.extract_text() for page in pages)
    return "".join(text.replace("\0", "").split())


def pdf(client, application):
    return read(client.get(f"/applications/{application.ref}/pdf"))


def test_the_officer_gets_everything(case, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    text = pdf(sign_in(case.officer), case.larks)
    for expected in (
        "Larks",
        case.larks.ref,
        "OwnSchool",
        "龚䶮",
        "沈𬭎远",
        "𠮷田遥",
        "苏思远",
        "2016-03-01",
        "AnnaLark",
        "Group'sname:from“Swallows”to“Larks”",
        "Members:from“3pupils”to“4pupils”",
        "Conductor:changed",
        "State:from“Draft”to“Submitted”",
        "OfficerWong",
        f"Confidential.Copyof{case.officer.name}({case.officer.email}),".replace(" ", ""),
    ):
        assert expected in text
    assert "Quxi" not in text
    assert noted("read:case-pdf") == [(case.larks.ref, {"people": 5})]


def test_it_is_in_the_readers_language(case, sign_in):
    client = sign_in(case.officer)
    client.post("/preferences/language", data={"locale": "zh_Hant_HK"})
    text = pdf(client, case.larks)
    assert "龚䶮" in text
    assert "Members" not in text
    assert "成員" in text


def test_a_reviewer_of_the_district_gets_no_person(case, sign_in):
    text = pdf(sign_in(case.reviewer), case.larks)
    assert "Larks" in text
    for hidden in ("AnnaLark", "龚䶮", "苏思远", "2016-03-01"):
        assert hidden not in text
    assert noted("read:case-pdf") == [(case.larks.ref, {"people": 0})]


def test_a_leader_gets_age_bands(case, sign_in):
    text = pdf(sign_in(case.leader), case.larks)
    assert "under14" in text
    assert "2016-03-01" not in text


def test_the_neighbour_and_the_other_districts_reviewer_get_nothing(case, sign_in):
    other = factories.reviewer(case.other.district)
    for account in (case.neighbour, other, case.administrator):
        answer = sign_in(account).get(f"/applications/{case.larks.ref}/pdf")
        assert answer.status_code == 403
    assert noted("read:case-pdf") == []


def test_without_a_chinese_font_there_is_a_sentence_instead(case, sign_in, monkeypatch):
    monkeypatch.setattr(fonts, "_installed", lambda: None)
    answer = sign_in(case.officer).get(f"/applications/{case.larks.ref}/pdf")
    assert answer.status_code == 409
    assert "No Chinese font is installed on the server" in answer.page.text


def test_what_the_font_lacks_is_written_as_its_code_point(case, sign_in):
    factories.member(case.larks, factories.person(case.school, name="甲\U000323af"))
    assert "甲〓(U+323AF)" in pdf(sign_in(case.officer), case.larks)


def test_each_language_has_its_own_face():
    regular = find_font("zh_Hans")
    if regular.file.suffix != ".ttc":
        pytest.skip("one face per file here")
    assert regular.face != find_font("zh_Hant_HK").face


@pytest.mark.any_database
@pytest.mark.parametrize("lines", range(34, 44))
def test_a_heading_stays_with_the_first_row_below_it(app, lines):
    paper = Paper("Case", "en", "foot")
    for number in range(lines):
        paper.paragraph(f"Line {number}")
    paper.section("What happened")
    paper.rows(("When", "What"), [("Monday", "First row\nsecond line\nthird line")], (3, 9))
    read = PdfReader(io.BytesIO(paper.content())).pages
    pages = [page.extract_text().replace("\0", "") for page in read]
    where = next(page for page in pages if "What happened" in page)
    assert "First row" in where
