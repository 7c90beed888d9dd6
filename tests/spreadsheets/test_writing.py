"""Workbooks that go out: entry workbooks, and uploads given back with their bad cells marked."""

import io
import zipfile

import openpyxl
import pytest

from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.spreadsheets.cells import CellProblem, Severity
from scheduler.spreadsheets.columns import find_headings
from scheduler.spreadsheets.marking import MARK_AUTHOR, MarkWords, marked_workbook
from scheduler.spreadsheets.workbook import read_workbook
from scheduler.spreadsheets.writing import FilledSheet, Guide, entry_workbook, table_workbook
from tests.spreadsheets import files

GUIDE = Guide("Guide", "Entry workbook", ("Fill it in.",), "Sheet", "Column", "Must", "What", "yes")
WORDS = MarkWords(
    "Problems",
    frozenset({"Problems", "问题"}),
    "Sheet",
    "Cell",
    "Column",
    "Problem",
    "Kind",
    "Error",
    "Warning",
)
TRAPS = [
    "=1+1",
    "+86",
    "-1",
    "@x",
    "=cmd|' /C calc'!A0",
    "http://example.com",
    "440112201503010010",
]


def written(rows=(), locale="en"):
    sheets = [FilledSheet(GROUP_SHEET), FilledSheet(MEMBER_SHEET, rows)]
    return openpyxl.load_workbook(io.BytesIO(entry_workbook(sheets, GUIDE, locale)))


def test_an_entry_workbook_has_a_guide_two_sheets_and_hidden_lists():
    book = written(locale="zh_Hans")
    assert book.sheetnames == ["Guide", "lists", "队伍", "成员名单"]
    assert [sheet.sheet_state for sheet in book] == ["visible", "hidden", "visible", "visible"]
    headings = [cell.value for cell in book["成员名单"][1]]
    assert headings == [column.heading("zh_Hans") for column in MEMBER_SHEET.columns]


def test_cells_are_typed_as_text_down_to_the_spare_rows():
    sheet = written()["Members"]
    assert {dimension.number_format for dimension in sheet.column_dimensions.values()} == {"@"}


def test_drop_downs_hold_the_choices_of_the_language():
    book = written(locale="zh_Hans")
    rules = {
        next(iter(r.sqref.ranges)).min_col: r
        for r in book["成员名单"].data_validations.dataValidation
    }
    sex = MEMBER_SHEET.columns.index(MEMBER_SHEET.column("sex")) + 1
    name = rules[sex].formula1
    target = book.defined_names[name].attr_text
    sheet, cells = target.split("!")
    assert [cell.value for (cell,) in book[sheet][cells.replace("$", "")]] == ["女", "男"]
    assert rules[sex].errorStyle in {None, "stop"}
    group = book.defined_names[rules[1].formula1].attr_text
    assert group.startswith("'队伍'!$B$2:$B$")


def test_nothing_that_was_typed_becomes_a_formula_or_a_link():
    book = written([{"name": trap, "remark": trap} for trap in TRAPS])
    names = MEMBER_SHEET.columns.index(MEMBER_SHEET.column("name")) + 1
    cells = [book["Members"].cell(row, names) for row in range(2, 2 + len(TRAPS))]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [
        (trap, "s", None) for trap in TRAPS
    ]


def test_a_table_is_plain_text():
    book = openpyxl.load_workbook(io.BytesIO(table_workbook("T", ["=h"], [["=1+1"], ["007"]])))
    assert [(c.value, c.data_type) for (c,) in book.active] == [
        ("=h", "s"),
        ("=1+1", "s"),
        ("007", "s"),
    ]


def test_an_entry_workbook_is_read_again_by_its_headings():
    sheets = [FilledSheet(GROUP_SHEET, [{"name": "甲"}]), FilledSheet(MEMBER_SHEET, [])]
    found = read_workbook(entry_workbook(sheets, GUIDE, "zh_Hant_HK"))
    rows = [cells for _, cells in found.sheets[2].rows]
    assert find_headings(rows, GROUP_SHEET).position_by_key["name"] == 1
    assert rows[1][1] == "甲"


def problem(row, column, severity=Severity.ERROR, sheet="Sheet"):
    heading = "" if column is None else "姓名"
    return CellProblem(sheet, row, column, heading, "code", {}, severity)


def marked(content, problems):
    result = marked_workbook(
        content, read_workbook(content), problems, WORDS, lambda p: f"wrong at {p.place}"
    )
    return openpyxl.load_workbook(io.BytesIO(result))


