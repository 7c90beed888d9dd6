"""Headings in any order, language and decoration."""

import pytest

from scheduler.applications.roster_columns import SHEETS
from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.errors import Refused
from scheduler.languages import LOCALES
from scheduler.spreadsheets.cells import CellCode
from scheduler.spreadsheets.columns import find_headings


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("plan", SHEETS, ids=lambda plan: plan.key)
def test_every_heading_is_found_in_every_language(plan, locale):
    headings = [column.heading(locale) for column in plan.columns]
    match = find_headings([headings], plan)
    assert match.position_by_key == {c.key: i for i, c in enumerate(plan.columns)}
    assert (match.extra, match.missing, match.repeated) == ((), (), ())


@pytest.mark.parametrize("plan", SHEETS, ids=lambda plan: plan.key)
def test_no_two_columns_share_a_heading(plan):
    headings = [heading for column in plan.columns for heading in column.known_headings]
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("姓名*", "name"),
        ("姓名（必填）", "name"),
        (" 姓 名 ：", "name"),
        ("ＮＡＭＥ", "name"),
        ("姓名（拼音）", "latin_name"),
        ("拼音 / 英文名", "latin_name"),
        ("Date of Birth", "birth_on"),
        ("身份证号", "document_number"),
        ("監護人手機", "guardian_phone"),
        ("是否本校教师", None),
    ],
)
def test_headings_as_people_write_them(written, key):
    found = MEMBER_SHEET.column_headed(written)
    assert (found.key if found else None) == key


def test_titles_above_and_columns_of_ones_own():
    rows = [
        ["2027 报名表"],
        [],
        ["班主任", "性别", "姓名", "姓名", "所属队伍"],
        ["王", "男", "陈", "陈", "甲"],
    ]
    match = find_headings(rows, MEMBER_SHEET)
    assert match.row == 3
    assert match.position_by_key == {"sex": 1, "name": 2, "group": 4}
    assert [(c.letter, c.heading) for c in match.extra] == [("A", "班主任")]
    assert [(c.letter, c.heading) for c in match.repeated] == [("D", "姓名")]
    assert [c.key for c in match.missing] == ["birth_on", "guardian_name", "consent_held"]


def test_rows_without_headings_are_none():
    assert find_headings([["a", "b"], [1, 2]], GROUP_SHEET) is None
    assert find_headings([], GROUP_SHEET) is None


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("sex", "男", "M"),
        ("sex", "ｆｅｍａｌｅ", "F"),
        ("sex", " ", None),
        ("consent_held", "已签", "Y"),
        ("consent_held", True, "Y"),
        ("consent_held", 0, "N"),
        ("document_kind", "回乡证", "home_return_permit"),
        ("document_kind", "Mainland Travel Permit", "home_return_permit"),
    ],
)
def test_choices_in_any_language(key, written, value):
    assert MEMBER_SHEET.column(key).choice_of(written) == value


def test_what_is_no_choice_is_refused():
    with pytest.raises(Refused) as refusal:
        MEMBER_SHEET.column("sex").choice_of("?")
    assert refusal.value.code is CellCode.NOT_A_CHOICE
