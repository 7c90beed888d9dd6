"""Names are kept as their bearers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import Refused
from scheduler.people.identity import PersonCode
from scheduler.people.names import clean_latin_name, clean_name, name_key


@pytest.mark.parametrize(
    "name",
    [
        "陈子涵",
        "龚䶮",
        "沈𬭎远",
        "𠮷田 遥",
        "𬀩𫖯𬱖",
        "买买提江·艾力",
        "O'Brien-Smith",
        "Zoë Müller",
        "Tomás Ngata",
        "St. John",
        "ウィリアム・スミス",
        "佐々木",
        "\ufa19田",  # a compatibility ideograph: normalising it would make it another character
        "李Amy",
    ],
)
def test_a_name_stays_as_it_is_written(name):
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("\u3000陈子涵\u00a0", "陈子涵"),
        ("\ufeff陈子涵\u200b", "陈子涵"),
        ("Ada \u3000 Lovelace", "Ada Lovelace"),
        ("买买提江•艾力", "买买提江·艾力"),
        ("买买提江‧艾力", "买买提江·艾力"),
    ],
)
def test_spaces_and_dots_are_made_alike(written, kept):
    assert clean_name(written) == kept


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("陈子3", PersonCode.NAME_CHARACTER),
        ("陈子涵😀", PersonCode.NAME_CHARACTER),
        ("陈\u202e子涵", PersonCode.NAME_CHARACTER),
        ("=陈子涵", PersonCode.NAME_CHARACTER),
        ("陈\ue863", PersonCode.NAME_PRIVATE_USE),
        ("··", PersonCode.NAME_NO_LETTER),
        ("陈" * 41, PersonCode.NAME_TOO_LONG),
        ("a" * 81, PersonCode.NAME_TOO_LONG),
    ],
)
def test_what_is_no_name_is_refused(name, code):
    with pytest.raises(Refused) as refusal:
        clean_name(name)
    assert refusal.value.code is code


def test_rare_characters_count_once():
    assert clean_name("𠮷" * 40) == "𠮷" * 40


def test_latin_names_take_full_width_letters():
    assert clean_latin_name("ＬＹＵ　Sirui") == "LYU Sirui"


def test_latin_names_are_latin():
    with pytest.raises(Refused) as refusal:
        clean_latin_name("LYU 思睿")
    assert (refusal.value.code, refusal.value.facts) == (
        PersonCode.NAME_NOT_LATIN,
        {"shown": "思"},
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("买买提江·艾力", "买买提江艾力"), ("𠮷田 遥", "𠮷田遥"), ("ADA LOVELACE", "Ada Lovelace")],
)
def test_two_spellings_of_one_name_have_one_key(one, other):
    assert name_key(one) == name_key(other)


def test_simplified_and_traditional_stay_two_names():
    assert name_key("陈子涵") != name_key("陳子涵")


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing(text):
    try:
        name = clean_name(text)
    except Refused:
        return
    assert clean_name(name) == name
