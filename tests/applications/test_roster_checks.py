"""What is wrong with a roster as a whole, and at which cell it is told."""

import datetime as dt
from dataclasses import replace

import pytest

from scheduler.applications.roster import member_values, read_group
from scheduler.applications.roster_file import read_roster
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.applications.roster_records import PieceRow
from scheduler.people.identity import DocumentKind, Sex
from scheduler.programmes.ages import AgeLimits
from scheduler.programmes.kinds import AgeRule
from scheduler.spreadsheets.workbook import FileKind, Sheet, Workbook
from tests.applications.rosters import (
    LIMITS,
    READING,
    examined,
    group,
    member,
    read,
    sheet,
    told,
    workbook,
)

PASSPORT = {"document_kind": DocumentKind.PASSPORT, "document_number": "EX0000001"}


def problems(groups=None, members=None, limits=LIMITS, **options):
    return told(examined(read(groups, members, **options), limits=limits)[0])


@pytest.mark.parametrize("locale", ["en", "zh_Hans", "zh_Hant_HK"])
def test_a_good_roster_has_no_problems(locale):
    assert problems([group()], [member(), member("李思睿")], locale=locale) == []


def test_two_pupils_of_one_name_are_two():
    assert problems([group()], [member(born="2015-03-01"), member(born="2015-03-09")]) == []


def test_twins_share_guardian_and_birth_date():
    twins = [member("欧阳若晨"), member("欧阳若曦")]
    assert problems([group()], twins) == []


@pytest.mark.parametrize(
    "second",
    [
        member(),
        member("陈 子涵"),
        member("另一个名字", **PASSPORT),
        member(roll_number="G1"),
    ],
)
def test_one_pupil_twice_in_a_group(second):
    first = member(**PASSPORT) if second.document_number else member()
    assert ("B3", "roster_member_repeated") in problems([group()], [first, second])


def test_namesakes_born_on_one_day_need_a_number():
    namesakes = [member(roll_number="G1"), member(roll_number="G2")]
    assert problems([group()], namesakes) == []
    assert problems([group()], [*namesakes, member()]) == [("B4", "roster_member_ambiguous")]


def test_a_pupil_may_be_in_two_groups():
    both = [member(), member(group="第二队", part="A1")]
    assert problems([group(), group("第二队")], both) == []


def test_a_pupil_in_two_groups_has_one_birth_date_guardian_and_number():
    rows = [member(**PASSPORT), member(group="第二队", sex=Sex.MALE, **PASSPORT)]
    assert problems([group(), group("第二队")], rows) == [("D3", "roster_member_contradicts")]


def test_what_only_one_of_two_rows_says_is_no_contradiction():
    rows = [member(**PASSPORT), member(group="第二队")]
    assert problems([group(), group("第二队")], rows) == []


def test_a_members_group_is_on_the_group_sheet():
    found = problems([group()], [member(), member("李", group="别的队")])
    assert found == [("A3", "roster_group_unknown")]


def test_the_group_of_a_row_with_other_problems_is_looked_up_too():
    wrong = {**member_values(member(group="别的队"), "en"), "sex": "?"}
    assert problems([group()], [wrong]) == [
        ("D2", "cell_not_a_choice"),
        ("A2", "roster_group_unknown"),
    ]


def test_a_blank_group_means_the_only_one():
    assert problems([group()], [member(group=None)]) == []
    two = problems([group(), group("第二队")], [member(group=None), member("李", group="第二队")])
    assert ("A2", "roster_group_unknown") in two


def test_a_group_whose_own_row_is_wrong_is_not_unknown():
    groups = [replace(group(), leader_phone="12")]
    assert told(examined(read(groups, [member()]))[0]) == [("E2", "person_phone_impossible")]


def test_group_names_are_compared_without_case_width_and_spaces():
    found = problems([group("Ｃｈｏｉｒ 1")], [member(group="choir1")])
    assert found == []
    assert problems([group("Choir 1"), group("CHOIR1")], []) == [
        ("B3", "roster_group_repeated"),
        ("B2", "roster_group_too_small"),
        ("B3", "roster_group_too_small"),
    ]


def test_the_limits_of_the_category():
    limits = replace(LIMITS, min_members=2, max_members=2, max_works=1, max_minutes=3)
    works = group(pieces=(PieceRow("一", None, 100), PieceRow("二", None, 100)))
    found = problems([works], [member(), member("李"), member("王")], limits)
    assert found == [
        ("O2", "roster_too_many_works"),
        ("Q2", "roster_too_long_together"),
        ("A4", "roster_group_too_large"),
    ]
    assert problems([group()], [member()], limits) == [
        ("N2", "roster_too_long_together"),
        ("B2", "roster_group_too_small"),
    ]


def test_conductor_and_accompanist_where_they_are_needed():
    limits = replace(LIMITS, needs_conductor=True, needs_accompanist=True)
    found, _ = examined(read([group()], [member()]), limits=limits)
    assert told(found) == [
        ("G2", "roster_conductor_missing"),
        ("I2", "roster_accompanist_missing"),
    ]
    assert not any(problem.is_error for problem in found)


def test_too_young_and_too_old_are_for_a_person_to_look_at():
    born = {"born_from": dt.date(2014, 9, 1), "born_to": dt.date(2015, 8, 31)}
    limits = replace(LIMITS, ages=AgeLimits(AgeRule.BORN_BETWEEN, 2027, **born))
    rows = [member("甲", "2014-08-31"), member("乙", "2014-09-01"), member("丙", "2015-09-01")]
    found, changes = examined(read([group()], rows), limits=limits)
    assert told(found) == [("E2", "roster_too_old"), ("E4", "roster_too_young")]
    assert changes is not None


