"""What a cell's value means before anybody knows what it is about."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import Refused
from scheduler.spreadsheets.cells import (
    CellCode,
    CellProblem,
    FormulaWithoutResult,
    Severity,
    column_letter,
    limited,
    required_text_of,
    text_of,
    trimmed,
)
from scheduler.spreadsheets.durations import duration_text, parse_duration


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", None),
        ("\u3000\u00a0 \t", None),
        ("\u3000陈\u00a0", "陈"),
        ("a\u3000b", "a\u3000b"),
        (13800138000, "13800138000"),
        (13800138000.0, "13800138000"),
        (999_999_999_999_999, "999999999999999"),
        (2.5, "2.5"),
        (True, "TRUE"),
        ("0012", "0012"),
        ("#1 choir", "#1 choir"),
    ],
)
def test_the_text_of_a_cell(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (440112201503010010, CellCode.DIGITS_LOST),
        (4.40112201503010e17, CellCode.DIGITS_LOST),
        (10**15, CellCode.DIGITS_LOST),
        ("4.40112E+17", CellCode.DIGITS_LOST),
        ("4,40112E+17", CellCode.DIGITS_LOST),
        (dt.datetime(2026, 3, 1), CellCode.BECAME_DATE),
        (dt.time(5, 3), CellCode.BECAME_DATE),
        ("#N/A", CellCode.ERROR_VALUE),
        (FormulaWithoutResult("="), CellCode.FORMULA_WITHOUT_RESULT),
    ],
)
def test_what_a_program_has_spoilt_is_refused(value, code):
    with pytest.raises(Refused) as refusal:
        text_of(value)
    assert refusal.value.code is code


def test_a_required_cell_is_not_blank():
    with pytest.raises(Refused) as refusal:
        required_text_of(" \u3000")
    assert refusal.value.code is CellCode.MISSING


def test_length_is_counted_in_characters():
    assert limited("𠮷" * 3, 3) == "𠮷" * 3
    with pytest.raises(Refused) as refusal:
        limited("𠮷" * 4, 3)
    assert refusal.value.facts == {"length": 4, "longest": 3}


@given(st.text())
def test_trimming_twice_changes_nothing(text):
    assert trimmed(trimmed(text)) == trimmed(text)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("07:30", 450),
        ("7:30", 450),
        ("7：30", 450),
        ("0:07:30", 450),
        ("00:07:30", 450),
        ("7'30\"", 450),
        ("7′30″", 450),
        ("7分30秒", 450),
        ("8分鐘", 480),
        ("8'", 480),
        (dt.time(7, 30), 450),
        (dt.time(0, 7, 30), 450),
        (dt.timedelta(minutes=7, seconds=30), 450),
        (dt.timedelta(hours=24, minutes=30), 1470),
        (None, None),
        (" ", None),
    ],
)
def test_durations_in_many_shapes(value, seconds):
    assert parse_duration(value) == seconds


@pytest.mark.parametrize(
    "value", [8, "8", "7:60", "four", dt.time(1, 2, 3), dt.datetime(1900, 1, 1, 0, 30), "1:02:03"]
)
def test_what_is_no_duration_is_refused(value):
    with pytest.raises(Refused) as refusal:
        parse_duration(value)
    assert refusal.value.code is CellCode.NOT_A_DURATION


@given(st.integers(0, 999 * 60 + 59))
def test_a_duration_is_read_as_it_was_written(seconds):
    assert parse_duration(duration_text(seconds)) == seconds


def test_a_problem_knows_its_place_and_survives_as_json():
    problem = CellProblem(
        "成员", 12, 27, "姓名", CellCode.TOO_LONG, {"length": 4}, Severity.WARNING
    )
    assert (problem.letter, problem.place, problem.is_error) == ("AB", "AB12", False)
    assert CellProblem.from_json(problem.as_json()) == problem
    assert CellProblem("成员", 12, None, "", CellCode.MISSING).place == "12"
    assert CellProblem("成员", 0, None, "", CellCode.MISSING).place == ""


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_letters_of_columns(index, letter):
    assert column_letter(index) == letter
