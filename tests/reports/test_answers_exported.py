"""Coordinators' fields in files: each list and the case as PDF say what the pages say, no more."""

import io

import pytest
from pypdf import PdfReader

from scheduler.access.permissions import Role
from scheduler.applications.answers_kept import kept_answers
from scheduler.people.keys import current_sealer
from scheduler.programmes.form_fields import Audience, FieldKind, FieldOwner
from scheduler.reports.fonts import find_font
from tests import factories
from tests.reports.conftest import ask, cells

ALLERGIC = "no peanuts"


@pytest.fixture
def asked(festival, session):
    """The larks answer three questions about the group, one about a pupil; staff noted one."""
    programme, larks = festival.programme, festival.larks
    teacher = factories.person(festival.school, name="Tia Teacher", is_adult=True)
    singer = next(iter(larks.members))
    fields = {
        "stand": {"kind": FieldKind.CHOICE},
        "helper": {"kind": FieldKind.PERSON},
        "noted": {"audience": Audience.STAFF},
        "food": {"owner": FieldOwner.MEMBER},
        "seen": {"owner": FieldOwner.MEMBER, "audience": Audience.STAFF},
    }
    for code, values in fields.items():
        names = {"en": f"Field {code}", "zh_Hans": f"问 {code}", "zh_Hant_HK": f"問 {code}"}
        factories.form_field(programme, code=code, names=names, **values)
    larks.answers = {"stand": "yes", "helper": teacher.ref, "noted": "ring them"}
    about = {"food": ALLERGIC, "seen": "shy"}
    singer.answers = kept_answers(about, frozenset(about), current_sealer())
    session.commit()
    return festival


def columns(rows, *, head):
    """The cells below the headings of coordinators' fields, by heading."""
    at = [place for place, text in enumerate(rows[head]) if str(text).startswith("Field ")]
    return [{rows[head][place]: row[place] for place in at} for row in rows[head + 1 :]]


def test_the_queue_has_the_answers_about_groups(asked, sign_in):
    rows = cells(ask(sign_in(asked.coordinator), "queue", "festival", filters="sort=group"))
    larks = {"Field stand": "Yes", "Field helper": "Tia Teacher", "Field noted": "ring them"}
    assert columns(rows, head=0) == [larks, dict.fromkeys(larks)]


def test_a_reviewer_gets_of_the_groups_what_the_case_shows(asked, sign_in):
    rows = cells(ask(sign_in(asked.reviewer), "queue", "festival"))
    assert columns(rows, head=0) == [
        {"Field stand": "Yes", "Field helper": "Tia Teacher", "Field noted": "ring them"}
    ]


def test_whoever_is_the_schools_officer_too_gets_no_notes_about_it(asked, sign_in, session):
    roles = (Role.COORDINATOR, asked.programme), (Role.SCHOOL_OFFICER, asked.school)
    both = factories.account(*roles)
    session.commit()
    rows = cells(ask(sign_in(both), "people", "festival", filters="sort=group"))
    assert columns(rows, head=1) == [
        {"Field food": ALLERGIC, "Field seen": None},
        {"Field food": None, "Field seen": None},
    ]


def test_the_members_of_all_groups_have_the_answers_about_pupils(asked, sign_in):
    rows = cells(ask(sign_in(asked.coordinator), "people", "festival", filters="sort=group"))
    assert columns(rows, head=1) == [
        {"Field food": ALLERGIC, "Field seen": "shy"},
        {"Field food": None, "Field seen": None},
    ]


@pytest.mark.parametrize(
    ("who", "expected"), [("officer", {"Field food": ALLERGIC}), ("leader", {})]
)
def test_the_members_of_a_group_are_listed_as_their_page_shows_them(asked, sign_in, who, expected):
    rows = cells(ask(sign_in(getattr(asked, who)), "members", asked.larks.ref))
    assert columns(rows, head=1) == [expected]


PDF = pytest.mark.skipif(
    find_font("en") is None, reason="no font with Chinese characters (fonts-noto-cjk)"
)


@PDF
@pytest.mark.parametrize(
    ("who", "told", "hidden"),
    [
        ("coordinator", ("Fieldfood:nopeanuts", "Fieldseen:shy", "ringthem"), ()),
        ("officer", ("Fieldfood:nopeanuts", "TiaTeacher"), ("Fieldseen", "ringthem")),
        ("leader", ("TiaTeacher",), ("Fieldfood", "Fieldseen", "ringthem")),
        ("reviewer", ("TiaTeacher",), ("Fieldfood", "Fieldseen")),
    ],
)
def test_a_case_on_paper_has_the_answers_that_its_page_shows(asked, sign_in, who, told, hidden):
    answer = sign_in(getattr(asked, who)).get(f"/applications/{asked.larks.ref}/pdf")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    text = "".join("".join(page.extract_text() for page in pages).replace("\0", "").split())
    assert all(each in text for each in told)
    assert not any(each in text for each in hidden)
