"""Files that were made to stop the worker or to break a page, not to be read."""

import subprocess
import sys
import tracemalloc

import openpyxl
import pytest

from scheduler.applications.roster_columns import KNOWN_HEADINGS
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.errors import Refused
from scheduler.spreadsheets import annotating
from scheduler.spreadsheets.cells import (
    LONGEST_TEXT,
    CellCode,
    CellProblem,
    UnacceptedText,
    text_of,
)
from scheduler.spreadsheets.columns import find_headings
from scheduler.spreadsheets.limits import Limits, WorkbookCode
from scheduler.spreadsheets.marking import MarkWords, marked_workbook
from scheduler.spreadsheets.workbook import read_workbook
from tests.spreadsheets import files

WORDS = MarkWords(
    "Problems",
    frozenset({"Problems"}),
    "Sheet",
    "Cell",
    "Column",
    "Problem",
    "Kind",
    "Error",
    "Warning",
)
STYLES_RELATION = files.BOOK_RELATIONS.replace(
    "</Relationships>",
    '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/styles" Target="styles.xml"/></Relationships>',
)


def refusal_of(content, **options):
    with pytest.raises(Refused) as refusal:
        read_workbook(content, **options)
    return refusal.value.code


def first_cell(content):
    return read_workbook(content).sheets[0].rows[0][1][0]