def test_grades_outside_the_class_and_such_as_nobody_understands():
    grades = {"grade_from": 7, "grade_to": 9, "play_up_groups": 1}
    limits = replace(LIMITS, ages=AgeLimits(AgeRule.GRADE, 2027, **grades))
    rows = [
        member(name, f"2014-09-0{number}", grade=grade)
        for number, (name, grade) in enumerate(
            [("甲", "初二(3)班"), ("乙", "高一"), ("丙", "大班"), ("丁", None), ("戊", "五年级")], 1
        )
    ]
    found, changes = examined(read([group()], rows), limits=limits)
    assert [(problem.row, problem.code) for problem in found] == [
        (3, "roster_grade_too_high"),
        (4, "roster_grade_unknown"),
        (5, "roster_grade_unknown"),
    ]
    assert changes is not None


def test_advisers_and_chaperones_are_counted():
    limits = replace(LIMITS, min_advisers=1, max_advisers=2, min_chaperones=2)
    three = group(advisers=("何伟", "李梅", "陈红"), chaperones=("王强", "赵敏"))
    assert problems([group()], [member()], limits) == [
        ("J2", "roster_too_few_advisers"),
        ("U2", "roster_too_few_chaperones"),
    ]
    assert problems([three], [member()], limits) == [("T2", "roster_too_many_advisers")]


def test_nobody_is_asked_for_a_work_where_there_is_none():
    cells = {"name": "甲组", "leader": "何伟", "leader_phone": "13800138000"}
    demanded = {problem.key for problem in read_group(cells, READING).problems}
    assert demanded == {"piece_1_title", "piece_1_duration"}
    found = read_group(cells, replace(READING, needs_works=False))
    assert (found.record.pieces, found.problems) == ((), ())


def test_a_row_without_the_guardians_consent_is_not_taken():
    assert problems([group()], [member(consent_held=False)]) == [("N2", "roster_consent_not_held")]


def test_at_most_so_many_groups():
    limits = replace(LIMITS, max_groups=1, min_members=0)
    assert problems([group(), group("第二队")], [], limits) == [("B3", "roster_too_many_groups")]


def test_columns_in_another_order_with_ones_own_between():
    rows = [["头发", "监护人姓名", "姓名", "出生日期", "性别", "已持监护人同意书", "监护人手机"]]
    rows.append(["黑", "陈大文", "陈子涵", "2015/3/1", "女", "是", "13800138001"])
    book = Workbook(FileKind.CSV, (Sheet("CSV", tuple(enumerate(map(tuple, rows), 1))),))
    found = read_roster(book, READING)
    assert found.groups is None
    assert found.members.rows[0].record == member(group=None)
    assert [(p.place, p.code, p.heading, p.is_error) for p in found.problems] == [
        ("A1", "roster_column_unknown", "头发", False)
    ]


def test_missing_and_repeated_columns_are_errors_of_the_heading_row():
    keys = [c.key for c in MEMBER_SHEET.columns if c.key != "sex"] + ["name"]
    book = workbook([group()], [])
    book = Workbook(book.kind, (*book.sheets, sheet(MEMBER_SHEET, [], "en", keys)))
    found = read_roster(Workbook(book.kind, (book.sheets[0], book.sheets[2])), READING)
    assert ("1", "roster_column_missing") in told(found.problems)
    assert ("P1", "roster_column_repeated") in told(found.problems)


def test_a_title_decides_between_two_sheets_that_fit():
    old = sheet(MEMBER_SHEET, [{"name": "旧"}], "en")
    old = Sheet("Last year", old.rows)
    good = workbook([group()], [member()])
    for order in ((old, *good.sheets), (*good.sheets, old)):
        found = read_roster(Workbook(FileKind.XLSX, order), READING)
        assert [placed.record.name for placed in found.members.rows] == ["陈子涵"]


def test_hidden_sheets_are_not_read():
    book = workbook([group()], [member()])
    hidden = replace(book.sheets[1], is_hidden=True)
    found = read_roster(Workbook(book.kind, (book.sheets[0], hidden)), READING)
    assert found.members is None


def test_a_file_without_known_headings():
    book = Workbook(FileKind.CSV, (Sheet("CSV", ((1, ("a", "b")), (2, ("1", "2")))),))
    (problem,) = read_roster(book, READING).problems
    assert (problem.sheet, problem.place, problem.code) == ("CSV", "", "roster_sheet_missing")


def test_a_workbook_without_rows_is_refused_lest_it_remove_everything():
    assert told(read([], []).problems) == [("", "roster_sheet_empty")]
    assert read([group()], []).problems == ()


def test_rows_of_spaces_are_no_rows():
    found = read([group()], [member(), {"name": "\u3000", "remark": " "}, member("李")])
    assert [placed.row for placed in found.members.rows] == [2, 4]
    assert found.problems == ()


def test_progress_counts_the_rows_of_both_sheets():
    seen = []
    rows = [member("陈", group="云岭合唱团") for _ in range(450)]
    read_roster(workbook([group()], rows), READING, lambda done, total: seen.append((done, total)))
    assert seen == [(200, 453), (400, 453)]
