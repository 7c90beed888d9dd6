"""Files of tables: what reads them back finds the same values, and no formula anywhere."""

import csv
import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from scheduler.reports.tables import Column
from scheduler.reports.writing import FORMULA_STARTS, Format, Sheet, write

AT = dt.datetime(2027, 3, 1, 8, 30, 59, tzinfo=dt.UTC)
COLUMNS = [Column("Name"), Column("Number"), Column("Day"), Column("At", "Asia/Shanghai")]
ATTACKS = [f"{sign}cmd|' /C calc'!A0" for sign in FORMULA_STARTS]


def written(rows, file_format, mark=""):
    target = io.BytesIO()
    count = write(Sheet("List", COLUMNS, rows, mark), file_format, target, author="Somebody")
    assert count == len(rows)
    return target.getvalue()


def table(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_its_mark_of_order_and_local_times():
    content = written([("龚䶮", 3, dt.date(2027, 7, 16), AT), (None, 0, None, None)], Format.CSV)
    assert content.startswith(b"\xef\xbb\xbf")
    assert table(content) == [
        ["Name", "Number", "Day", "At (Asia/Shanghai)"],
        ["龚䶮", "3", "2027-07-16", "2027-03-01T16:30+08:00"],
        ["", "0", "", ""],
    ]


def test_a_workbook_holds_numbers_days_and_times_as_such():
    content = written([("𠮷田", 3, dt.date(2027, 7, 16), AT)], Format.XLSX)
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[1] == (
        "𠮷田",
        3,
        dt.datetime(2027, 7, 16),
        dt.datetime(2027, 3, 1, 16, 30),
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_csv_cells_never_begin_a_formula(attack):
    rows = table(written([(attack, 1, None, None)], Format.CSV))
    assert rows[1][0] == f"'{attack}"


def test_workbook_cells_are_texts_whatever_they_begin_with():
    attacks = [*ATTACKS, "=1+1", "http://evil.example", "{=1+1}", "12345678901234567890"]
    content = written([(attack, 1, None, None) for attack in attacks], Format.XLSX)
    sheet = load_workbook(io.BytesIO(content)).active
    assert {row[0].data_type for row in sheet.iter_rows(min_row=2)} == {"s"}
    assert sheet["A2"].value == attacks[0]
    assert sheet["A2"].hyperlink is None


def test_the_mark_is_the_first_line_and_in_the_properties():
    mark = "=Copy of Anna & Ben"
    rows = [("a", 1, None, None)]
    assert table(written(rows, Format.CSV, mark))[0] == [f"'{mark}"]
    book = load_workbook(io.BytesIO(written(rows, Format.XLSX, mark)))
    sheet = book.active
    assert (sheet["A1"].value, sheet["A2"].value) == (mark, "Name")
    assert (book.properties.creator, book.properties.description) == ("Somebody", mark)
    assert "Anna" in sheet.oddFooter.left.text


def test_texts_longer_than_a_cell_are_cut_and_not_lost():
    content = written([("x" * 40_000, 1, None, None)], Format.XLSX)
    assert len(load_workbook(io.BytesIO(content)).active["A2"].value) == 32_767