def test_a_heading_of_brackets_is_looked_at_once():
    """In a process that is given two seconds: before, it took half a minute."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (2, 2))\n"
        "from scheduler.spreadsheets.columns import _BRACKETED\n"
        "assert _BRACKETED.sub('', '(' * 60_000) == '(' * 60_000\n"
        "assert _BRACKETED.sub('', '(a' * 60_000 + ')') == '(a' * 59_999\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "content",
    [
        b"(" * 60_000 + b",b\n1,2",
        files.by_hand(f'<row><c t="str"><v>{"(" * 60_000}</v></c></row>'),
        files.by_hand(
            '<row><c t="s"><v>0</v></c></row>',
            strings=f'<sst xmlns="{files.MAIN}"><si><t>{"(" * 60_000}</t></si></sst>',
        ),
    ],
    ids=["csv", "inline", "shared"],
)
def test_an_overlong_text_is_kept_short_and_refused_by_its_cell(content):
    cell = first_cell(content)
    assert len(cell) == 60
    with pytest.raises(Refused) as refusal:
        text_of(cell)
    assert refusal.value.code is CellCode.TOO_LONG
    assert refusal.value.facts == {"length": 60_000, "longest": LONGEST_TEXT}
    rows = [
        cells for _, cells in read_workbook(content, known_headings=KNOWN_HEADINGS).sheets[0].rows
    ]
    assert find_headings(rows, MEMBER_SHEET) is None


@pytest.mark.parametrize("escape", ["_x0000_", "_xD800_", "_xFFFF_", "_x0008_", "_x0085_"])
@pytest.mark.parametrize("kind", ["str", "s"])
def test_characters_that_nothing_can_store_are_refused_by_their_cell(escape, kind):
    strings = f'<sst xmlns="{files.MAIN}"><si><t>Choir{escape}</t></si></sst>'
    value = f"Choir{escape}" if kind == "str" else "0"
    cell = first_cell(
        files.by_hand(f'<row><c t="{kind}"><v>{value}</v></c></row>', strings=strings)
    )
    assert (cell, type(cell)) == ("Choir\ufffd", UnacceptedText)
    with pytest.raises(Refused) as refusal:
        text_of(cell)
    assert refusal.value.code is CellCode.UNWRITABLE


def test_line_breaks_and_rare_characters_are_texts():
    content = files.by_hand('<row><c t="str"><v>a_x000D_\n\t𠮷\ue000\u200d</v></c></row>')
    assert text_of(first_cell(content)) == "a\r\n\t𠮷\ue000\u200d"


def test_a_document_type_cannot_hide_behind_what_looks_like_a_root():
    data = '<row><c t="str"><v>&a;</v></c></row>'
    hidden = '<!-- <x --><!DOCTYPE worksheet [<!ENTITY a "b">]>'
    assert refusal_of(files.by_hand(data, prologue=hidden)) is WorkbookCode.DAMAGED
    for part in ("xl/styles.xml", "xl/drawings/drawing1.xml", "xl/drawings/vmlDrawing1.VML"):
        content = files.by_hand("<row/>", extra={part: f"<?x <y ?>{hidden}<r/>"})
        assert refusal_of(content) is WorkbookCode.DAMAGED, part


def test_a_document_type_is_a_text_like_any_other_within_the_root():
    content = files.by_hand('<row><c t="str"><v><![CDATA[<!DOCTYPE x>]]></v></c></row>')
    assert first_cell(content) == "<!DOCTYPE x>"


def test_styles_by_the_hundred_thousand_are_not_kept():
    styles = f'<styleSheet xmlns="{files.MAIN}"><cellXfs>{"<xf/>" * 100_001}</cellXfs></styleSheet>'
    extra = {"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": STYLES_RELATION}
    content = files.by_hand("<row/>", extra=extra)
    tracemalloc.start()
    try:
        assert refusal_of(content) is WorkbookCode.DAMAGED
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_a_sheet_without_dimensions_is_not_built_as_a_tree():
    data = f"<sheetData><row>{'<c/>' * 200_000}</row></sheetData>"
    sheet = f'<worksheet xmlns="{files.MAIN}">{data}</worksheet>'
    content = files.by_hand("", extra={"xl/worksheets/sheet1.xml": sheet})
    tracemalloc.start()
    try:
        assert read_workbook(content).sheets[0].rows == ()
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_far_more_cells_than_a_roster_has_are_refused_unread():
    content = files.by_hand(f"<row>{'<c/>' * 1_000}</row>")
    assert refusal_of(content, limits=Limits(tags=1_000)) is WorkbookCode.TOO_MANY_CELLS
    assert read_workbook(content, limits=Limits(tags=1_100)).sheets[0].rows == ()


def test_xml_has_a_limit_of_its_own_below_that_of_pictures():
    content = files.by_hand("<row/>", extra={"xl/x.xml": b"<x>" + b" " * 2**20 + b"</x>"})
    assert refusal_of(content, limits=Limits(xml_bytes=2**20)) is WorkbookCode.TOO_LARGE_UNPACKED


def test_a_part_is_one_sheet_only():
    twice = files.BOOK.replace("</sheets>", '<sheet name="b" sheetId="2" r:id="rId1"/></sheets>')
    assert refusal_of(files.by_hand("<row/>", book=twice)) is WorkbookCode.DAMAGED
    by_another_name = files.BOOK_RELATIONS.replace(
        "</Relationships>",
        '<Relationship Id="rId9" Type="http://x/worksheet" Target="../xl/worksheets/sheet1.xml"/>'
        "</Relationships>",
    )
    content = files.by_hand(
        "<row/>",
        book=twice.replace('r:id="rId1"/></sheets>', 'r:id="rId9"/></sheets>'),
        extra={"xl/_rels/workbook.xml.rels": by_another_name},
    )
    assert refusal_of(content) is WorkbookCode.DAMAGED


def test_a_sheet_is_an_xml_part_that_was_looked_at():
    other = files.BOOK_RELATIONS.replace("worksheets/sheet1.xml", "worksheets/sheet1.bin")
    extra = {"xl/_rels/workbook.xml.rels": other, "xl/worksheets/sheet1.bin": "<worksheet/>"}
    assert refusal_of(files.by_hand("", extra=extra)) is WorkbookCode.DAMAGED


def test_number_formats_are_looked_at_if_a_program_could_have_written_them():
    def styled(code):
        styles = (
            f'<styleSheet xmlns="{files.MAIN}">'
            f'<numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
            '<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>'
        )
        extra = {"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": STYLES_RELATION}
        return first_cell(files.by_hand('<row><c s="0"><v>42064</v></c></row>', extra=extra))

    assert str(styled("yyyy\\-mm\\-dd")) == "2015-03-01 00:00:00"
    assert styled("[" * 60_000 + "yyyy") == 42064


def test_overlapping_merged_ranges_cost_no_more_than_one():
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>{n}</v></c></row>' for n in (1, 9))
    rows += '<row r="20"><c r="B20"><v>1</v></c></row>'
    merged = '<mergeCells><mergeCell ref="A9:A1048576"/>' + '<mergeCell ref="A1:A8"/>' * 3
    content = files.by_hand(rows, tail=f"{merged}</mergeCells>")
    found = dict(read_workbook(content).sheets[0].rows)
    assert [found[number][0] for number in (1, 9, 20)] == ["1", "9", "9"]


def test_long_titles_and_long_facts_are_not_repeated_for_each_problem():
    long = files.BOOK.replace("Sheet1", "S" * 300)
    assert refusal_of(files.by_hand("<row/>", book=long)) is WorkbookCode.DAMAGED
    problem = CellProblem("S", 1, 0, "h", CellCode.NOT_A_CHOICE, {"shown": "x" * 5_000, "n": 3})
    assert problem.facts == {"shown": "x" * 59 + "…", "n": 3}


def mark(content, row=1):
    workbook = read_workbook(content)
    title = workbook.sheets[0].title
    problem = CellProblem(title, row, 0, "姓名", CellCode.MISSING)
    result = marked_workbook(content, workbook, [problem], WORDS, lambda _problem: "wrong")
    return openpyxl.load_workbook(files.opened(result))


def test_marking_goes_through_the_cells_that_are_there():
    data = (
        '<row r="1"><c r="A1" t="str"><v>a</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )
    book = openpyxl.load_workbook(files.opened(files.by_hand(data)))
    annotating._remove_marks(book, ())  # it never came to an end
    assert len(book.active._cells) == 2


@pytest.mark.parametrize(
    "tail",
    [
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>',
    ],
    ids=["merged", "linked"],
)
def test_a_range_that_fills_all_memory_costs_the_annotation_only(tail, monkeypatch):
    # The child reads its limits itself: they are made small for it by a parent in between.
    monkeypatch.setenv("ANNOTATION_MEMORY_MEGABYTES", "300")
    data = '<row r="1"><c r="A1" t="str"><v>姓名</v></c></row>'
    book = mark(files.by_hand(data, tail=tail))
    assert book.sheetnames == ["Problems", "Sheet1"]
    assert book["Sheet1"]["A1"].comment.text == "wrong"


def test_titles_that_programs_do_not_accept_are_replaced_where_the_workbook_is_rebuilt():
    odd = files.BOOK.replace('name="Sheet1"', 'name="a/b:Problems"').replace(
        "</sheets>", '<sheet name="a?b:Problems" sheetId="2" r:id="rId7"/></sheets>'
    )
    relations = files.BOOK_RELATIONS.replace(
        "</Relationships>",
        '<Relationship Id="rId7" Type="http://x/worksheet" Target="worksheets/sheet2.xml"/>'
        "</Relationships>",
    )
    sheet = f'<worksheet xmlns="{files.MAIN}"><sheetData/></worksheet>'
    content = files.by_hand(
        '<row><c t="str"><v>a</v></c></row>',
        book=odd,
        extra={
            "xl/_rels/workbook.xml.rels": relations,
            "xl/worksheets/sheet2.xml": sheet,
            "docProps/core.xml": "<nonsense>",
        },
    )
    assert mark(content).sheetnames == ["Problems", "a_b_Problems", "a_b_Problems (2)"]
