"""Workbooks as programs really write them, and as nobody should."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from openpyxl.styles import numbers

from scheduler.errors import Refused
from scheduler.spreadsheets.cells import FormulaWithoutResult
from scheduler.spreadsheets.limits import Limits, WorkbookCode
from scheduler.spreadsheets.workbook import FileKind, read_workbook
from tests.spreadsheets import files

ROWS = [["姓名", "出生日期", "手机"], ["𠮷田 遥", "2013-01-08", 13800138000]]


def cells(content, sheet=0):
    """The filled rows, without the empty columns at their right."""
    found = read_workbook(content).sheets[sheet]
    return {number: _stripped(row) for number, row in found.rows}


def _stripped(row):
    row = list(row)
    while row and row[-1] is None:
        row.pop()
    return row


@pytest.mark.parametrize("write", [files.by_openpyxl, files.by_xlsxwriter])
def test_shared_strings_and_numbers(write):
    assert cells(write(ROWS)) == {1: ROWS[0], 2: ROWS[1]}


def test_inline_strings_rich_text_and_readings():
    data = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c>'
        '<c r="B1" t="inlineStr"><is><r><t>出生</t></r><r><t>日期</t></r></is></c></row>'
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="str"><v>x_x000D_y</v></c></row>'
    )
    strings = (
        f'<sst xmlns="{files.MAIN}"><si><r><t>山田</t></r><r><t xml:space="preserve"> 花子</t></r>'
        '<rPh sb="0" eb="2"><t>ヤマダ</t></rPh><phoneticPr fontId="1"/></si></sst>'
    )
    found = cells(files.by_hand(data, strings=strings))
    assert found == {1: ["姓名", "出生日期"], 2: ["山田 花子", "x\ry"]}


def test_cells_without_references_and_prefixed_elements():
    data = "<row><c><v>1</v></c><c/><c><v>2.50</v></c></row><row><c><v>3</v></c></row>"
    assert cells(files.by_hand(data)) == {1: [1, None, 2.5], 2: [3]}
    prefixed = (
        f'<?xml version="1.0"?><x:worksheet xmlns:x="{files.MAIN}"><x:sheetData><x:row r="3">'
        '<x:c r="B3" t="inlineStr"><x:is><x:t>陈</x:t></x:is></x:c><x:c r="C3"><x:v>7</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    content = files.by_hand("", extra={"xl/worksheets/sheet1.xml": prefixed})
    assert cells(content) == {3: [None, "陈", 7]}


def test_dates_as_cells_as_serials_and_from_1904():
    book = openpyxl.Workbook()
    book.active.append([dt.date(2015, 3, 1), 42064, dt.time(7, 30), True])
    found = read_workbook(files.saved(book)).sheets[0]
    assert found.rows[0][1][:4] == (dt.datetime(2015, 3, 1), 42064, dt.time(7, 30), True)
    assert not found.counts_from_1904
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = dt.date(2015, 3, 1)
    found = read_workbook(files.saved(book)).sheets[0]
    assert found.counts_from_1904
    assert found.rows[0][1][0] == dt.datetime(2015, 3, 1)


def test_a_number_that_is_no_day_is_an_error_value():
    book = openpyxl.Workbook()
    book.active["A1"] = 99999999
    book.active["A1"].number_format = numbers.FORMAT_DATE_YYYYMMDD2
    assert cells(files.saved(book)) == {1: ["#VALUE!"]}


def test_errors_booleans_and_iso_dates():
    data = (
        '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="b"><v>1</v></c>'
        '<c r="C1" t="d"><v>2015-03-01T00:00:00</v></c></row>'
    )
    assert cells(files.by_hand(data)) == {1: ["#N/A", True, dt.datetime(2015, 3, 1)]}


def test_a_formula_counts_as_its_stored_result():
    data = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c>'
        '<c r="C1"><f>NOW()</f></c><c r="D1"><f>NOW()</f><v/></c></row>'
    )
    (row,) = cells(files.by_hand(data)).values()
    assert row[:2] == [2, "a"]
    assert all(isinstance(value, FormulaWithoutResult) for value in row[2:])


def test_a_value_merged_down_holds_for_each_row():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["组", "姓名"], ["甲", "陈一"], [None, "陈二"], ["乙", "陈三"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    assert cells(files.saved(book))[3] == ["甲", "陈二"]


def test_a_merged_title_does_not_spread_to_the_side():
    book = openpyxl.Workbook()
    book.active.append(["报名表"])
    book.active.append(["姓名", "性别"])
    book.active.merge_cells("A1:B1")
    assert cells(files.saved(book)) == {1: ["报名表"], 2: ["姓名", "性别"]}


def test_hidden_sheets_are_told_and_chart_sheets_left_out():
    book = openpyxl.Workbook()
    book.active.append(["a"])
    hidden = book.create_sheet("hidden")
    hidden.append(["b"])
    hidden.sheet_state = "hidden"
    book.create_chartsheet("chart")
    found = read_workbook(files.saved(book)).sheets
    assert [(sheet.title, sheet.is_hidden) for sheet in found] == [
        ("Sheet", False),
        ("hidden", True),
    ]


def test_a_declared_million_rows_costs_nothing():
    data = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="B1048576"><v>2</v></c></row>'
    )
    assert cells(files.by_hand(data)) == {1: [1], 1_048_576: [None, 2]}


def test_coloured_empty_rows_are_no_rows():
    data = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 30_000))
    assert cells(files.by_hand(f'<row r="1"><c r="A1"><v>1</v></c></row>{data}')) == {1: [1]}


def test_macros_and_external_links_are_not_looked_at():
    content = files.by_openpyxl(ROWS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 not a macro, but it looks like one"
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    assert cells(files.zipped(parts)) == {1: ROWS[0], 2: ROWS[1]}


def test_odd_properties_and_themes_do_no_harm():
    content = files.by_openpyxl(ROWS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/core.xml"] = b"<coreProperties><created>yesterday</created></coreProperties>"
    parts["docProps/custom.xml"] = b"<nonsense/>"
    assert cells(files.zipped(parts))[2] == ROWS[1]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", WorkbookCode.EMPTY),
        (b"\x00\x00\n  ", WorkbookCode.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, WorkbookCode.OLD_FORMAT),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            WorkbookCode.ENCRYPTED,
        ),
        (b"%PDF-1.7", WorkbookCode.OTHER_FORMAT),
        (b"<html><table><tr><td>1</td></tr></table>", WorkbookCode.OTHER_FORMAT),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', WorkbookCode.OTHER_FORMAT),
        (files.zipped({"mimetype": "x", "content.xml": "<x/>"}), WorkbookCode.OTHER_FORMAT),
        (files.zipped({"word/document.xml": "<x/>"}), WorkbookCode.OTHER_FORMAT),
        (files.zipped({"xl/workbook.bin": "x"}), WorkbookCode.OTHER_FORMAT),
        (files.zipped({"a.txt": "x"}), WorkbookCode.OTHER_FORMAT),
        (files.by_openpyxl(ROWS)[:400], WorkbookCode.DAMAGED),
        (b"PK\x03\x04 no archive", WorkbookCode.DAMAGED),
        (files.by_hand("<row><c r='A1' t='s'><v>7</v></c></row>"), WorkbookCode.DAMAGED),
        (files.by_hand("<row><c r='A1'><v>a</v></c></row>"), WorkbookCode.DAMAGED),
        (files.by_hand("<row><c r='A1'>"), WorkbookCode.DAMAGED),
        (files.by_hand("<row r='4000000000'><c><v>1</v></c></row>"), WorkbookCode.DAMAGED),
        (files.by_hand("<row r='0'><c><v>1</v></c></row>"), WorkbookCode.DAMAGED),
        (b"\x81\x20\xff\xff", WorkbookCode.UNREADABLE_TEXT),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content, code):
    with pytest.raises(Refused) as refusal:
        read_workbook(content)
    assert refusal.value.code is code


def test_a_workbook_without_sheets_has_none():
    assert read_workbook(files.by_hand("", book="<workbook/>")).sheets == ()


def test_cut_files_never_crash():
    content = files.by_openpyxl(ROWS)
    for length in range(4, len(content), 97):
        with pytest.raises(Refused):
            read_workbook(content[:length])


def test_entity_bombs_are_refused_before_they_are_read():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    for hidden in (bomb, "<!-- harmless -->" * 10_000 + bomb):
        content = files.by_hand('<row r="1"><c t="str"><v>&b;</v></c></row>', prologue=hidden)
        with pytest.raises(Refused) as refusal:
            read_workbook(content)
        assert refusal.value.code is WorkbookCode.DAMAGED


def test_a_bomb_in_utf_16_is_refused_too():
    sheet = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "a">]><worksheet/>'
    content = files.by_hand("", extra={"xl/worksheets/sheet1.xml": sheet.encode("utf-16")})
    with pytest.raises(Refused) as refusal:
        read_workbook(content)
    assert refusal.value.code is WorkbookCode.DAMAGED


def test_an_archive_that_unpacks_to_far_too_much_is_refused_unread():
    zeros = b"0" * (20 * 2**20)
    parts = {f"xl/media/image{n}.png": zeros for n in range(9)}
    content = files.by_hand("<row/>", extra=parts)
    assert len(content) < 2**20
    with pytest.raises(Refused) as refusal:
        read_workbook(content)
    assert refusal.value.code is WorkbookCode.TOO_LARGE_UNPACKED


def test_every_limit_has_its_refusal():
    tight = Limits(file_bytes=20_000, rows=3, columns=2, sheets=2, parts=50)
    refused = {
        WorkbookCode.TOO_LARGE: b"x" * 20_001,
        WorkbookCode.TOO_MANY_ROWS: files.by_openpyxl([[n] for n in range(4)]),
        WorkbookCode.TOO_MANY_COLUMNS: files.by_openpyxl([["a", "b", "c"]]),
        WorkbookCode.TOO_MANY_SHEETS: files.by_openpyxl([["a"]], b=[], c=[]),
        WorkbookCode.DAMAGED: files.by_hand("<row/>", extra={f"x{n}": "" for n in range(50)}),
    }
    for code, content in refused.items():
        with pytest.raises(Refused) as refusal:
            read_workbook(content, limits=tight)
        assert refusal.value.code is code


def test_notes_far_to_the_right_below_the_headings_are_left_alone():
    data = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="40"><c r="ZZ40" t="str"><v>n</v></c></row>'
    )
    assert cells(files.by_hand(data)) == {1: [1]}


def test_text_that_is_no_archive_is_read_as_csv():
    found = read_workbook("姓名,手机\n陈子涵,13800138000\n".encode())
    assert (found.kind, found.encoding) == (FileKind.CSV, "utf-8")
    assert found.sheets[0].rows == ((1, ("姓名", "手机")), (2, ("陈子涵", "13800138000")))
