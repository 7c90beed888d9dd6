"""CSV as programs of the mainland, Hong Kong and elsewhere save it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import Refused
from scheduler.spreadsheets.columns import fold_heading
from scheduler.spreadsheets.limits import Limits, WorkbookCode
from scheduler.spreadsheets.separated import decode_text, find_separator, read_separated

SIMPLIFIED = "所属队伍,姓名,性别,出生日期\n云岭合唱团,陈子涵,男,2015-03-09\n"
TRADITIONAL = "所屬隊伍,姓名,性別,出生日期\n蓮濠學校合唱團,李浩賢,男,2015-01-28\n"
HEADINGS = frozenset(
    map(fold_heading, ["姓名", "性别", "性別", "出生日期", "所属队伍", "所屬隊伍"])
)


@pytest.mark.parametrize(
    ("text", "written_in", "told"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "big5hkscs", "big5hkscs"),
        ("name,sex\nAda,F\n", "ascii", "utf-8"),
    ],
)
@pytest.mark.parametrize("headings", [HEADINGS, frozenset()])
def test_the_encoding_is_found(text, written_in, told, headings):
    assert decode_text(text.encode(written_in), headings) == (text, told)


@pytest.mark.parametrize("name", ["龚䶮", "沈𬭎远", "𠮷田遥", "陈", "欧阳若晨"])
def test_single_names_in_gb18030(name):
    assert decode_text(f"姓名\n{name}\n".encode("gb18030"))[0] == f"姓名\n{name}\n"


@pytest.mark.parametrize("name", ["李浩賢", "衞理", "埗峯", "陳大文", "何嘉欣"])
def test_single_names_in_big5_of_hong_kong(name):
    assert decode_text(f"姓名\n{name}\n".encode("big5hkscs"))[0] == f"姓名\n{name}\n"


@pytest.mark.parametrize("content", [b"\xff\xff\xff", b"\x81", b"\xff\xfe\x00"])
def test_bytes_that_are_no_text_are_refused(content):
    with pytest.raises(Refused) as refusal:
        decode_text(content)
    assert refusal.value.code is WorkbookCode.UNREADABLE_TEXT


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1,5;2,5;3,5\n", ";"),
        ("a\tb\n1,5\t2;5\n", "\t"),
        ('"a;b",c\n"1;2",3\n', ","),
        ("only\none\n", ","),
        ("", ","),
    ],
)
def test_the_separator_is_what_splits_most_evenly(text, separator):
    assert find_separator(text) == separator


def rows(text, limits=None):
    return read_separated(text.encode(), limits or Limits()).rows


def test_rows_keep_their_numbers_and_quoted_lines_stay_whole():
    assert rows('a,b\n\n,\n"x\ny",2\n') == ((1, ("a", "b")), (4, ("x\ny", "2")))


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ('"=""440112201503010010"""', "440112201503010010"),
        ("'440112201503010010", "440112201503010010"),
        ("=1+1", "=1+1"),
        ("'Ndrangheta", "'Ndrangheta"),
    ],
)
def test_tricks_to_force_text_are_undone(cell, kept):
    assert rows(f"a,{cell}\n") == ((1, ("a", kept)),)


def test_a_file_has_limits():
    limits = Limits(rows=2, columns=2)
    assert rows("a,b,,,\n1,2,,,\n", limits) == ((1, ("a", "b")), (2, ("1", "2")))
    for text, code in (
        ("a\nb\nc\n", WorkbookCode.TOO_MANY_ROWS),
        ("a,b,c\n", WorkbookCode.TOO_MANY_COLUMNS),
        ("a,b\x00\n", WorkbookCode.UNREADABLE_TEXT),
        (f'a,"{"x" * 200_000}"\n', WorkbookCode.DAMAGED),
    ):
        with pytest.raises(Refused) as refusal:
            rows(text, limits)
        assert refusal.value.code is code


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    try:
        read_separated(content, Limits())
    except Refused as refusal:
        assert refusal.code in set(WorkbookCode)
