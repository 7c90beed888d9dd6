"""Every problem of a roster can be told, in every language."""

import re

import pytest
from flask_babel import force_locale

from scheduler import texts
from scheduler.applications.roster_choices import DOCUMENT_KINDS
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.applications.roster_records import RosterCode
from scheduler.applications.roster_texts import explain, explain_code
from scheduler.languages import LOCALES
from scheduler.people.identity import PersonCode
from scheduler.spreadsheets.cells import CellCode, CellProblem
from scheduler.spreadsheets.limits import WorkbookCode

pytestmark = pytest.mark.any_database

CODES = [*CellCode, *WorkbookCode, *PersonCode, *RosterCode]


def test_no_two_codes_are_alike():
    assert len({str(code) for code in CODES}) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_sentence(code):
    assert texts.has_sentence(code)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("code", CODES)
def test_every_sentence_takes_its_facts_in_every_language(app, code, locale):
    with app.test_request_context(), force_locale(locale):
        facts = dict.fromkeys(re.findall(r"%\((\w+)\)s", texts.sentence(code)), "7")
        shown = explain_code(code, facts, None).wrong
    assert shown
    assert "%(" not in shown


@pytest.mark.parametrize(
    ("locale", "accepted"),
    [("en", "Female / Male"), ("zh_Hans", "女 / 男"), ("zh_Hant_HK", "女 / 男")],
)
def test_what_is_accepted_is_told_in_the_readers_words(app, locale, accepted):
    heading = MEMBER_SHEET.column("sex").heading("zh_Hans")
    problem = CellProblem("成员名单", 2, 3, heading, CellCode.NOT_A_CHOICE, {"shown": "?"})
    with app.test_request_context(), force_locale(locale):
        assert explain(problem).accepted == accepted


@pytest.mark.parametrize("kind", DOCUMENT_KINDS, ids=lambda kind: kind.value)
def test_kinds_of_documents_are_named_not_coded(app, kind):
    with app.test_request_context(), force_locale("en"):
        shown = explain_code(PersonCode.DOCUMENT_SHAPE, {"kind": kind.value}, None).wrong
    assert kind.labels["en"] in shown