def test_bad_cells_are_coloured_commented_and_listed_in_front():
    content = files.by_openpyxl([["姓名", "性别"], ["陈3", "男"], ["李", "?"]])
    book = marked(content, [problem(2, 0), problem(3, 1, Severity.WARNING)])
    assert book.sheetnames == ["Problems", "Sheet"]
    sheet = book["Sheet"]
    assert sheet["A2"].comment.text == "wrong at A2"
    assert (sheet["A2"].fill.start_color.rgb, sheet["B3"].fill.start_color.rgb) == (
        "FFF8B4B4",
        "FFFDE68A",
    )
    assert sheet["A3"].comment is None
    assert [cell.value for cell in book["Problems"][2]] == [
        "Sheet",
        "A2",
        "姓名",
        "Error",
        "wrong at A2",
    ]


def test_what_people_had_in_their_workbook_stays():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["姓名", "合计"])
    sheet.append(["陈3", "=1+1"])
    sheet["A1"].font = openpyxl.styles.Font(bold=True)
    sheet.column_dimensions["A"].width = 33
    book.create_sheet("草稿").append(["mine"])
    result = marked(files.saved(book), [problem(2, 0)])
    assert result["Sheet"]["A1"].font.bold
    assert result["Sheet"].column_dimensions["A"].width == 33
    assert result["Sheet"]["B2"].value == "=1+1"
    assert result["草稿"]["A1"].value == "mine"


def test_earlier_marks_are_gone_when_it_is_marked_again():
    content = files.by_openpyxl([["姓名"], ["陈3"], ["李4"]])
    first = marked(content, [problem(2, 0), problem(3, 0)])
    first["Sheet"]["A2"].value = "陈"
    again = marked(files.saved(first), [problem(3, 0)])
    assert again.sheetnames == ["Problems", "Sheet"]
    assert again["Sheet"]["A2"].comment is None
    assert again["Sheet"]["A2"].fill.fill_type is None
    assert again["Sheet"]["A3"].comment.author == MARK_AUTHOR


def test_people_keep_their_own_comments():
    book = openpyxl.Workbook()
    book.active.append(["姓名"])
    book.active["A1"].comment = openpyxl.comments.Comment("mine", "Teacher")
    assert marked(files.saved(book), [problem(2, 0)])["Sheet"]["A1"].comment.text == "mine"


def test_several_problems_of_one_cell_are_one_comment():
    content = files.by_openpyxl([["姓名"], ["陈3"]])
    book = marked(content, [problem(2, 0), problem(2, 0, Severity.WARNING)])
    assert book["Sheet"]["A2"].comment.text == "wrong at A2\nwrong at A2"
    assert book["Sheet"]["A2"].fill.start_color.rgb == "FFF8B4B4"


def test_a_problem_within_a_merged_range_is_marked_where_it_shows():
    book = openpyxl.Workbook()
    for row in (["姓名"], ["陈3"], [None]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    assert marked(files.saved(book), [problem(3, 0)])["Sheet"]["A2"].comment is not None


def test_problems_of_rows_and_sheets_are_marked_at_their_beginning():
    content = files.by_openpyxl([["姓名"], ["陈"]])
    book = marked(content, [problem(2, None), problem(0, None)])
    assert book["Sheet"]["A2"].comment.text == "wrong at 2"
    assert book["Sheet"]["A1"].comment.text == "wrong at "


def test_csv_comes_back_as_a_workbook_of_texts():
    content = "姓名,手机\n=1+1,00138\n".encode("gb18030")
    book = marked(content, [problem(2, 0, sheet="CSV")])
    assert book.sheetnames == ["Problems", "CSV"]
    cell = book["CSV"]["A2"]
    assert (cell.value, cell.data_type, book["CSV"]["B2"].value) == ("=1+1", "s", "00138")
    assert cell.comment.text == "wrong at A2"
    assert cell.fill.start_color.rgb == "FFF8B4B4"


def test_a_workbook_that_openpyxl_cannot_open_whole_comes_back_as_its_cells():
    content = files.by_openpyxl([["姓名"], ["陈3"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/core.xml"] = b"<coreProperties><created>yesterday</created></coreProperties>"
    odd = files.zipped(parts)
    with pytest.raises(ValueError):
        openpyxl.load_workbook(io.BytesIO(odd))
    book = marked(odd, [problem(2, 0)])
    assert (book["Sheet"]["A2"].value, book["Sheet"]["A2"].comment.text) == ("陈3", "wrong at A2")
