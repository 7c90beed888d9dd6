"""Numbers of papers. The valid ones are published samples, not those of persons."""

import datetime as dt

import pytest

from scheduler.errors import Refused
from scheduler.people.documents import (
    check_against,
    clean_document,
    hong_kong_check_digit,
    recognised_kind,
)
from scheduler.people.identity import DocumentKind, PersonCode, Sex

RESIDENT = DocumentKind.RESIDENT_ID
HONG_KONG = DocumentKind.HONG_KONG_ID


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        (RESIDENT, "440112201503010010", "440112201503010010"),
        (RESIDENT, "４４０１１２２０１５０３０１００１０", "440112201503010010"),
        (RESIDENT, "11010519491231002x", "11010519491231002X"),
        (RESIDENT, " 440112 20150301 0010 ", "440112201503010010"),
        (HONG_KONG, "A123456(3)", "A1234563"),
        (HONG_KONG, "a123456（3）", "A1234563"),
        (HONG_KONG, "AB987654(3)", "AB9876543"),
        (HONG_KONG, "E364912(5)", "E3649125"),
        (HONG_KONG, "AB123456(9)", "AB1234569"),
        (DocumentKind.MACAO_ID, "1234567(8)", "12345678"),
        (DocumentKind.HOME_RETURN_PERMIT, "H12345678", "H12345678"),
        (DocumentKind.HOME_RETURN_PERMIT, "m1234567801", "M1234567801"),
        (DocumentKind.PASSPORT, "ex0000001", "EX0000001"),
    ],
)
def test_valid_numbers_are_kept_plain(kind, written, kept):
    assert clean_document(kind, written) == kept


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        (RESIDENT, "44011220150301001", PersonCode.DOCUMENT_LENGTH),
        (RESIDENT, "44018320150229001X", PersonCode.DOCUMENT_BIRTH_DATE),
        (RESIDENT, "44011220150301001X", PersonCode.DOCUMENT_CHECK_DIGIT),
        (RESIDENT, "4401122015O3010010", PersonCode.DOCUMENT_SHAPE),
        (HONG_KONG, "A123456(4)", PersonCode.DOCUMENT_CHECK_DIGIT),
        (HONG_KONG, "1234567", PersonCode.DOCUMENT_SHAPE),
        (DocumentKind.MACAO_ID, "2234567(8)", PersonCode.DOCUMENT_SHAPE),
        (DocumentKind.HOME_RETURN_PERMIT, "X12345678", PersonCode.DOCUMENT_SHAPE),
        (DocumentKind.PASSPORT, "E", PersonCode.DOCUMENT_SHAPE),
        (DocumentKind.PASSPORT, "护照123456", PersonCode.DOCUMENT_SHAPE),
    ],
)
def test_what_is_wrong_is_told(kind, written, code):
    with pytest.raises(Refused) as refusal:
        clean_document(kind, written)
    assert refusal.value.code is code


def test_a_number_of_a_merged_district_is_valid():
    # 440116 was merged into Huangpu in 2014; children born before keep it.
    digits = "44011620100301001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(w * int(d) for w, d in zip(weights, digits, strict=True))
    number = digits + "10X98765432"[total % 11]
    assert clean_document(RESIDENT, number) == number


@pytest.mark.parametrize(
    ("letters", "digits", "check"),
    [("A", "123456", "3"), ("AB", "987654", "3"), ("E", "364912", "5"), ("AB", "123456", "9")],
)
def test_the_check_digit_of_hong_kong(letters, digits, check):
    assert hong_kong_check_digit(letters, digits) == check


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("440112201503010010", RESIDENT),
        ("A123456(3)", HONG_KONG),
        ("EX0000001", None),
        ("H12345678", None),
        ("A123456(4)", None),
    ],
)
def test_only_a_check_digit_makes_a_kind_certain(number, kind):
    assert recognised_kind(number) is kind


def test_an_identity_number_agrees_with_birth_date_and_sex():
    number = "440112201503010010"
    check_against(RESIDENT, number, birth_on=dt.date(2015, 3, 1), sex=Sex.MALE)
    with pytest.raises(Refused) as refusal:
        check_against(RESIDENT, number, birth_on=dt.date(2015, 3, 2), sex=Sex.MALE)
    assert refusal.value.code is PersonCode.DOCUMENT_CONTRADICTS_BIRTH
    with pytest.raises(Refused) as refusal:
        check_against(RESIDENT, number, birth_on=dt.date(2015, 3, 1), sex=Sex.FEMALE)
    assert refusal.value.code is PersonCode.DOCUMENT_CONTRADICTS_SEX


def test_other_papers_tell_nothing_of_their_holder():
    check_against(DocumentKind.PASSPORT, "EX0000001", birth_on=dt.date(2015, 3, 2), sex=Sex.FEMALE)
