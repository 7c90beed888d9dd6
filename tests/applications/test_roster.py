"""Rows of an entry workbook as records and back."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.applications.roster import group_values, member_values, read_group, read_member
from scheduler.applications.roster_records import KEPT, GroupRow, MemberRow, PieceRow
from scheduler.errors import Refused
from scheduler.languages import LOCALES
from scheduler.people.identity import DocumentKind, Sex
from scheduler.people.names import clean_name
from scheduler.spreadsheets.cells import CellCode, Severity, text_of
from tests.applications.rosters import READING, group, member


def is_name(text):
    try:
        return clean_name(text) == text
    except Refused:
        return False


def is_text(text):
    try:
        return text_of(text) == text
    except Refused:
        return False


letters = st.characters(categories=["Lu", "Ll", "Lo"], exclude_characters="\ufeff")
names = st.text(letters | st.sampled_from("·- '䶮𠮷𬭎"), min_size=1, max_size=12).filter(is_name)
latin_names = st.from_regex(r"[A-Z]{2,8} [A-Za-z]{1,8}(-[A-Za-z]{1,8})?", fullmatch=True)
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
texts = st.text(st.characters(exclude_characters=DIRECTIONS), min_size=1, max_size=20).filter(
    is_text
)
phones = st.integers(13800000000, 13899999999).map(lambda number: f"+86{number}")
emails = st.from_regex(r"[a-z]{1,8}\.[a-z0-9]{1,8}@example\.(com|org)", fullmatch=True)
optional = st.none


def maybe(strategy):
    return st.none() | strategy


documents = st.none() | st.sampled_from(
    [
        (DocumentKind.PASSPORT, "EX0000001"),
        (DocumentKind.HONG_KONG_ID, "A1234563"),
        (DocumentKind.MACAO_ID, "12345678"),
        (DocumentKind.HOME_RETURN_PERMIT, "H12345678"),
        (DocumentKind.PASSPORT, f"{KEPT}0001"),
    ]
)
members = st.builds(
    lambda document, **values: MemberRow(
        document_kind=document and document[0],
        document_number=document and document[1],
        **values,
    ),
    document=documents,
    name=names,
    sex=st.sampled_from(Sex),
    birth_on=st.dates(dt.date(2003, 1, 1), dt.date(2023, 1, 1)),
    guardian_name=names,
    consent_held=st.booleans(),
    group=maybe(texts),
    latin_name=maybe(latin_names),
    grade=maybe(texts),
    roll_number=maybe(texts),
    part=maybe(texts),
    guardian_phone=maybe(phones),
    guardian_email=maybe(emails),
    health_note=maybe(texts),
    remark=maybe(texts),
)
pieces = st.builds(PieceRow, texts, maybe(texts), st.integers(1, 900))
groups = st.builds(
    GroupRow,
    name=texts,
    leader=names,
    leader_phone=phones,
    leader_email=maybe(emails),
    voicing=maybe(texts),
    conductor=maybe(names),
    conductor_is_own=maybe(st.booleans()),
    accompanist=maybe(names),
    advisers=st.lists(names, max_size=2).map(tuple),
    pieces=st.lists(pieces, min_size=1, max_size=2).map(tuple),
    equipment=maybe(texts),
    introduction=maybe(texts),
    reference=maybe(st.just("A-7KQ2M9XD")),
).map(lambda g: g if g.conductor else replace(g, conductor_is_own=None))


@given(members, st.sampled_from(list(LOCALES)))
def test_a_member_written_and_read_again_is_the_same(record, locale):
    values = member_values(record, locale)
    again = read_member(values, READING).record
    assert again == record
    assert member_values(again, locale) == values


@given(groups, st.sampled_from(list(LOCALES)))
def test_a_group_written_and_read_again_is_the_same(record, locale):
    values = group_values(record, locale)
    again = read_group(values, READING).record
    assert again == record
    assert group_values(again, locale) == values


def test_a_conductor_of_the_schools_own_needs_a_name():
    values = group_values(group(), "en")
    named = {**values, "conductor": "李四", "conductor_is_own": "Yes"}
    assert read_group(named, READING).record.conductor_is_own is True
    (problem,) = read_group({**values, "conductor_is_own": "Yes"}, READING).problems
    assert (problem.key, str(problem.code)) == ("conductor", "cell_missing")
    assert read_group({**values, "conductor_is_own": "No"}, READING).record == group()


def cells(**changes):
    return member_values(member(), "en") | changes


def problems(values):
    return [(p.key, str(p.code)) for p in read_member(values, READING).problems]


def test_what_a_program_did_to_a_row_is_undone():
    written = cells(
        birth_on=42064,
        guardian_phone=13800138001,
        roll_number=12345.0,
        name="\u3000陈子涵\u00a0",
        sex="女",
        consent_held=True,
    )
    assert read_member(written, READING).record == member(roll_number="12345")


def test_every_problem_of_a_row_is_told_at_once():
    wrong = cells(
        name="陈3",
        sex="?",
        birth_on="01/03/2015",
        document_number=440112201503010010,
        guardian_phone="12",
        consent_held=None,
    )
    assert problems(wrong) == [
        ("name", "person_name_character"),
        ("sex", "cell_not_a_choice"),
        ("birth_on", "person_date_ambiguous"),
        ("document_number", "cell_digits_lost"),
        ("guardian_phone", "person_phone_impossible"),
        ("consent_held", "cell_missing"),
    ]


@pytest.mark.parametrize(
    ("kind", "number", "found"),
    [
        (None, "440112201503010010", [("document_number", "person_document_contradicts_sex")]),
        ("passport", None, [("document_number", "roster_document_number_missing")]),
        (None, "EX0000001", [("document_kind", "roster_document_kind_missing")]),
        ("passport", "EX0000001", []),
        (None, "A123456(3)", []),
        ("passport", f"{KEPT}0001", []),
        (None, None, []),
    ],
)
def test_a_document_is_a_kind_and_a_number(kind, number, found):
    assert problems(cells(document_kind=kind, document_number=number)) == found


def test_a_guardian_without_any_address_is_worth_a_look():
    (problem,) = read_member(cells(guardian_phone=None), READING).problems
    assert (problem.code, problem.severity) == ("roster_guardian_unreachable", Severity.WARNING)


def test_an_unassigned_number_is_taken_with_a_warning():
    found = read_member(cells(guardian_phone="+447700900123"), READING)
    assert found.record.guardian_phone == "+447700900123"
    assert [str(problem.code) for problem in found.problems] == ["person_phone_unassigned"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"piece_2_title": "梁祝"}, [("piece_2_duration", "roster_piece_incomplete")]),
        ({"piece_2_duration": "3:00"}, [("piece_2_title", "roster_piece_incomplete")]),
        ({"piece_1_duration": None}, [("piece_1_duration", "cell_missing")]),
        ({"piece_1_duration": "8"}, [("piece_1_duration", "cell_not_a_duration")]),
        ({"leader": None}, [("leader", "cell_missing")]),
    ],
)
def test_what_is_wrong_with_a_group(changes, found):
    values = group_values(group(), "en") | changes
    assert [(p.key, str(p.code)) for p in read_group(values, READING).problems] == found


def test_a_text_cannot_turn_the_direction_of_what_stands_beside_it():
    values = group_values(group(), "en") | {"name": "\u202eAlpha \u2067Choir\u2069"}
    assert read_group(values, READING).record.name == "Alpha Choir"
    (problem,) = read_group(values | {"name": DIRECTIONS}, READING).problems
    assert (problem.key, problem.code) == ("name", CellCode.MISSING)


def test_a_missing_column_reads_as_blank():
    found = read_member({"name": "陈子涵"}, READING)
    assert [p.key for p in found.problems if p.code is CellCode.MISSING] == [
        "sex",
        "birth_on",
        "guardian_name",
        "consent_held",
    ]
